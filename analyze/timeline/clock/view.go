package clock

import (
	"cmp"
	"slices"
	"time"
)

// A View is the frozen, resolved form of all streams: it does not change when the
// Collector goes on. It may be used by several goroutines.
type View struct {
	zone   *time.Location
	inputs map[int32]*inputView
	byID   []*streamView
	starts []int64 // known starts, sorted
}

type inputView struct {
	name    string
	limit   time.Time // the latest that its lines can carry; zero: unknown
	streams map[string]*streamView
	order   []*streamView // by id
}

// A streamView is one stream with its axes resolved. Offsets turn a place on
// an axis into nanoseconds UTC.
type streamView struct {
	stream // a copy; slices are shared and never written below their length

	wallKnown bool
	wallBase  int64
	wallHow   How

	localKnown bool
	localHow   How

	zeros []zero // one per segment
}

// A zero is where an elapsed clock stood at zero.
type zero struct {
	at, fuzz int64
	axis     ref  // refWall, refLocal: at is on that axis; refElapsed: UTC
	known    bool // false: only the elapsed value itself is known
}

// Zone returns the offset of local clocks from UTC (local − UTC) that the lines of
// the log show best: the one found from neighbouring lines with the most votes. It
// is false when a zone was given instead (Options.Zone), when nothing shows one,
// and when two show equally well. Cost: one pass over the streams.
func (v *View) Zone() (offset time.Duration, ok bool) {
	if v.zone != nil {
		return 0, false
	}
	votes := map[int64]int64{}
	for _, s := range v.byID {
		if z, known := zoneAt(s.zones, s.localLine); known {
			for _, r := range s.zones {
				if r.offset == z {
					votes[z] += r.votes
				}
			}
		}
	}
	var best, count int64
	for z, n := range votes {
		switch {
		case n > count:
			best, count, ok = z, n, true
		case n == count:
			ok = false
		}
	}
	if !ok {
		return 0, false
	}
	return time.Duration(best), true
}

// wallUTC returns the UTC time of a place on the wall axis.
func (s *streamView) wallUTC(rel int64) int64 { return rel + s.wallBase }

// localUTC returns the UTC time of a local time printed at a line.
func (s *streamView) localUTC(local, line int64, zone *time.Location) (int64, bool) {
	if !s.localKnown {
		return 0, false
	}
	if zone != nil {
		return toUTC(local, zone), true
	}
	z, ok := zoneAt(s.zones, line)
	return local - z, ok
}

// knotUTC returns the UTC time of a knot.
func (s *streamView) knotUTC(k knot, zone *time.Location) (int64, bool) {
	switch {
	case k.ref == refWall:
		return s.wallUTC(k.rel), s.wallKnown
	case k.ref == refLocal:
		return s.localUTC(k.rel, k.line, zone)
	case k.ref >= refElapsed:
		if z, ok := s.zeroOf(k.ref); ok && z.known {
			return s.zeroUTC(z, k.line, zone, k.rel)
		}
	}
	return 0, false
}

func (s *streamView) zeroOf(r ref) (zero, bool) {
	i := int(r-refElapsed) - int(s.evicted)
	if i < 0 || i >= len(s.zeros) {
		return zero{}, false
	}
	return s.zeros[i], true
}

func (s *streamView) zeroUTC(z zero, line int64, zone *time.Location, elapsed int64) (int64, bool) {
	switch z.axis {
	case refWall:
		return s.wallUTC(z.at + elapsed), s.wallKnown
	case refLocal:
		return s.localUTC(z.at+elapsed, line, zone)
	}
	return z.at + elapsed, true
}

// around returns the kept readings before and after a line.
func (s *streamView) around(line int64) (before, after *knot) {
	i, found := slices.BinarySearchFunc(s.knots, line, func(k knot, l int64) int { return cmp.Compare(k.line, l) })
	if found {
		for i+1 < len(s.knots) && s.knots[i+1].line == line {
			i++
		}
		return &s.knots[i], &s.knots[i]
	}
	if i > 0 {
		before = &s.knots[i-1]
	}
	if i < len(s.knots) {
		after = &s.knots[i]
	} else if s.hasLast && s.last.line >= line {
		after = &s.last
	} else if s.hasLast {
		before = &s.last
	}
	return before, after
}

// WallAxis returns the axis of Instants on a stream's wall clock.
func (v *View) WallAxis(stream int32) int32 { return v.byID[stream].axisID(refWall) }

// OnWall makes a Moment of a place on a stream's wall clock.
func OnWall(stream int32, rel time.Duration) Moment {
	return Moment{stream: stream, ref: refWall, rel: int64(rel), exact: true}
}

// axisID numbers the axes: a stream's wall axis and each of its others apart.
func (s *streamView) axisID(r ref) int32 { return s.id*4096 + int32(r)%4096 + 1 }
