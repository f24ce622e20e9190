package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// resolveWall finds the date of the wall axis and the zone of local times from
// the stream itself and from what was given.
func (s *streamView) resolveWall(c *Collector) {
	s.wallBase = s.base
	if s.hasWall && s.dated {
		s.wallKnown = true
		s.wallHow = Dated
		if s.onlyLocal {
			s.wallHow = GivenZone
		}
	}
	if base, ok := s.dateByZone(); ok && !s.wallKnown {
		s.wallKnown, s.wallBase, s.wallHow = true, base, CarriedDate
	}
	if s.hasWall && !s.wallKnown && !c.o.Date.IsZero() {
		d := c.o.Date
		midnight := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).UnixNano()
		s.wallKnown, s.wallHow = true, GivenDate
		s.wallBase = midnight - floorDiv(s.wallFirst, Day)*Day
	}
	if s.hasWall && !s.wallKnown {
		s.dateByStarts(c.starts)
	}
	if s.hasLocal {
		_, ok := zoneAt(s.zones, s.localLine)
		s.localKnown, s.localHow = ok && s.wallKnown && !s.yearGuess, ZoneInferred
		if c.o.Zone != nil {
			s.localKnown, s.localHow = !s.yearGuess, GivenZone
		}
	}
}

// dateByStarts dates a wall axis by matching the times of day of its starts
// with the known ones; it wants one day that fits best.
func (s *streamView) dateByStarts(starts []int64) {
	votes := make(map[int64]int)
	vote := func(at, fuzz int64) {
		for _, t := range starts {
			base := roundTo(t-at, Day)
			if d := t - at - base; d <= fuzz && d >= -fuzz {
				votes[base]++
			}
		}
	}
	n := 0
	for i := range s.segments {
		g := &s.segments[i]
		if z, fuzz, ok := g.elapsedZero(); ok && g.kind == logline.ClockGStreamer && !g.stepped && fuzz < Minute && n < 256 {
			n++
			vote(z, fuzz+3*Second)
		}
	}
	if n == 0 && s.hasBanner {
		vote(s.banner, 3*Second)
	}
	best, count, tie := int64(0), 0, false
	for base, n := range votes {
		switch {
		case n > count:
			best, count, tie = base, n, false
		case n == count:
			tie = true
		}
	}
	if count > 0 && !tie {
		s.wallKnown, s.wallBase, s.wallHow = true, best, Anchored
	}
}

// resolveByOthers dates a stream by the lines of other streams of the same
// input next to it. The match must prove itself: what remains after whole days
// (or quarter hours) must be small.
func (s *streamView) resolveByOthers(v *View) {
	needWall := s.hasWall && !s.wallKnown
	needLocal := s.hasLocal && !s.localKnown && !s.yearGuess && v.zone == nil
	if !needWall && !needLocal {
		return
	}
	votes := make(map[int64]int)
	step := max(1, len(s.knots)/64)
	for i := 0; i < len(s.knots); i += step {
		k := s.knots[i]
		unit, slack := Day, 30*Minute
		if !needWall {
			unit, slack = quarter, adjacent
		}
		if needWall != (k.ref == refWall) || !needWall && k.ref != refLocal {
			continue
		}
		t, gap, ok := v.neighbour(s, k.line)
		if !ok || gap > 30*Minute {
			continue
		}
		d := t - k.rel
		if q := roundTo(d, unit); d-q <= slack && d-q >= -slack {
			votes[q]++
		}
	}
	best, count, total := int64(0), 0, 0
	for q, n := range votes {
		total += n
		if n > count || n == count && q < best {
			best, count = q, n
		}
	}
	if count == 0 || count*3 < total*2 {
		return
	}
	if needWall {
		s.wallKnown, s.wallBase, s.wallHow = true, best, CarriedDate
		if s.hasLocal && !s.yearGuess && v.zone == nil {
			_, s.localKnown = zoneAt(s.zones, s.localLine)
		}
		return
	}
	if best >= -14*Hour-quarter && best <= 12*Hour+quarter {
		s.zones = []zoneRun{{offset: -best, votes: int64(count)}}
		s.localKnown, s.localHow = true, ZoneInferred
	}
}

// neighbour returns the UTC time of the lines of other streams of the same
// input that stand nearest to a line, and how far apart these are.
func (v *View) neighbour(s *streamView, line int64) (utc, gap int64, ok bool) {
	var lo, hi int64
	var loLine, hiLine int64 = -1, -1
	in := v.inputs[s.input]
	for i, o := range in.order {
		if i >= 64 {
			break
		}
		if o == s || !o.wallKnown && !o.localKnown {
			continue
		}
		before, after := o.around(line)
		if before != nil && before.line > loLine {
			if t, ok := o.knotUTC(*before, v.zone); ok {
				lo, loLine = t, before.line
			}
		}
		if after != nil && (hiLine < 0 || after.line < hiLine) {
			if t, ok := o.knotUTC(*after, v.zone); ok {
				hi, hiLine = t, after.line
			}
		}
	}
	switch {
	case loLine >= 0 && hiLine >= 0:
		d := hi - lo
		if d < 0 {
			d = -d
		}
		if hiLine == loLine {
			return lo, d, true
		}
		return lo + int64(float64(hi-lo)*float64(line-loLine)/float64(hiLine-loLine)), d, true
	case loLine >= 0:
		return lo, oneSided(line - loLine), true
	case hiLine >= 0:
		return hi, oneSided(hiLine - line), true
	}
	return 0, 0, false
}
