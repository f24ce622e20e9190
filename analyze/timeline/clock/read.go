package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// read takes the clocks of one line and returns its moment; the moment is that
// of the line before when the line has no clock that can be placed now.
func (s *stream) read(r *Reading, zone *time.Location, limit time.Time) Moment {
	if s.firstLine == 0 {
		s.firstLine = r.Line
	}
	outer, inner := sane(r.Outer), sane(r.Inner)
	tod := s.lastTOD
	wall, ok := s.wallOf(outer, inner, zone, limit)
	if ok {
		if s.dated && s.datedLine == 0 {
			s.datedLine = r.Line
		}
		s.stepWall(wall, r.Line, tod || s.lastTOD)
		if !s.lastTOD && s.ambiguous > 0 && s.datedAgain == 0 {
			s.datedAgain = r.Line
		}
	}
	if utc, dated := utcOf(outer, inner); dated {
		s.utcLast = utc
		if s.year != 0 && !s.yearSettled {
			s.settleYear(utc)
		}
	}
	local, lok := s.localOf(outer, inner, limit)
	if lok {
		s.stepLocal(local, r.Line, outer.Kind == logline.ClockLocal || outer.Kind == logline.ClockLocalNoYear, ok)
	}
	if inner.Kind == logline.ClockLocalTimeOfDay && s.hasWall && !ok {
		s.todLocal = true
		s.compare(inner.Nanos, r.Line, true)
	}
	seg := int32(-1)
	switch inner.Kind {
	case logline.ClockGStreamer, logline.ClockSway, logline.ClockBoot:
		seg = s.stepElapsed(inner, r, ok)
	}
	s.lastLine = max(s.lastLine, r.Line)
	return s.place(r.Line, ok, lok, seg)
}

// utcOf returns the dated UTC reading of a line.
func utcOf(outer, inner logline.Stamp) (int64, bool) {
	for _, stamp := range [...]logline.Stamp{outer, inner} {
		if stamp.Kind == logline.ClockUTC {
			return stamp.Nanos, true
		}
	}
	return 0, false
}

// place notes the reading as a knot when it is worth keeping and returns it.
func (s *stream) place(line int64, wall, local bool, seg int32) Moment {
	k := knot{line: line}
	switch {
	case wall:
		k.ref, k.rel = refWall, s.wallLast
	case local && (s.outerLocal || !s.hasWall):
		k.ref, k.rel = refLocal, s.localLast
	case seg >= 0 && !s.hasWall && !s.hasLocal:
		k.ref, k.rel = refElapsed+ref(seg), s.segments[seg-s.evicted].last
	case s.hasWall:
		return Moment{stream: s.id, ref: refWall, rel: s.wallLast}
	case s.hasLast:
		return Moment{stream: s.id, ref: s.last.ref, rel: s.last.rel}
	default:
		return Moment{}
	}
	s.keep(k)
	return Moment{stream: s.id, ref: k.ref, rel: k.rel, exact: true}
}
