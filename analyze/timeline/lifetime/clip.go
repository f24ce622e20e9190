package lifetime

import (
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// Within leaves out the lifetimes that are known to lie wholly outside the
// window from since to until (a zero time bounds nothing), with their sessions,
// and returns how many. Lifetimes that reach over an edge stay whole, with
// CutBefore or CutEnd set: of these only what lies inside enters Leak and Compare.
// Call it before AddFailures, with failures from inside the window alone.
func (t *History) Within(since, until time.Time) int {
	w := window{since, until}
	index := make([]int, len(t.Lifetimes)) // old → new, -1: left out
	kept := t.Lifetimes[:0]
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		from, to := l.Start, l.End
		if !from.Known() && l.CutStart {
			from = l.firstAt
		}
		if w.early(to) || w.late(from) {
			index[i] = -1
			continue
		}
		index[i] = len(kept)
		l.CutBefore = w.early(from)
		l.CutEnd = w.late(to)
		if l.CutBefore { // what came before the window is as good as cut off
			l.CutStart = true
		}
		kept = append(kept, *l)
	}
	hidden := len(t.Lifetimes) - len(kept)
	t.Lifetimes = kept
	sessions := t.Sessions[:0]
	for i := range t.Sessions {
		s := &t.Sessions[i]
		if s.Lifetime < 0 || index[s.Lifetime] < 0 {
			continue
		}
		s.Lifetime = index[s.Lifetime]
		s.Outside = s.Stopped && w.early(s.Stop) || w.late(s.Start)
		sessions = append(sessions, *s)
	}
	t.Sessions = sessions
	for i := range t.Lifetimes {
		t.watch(i, w)
	}
	for _, spans := range t.spans {
		for i := range spans {
			if k := spans[i].index; k >= 0 {
				spans[i].index = index[k]
			}
		}
	}
	t.Loops = loops(t.Lifetimes)
	t.locate()
	return hidden
}

// watch takes out of a lifetime's numbers what the window does not show.
func (t *History) watch(i int, w window) {
	l := &t.Lifetimes[i]
	if !l.CutBefore && !l.CutEnd {
		return
	}
	from, to := t.sessions(i)
	seen, short := 0, 0
	for k := from; k < to; k++ {
		s := &t.Sessions[k]
		if !w.late(s.Start) {
			seen = max(seen, s.Number)
		}
		if d, ok := s.Stop.Sub(s.Start); ok && s.Stopped && !s.Outside && d <= time.Duration(immediateStop) {
			short++
		}
	}
	l.Immediate = min(l.Immediate, short)
	if at := t.At(clock.Reading{Pos: l.ReconnectPos, Service: l.Service}); l.Reconnects > 0 && (w.early(at) || w.late(at)) {
		l.Reconnects = 0
	}
	if at := t.At(clock.Reading{Pos: l.PilePos, Service: l.Service}); l.Piled > 0 && (w.early(at) || w.late(at)) {
		l.Piled = 0
	}
	if l.CutEnd {
		l.watched, l.until = seen, clock.Instant{Time: w.until, How: clock.Transport}
		if d, ok := l.until.Sub(l.End); ok { // on the axis of the end, if it has one
			l.until.Rel, l.until.Axis = l.End.Rel+d, l.End.Axis
		}
	}
}

// observed is the end of a lifetime, or of the window if that comes first, and
// the number of sessions up to then.
func (l *Lifetime) observed() (end clock.Instant, sessions int) {
	if l.CutEnd {
		return l.until, l.watched
	}
	return l.End, l.Sessions
}

// window is a stretch of time; a zero edge bounds nothing.
type window struct{ since, until time.Time }

func (w window) early(i clock.Instant) bool {
	return !w.since.IsZero() && i.Known() && i.Time.Before(w.since)
}

func (w window) late(i clock.Instant) bool {
	return !w.until.IsZero() && i.Known() && i.Time.After(w.until)
}
