package follow

import (
	"fmt"
	"math"
	"time"

	"wolfdiag/analyze/report"
)

// jump is how far a probability may drift before the cause counts as changed.
const jump = 0.1

// settling is the cause that stands first, and since when it has stood there
// unchanged. What a log says first is often the consequence: the cause behind
// it shows with the lines that follow.
type settling struct {
	cause       string
	number      int
	probability float64 // at the last change
	newest      float64 // of the last report, as is records
	records     int64
	since       time.Time
	judged      bool // acted on, or told why not, and nothing has come since
}

// begun is an incident of this run of the program.
type begun struct {
	number int
	at     time.Time
	old    bool // the log was still being caught up with
	onset  []ringPart
}

// leader is the open incident whose cause ranks first in r; nil when there is
// none. One that recovered less than hold ago still counts: a restart of Wolf
// ends an incident, and does not undo it.
func (t *Tracker) leader(now time.Time, r *report.Report, hold time.Duration) (*Incident, *report.Cause) {
	for i := range r.Causes {
		k := t.incidents[r.Causes[i].ID]
		if k != nil && k.Number > 0 && (k.Open || now.Sub(k.Told) <= hold) {
			return k, &r.Causes[i]
		}
	}
	return nil, nil
}

// began notes an incident, or that one has become more probable: it may be
// acted on once it has settled. onset returns the newest lines.
func (a *actor) began(e Event, old bool, onset func() []ringPart) {
	if a.jobs == nil || e.Cause == nil {
		return
	}
	b := a.begun[e.Cause.ID]
	if b.number != e.Number {
		b = begun{number: e.Number, at: e.Time, onset: onset()}
	}
	b.old = old
	a.begun[e.Cause.ID] = b
}

// stand takes what ranks first now; nil when nothing does.
func (a *actor) stand(now time.Time, k *Incident, c *report.Cause) {
	if k == nil {
		a.first = settling{}
		return
	}
	s := &a.first
	if s.cause != c.ID || math.Abs(s.probability-c.Probability) >= jump {
		*s = settling{cause: c.ID, probability: c.Probability, since: now}
	}
	n := records(c)
	s.judged = s.judged && s.number == k.Number && s.records == n
	s.number, s.newest, s.records = k.Number, c.Probability, n
}

// ripe is when the incident that stands first may be acted on; zero when it
// may not be, as things are.
func (a *actor) ripe() time.Time {
	s := &a.first
	b, ok := a.begun[s.cause]
	if a.jobs == nil || !ok || b.number != s.number || s.judged || a.acted[s.cause] == s.number || !a.wanted(s.cause, s.newest) {
		return time.Time{}
	}
	return s.since.Add(a.o.Settle)
}

// stands follows the rank of the causes from one report to the next.
func (f *Follower) stands(now time.Time) {
	if f.actor.jobs != nil {
		k, c := f.tracker.leader(now, f.report, f.actor.o.Settle)
		f.actor.stand(now, k, c)
	}
}

// settle has the incident acted on that has stood first for long enough, or
// atOnce, as it is known now. It wants a report of all that has been read.
func (f *Follower) settle(now time.Time, atOnce bool) {
	if at := f.actor.ripe(); at.IsZero() || !atOnce && now.Before(at) {
		return
	}
	f.stands(now) // one that has recovered may have had its time
	at := f.actor.ripe()
	if at.IsZero() || !atOnce && now.Before(at) {
		return
	}
	k, c := f.tracker.leader(now, f.report, f.actor.o.Settle)
	b := f.actor.begun[c.ID]
	e := Event{Kind: EventIncident, Time: b.at, Number: k.Number, Cause: clone(c),
		Text: fmt.Sprintf("#%d %s (%.0f %%): %s", k.Number, c.ID, 100*c.Probability, c.Title)}
	f.actor.first.judged = true
	if f.interrupted() && !b.old {
		f.actor.note(e, Action{Outcome: "skipped"}, "not acted on: wolfdiag was ended before it had stood first for "+f.actor.o.Settle.String())
	}
	f.act(now, e, b.old, b.onset)
}
