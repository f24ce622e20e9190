package timeline

import (
	"time"

	"wolfdiag/analyze/logline"
)

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
		if inYear(v, s.year) > limit.UnixNano()+36*hour {
			s.year--
		}
	case v < s.lastYearly-180*day:
		s.year++
	case v > s.lastYearly+350*day: // a line of the year before, written late
		return inYear(v, s.year-1)
	}
	s.lastYearly = v
	return inYear(v, s.year)
}

// nearestYear is the year that brings a yearless time closest to utc.
func nearestYear(v, utc int64) int {
	year := time.Unix(0, utc).UTC().Year()
	switch d := inYear(v, year) - utc; {
	case d > 183*day:
		return year - 1
	case d < -183*day:
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
	s.compared.local += delta
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
		s.voteZone(comparison{local: v, line: line}, s.wallLast, adjacent, 2)
	default:
		s.compare(v, line, false)
	}
}

// A comparison is a local time between two wall times.
type comparison struct {
	open      bool
	timeOfDay bool
	before    bool // wall holds the wall time before it
	local     int64
	wall      int64
	line      int64
}

// compare votes for the zone by the wall time before a local one, and leaves
// the comparison open for the wall time after it.
func (s *stream) compare(local, line int64, timeOfDay bool) {
	s.compared = comparison{open: true, timeOfDay: timeOfDay, before: s.hasWall, local: local, wall: s.wallLast, line: line}
	if s.hasWall {
		s.voteZone(s.compared, s.wallLast, adjacent, 1)
	}
}

// closeComparison takes the wall time after a local one. When the two wall
// times are close, the vote is worth two: only one zone fits between them.
func (s *stream) closeComparison(wall int64) {
	c := s.compared
	s.compared.open = false
	if !c.before {
		s.voteZone(c, wall, adjacent, 1)
		return
	}
	if d := wall - c.wall; d >= -interleaving && d < 12*minute {
		s.voteZone(c, c.wall+d/2, d/2+2*second, 2)
	}
}

// voteZone compares a local time with a wall time. The difference counts when
// it is as close as slack to a quarter hour, as the offsets of all zones are.
func (s *stream) voteZone(c comparison, wall, slack, weight int64) {
	local, line := c.local, c.line
	d := local - wall
	if c.timeOfDay || !s.dated {
		d = mod(d, day)
		if d > 13*hour+adjacent { // of the two readings, the zone where more people live
			d -= day
		}
	}
	q := roundTo(d, quarter)
	if off := d - q; off > slack || off < -slack || q < -12*hour || q > 14*hour {
		return
	}
	if !c.timeOfDay && (weight > 1 || !s.paired) {
		s.paired, s.pairLocal, s.pairWall, s.pairLine = true, local, wall, line
	}
	n := len(s.zones)
	switch {
	case n > 0 && s.zones[n-1].offset == q:
		s.zones[n-1].votes += weight
	case n > 1 && s.zones[n-1].votes == 1 && s.zones[n-2].offset == q:
		s.zones = s.zones[: n-1 : n-1] // a lone dissenter, such as an old line printed late
		s.zones[n-2].votes += weight
	case n >= maxZoneRuns:
	default:
		s.zones = append(s.zones, zoneRun{line: line, offset: q, votes: weight})
	}
}

// zoneAt returns local − UTC at a line.
func zoneAt(runs []zoneRun, line int64) (offset int64, ok bool) {
	best := int64(0)
	for _, r := range runs {
		best = max(best, r.votes)
	}
	need := min(best, 2)
	for _, r := range runs {
		if r.votes < need { // need is 2 as soon as any vote is sure
			continue
		}
		if ok && r.line > line {
			break
		}
		offset, ok = r.offset, true
	}
	return offset, ok
}

// dateByZone dates an undated wall axis from a dated local time next to it.
func (s *stream) dateByZone() (base int64, ok bool) {
	if !s.paired || s.dated || s.yearGuess {
		return 0, false
	}
	z, ok := zoneAt(s.zones, s.pairLine)
	if !ok {
		return 0, false
	}
	return roundTo(s.pairLocal-z-s.pairWall, day), true
}
