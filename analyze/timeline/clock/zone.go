package clock

// zoneVotes is what lines say of the zone of local times.
type zoneVotes struct {
	compared  comparison
	zones     []zoneRun
	paired    bool // a dated local time stood next to a wall time
	pairLocal int64
	pairWall  int64
	pairLine  int64
}

// zoneRun is a stretch of lines on which local time minus UTC is the same.
type zoneRun struct {
	line   int64
	offset int64 // local − UTC, a multiple of a quarter hour
	votes  int64
	sure   bool // no other offset fits between the lines around
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
const onlyZone = 12 * Minute

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
	from, to := floorDiv(low-2*Second+quarter-1, quarter)*quarter, floorDiv(high+2*Second, quarter)*quarter
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
const nextTo = 30 * Second

// voteAfter votes by a local time that follows a wall time.
func (s *stream) voteAfter(local, wall int64, c *comparison) {
	if q := floorDiv(local-wall+2*Second, quarter) * quarter; local-wall-q <= nextTo {
		s.voteZone(q, local, wall, c, false)
	}
}

// voteBefore votes by a local time that a wall time follows.
func (s *stream) voteBefore(local, wall int64, c *comparison) {
	if q := -floorDiv(wall-local+2*Second, quarter) * quarter; wall-local+q <= nextTo {
		s.voteZone(q, local, wall, c, false)
	}
}

// voteZone votes for the offset that a local time next to a wall time shows. As
// soon as one is sure, the others no longer count.
func (s *stream) voteZone(q, local, wall int64, c *comparison, sure bool) {
	if !c.timeOfDay && s.dated {
		q -= s.base
	} else if q = mod(q, Day); q > 13*Hour { // of the two readings, the zone where more people live
		q -= Day
	}
	if q < -12*Hour || q > 14*Hour {
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
	return roundTo(s.pairLocal-z-s.pairWall, Day), true
}
