package follow

import (
	"fmt"
	"strings"
	"time"

	"wolfdiag/analyze/report"
)

// TrackerOptions say when the tracker speaks.
type TrackerOptions struct {
	MinProbability float64       // causes below are not incidents; 0: 0.25
	UpdateEvery    time.Duration // least time between updates of one incident; 0: 10 s
	RecoverAfter   time.Duration // quiet for so long: recovered; 0: 5 min
}

func (o TrackerOptions) withDefaults() TrackerOptions {
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

// incident is one cause that is, or was, at work.
type incident struct {
	number      int
	open        bool
	probability float64 // as last told
	records     int64   // evidence as last told
	seen        int64   // evidence as last seen
	told        time.Time
	grew        time.Time
	cause       report.Cause
}

// Tracker compares one report with the next and says what changed. It is not
// safe for concurrent use. Its memory is one entry a cause.
type Tracker struct {
	opts      TrackerOptions
	incidents map[string]*incident
	count     int
	lifetimes int
	ended     bool // the last lifetime told had ended
	first     bool
}

// NewTracker makes a tracker that has seen nothing.
func NewTracker(o TrackerOptions) *Tracker {
	return &Tracker{opts: o.withDefaults(), incidents: map[string]*incident{}, first: true}
}

// Open is the number of incidents that have not recovered.
func (t *Tracker) Open() int {
	n := 0
	for _, i := range t.incidents {
		if i.open {
			n++
		}
	}
	return n
}

// Observe returns what has changed since the last report, oldest matter first;
// nil when there is nothing to tell.
func (t *Tracker) Observe(now time.Time, r *report.Report) []Event {
	out := t.lives(now, r)
	restarted := len(out) > 0
	for i := range r.Causes {
		c := &r.Causes[i]
		if c.Probability < t.opts.MinProbability {
			continue
		}
		if e, ok := t.cause(now, c); ok {
			out = append(out, e)
		}
	}
	for i := range r.Causes { // quiet ones; in the report's order, not the map's
		c := &r.Causes[i]
		k := t.incidents[c.ID]
		if k == nil || !k.open || now.Sub(k.grew) < t.opts.RecoverAfter && !restarted {
			continue
		}
		if restarted && now.Sub(k.grew) < time.Second {
			continue // it may be what the new life begins with
		}
		k.open = false
		k.told = now
		how := "quiet for " + t.opts.RecoverAfter.String()
		if restarted {
			how = "Wolf was restarted"
		}
		out = append(out, Event{Kind: EventUpdate, Time: now, Number: k.number, Change: changeRecovered, Cause: clone(c),
			Text: fmt.Sprintf("#%d %s: recovered (%s)", k.number, c.ID, how)})
	}
	t.first = false
	return out
}

// cause tells of a new incident, or of what became of an open one.
func (t *Tracker) cause(now time.Time, c *report.Cause) (Event, bool) {
	n := records(c)
	k := t.incidents[c.ID]
	if k == nil {
		k = &incident{}
		t.incidents[c.ID] = k
	}
	if n > k.seen {
		k.seen, k.grew = n, now
	}
	if !k.open {
		if n <= k.records {
			return Event{}, false // old news of a recovered one
		}
		t.count++
		k.number, k.open = t.count, true
		k.tell(now, c, n)
		return Event{Kind: EventIncident, Time: now, Number: k.number, Cause: clone(c), More: n,
			Text: fmt.Sprintf("#%d %s (%.0f %%): %s", k.number, c.ID, 100*c.Probability, c.Title)}, true
	}
	more, escalated := n-k.records, c.Probability >= k.probability+0.15
	if more <= 0 && !escalated {
		return Event{}, false
	}
	if now.Sub(k.told) < t.opts.UpdateEvery && !escalated {
		return Event{}, false
	}
	e := Event{Kind: EventUpdate, Time: now, Number: k.number, Change: changeMore, More: max(more, 0), Cause: clone(c),
		Text: fmt.Sprintf("#%d %s: ×%d more, %d in all", k.number, c.ID, max(more, 0), n)}
	if escalated {
		e.Change = changeEscalated
		e.Text = fmt.Sprintf("#%d %s: now %.0f %% (was %.0f %%), %d records", k.number, c.ID, 100*c.Probability, 100*k.probability, n)
	}
	k.tell(now, c, n)
	return e, true
}

func (k *incident) tell(now time.Time, c *report.Cause, n int64) {
	k.told, k.records, k.probability = now, n, c.Probability
}

// lives tells of starts and ends of Wolf.
func (t *Tracker) lives(now time.Time, r *report.Report) []Event {
	var out []Event
	n := len(r.Lifetimes)
	if n == 0 {
		return nil
	}
	last := r.Lifetimes[n-1]
	ended := last.EndKind != "running" && last.EndKind != ""
	switch {
	case n > t.lifetimes && !t.first:
		out = append(out, lifeEvent(now, &last, "Wolf started"))
	case n == t.lifetimes && ended && !t.ended:
		text := "Wolf ended: " + last.EndKind
		if last.ExitMeaning != "" {
			text += " (" + last.ExitMeaning + ")"
		}
		out = append(out, lifeEvent(now, &last, text))
	}
	t.lifetimes, t.ended = n, ended
	return out
}

func lifeEvent(now time.Time, l *report.Lifetime, text string) Event {
	c := *l
	return Event{Kind: EventLifetime, Time: now, Lifetime: &c, Text: text}
}

// records counts the messages a cause rests on and explains.
func records(c *report.Cause) int64 {
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
