package timeline

import (
	"time"

	"wolfdiag/analyze/logline"
)

// Limits of what is kept, so that memory does not grow with the log.
const (
	maxStreams      = 1024
	bigStreams      = 16 // the first streams may keep more than the others
	maxKnots        = 4096
	maxKnotsSmall   = 256
	maxSegments     = 2048
	maxSegmentsLow  = 64
	maxZoneRuns     = 64
	firstSpacing    = 2 * second
	maxSpacing      = 12 * hour // a time of day must be placed by its neighbours
	interleaving    = second    // threads write this much out of order
	contradiction   = 5 * second
	adjacent        = 90 * second // how far apart neighbours that calibrate a zone may be
	wrapBack        = 12 * hour   // a time of day going back further than this is the next day
	crossMidnight   = 10 * minute // a line of the day before, written late
	ambiguousSilent = minute      // a step back of this up to wrapBack has two readings
)

// A stream is the lines of one service in one input. Its clocks are followed
// as the lines pass; see read.
type stream struct {
	id      int32
	input   int32
	service string
	big     bool
	version int64

	firstLine, lastLine int64

	// Wall axis: UTC but for a whole number of days until dated is true.
	hasWall      bool
	dated        bool // base is known
	datedLine    int64
	base         int64
	wallFirst    int64
	wallLast     int64
	wallLine     int64
	wallMin      int64
	wallMax      int64
	lastTOD      bool // the last wall reading was a time of day
	hasTOD       bool
	onlyLocal    bool // the wall axis comes from local times of a given zone
	transport    bool // outer stamps carry UTC
	ambiguous    int64
	ambiguousAt  int64 // line of the first ambiguous step
	carried      int64 // silences of half a day and more that an elapsed clock shows
	clockSteps   int64
	gap          int64 // longest silence since an elapsed clock was read, but for whole days
	gapLine      int64 // the line that ended it
	mixed        int64 // readings of a process that another had replaced
	steps, backs int64
	falls        int64 // steps that went back, by however little

	// Local axis.
	hasLocal    bool
	localFirst  int64
	localLast   int64
	localLine   int64
	compared    comparison
	outerLocal  bool // the transport's own stamps are local
	year        int  // of stamps without one
	yearGuess   bool
	yearSettled bool  // the year is that of dated lines
	utcLast     int64 // the last dated UTC reading; 0: none
	lastYearly  int64
	zones       []zoneRun
	paired      bool // a dated local time stood next to a wall time
	pairLocal   int64
	pairWall    int64
	pairLine    int64
	todLocal    bool // GLib times of day seen

	segments []elapsedSegment
	evicted  int32 // segments dropped from the front
	current  map[segmentKey]int32
	pending  []int32 // segments read since the last wall reading

	banner     int64 // wall time of the last start banner
	bannerLine int64
	hasBanner  bool

	knots   []knot
	spacing int64
	last    knot // the last reading, kept or not
	hasLast bool
	force   bool // keep the next reading: a line without clock wants neighbours
	thinned int64
	dropped int64 // segments dropped
}

type segmentKey struct {
	kind logline.ClockKind
	pid  int
}

func (s *stream) limits() (knots, segments int) {
	if s.big {
		return maxKnots, maxSegments
	}
	return maxKnotsSmall, maxSegmentsLow
}

// read takes the clocks of one line and returns its moment; the moment is that
// of the line before when the line has no clock that can be placed now.
func (s *stream) read(r *Reading, zone *time.Location, limit time.Time) moment {
	s.version++
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
func (s *stream) place(line int64, wall, local bool, seg int32) moment {
	k := knot{line: line}
	switch {
	case wall:
		k.ref, k.rel = refWall, s.wallLast
	case local && (s.outerLocal || !s.hasWall):
		k.ref, k.rel = refLocal, s.localLast
	case seg >= 0 && !s.hasWall && !s.hasLocal:
		k.ref, k.rel = refElapsed+ref(seg), s.segments[seg-s.evicted].last
	case s.hasWall:
		return moment{stream: s.id, ref: refWall, rel: s.wallLast}
	case s.hasLast:
		return moment{stream: s.id, ref: s.last.ref, rel: s.last.rel}
	default:
		return moment{}
	}
	s.keep(k)
	return moment{stream: s.id, ref: k.ref, rel: k.rel, exact: true}
}

// keep adds k to the knots when it is a transition or far enough from the last.
func (s *stream) keep(k knot) {
	defer func() { s.last, s.hasLast = k, true }()
	n := len(s.knots)
	if n == 0 || s.force {
		k.pinned = s.force
		s.force = false
		s.append(k)
		return
	}
	prev := s.knots[n-1]
	back := s.hasLast && s.last.ref == k.ref && k.rel < s.last.rel-interleaving
	if prev.ref != k.ref || back {
		if s.hasLast && s.last.line > prev.line {
			p := s.last
			p.pinned = true
			s.append(p)
		}
		k.pinned = true
		s.append(k)
		return
	}
	if d := k.rel - prev.rel; d >= s.spacing || d <= -s.spacing || k.line-prev.line >= 1<<16 && d != 0 {
		s.append(k)
	}
}

// neighbours asks for the readings before and after the current line to be
// kept: a line without a clock will be placed between them.
func (s *stream) neighbours() {
	if n := len(s.knots); s.hasLast && (n == 0 || s.knots[n-1].line < s.last.line) {
		p := s.last
		p.pinned = true
		s.append(p)
	}
	s.force = true
}

func (s *stream) append(k knot) {
	limit, _ := s.limits()
	if n := len(s.knots); n > 0 && s.knots[n-1].line > k.line {
		k.line = s.knots[n-1].line // lines come in order; keep the search valid if not
	}
	if len(s.knots) >= limit {
		s.thin(limit)
	}
	s.knots = append(s.knots, k)
}

// thin halves the knots: ordinary ones first, transitions when these alone
// are too many. It never touches the old array, which a view may hold.
func (s *stream) thin(limit int) {
	old := s.knots
	kept := make([]knot, 0, limit)
	for i, k := range old {
		if k.pinned || i%2 == 0 || i == len(old)-1 {
			kept = append(kept, k)
		}
	}
	if len(kept) > limit*3/4 {
		kept = kept[:0]
		for i, k := range old {
			if i%2 == 0 || i == len(old)-1 {
				k.pinned = k.pinned && i%4 == 0
				kept = append(kept, k)
			}
		}
	}
	s.thinned += int64(len(old) - len(kept))
	s.knots = kept
	s.spacing = min(2*s.spacing, maxSpacing)
}

// wallOf returns the best UTC reading of a line on the stream's wall axis.
func (s *stream) wallOf(outer, inner logline.Stamp, zone *time.Location, limit time.Time) (int64, bool) {
	switch outer.Kind {
	case logline.ClockUTC:
		s.transport, s.onlyLocal = true, false
		return s.date(outer.Nanos), true
	case logline.ClockLocal, logline.ClockLocalNoYear:
		if zone != nil {
			s.onlyLocal = true
			return s.date(toUTC(s.withYear(outer, limit), zone)), true
		}
	}
	switch inner.Kind {
	case logline.ClockUTC:
		s.onlyLocal = false
		return s.date(inner.Nanos), true
	case logline.ClockUTCTimeOfDay:
		if inner.Nanos < 0 || inner.Nanos >= day+second {
			return 0, false
		}
		s.onlyLocal, s.lastTOD, s.hasTOD = false, true, true
		return s.unwrap(inner.Nanos), true
	case logline.ClockLocal, logline.ClockLocalNoYear:
		if zone != nil && (!s.hasWall || s.onlyLocal) {
			s.onlyLocal = true
			return s.date(toUTC(s.withYear(inner, limit), zone)), true
		}
	}
	return 0, false
}

// date places a dated UTC reading; the first one dates the axis.
func (s *stream) date(utc int64) int64 {
	s.lastTOD = false
	if !s.dated {
		s.dated = true
		if s.hasWall {
			s.base = roundTo(utc-s.wallLast, day)
		}
	}
	return utc - s.base
}

// unwrap places a time of day on the day of the reading before, the next day
// when it goes back by more than half a day, and the day before when it is a
// line from before midnight that was written late.
func (s *stream) unwrap(tod int64) int64 {
	if !s.hasWall {
		return tod
	}
	v := floorDiv(s.wallLast, day)*day + tod
	switch d := v - s.wallLast; {
	case d < -wrapBack:
		v += day
	case d > day-crossMidnight:
		v -= day
	}
	return v
}

// stepWall takes a wall reading; undated says that whole days may be missing
// between it and the one before.
func (s *stream) stepWall(v, line int64, undated bool) {
	if !s.hasWall {
		s.hasWall = true
		s.wallFirst, s.wallMin, s.wallMax = v, v, v
	} else if v != s.wallLast {
		s.steps++
		if v < s.wallLast {
			s.falls++
		}
		if v < s.wallLast-2*second {
			s.backs++
		}
		if d := v - s.wallLast; undated && (d > interleaving || d < -2*second) {
			if d = mod(d, day); d > s.gap {
				s.gap, s.gapLine = d, line
			}
		}
		if undated && v < s.wallLast-ambiguousSilent {
			if s.ambiguous == 0 {
				s.ambiguousAt = line
			}
			s.ambiguous++
		}
	}
	s.wallMin, s.wallMax = min(s.wallMin, v), max(s.wallMax, v)
	for _, id := range s.pending {
		if i := id - s.evicted; i >= 0 {
			g := &s.segments[i]
			g.touched = false
			if d := v - g.last; g.wall.hasLo && d < g.wall.lo-contradiction {
				if undated {
					continue // days are missing, and the next elapsed reading will say so
				}
				g.spread = min(g.spread+g.wall.lo-d, day)
				g.wall = bounds{}
			}
			g.wall.below(v-g.last, line-g.lastLine)
		}
	}
	s.pending = s.pending[:0]
	if s.compared.open {
		s.closeComparison(v)
	}
	s.wallLast, s.wallLine = v, line
}

// disordered reports whether lines do not come in the order of their times.
func (s *stream) disordered() bool { return s.backs >= 3 && s.backs*5 >= s.steps || s.reversed() }

// reversed reports whether the newest line comes first, as from journalctl -r
// or tac.
func (s *stream) reversed() bool { return s.steps >= 8 && s.falls*10 >= s.steps*9 }
