package clock

import "wolfdiag/analyze/logline"

// What a reading of an elapsed clock says about the readings before it.
type continuity uint8

const (
	continues continuity = iota // the same process
	stepped                     // the same process, but the wall clock was set or the machine slept
	restarted                   // another process
)

// stepElapsed takes a reading of a clock that counts from the start of a
// process and returns the number of its segment. same says that the line also
// has a wall reading.
func (s *stream) stepElapsed(stamp logline.Stamp, r *Reading, same bool) int32 {
	if stamp.Nanos < 0 {
		return -1
	}
	key := segmentKey{kind: stamp.Kind, pid: r.PID}
	if stamp.Kind != logline.ClockGStreamer {
		key.pid = 0
	}
	id, ok := s.current[key]
	ok = ok && id >= s.evicted
	if !ok {
		id = s.newSegment(key, stamp.Nanos, r.Line, restarted)
	} else if c := s.continuity(&s.segments[id-s.evicted], stamp.Nanos, same); c != continues {
		if old, ok := s.resumed(key, id, stamp.Nanos); ok {
			s.mixed++
			s.current[key] = old
			id = old
		} else {
			id = s.newSegment(key, stamp.Nanos, r.Line, c)
		}
	}
	g := &s.segments[id-s.evicted]
	if !same && stamp.Kind == logline.ClockGStreamer {
		s.carry(g, stamp.Nanos)
	}
	g.last, g.lastLine, g.lastWall = stamp.Nanos, r.Line, s.wallLast
	g.readings++
	switch {
	case same && s.transport:
		// A delay between writing and the transport's stamp only ever adds.
		g.wall.below(s.wallLast-stamp.Nanos, 0)
		g.wall.above(s.wallLast-stamp.Nanos-Second, 0)
	case same:
		g.wall.exactly(s.wallLast - stamp.Nanos)
	case s.hasWall:
		g.wall.above(s.wallLast-stamp.Nanos, r.Line-s.wallLine)
	case s.hasLocal:
		g.local.above(s.localLast-stamp.Nanos, r.Line-s.localLine)
	}
	if !same && !g.touched && len(s.pending) < 64 {
		g.touched = true
		s.pending = append(s.pending, id)
	}
	return id
}

// continuity compares the reading v with the readings of g before it.
func (s *stream) continuity(g *elapsedSegment, v int64, same bool) continuity {
	back := g.last - v
	if !s.hasWall {
		if back > interleaving && v < 30*Second || back > Minute {
			return restarted
		}
		return continues
	}
	moved := s.wallLast - g.lastWall
	if back > interleaving {
		// In a log out of order the wall clock goes back as well.
		if d := moved + back; moved < -interleaving && d < contradiction && d > -contradiction {
			return continues
		}
		return restarted
	}
	zero, known := g.wall.hi, g.wall.hasHi
	if same {
		zero, known = g.lastWall-g.last, g.wall.hasHi || g.wall.hasLo
	}
	d := s.wallLast - v
	switch {
	case !known || d <= zero+contradiction && (!same || d >= zero-contradiction):
		return continues
	case g.kind == logline.ClockSway:
		return restarted
	case d >= g.lastWall-contradiction && (-back > Minute || v < 30*Second):
		return restarted // it started after the last line of the process before
	}
	return stepped
}

// resumed finds an older process with the same id whose clock the reading v
// fits. A process that was replaced does not come back: two servers' logs are
// mixed then.
func (s *stream) resumed(key segmentKey, id int32, v int64) (int32, bool) {
	if !s.hasWall || key.kind != logline.ClockGStreamer || s.disordered() {
		return 0, false
	}
	for old, n := id-1, 0; old >= s.evicted && n < 8; old, n = old-1, n+1 {
		g := &s.segments[old-s.evicted]
		if g.kind != key.kind || g.pid != key.pid || !g.wall.hasLo || !g.wall.hasHi || g.readings < 2 || v < g.last-interleaving {
			continue
		}
		if zero, fuzz, _ := g.wall.estimate(); fuzz < contradiction && !s.passed(zero+v) {
			return old, true
		}
	}
	return 0, false
}

// passed reports whether a time is not about that of the last wall reading.
func (s *stream) passed(at int64) bool {
	d := at - s.wallLast
	return d < -2*Second || d > 2*Second
}

func (s *stream) newSegment(key segmentKey, v, line int64, why continuity) int32 {
	_, limit := s.limits()
	if len(s.segments) >= limit {
		n := limit / 4
		s.segments = append([]elapsedSegment(nil), s.segments[n:]...)
		s.evicted += int32(n)
		s.dropped += int64(n)
	}
	id := s.evicted + int32(len(s.segments))
	g := elapsedSegment{kind: key.kind, pid: key.pid, firstLine: line, lastLine: line, first: v, last: v, lastWall: s.wallLast, stepped: why == stepped}
	if why == stepped {
		s.clockSteps++
	}
	prev, ok := s.current[key]
	if s.hasBanner && key.kind == logline.ClockGStreamer &&
		(!ok || prev < s.evicted || s.segments[prev-s.evicted].lastLine < s.bannerLine) {
		g.banner, g.hasBanner = s.banner, true
	}
	if s.current == nil || len(s.current) >= limit {
		s.current = make(map[segmentKey]int32)
	}
	s.current[key] = id
	s.segments = append(s.segments, g)
	return id
}

// start notes the start banner: the zero of the process's clock, also of one
// that was read a few lines before.
func (s *stream) start(wall, line int64) {
	s.banner, s.bannerLine, s.hasBanner = wall, line, true
	for k, id := range s.current {
		if k.kind != logline.ClockGStreamer || id < s.evicted {
			continue
		}
		g := &s.segments[id-s.evicted]
		if g.last < 30*Second && line-g.lastLine <= bannerLines && !g.hasBanner && g.firstLine == g.lastLine {
			g.banner, g.hasBanner = wall, true
		}
	}
}
