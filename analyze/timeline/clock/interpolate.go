package clock

import "time"

// between places a line without a usable clock between its neighbours: of the
// same service where there are any, else of the same input.
func (v *View) between(r *Reading) Instant {
	in := v.inputs[r.Input]
	if in == nil {
		return Instant{How: Unknown}
	}
	if s := in.streams[r.Service]; s != nil {
		if i, ok := s.interpolate(r.Line, v); ok {
			return i
		}
	}
	best := Instant{How: Unknown}
	var bestGap int64 = -1
	for n, s := range in.order {
		if n >= 64 {
			break
		}
		b, a := s.around(r.Line)
		gap := int64(1) << 62
		if b != nil {
			gap = min(gap, max(r.Line-b.line, 0))
		}
		if a != nil {
			gap = min(gap, max(a.line-r.Line, 0))
		}
		if bestGap >= 0 && gap >= bestGap {
			continue
		}
		if i, ok := s.interpolate(r.Line, v); ok {
			best, bestGap = i, gap
		}
	}
	return best
}

// interpolate places a line between the kept readings of a stream.
func (s *streamView) interpolate(line int64, v *View) (Instant, bool) {
	b, a := s.around(line)
	if b == nil && a == nil {
		return Instant{}, false
	}
	k, fuzz := b, int64(0)
	if b == nil {
		k, fuzz = a, oneSided(a.line-line)
	} else if a == nil {
		fuzz = oneSided(line - b.line)
	}
	rel := k.rel
	if b != nil && a != nil && a != b && a.ref == b.ref {
		d := a.rel - b.rel
		rel = b.rel
		// Across a step back, such as a night in a log of undated times, the
		// line stays with what was written before it.
		if a.line > b.line && (d > 0 || s.reversed()) {
			rel += int64(float64(d) * float64(line-b.line) / float64(a.line-b.line))
		}
		fuzz = max(d, -d)
	}
	i := Instant{How: Unknown, Rel: time.Duration(rel), Axis: s.axisID(k.ref), Uncertainty: time.Duration(fuzz)}
	at := knot{line: k.line, rel: rel, ref: k.ref}
	if utc, ok := s.knotUTC(at, v.zone); ok {
		i.Time, i.How = time.Unix(0, utc).UTC(), Interpolated
		if s.hasWall && s.wallKnown && k.ref != refWall {
			i.Rel, i.Axis = time.Duration(utc-s.wallBase), s.axisID(refWall)
		}
	}
	return i, true
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
