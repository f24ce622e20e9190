package outcome

import (
	"math"

	"wolfdiag/analyze/timeline"
)

// calendar tells of the sessions of one lifetime at a moment without going through
// them: each kind of time that a session has, from its set-up to its end, is a list
// of spells.
type calendar struct {
	axes []*axis
	odd  []*Session // begin and end on different clocks: looked at one by one
}

// axis holds the sessions whose clock is the same; nearly always there is one.
type axis struct {
	id             int32 // 0: no clock but UTC
	sessions       []*Session
	own, utc, none *scale // what a moment is held against: on this axis, in UTC, on neither; made when first asked for
}

// scale is the sessions of an axis in nanoseconds.
type scale struct {
	begun      int64  // when the first of them shows; never: none does
	coming     spells // by Phase: being set up, before its container
	setup      spells // from then on
	streaming  spells
	teardown   spells
	ending     spells // of teardown, before it stopped
	worked     spells // one that worked is set up or runs
	lastWorked int64  // when the last of those that worked began

	// Of sessions whose start cannot be compared the place in the log tells.
	firstAt, lastWorkedAt *timeline.Pos
}

// signs are what the sessions of a lifetime show at a moment.
type signs struct {
	begun                      bool // one has begun to show
	coming                     bool // one is set up whose container has not started
	ending                     bool // one ends that has not stopped
	setup, teardown, streaming bool
}

func newCalendar(sessions []*Session) *calendar {
	c := &calendar{}
	byID := map[int32]*axis{}
	for _, s := range sessions {
		if s.Stop.Axis != s.Start.Axis && (s.Stop.Axis != 0 || s.Stop.Known()) {
			c.odd = append(c.odd, s)
			continue
		}
		a := byID[s.Start.Axis]
		if a == nil {
			a = &axis{id: s.Start.Axis}
			byID[a.id] = a
			c.axes = append(c.axes, a)
		}
		a.sessions = append(a.sessions, s)
	}
	return c
}

// signs returns what the sessions show at a moment, at which a line stood. Cost:
// some binary searches for each axis.
func (c *calendar) signs(at timeline.Instant, pos timeline.Pos) signs {
	var out signs
	for _, s := range c.odd {
		out.see(s, at, pos)
	}
	for _, a := range c.axes {
		k, t, ok := a.scale(at)
		out.begun = out.begun || k.firstAt != nil && k.firstAt.Before(pos)
		if !ok {
			continue
		}
		out.begun = out.begun || t >= k.begun
		out.coming = out.coming || k.coming.hold(t)
		out.ending = out.ending || k.ending.hold(t)
		out.setup = out.setup || k.setup.hold(t)
		out.teardown = out.teardown || k.teardown.hold(t)
		out.streaming = out.streaming || k.streaming.hold(t)
	}
	return out
}

// see adds what one session shows.
func (g *signs) see(s *Session, at timeline.Instant, pos timeline.Pos) {
	from, ok := at.Sub(s.Start)
	if !ok {
		g.begun = g.begun || s.StartPos.Before(pos)
		return
	}
	g.begun = g.begun || from >= -beforeContainer
	left, stops := s.Stop.Sub(at)
	switch phaseAt(from, left, stops) {
	case PhaseSetup:
		g.coming, g.setup = g.coming || from < 0, g.setup || from >= 0
	case PhaseTeardown:
		g.teardown, g.ending = true, g.ending || left >= 0
	case PhaseStreaming:
		g.streaming = true
	}
}

// around reports whether a session that worked is up, or begins later.
func (c *calendar) around(at timeline.Instant, pos timeline.Pos) bool {
	for _, s := range c.odd {
		if s.around(at, pos) {
			return true
		}
	}
	for _, a := range c.axes {
		k, t, ok := a.scale(at)
		if k.lastWorkedAt != nil && pos.Before(*k.lastWorkedAt) || ok && (t < k.lastWorked || k.worked.hold(t)) {
			return true
		}
	}
	return false
}

// around reports whether a session worked and is up, or begins later.
func (s *Session) around(at timeline.Instant, pos timeline.Pos) bool {
	if s.Result != Worked {
		return false
	}
	from, ok1 := at.Sub(s.Start)
	to, ok2 := s.Stop.Sub(at)
	return ok1 && ok2 && from >= -setup && to > 0 || ok1 && from < 0 || !ok1 && pos.Before(s.StartPos)
}

// scale returns what a moment is held against, and the moment on it; false when no
// session of the axis can be compared with it.
func (a *axis) scale(at timeline.Instant) (k *scale, t int64, ok bool) {
	if a.id != 0 && at.Axis == a.id {
		if a.own == nil {
			a.own = a.place(func(i timeline.Instant) (int64, bool) { return int64(i.Rel), i.Axis == a.id })
		}
		return a.own, int64(at.Rel), true
	}
	if t, ok = utc(at); ok {
		if a.utc == nil {
			a.utc = a.place(utc)
		}
		return a.utc, t, true
	}
	if a.none == nil {
		a.none = a.place(func(timeline.Instant) (int64, bool) { return 0, false })
	}
	return a.none, 0, false
}

func utc(i timeline.Instant) (int64, bool) { return i.Time.UnixNano(), i.Known() }

// place puts the sessions on a scale. Cost: a sort.
func (a *axis) place(on func(timeline.Instant) (int64, bool)) *scale {
	k := &scale{begun: never, lastWorked: math.MinInt64}
	for _, s := range a.sessions {
		start, ok := on(s.Start)
		if !ok {
			k.leaveOut(s)
			continue
		}
		stop, stops := on(s.Stop)
		if !stops {
			stop = never
		}
		k.add(start, stop)
		if s.Result == Worked {
			k.lastWorked = max(k.lastWorked, start)
			if stops {
				k.worked.add(after(start, -setup), after(stop, -1))
			}
		}
	}
	for _, s := range []*spells{&k.coming, &k.setup, &k.teardown, &k.ending, &k.streaming, &k.worked} {
		s.join()
	}
	return k
}

// add puts one session on the scale, as phaseAt has it.
func (k *scale) add(start, stop int64) {
	shows, up, gone := after(start, -beforeContainer), after(start, setup/3), after(stop, teardown)
	k.begun = min(k.begun, shows)
	k.coming.add(shows, min(after(start, -1), gone))
	k.setup.add(start, min(up, gone))
	k.setup.add(after(up, 1), min(after(start, setup), after(stop, -teardown-1)))
	k.streaming.add(after(start, setup+1), after(stop, -teardown-1))
	if ends := max(after(up, 1), after(stop, -teardown)); stop != never {
		k.teardown.add(ends, gone)
		k.ending.add(ends, stop)
	}
}

// leaveOut notes a session whose start cannot be compared: its place in the log
// tells whether it has begun.
func (k *scale) leaveOut(s *Session) {
	if k.firstAt == nil || s.StartPos.Before(*k.firstAt) {
		k.firstAt = &s.StartPos
	}
	if s.Result == Worked && (k.lastWorkedAt == nil || k.lastWorkedAt.Before(s.StartPos)) {
		k.lastWorkedAt = &s.StartPos
	}
}
