package outcome

import (
	"slices"
	"sort"
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
	First, Last timeline.Reading
	Session     string // that its first message names, "" for none
}

// Comparison finds the sessions that a log shows something in.
type Comparison struct {
	o         *Outcomes
	gap       time.Duration // between two messages of a span, at most
	byLife    map[int]*lifeIndex
	lifetimes []Result
	sessions  [Failed + 1]int // by result
	lives     [Failed + 1]int

	running, broke []placedSession // scratch: of the span at hand, those up and those of them that failed
}

// lifeIndex holds the sessions of a lifetime by their start, as far as that is
// known. Times are measured from the first.
type lifeIndex struct {
	base timeline.Instant
	list []placedSession
}

type placedSession struct {
	index    int // of Outcomes.Sessions
	from, to time.Duration
	latest   time.Duration // the latest end of this session and those before it
}

// Compare prepares a comparison; gap is how far apart two messages of a span
// may be. Cost: a sort of the sessions.
func (o *Outcomes) Compare(gap time.Duration) *Comparison {
	c := &Comparison{o: o, gap: gap, byLife: map[int]*lifeIndex{}, lifetimes: make([]Result, len(o.time.Lifetimes))}
	for i := range o.Sessions {
		s := &o.Sessions[i]
		c.sessions[s.Result]++
		c.place(i)
		if s.Result > c.lifetimes[s.Lifetime] { // one that failed outweighs those that worked
			c.lifetimes[s.Lifetime] = s.Result
		}
	}
	for i := range c.lifetimes {
		if o.time.Lifetimes[i].EndKind == timeline.EndCrash {
			c.lifetimes[i] = Failed
		}
		c.lives[c.lifetimes[i]]++
	}
	for _, l := range c.byLife {
		slices.SortStableFunc(l.list, func(a, b placedSession) int { return int(sign(a.from - b.from)) })
		latest := time.Duration(-1 << 62)
		for i := range l.list {
			latest = max(latest, l.list[i].to)
			l.list[i].latest = latest
		}
	}
	return c
}

func sign(d time.Duration) time.Duration { return min(max(d, -1), 1) }

func (c *Comparison) place(i int) {
	s := &c.o.Sessions[i]
	l := c.byLife[s.Lifetime]
	if l == nil {
		if _, ok := s.Start.Sub(s.Start); !ok {
			return
		}
		l = &lifeIndex{base: s.Start}
		c.byLife[s.Lifetime] = l
	}
	from, ok := s.Start.Sub(l.base)
	to, stops := s.Stop.Sub(l.base)
	if ok && stops {
		l.list = append(l.list, placedSession{index: i, from: from, to: to})
	}
}

// Worked returns how many sessions worked.
func (c *Comparison) Worked() int { return c.sessions[Worked] }

// Of counts the sessions in which something was seen, given all spans of it.
// Where several sessions were up and the message names none of them, it is taken
// for one of a session that failed, else for one of the newest: what one session
// complains of is no sign that the others had it too.
func (c *Comparison) Of(spans []Span) Contrast {
	seen, lives := map[int]bool{}, map[int]bool{}
	for i := range spans {
		c.sessionsOf(&spans[i], seen)
		for _, r := range []timeline.Reading{spans[i].First, spans[i].Last} {
			if life := c.o.time.Lifetime(r); life >= 0 {
				lives[life] = true
			}
		}
	}
	out := Contrast{WorkedAll: c.sessions[Worked], FailedAll: c.sessions[Failed]}
	for i := range seen {
		switch c.o.Sessions[i].Result {
		case Worked:
			out.Worked++
		case Failed:
			out.Failed++
		}
	}
	if len(seen) > 0 {
		return out
	}
	out = Contrast{Lifetimes: true, WorkedAll: c.lives[Worked], FailedAll: c.lives[Failed]}
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

// sessionsOf adds the sessions that a span lies in.
func (c *Comparison) sessionsOf(s *Span, seen map[int]bool) {
	l := c.byLife[c.o.time.Lifetime(s.First)]
	if l == nil {
		return
	}
	from, ok1 := c.o.time.At(s.First).Sub(l.base)
	to, ok2 := c.o.time.At(s.Last).Sub(l.base)
	if !ok1 || !ok2 {
		return
	}
	from, to = min(from, to), max(from, to)
	c.running = l.up(c.running[:0], from, to)
	up := c.running
	c.at(up, from, s.Session, seen)
	if to == from {
		return
	}
	c.at(up, to, "", seen)
	failed := slices.DeleteFunc(append(c.broke[:0], up...), func(p placedSession) bool { return c.result(p) != Failed })
	c.broke = failed[:0]
	for _, p := range up { // the span goes on through it
		if min(p.to, to)-max(p.from, from) <= c.gap {
			continue
		}
		if !slices.ContainsFunc(failed, func(f placedSession) bool { return f.index != p.index && f.from < p.to && p.from < f.to }) {
			seen[p.index] = true
		}
	}
}

func (c *Comparison) result(p placedSession) Result { return c.o.Sessions[p.index].Result }

// up appends to out the sessions that were up at some time between two moments, by
// their start.
func (l *lifeIndex) up(out []placedSession, from, to time.Duration) []placedSession {
	first, n := l.within(from, to)
	for _, p := range l.list[first:n] {
		if p.to+slack >= from {
			out = append(out, p)
		}
	}
	return out
}

// within is where in the list the sessions stand that may be up then.
func (l *lifeIndex) within(from, to time.Duration) (first, n int) {
	n = sort.Search(len(l.list), func(i int) bool { return l.list[i].from-beforeContainer > to })
	for first = n; first > 0 && l.list[first-1].latest+slack >= from; {
		first--
	}
	return first, n
}

// at adds the session that a message is of, of those that are up.
func (c *Comparison) at(up []placedSession, moment time.Duration, named string, seen map[int]bool) {
	newest, failed := -1, false
	for _, p := range up {
		if moment < p.from-beforeContainer || moment > p.to+slack {
			continue
		}
		if named != "" && c.o.Sessions[p.index].ID == named {
			seen[p.index] = true
			return
		}
		if c.result(p) == Failed {
			seen[p.index], failed = true, true
		}
		newest = p.index
	}
	if newest >= 0 && !failed {
		seen[newest] = true
	}
}
