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

// A comparison is a run of local times between two wall times. Their zone's
// offset lies between the last of them less the wall time after, and the first
// of them less the wall time before.
type comparison struct {
	open        bool
	timeOfDay   bool
	before      bool // wall holds the wall time before it
	first, last int64
	wall        int64
	line        int64 // of the first
}

// onlyZone is how close two wall times must be for the one zone that fits
// between them to be sure: with more between them, the zone that fits may only
// be the one of an old line.
const onlyZone = 12 * minute

// compare takes a local time, for a comparison that the next wall time closes.
func (s *stream) compare(local, line int64, timeOfDay bool) {
	if c := &s.compared; c.open && c.timeOfDay == timeOfDay && local >= c.last {
		c.last = local
		return
	}
	s.voteOpen()
	s.compared = comparison{open: true, timeOfDay: timeOfDay, before: s.hasWall, first: local, last: local, wall: s.wallLast, line: line}
}

// voteOpen votes by the wall time before a comparison, when none came after it.
func (s *stream) voteOpen() {
	if c := s.compared; c.open && c.before {
		s.voteAfter(c.first, c.wall, &c)
	}
}

// closeComparison takes the wall time after a local one.
func (s *stream) closeComparison(wall int64) {
	c := s.compared
	s.compared.open = false
	if !c.before {
		s.voteBefore(c.last, wall, &c)
		return
	}
	low, high := c.last-wall, c.first-c.wall
	from, to := floorDiv(low-2*second+quarter-1, quarter)*quarter, floorDiv(high+2*second, quarter)*quarter
	switch {
	case from > to: // no zone fits: an old line printed late
	case from == to:
		s.voteZone(from, c.first, c.wall, &c, high-low < onlyZone)
	case high-to <= from-low:
		s.voteAfter(c.first, c.wall, &c)
	default:
		s.voteBefore(c.last, wall, &c)
	}
}

// nextTo is how much time may lie between a local time and the wall time of the
// line next to it for the offset to be guessed from these two alone.
const nextTo = 30 * second

// voteAfter votes by a local time that follows a wall time.
func (s *stream) voteAfter(local, wall int64, c *comparison) {
	if q := floorDiv(local-wall+2*second, quarter) * quarter; local-wall-q <= nextTo {
		s.voteZone(q, local, wall, c, false)
	}
}

// voteBefore votes by a local time that a wall time follows.
func (s *stream) voteBefore(local, wall int64, c *comparison) {
	if q := -floorDiv(wall-local+2*second, quarter) * quarter; wall-local+q <= nextTo {
		s.voteZone(q, local, wall, c, false)
	}
}

// voteZone votes for the offset that a local time next to a wall time shows. As
// soon as one is sure, the others no longer count.
func (s *stream) voteZone(q, local, wall int64, c *comparison, sure bool) {
	if !c.timeOfDay && s.dated {
		q -= s.base
	} else if q = mod(q, day); q > 13*hour { // of the two readings, the zone where more people live
		q -= day
	}
	if q < -12*hour || q > 14*hour {
		return
	}
	if !c.timeOfDay && (sure || !s.paired) {
		s.paired, s.pairLocal, s.pairWall, s.pairLine = true, local, wall, c.line
	}
	weight, n := int64(1), len(s.zones)
	switch settled := n > 0 && s.zones[0].sure; {
	case sure:
		weight = 2
		if !settled {
			s.zones, n = nil, 0
		}
	case settled && s.zones[n-1].offset != q:
		return
	}
	switch {
	case n > 0 && s.zones[n-1].offset == q:
		s.zones[n-1].votes += weight
	case n > 1 && s.zones[n-1].votes == 1 && s.zones[n-2].offset == q:
		s.zones = s.zones[: n-1 : n-1] // a lone dissenter, such as an old line printed late
		s.zones[n-2].votes += weight
	case n >= maxZoneRuns:
	default:
		s.zones = append(s.zones, zoneRun{line: c.line, offset: q, votes: weight, sure: sure})
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
