package lifetime

import (
	"cmp"
	"sort"
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// Failure is the start of one failure episode.
type Failure struct {
	clock.Reading
	Instant clock.Instant
	Session string // session id when the episode names one

	death bool // it is the end of the process itself
}

// AddFailures fills in what failures say about lifetimes and sessions: how
// many each lifetime had, when the first came, and during which session. A
// failure without Instant gets it from At.
func (t *History) AddFailures(fs []Failure) {
	first := make([]*Failure, len(t.Lifetimes))
	names := names{}
	for i := range fs {
		f := &fs[i]
		if f.Instant.How == "" {
			f.Instant = t.At(f.Reading)
		}
		n := t.Lifetime(f.Reading)
		if n < 0 {
			continue
		}
		f.death = t.isDeath(n, f)
		if end := t.Lifetimes[n].End; t.tellsOfDeath(n, f) && end.How != clock.Unknown {
			f.Instant = end
		}
		t.Lifetimes[n].Failures++
		if k := t.sessionOf(n, f, names); k >= 0 {
			t.Sessions[k].Failed = true
		}
		if first[n] == nil || earlier(f, first[n]) {
			first[n] = f
		}
	}
	for n, f := range first {
		if f == nil {
			continue
		}
		l := &t.Lifetimes[n]
		if l.failed && !earlier(f, &Failure{Reading: clock.Reading{Pos: l.FirstFailurePos}, Instant: l.FirstFailure}) {
			continue
		}
		l.failed = true
		l.FirstFailure, l.FirstFailurePos = f.Instant, f.Pos
		l.FirstFailureSession, l.Concurrent = t.numberAt(n, f, names)
	}
}

// tellsOfDeath reports whether a failure of lifetime n is a line of the next
// start, which tells that lifetime n crashed: that came at its end.
func (t *History) tellsOfDeath(n int, f *Failure) bool {
	return n+1 < len(t.Lifetimes) && t.Lifetimes[n+1].crashTrace == f.Pos
}

// isDeath reports whether a failure is the end of lifetime n itself, which is
// of no session in particular.
func (t *History) isDeath(n int, f *Failure) bool {
	exit := t.Lifetimes[n].exit
	return t.tellsOfDeath(n, f) || exit.Line > 0 && exit.Input == f.Input && !f.Pos.Before(exit)
}

func earlier(a, b *Failure) bool {
	if d, ok := a.Instant.Sub(b.Instant); ok && d != 0 {
		return d < 0
	}
	return a.Pos.Before(b.Pos)
}

// sessions returns the sessions of lifetime n, ordered by number.
func (t *History) sessions(n int) (from, to int) {
	from = sort.Search(len(t.Sessions), func(i int) bool { return t.Sessions[i].Lifetime >= n })
	to = sort.Search(len(t.Sessions), func(i int) bool { return t.Sessions[i].Lifetime > n })
	return from, to
}

// How far a failure may stand from the start of its session: the compositor is
// made shortly before the container starts.
const (
	beforeStart = 3 * time.Second
	afterStart  = 3 * time.Second
)

// sessionOf returns the index of the session that a failure is of: the one it
// names, one that starts just now, or the only or newest one that is live; -1
// when there is none.
func (t *History) sessionOf(n int, f *Failure, named names) int {
	from, to := t.sessions(n)
	if f.Session != "" {
		if i := named.of(n, t.Sessions[from:to]).last(f.Session); i >= 0 {
			return from + i
		}
	}
	next := from + sort.Search(to-from, func(i int) bool { return t.starts(&t.Sessions[from+i], f) > 0 })
	if next > from {
		s := &t.Sessions[next-1]
		if d, ok := f.Instant.Sub(s.Start); ok && d <= afterStart && !t.stoppedBefore(s, f) {
			return next - 1
		}
	}
	if next < to {
		if d, ok := t.Sessions[next].Start.Sub(f.Instant); ok && d <= beforeStart {
			return next
		}
	}
	for i := next - 1; i >= from && i >= next-256; i-- {
		if !t.stoppedBefore(&t.Sessions[i], f) {
			return i
		}
	}
	return -1
}

// starts compares the start of a session with a failure: positive when later.
func (t *History) starts(s *Session, f *Failure) int {
	if d, ok := s.Start.Sub(f.Instant); ok && d != 0 {
		return cmp.Compare(d, 0)
	}
	if s.Pos.Input == f.Input {
		return cmp.Compare(s.Pos.Line, f.Line)
	}
	return -1
}

func (t *History) stoppedBefore(s *Session, f *Failure) bool {
	if !s.Stopped {
		return false
	}
	d, ok := s.Stop.Sub(f.Instant)
	return ok && (d < 0 || d == 0 && f.death)
}

// numberAt returns the number of the session during which a failure came and
// how many were live then; -1 when unknown.
func (t *History) numberAt(n int, f *Failure, named names) (number, live int) {
	l := &t.Lifetimes[n]
	from, to := t.sessions(n)
	offset := 0 // sessions before the log begins, as far as numbering proves them
	if l.LowerBound {
		counted := 0
		if to > from {
			counted = t.Sessions[to-1].Number
		}
		offset = max(l.Sessions-counted, 0)
		if counted == 0 && l.Sessions > 0 {
			return l.Sessions, -1
		}
	}
	k := t.sessionOf(n, f, named)
	if k >= 0 {
		number = t.Sessions[k].Number
	} else {
		next := from + sort.Search(to-from, func(i int) bool { return t.starts(&t.Sessions[from+i], f) > 0 })
		switch {
		case next > from && f.death:
			number = t.Sessions[next-1].Number // nothing was live: it came after that one
		case next > from && t.Sessions[next-1].numbered:
			number = t.Sessions[next-1].Number // or later
		case f.death:
			return -1, -1
		case next > from:
			number = t.Sessions[next-1].Number + 1 // an attempt that got no container
		case to > from || l.Sessions == 0:
			number = 1
		default:
			return -1, -1
		}
	}
	live = -1
	if l.Peak >= 0 {
		live = 0
		for i := from; i < to; i++ {
			s := &t.Sessions[i]
			if i == k || t.starts(s, f) <= 0 && !t.stoppedBefore(s, f) {
				live++
			}
		}
		live = max(live, 1)
	}
	return number + offset, live
}
