// Package incident turns what one report says after another into what is news.
package incident

import (
	"fmt"
	"strings"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/report"
)

// Options say when the tracker speaks.
type Options struct {
	MinProbability float64       // causes below are not incidents; 0: 0.25
	UpdateEvery    time.Duration // least time between updates of one incident; 0: 10 s
	RecoverAfter   time.Duration // quiet for so long: recovered; 0: 5 min
}

func (o Options) withDefaults() Options {
	if o.MinProbability <= 0 {
		o.MinProbability = 0.25
	}
	if o.UpdateEvery <= 0 {
		o.UpdateEvery = 10 * time.Second
	}
	if o.RecoverAfter <= 0 {
		o.RecoverAfter = 5 * time.Minute
	}
	return o
}

// Incident is what a Tracker remembers of one cause that is, or was, at work.
type Incident struct {
	ID          string    `json:"cause"`
	Number      int       `json:"number"`
	Open        bool      `json:"open"`
	Probability float64   `json:"probability"` // as last emitted
	Records     int64     `json:"records"`     // evidence as last emitted, of all runs of the program
	Seen        int64     `json:"seen"`        // as last seen
	Emitted     time.Time `json:"told"`
	Grew        time.Time `json:"grew"`
	before      int64     // evidence that earlier runs of the program saw and this one did not; below 0: the other way round
	cause       *report.Cause
}

// Tracker compares one report with the next and says what changed. It is not
// safe for concurrent use. Its memory is one entry a cause.
type Tracker struct {
	opts      Options
	incidents map[string]*Incident
	order     []*Incident // as they first came
	count     int
	lifetimes int
	ended     bool // the last lifetime emitted had ended
	first     bool
	began     time.Time
}

// New makes a tracker that has seen nothing.
func New(o Options) *Tracker {
	return &Tracker{opts: o.withDefaults(), incidents: map[string]*Incident{}, first: true}
}

// State returns what a later Tracker must know so as to repeat nothing, in the
// order in which the causes first came. Nil when nothing has been emitted.
func (t *Tracker) State() []Incident {
	var out []Incident
	for _, k := range t.order {
		out = append(out, *k)
	}
	return out
}

// Restore continues where a Tracker of an earlier run stood. The reports that
// follow are taken to start counting from nothing, or from a Baseline.
func (t *Tracker) Restore(state []Incident) {
	for _, k := range state {
		if k.ID == "" || t.incidents[k.ID] != nil {
			continue
		}
		k.before = k.Seen
		t.incidents[k.ID] = &k
		t.order = append(t.order, &k)
		t.count = max(t.count, k.Number)
	}
}

// Baseline takes a report for known: what is in it was read, and told of, by an
// earlier run of the program, whose State has been restored. The reports that
// follow go on from it.
func (t *Tracker) Baseline(now time.Time, r *report.Report) {
	for i := range r.Causes {
		c := &r.Causes[i]
		n, k := Records(c), t.incidents[c.ID]
		if k == nil && c.Probability >= t.opts.MinProbability {
			k = &Incident{ID: c.ID, Probability: c.Probability, Records: n, Seen: n}
			t.incidents[c.ID] = k
			t.order = append(t.order, k)
		}
		if k != nil {
			k.before = k.Seen - n
			k.cause = clone(c)
		}
	}
	t.restarts(now, r)
	t.first = false
}

// Open is the number of incidents that have not recovered.
func (t *Tracker) Open() int {
	n := 0
	for _, i := range t.incidents {
		if i.Open {
			n++
		}
	}
	return n
}

// Observe returns what has changed since the last report, oldest matter first;
// nil when there is nothing to tell.
func (t *Tracker) Observe(now time.Time, r *report.Report) []event.Event {
	out := t.restarts(now, r)
	restarted := len(out) > 0 && out[0].Change == event.Started
	for i := range r.Causes {
		c := &r.Causes[i]
		if c.Probability < t.opts.MinProbability {
			continue
		}
		if e, ok := t.cause(now, c); ok {
			out = append(out, e)
		}
	}
	for _, k := range t.order { // quiet ones
		if !k.Open || now.Sub(k.Grew) < t.opts.RecoverAfter && !restarted {
			continue
		}
		if restarted && now.Sub(k.Grew) < time.Second {
			continue // it may be what the new lifetime begins with
		}
		k.Open = false
		k.Emitted = now
		how := "quiet for " + t.opts.RecoverAfter.String()
		if restarted {
			how = "Wolf was restarted"
		}
		out = append(out, event.Event{Kind: event.KindUpdate, Time: now, Number: k.Number, Change: event.Recovered, Cause: k.cause,
			Text: fmt.Sprintf("incident %d %s: recovered (%s)", k.Number, k.ID, how)})
	}
	t.first = false
	return out
}

// cause tells of a new incident, or of what became of an open one.
func (t *Tracker) cause(now time.Time, c *report.Cause) (event.Event, bool) {
	k := t.incidents[c.ID]
	if k == nil {
		k = &Incident{ID: c.ID}
		t.incidents[c.ID] = k
		t.order = append(t.order, k)
	}
	n := k.before + Records(c)
	if n > k.Seen {
		k.Seen, k.Grew = n, now
	}
	if !k.Open {
		if n <= k.Records {
			return event.Event{}, false // old news of a recovered one
		}
		t.count++
		k.Number, k.Open = t.count, true
		more := n - k.Records
		k.tell(now, c, n)
		return event.Event{Kind: event.KindIncident, Time: now, Number: k.Number, Cause: k.cause, More: more,
			Text: fmt.Sprintf("incident %d %s (%.0f %%): %s", k.Number, c.ID, 100*c.Probability, c.Title)}, true
	}
	more, escalated := n-k.Records, c.Probability >= k.Probability+0.15
	if more <= 0 && !escalated {
		return event.Event{}, false
	}
	if now.Sub(k.Emitted) < t.opts.UpdateEvery && !escalated {
		return event.Event{}, false
	}
	e := event.Event{Kind: event.KindUpdate, Time: now, Number: k.Number, Change: event.More, More: max(more, 0),
		Text: fmt.Sprintf("incident %d %s: ×%d more, %d in all", k.Number, c.ID, max(more, 0), n)}
	if escalated {
		e.Change = event.Escalated
		e.Text = fmt.Sprintf("incident %d %s: now %.0f %% (was %.0f %%), %s", k.Number, c.ID, 100*c.Probability, 100*k.Probability, counted(n, "record", "records"))
	}
	k.tell(now, c, max(n, k.Records))
	e.Cause = k.cause
	return e, true
}

func (k *Incident) tell(now time.Time, c *report.Cause, n int64) {
	k.Emitted, k.Records, k.Probability, k.cause = now, n, c.Probability, clone(c)
}

// restarts tells of starts and ends of Wolf. What had started before the first
// report is not news, nor is a lifetime whose beginning the log does not show.
func (t *Tracker) restarts(now time.Time, r *report.Report) []event.Event {
	if t.first {
		t.began = now
	}
	n := len(r.Lifetimes)
	if n == 0 {
		return nil
	}
	var out []event.Event
	last := r.Lifetimes[n-1]
	ended := last.EndKind != "running" && last.EndKind != ""
	fresh := last.Start != nil && (t.lifetimes > 0 || !last.Start.Before(t.began.Add(-time.Minute)))
	switch {
	case n > t.lifetimes && !t.first && fresh:
		out = append(out, lifetimeEvent(now, &last, event.Started, "Wolf started"))
	case n == t.lifetimes && ended && !t.ended:
		text := "Wolf ended: " + last.EndKind
		if last.ExitMeaning != "" {
			text += " (" + last.ExitMeaning + ")"
		}
		out = append(out, lifetimeEvent(now, &last, event.Ended, text))
	}
	t.lifetimes, t.ended = n, ended
	return out
}

func lifetimeEvent(now time.Time, l *report.Lifetime, change, text string) event.Event {
	c := *l
	return event.Event{Kind: event.KindLifetime, Time: now, Change: change, Lifetime: &c, Text: text}
}

// Leader is the open incident whose cause ranks first in r; nil when there is
// none. One that recovered less than hold ago still counts: a restart of Wolf
// ends an incident, and does not undo it.
func (t *Tracker) Leader(now time.Time, r *report.Report, hold time.Duration) (*Incident, *report.Cause) {
	for i := range r.Causes {
		k := t.incidents[r.Causes[i].ID]
		if k != nil && k.Number > 0 && (k.Open || now.Sub(k.Emitted) <= hold) {
			return k, &r.Causes[i]
		}
	}
	return nil, nil
}

// Records counts the messages a cause rests on and explains.
func Records(c *report.Cause) int64 {
	var n int64
	for _, e := range c.Evidence {
		if !strings.HasPrefix(e.Pattern, "fact-") {
			n += e.Count
		}
	}
	for _, e := range c.Explains {
		n += e.Count
	}
	return n
}

func clone(c *report.Cause) *report.Cause {
	k := *c
	return &k
}

func counted(n int64, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
