package action

import (
	"math"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/incident"
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
	onset  Lines
}

// Began notes an incident, or that one has become more probable: it may be
// acted on once it has settled.
func (a *Actor) Began(e event.Event, old bool) {
	if a.jobs == nil || e.Cause == nil {
		return
	}
	b := a.begun[e.Cause.ID]
	if b.number != e.Number {
		b = begun{number: e.Number, at: e.Time, onset: a.ring.onset()}
	}
	b.old = old
	a.begun[e.Cause.ID] = b
}

// Stand takes what ranks first now; nil when nothing does.
func (a *Actor) Stand(now time.Time, k *incident.Incident, c *report.Cause) {
	if k == nil {
		a.first = settling{}
		return
	}
	s := &a.first
	if s.cause != c.ID || math.Abs(s.probability-c.Probability) >= jump {
		*s = settling{cause: c.ID, probability: c.Probability, since: now}
	}
	n := incident.Records(c)
	s.judged = s.judged && s.number == k.Number && s.records == n
	s.number, s.newest, s.records = k.Number, c.Probability, n
}

// Ripe is when the incident that stands first may be acted on; zero when it
// may not be, as things are.
func (a *Actor) Ripe() time.Time {
	s := &a.first
	b, ok := a.begun[s.cause]
	if a.jobs == nil || !ok || b.number != s.number || s.judged || a.acted[s.cause] == s.number || !a.wanted(s.cause, s.newest) {
		return time.Time{}
	}
	return s.since.Add(a.o.Settle)
}

// Settled returns the incident of a cause as it began, to be acted on now: the
// lines from before it, and whether the log was still being caught up with. It
// is not ripe again until more of it comes.
func (a *Actor) Settled(cause string) (at time.Time, onset Lines, old bool) {
	b := a.begun[cause]
	a.first.judged = true
	return b.at, b.onset, b.old
}
