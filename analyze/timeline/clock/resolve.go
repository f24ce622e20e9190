package clock

import (
	"slices"
	"time"

	"wolfdiag/analyze/logline"
)

// View resolves what was read so far. Its cost depends on what is kept, which is
// bounded, not on the length of the log.
func (c *Collector) View() *View {
	v := &View{zone: c.o.Zone, inputs: make(map[int32]*inputView), starts: c.starts}
	v.byID = make([]*streamView, len(c.order))
	for i, s := range c.order {
		sv := &streamView{stream: *s}
		sv.segments = slices.Clone(s.segments)
		sv.zones = slices.Clone(s.zones)
		sv.voteOpen()
		sv.knots = s.knots[:len(s.knots):len(s.knots)]
		sv.current, sv.pending = nil, nil
		v.byID[i] = sv
		in := v.inputs[s.input]
		if in == nil {
			in = &inputView{name: c.inputs[s.input].name, limit: c.limit(s.input), streams: make(map[string]*streamView)}
			v.inputs[s.input] = in
		}
		in.streams[s.service] = sv
		in.order = append(in.order, sv)
	}
	for _, sv := range v.byID {
		sv.resolveWall(c)
	}
	for _, sv := range v.byID {
		sv.resolveByOthers(v)
	}
	for _, sv := range v.byID {
		sv.resolveElapsed(v)
	}
	return v
}

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
