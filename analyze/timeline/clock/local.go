package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// localAxis is the local clock of a stream, and the year of stamps without one.
type localAxis struct {
	hasLocal    bool
	localFirst  int64
	localLast   int64
	localLine   int64
	outerLocal  bool // the transport's own stamps are local
	todLocal    bool // GLib times of day seen
	year        int  // of stamps without one
	yearGuess   bool
	yearSettled bool // the year is that of dated lines
	lastYearly  int64
}

// toUTC reads a local time, given as if it were UTC, in zone.
func toUTC(local int64, zone *time.Location) int64 {
	t := time.Unix(0, local).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixNano()
}

// withYear returns a local stamp with its year. A stamp without one gets the
// year of the stream's dated lines; without such, the latest year that keeps
// the first such stamp before limit. It gets the next year whenever the
// calendar starts again.
func (s *stream) withYear(stamp logline.Stamp, limit time.Time) int64 {
	if stamp.Kind != logline.ClockLocalNoYear {
		return stamp.Nanos
	}
	v := stamp.Nanos
	switch {
	case s.year == 0 && s.utcLast != 0:
		s.year, s.yearSettled = nearestYear(v, s.utcLast), true
	case s.year == 0 && limit.IsZero():
		s.year, s.yearGuess = 2000, true
	case s.year == 0:
		s.year = limit.Year()
		if inYear(v, s.year) > limit.UnixNano()+36*Hour {
			s.year--
		}
	case v < s.lastYearly-180*Day:
		s.year++
	case v > s.lastYearly+350*Day: // a line of the year before, written late
		return inYear(v, s.year-1)
	}
	s.lastYearly = v
	return inYear(v, s.year)
}

// nearestYear is the year that brings a yearless time closest to utc.
func nearestYear(v, utc int64) int {
	year := time.Unix(0, utc).UTC().Year()
	switch d := inYear(v, year) - utc; {
	case d > 183*Day:
		return year - 1
	case d < -183*Day:
		return year + 1
	}
	return year
}

// settleYear corrects a year that was guessed before the first dated line, and
// moves what was read with it.
func (s *stream) settleYear(utc int64) {
	s.yearSettled, s.yearGuess = true, false
	year := nearestYear(s.lastYearly, utc)
	delta := inYear(s.lastYearly, year) - inYear(s.lastYearly, s.year)
	s.year = year
	if delta == 0 {
		return
	}
	s.localFirst += delta
	s.localLast += delta
	s.compared.first += delta
	s.compared.last += delta
	moved := make([]knot, len(s.knots)) // views share the old ones
	for i, k := range s.knots {
		if k.ref == refLocal {
			k.rel += delta
		}
		moved[i] = k
	}
	s.knots = moved
	if s.last.ref == refLocal {
		s.last.rel += delta
	}
	for i := range s.segments {
		s.segments[i].local.lo += delta
		s.segments[i].local.hi += delta
	}
}

// localOf returns the dated local reading of a line.
func (s *stream) localOf(outer, inner logline.Stamp, limit time.Time) (int64, bool) {
	for _, stamp := range [...]logline.Stamp{outer, inner} {
		if stamp.Kind == logline.ClockLocal || stamp.Kind == logline.ClockLocalNoYear {
			return s.withYear(stamp, limit), true
		}
	}
	return 0, false
}

// stepLocal takes a dated local reading; same says that the line also has a
// wall reading.
func (s *stream) stepLocal(v, line int64, outer, same bool) {
	if !s.hasLocal {
		s.hasLocal, s.localFirst = true, v
	}
	s.outerLocal = s.outerLocal || outer
	s.localLast, s.localLine = v, line
	for _, id := range s.pending {
		if i := id - s.evicted; i >= 0 && !s.hasWall {
			g := &s.segments[i]
			g.local.below(v-g.last, line-g.lastLine)
		}
	}
	if !s.hasWall {
		s.pending = s.pending[:0]
	}
	switch {
	case s.onlyLocal:
	case same: // one line shows both
		s.compared.open = false
		if q := roundTo(v-s.wallLast, quarter); v-s.wallLast-q <= adjacent && v-s.wallLast-q >= -adjacent {
			s.voteZone(q, v, s.wallLast, &comparison{line: line}, true)
		}
	default:
		s.compare(v, line, false)
	}
}
