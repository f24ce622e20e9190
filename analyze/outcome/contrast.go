package outcome

import (
	"time"

	"wolfdiag/analyze/timeline"
)

// Contrast says in how many sessions that worked, and in how many that failed,
// something was seen. What is seen outside of sessions alone, a complaint of
// every start, is compared by lifetimes.
type Contrast struct {
	Lifetimes         bool
	Worked, WorkedAll int
	Failed, FailedAll int
}

// Span is a stretch of log in which something was seen.
type Span struct {
	First, Last *Moment
	Session     string // that its first message names, "" for none
}

// Comparison finds the sessions that a log shows something in. Not safe for concurrent
// use.
type Comparison struct {
	o         *Outcomes
	byLife    map[int]*presence
	lifetimes []Result
	sessions  [Failed + 1]int // by result
	lives     [Failed + 1]int
}

// Compare prepares a comparison; gap is how far apart two messages of a span
// may be. Cost: a sort of the sessions.
func (o *Outcomes) Compare(gap time.Duration) *Comparison {
	c := &Comparison{o: o, byLife: map[int]*presence{}, lifetimes: make([]Result, len(o.time.Lifetimes))}
	for i := range o.Sessions {
		s := &o.Sessions[i]
		c.sessions[s.Result]++
		c.lifetimes[s.Lifetime] = max(c.lifetimes[s.Lifetime], s.Result) // one that failed outweighs those that worked
		l := c.byLife[s.Lifetime]
		if l == nil {
			if _, ok := s.Start.Sub(s.Start); !ok {
				continue
			}
			l = &presence{base: s.Start, gap: int64(gap)}
			c.byLife[s.Lifetime] = l
		}
		l.add(s)
	}
	for i := range c.lifetimes {
		if o.time.Lifetimes[i].EndKind == timeline.EndCrash {
			c.lifetimes[i] = Failed
		}
		c.lives[c.lifetimes[i]]++
	}
	for _, l := range c.byLife {
		l.prepare()
	}
	return c
}

// Worked returns how many sessions worked.
func (c *Comparison) Worked() int { return c.sessions[Worked] }

// Of counts the sessions in which something was seen, given all spans of it.
// Where several sessions were up and the message names none of them, it is taken
// for one of a session that failed, else for one of the newest: what one session
// complains of is no sign that the others had it too. Cost: spans, and sessions of
// their lifetimes.
func (c *Comparison) Of(spans []Span) Contrast {
	lives := map[int]bool{}
	touched := map[*presence]bool{}
	for i := range spans {
		s := &spans[i]
		for _, m := range [...]*Moment{s.First, s.Last} {
			if m.Lifetime >= 0 {
				lives[m.Lifetime] = true
			}
		}
		if l := c.byLife[s.First.Lifetime]; l != nil {
			touched[l] = true
			l.see(s.First.At, s.Last.At, s.Session)
		}
	}
	var seen [Failed + 1]int // by result
	for l := range touched {
		for r, n := range l.count() {
			seen[r] += n
		}
	}
	if seen != [Failed + 1]int{} {
		return Contrast{Worked: seen[Worked], WorkedAll: c.sessions[Worked], Failed: seen[Failed], FailedAll: c.sessions[Failed]}
	}
	out := Contrast{Lifetimes: true, WorkedAll: c.lives[Worked], FailedAll: c.lives[Failed]}
	for i := range lives {
		switch c.lifetimes[i] {
		case Worked:
			out.Worked++
		case Failed:
			out.Failed++
		}
	}
	return out
}
