package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// Limits of what is kept, so that memory does not grow with the log.
const (
	maxText         = 160 // bytes of a name
	maxStreams      = 1024
	bigStreams      = 16 // the first streams may keep more than the others
	maxKnots        = 4096
	maxKnotsSmall   = 256
	maxSegments     = 2048
	maxSegmentsLow  = 64
	maxZoneRuns     = 64
	firstSpacing    = 2 * Second
	maxSpacing      = 12 * Hour // a time of day must be placed by its neighbours
	interleaving    = Second    // threads write this much out of order
	contradiction   = 5 * Second
	adjacent        = 90 * Second // how far apart neighbours that calibrate a zone may be
	wrapBack        = 12 * Hour   // a time of day going back further than this is the next day
	crossMidnight   = 10 * Minute // a line of the day before, written late
	bannerLines     = 300         // lines between a banner and the first reading of its clock
	ambiguousSilent = Minute      // a step back of this up to wrapBack has two readings
)

// A stream is the lines of one service in one input. Its clocks are followed
// as the lines pass; see read.
type stream struct {
	id      int32
	input   int32
	service string
	big     bool

	firstLine, lastLine int64

	wallAxis
	localAxis
	zoneVotes
	elapsedClocks
	readings
}

func (s *stream) limits() (knots, segments int) {
	if s.big {
		return maxKnots, maxSegments
	}
	return maxKnotsSmall, maxSegmentsLow
}

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

// disordered reports whether lines do not come in the order of their times.
func (s *stream) disordered() bool { return s.backs >= 3 && s.backs*5 >= s.steps || s.reversed() }

// reversed reports whether the newest line comes first, as from journalctl -r
// or tac.
func (s *stream) reversed() bool { return s.steps >= 8 && s.falls*10 >= s.steps*9 }

// Order says in which order the lines of a stream stand.
type Order struct {
	Disordered bool  // not in the order of their times
	Reversed   bool  // the newest line comes first
	Sortable   bool  // times can be compared, so that events can be sorted by them
	Mixed      int64 // readings of a process that another had replaced
}

// Order returns the order of the lines of a stream.
func (v *View) Order(stream int32) Order {
	s := v.byID[stream]
	return Order{Disordered: s.disordered(), Reversed: s.reversed(), Mixed: s.mixed,
		Sortable: !s.hasTOD || s.dated && (!s.reversed() || s.transport)}
}

// WallAxis returns the axis of Instants on a stream's wall clock.
func (v *View) WallAxis(stream int32) int32 { return v.byID[stream].axisID(refWall) }

// OnWall makes a Moment of a place on a stream's wall clock.
func OnWall(stream int32, rel time.Duration) Moment {
	return Moment{stream: stream, ref: refWall, rel: int64(rel), exact: true}
}
