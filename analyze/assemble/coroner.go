package assemble

import (
	"slices"
	"sort"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// A session's complaints begin with its compositor, before its container starts,
// and go on while its pipelines are taken down.
const (
	beforeStart = 10 * time.Second
	afterStop   = 5 * time.Second
)

// coroner says of which cause a session died.
type coroner struct {
	causes []report.Cause
	said   map[saying]*said
}

// saying is a pattern in one lifetime.
type saying struct {
	pattern  string
	lifetime int
}

// said is when a pattern was seen.
type said struct {
	names         map[string]bool // sessions that its messages name
	nameless, all stretches
}

// stretches are in order of their beginning once they are sorted.
type stretches []stretch

type stretch struct {
	from, to time.Time
	latest   time.Time // end of this one and those before it
}

// newCoroner gathers when the evidence of causes was seen. Cost: a sort of the runs.
func newCoroner(runs []diagnose.Run, causes []report.Cause) *coroner {
	c := &coroner{causes: causes, said: map[saying]*said{}}
	tells := map[string]bool{}
	for i := range causes {
		for _, e := range causes[i].Evidence {
			tells[e.Pattern] = tells[e.Pattern] || e.Weight > 0
		}
	}
	for i := range runs {
		if r := &runs[i]; tells[r.Pattern] {
			c.add(r)
		}
	}
	for _, s := range c.said {
		s.nameless.sort()
		s.all.sort()
	}
	return c
}

func (c *coroner) add(r *diagnose.Run) {
	k := saying{r.Pattern, r.Lifetime}
	s := c.said[k]
	if s == nil {
		s = &said{names: map[string]bool{}}
		c.said[k] = s
	}
	if r.Session != "" {
		s.names[r.Session] = true
	}
	if r.Time.IsZero() {
		return
	}
	x := stretch{from: r.Time, to: r.End}
	if x.to.Before(x.from) {
		x.to = x.from
	}
	s.all = append(s.all, x)
	if r.Session == "" {
		s.nameless = append(s.nameless, x)
	}
}

func (s stretches) sort() {
	slices.SortFunc(s, func(a, b stretch) int { return a.from.Compare(b.from) })
	for i := range s {
		s[i].latest = s[i].to
		if i > 0 && s[i-1].latest.After(s[i].to) {
			s[i].latest = s[i-1].latest
		}
	}
}

// meet reports whether one of the stretches reaches into a time; to is zero when that
// has no end.
func (s stretches) meet(from, to time.Time) bool {
	n := len(s)
	if !to.IsZero() {
		n = sort.Search(n, func(i int) bool { return s[i].from.After(to) })
	}
	return n > 0 && !s[n-1].latest.Before(from)
}

// causeOf is the likeliest cause whose messages stand in a session: those that
// name it, else those of its time.
func (c *coroner) causeOf(s *timeline.Session) string {
	for i := range c.causes {
		k := &c.causes[i]
		if _, named := slices.BinarySearch(k.Affected.Sessions, s.ID); named && s.ID != "" {
			return k.ID
		}
		if slices.ContainsFunc(k.Evidence, func(e report.Evidence) bool { return e.Weight > 0 && c.inside(e.Pattern, s) }) {
			return k.ID
		}
	}
	return ""
}

// inside reports whether a pattern was seen in a session.
func (c *coroner) inside(pattern string, s *timeline.Session) bool {
	x := c.said[saying{pattern, s.Lifetime}]
	if x == nil {
		return false
	}
	when := x.all
	if s.ID != "" {
		if x.names[s.ID] {
			return true
		}
		when = x.nameless
	}
	if !s.Start.Known() {
		return false
	}
	var to time.Time
	if s.Stopped && s.Stop.Known() {
		to = s.Stop.Time.Add(afterStop)
	}
	return when.meet(s.Start.Time.Add(-beforeStart), to)
}
