package timeline

import (
	"cmp"
	"math"
	"slices"
	"time"

	"wolfdiag/analyze/logline"
)

// A view is the frozen, resolved form of all streams; At reads it.
type view struct {
	zone   *time.Location
	limit  time.Time
	inputs map[int32]*inputView
	byID   []*streamView
	starts []int64              // known starts, sorted
	spans  map[int32][]lifeSpan // by input, in line order of each service
}

type inputView struct {
	name    string
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

func newView(c *Collector) *view {
	v := &view{zone: c.o.Zone, inputs: make(map[int32]*inputView), starts: c.starts}
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
			in = &inputView{name: c.inputs[s.input].name, streams: make(map[string]*streamView)}
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
		s.wallBase = midnight - floorDiv(s.wallFirst, day)*day
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
			base := roundTo(t-at, day)
			if d := t - at - base; d <= fuzz && d >= -fuzz {
				votes[base]++
			}
		}
	}
	n := 0
	for i := range s.segments {
		g := &s.segments[i]
		if z, fuzz, ok := g.elapsedZero(); ok && g.kind == logline.ClockGStreamer && !g.stepped && fuzz < minute && n < 256 {
			n++
			vote(z, fuzz+3*second)
		}
	}
	if n == 0 && s.hasBanner {
		vote(s.banner, 3*second)
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

// resolveByOthers dates a stream by the lines of other streams of the same
// input next to it. The match must prove itself: what remains after whole days
// (or quarter hours) must be small.
func (s *streamView) resolveByOthers(v *view) {
	needWall := s.hasWall && !s.wallKnown
	needLocal := s.hasLocal && !s.localKnown && !s.yearGuess && v.zone == nil
	if !needWall && !needLocal {
		return
	}
	votes := make(map[int64]int)
	step := max(1, len(s.knots)/64)
	for i := 0; i < len(s.knots); i += step {
		k := s.knots[i]
		unit, slack := day, 30*minute
		if !needWall {
			unit, slack = quarter, adjacent
		}
		if needWall != (k.ref == refWall) || !needWall && k.ref != refLocal {
			continue
		}
		t, gap, ok := v.neighbour(s, k.line)
		if !ok || gap > 30*minute {
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
	if best >= -14*hour-quarter && best <= 12*hour+quarter {
		s.zones = []zoneRun{{offset: -best, votes: int64(count)}}
		s.localKnown, s.localHow = true, ZoneInferred
	}
}

// neighbour returns the UTC time of the lines of other streams of the same
// input that stand nearest to a line, and how far apart these are.
func (v *view) neighbour(s *streamView, line int64) (utc, gap int64, ok bool) {
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

// resolveElapsed finds the zero of every elapsed clock.
func (s *streamView) resolveElapsed(v *view) {
	s.zeros = make([]zero, len(s.segments))
	for i := range s.segments {
		g := &s.segments[i]
		z := zero{}
		if at, fuzz, ok := g.elapsedZero(); ok {
			z = zero{at: at, fuzz: fuzz, axis: refWall, known: true}
		} else if at, fuzz, ok := g.local.estimate(); ok {
			z = zero{at: at, fuzz: fuzz, axis: refLocal, known: true}
		}
		if g.kind == logline.ClockGStreamer {
			s.snap(&z, g, v)
		}
		if !z.known {
			if t, gap, ok := v.neighbour(s, g.firstLine); ok && gap < hour {
				z = zero{at: t - g.first, fuzz: gap + second, axis: refElapsed, known: true}
			}
		}
		s.zeros[i] = z
	}
}

// snap moves the zero of a process's clock to the one known start that fits.
func (s *streamView) snap(z *zero, g *elapsedSegment, v *view) {
	if len(v.starts) == 0 {
		return
	}
	if z.known {
		utc, ok := s.zeroUTC(*z, g.firstLine, v.zone, 0)
		if !ok {
			return
		}
		if z.fuzz <= second {
			s.correct(z, utc, v)
			return
		}
		from, to := utc-z.fuzz-2*second, utc+z.fuzz+2*second
		switch { // one-sided: the start is off by a silence of unknown length
		case !g.wall.hasHi && !g.local.hasHi:
			from, to = utc-contradiction, utc+10*minute
		case !g.wall.hasLo && !g.local.hasLo:
			from, to = utc-10*minute, utc+contradiction
		}
		i, _ := slices.BinarySearch(v.starts, from)
		if i < len(v.starts) && v.starts[i] <= to {
			*z = zero{at: v.starts[i], fuzz: second, axis: refElapsed, known: true}
		}
		return
	}
	// No neighbour at all: a start fits when the process had not been replaced
	// by then and the log was not written in the future.
	found := -1
	for i, t := range v.starts {
		end := t + g.last
		if i+1 < len(v.starts) && end > v.starts[i+1]+contradiction {
			continue
		}
		if !v.limit.IsZero() && end > v.limit.UnixNano()+minute {
			continue
		}
		if found >= 0 {
			return
		}
		found = i
	}
	if found >= 0 {
		*z = zero{at: v.starts[found], fuzz: second, axis: refElapsed, known: true}
	}
}

// correct moves a zero that its neighbours bound closely to a known start that
// lies within their bounds, or a little beside them: then the lines are
// quotations that are not in the order in which they were written, and the
// start is the better witness.
func (s *streamView) correct(z *zero, utc int64, v *view) {
	i, _ := slices.BinarySearch(v.starts, utc-contradiction)
	best := int64(math.MaxInt64)
	for ; i < len(v.starts) && v.starts[i] <= utc+contradiction; i++ {
		if d := v.starts[i] - utc; max(d, -d) < max(best, -best) {
			best = d
		}
	}
	switch off := max(best, -best); {
	case best == math.MaxInt64:
	case off > second:
		*z = zero{at: utc + best, fuzz: second, axis: refElapsed, known: true}
	case off <= z.fuzz: // it agrees with the neighbours and is more exact
		*z = zero{at: utc + best, fuzz: startFuzz, axis: refElapsed, known: true}
	}
}

// startFuzz is how far GStreamer's zero lies from the start in a dump's name:
// both are made in the first milliseconds of the process.
const startFuzz = 100_000_000
