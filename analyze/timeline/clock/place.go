package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// At returns when a line was written, as well as that is known. The reading need
// not be one the Collector has seen. It costs a binary search.
func (v *View) At(r *Reading) Instant {
	outer, inner := sane(r.Outer), sane(r.Inner)
	in := v.inputs[r.Input]
	var s *streamView
	if in != nil {
		if s = in.streams[r.Service]; s == nil {
			s = in.streams[overflowService]
		}
	}
	if outer.Kind == logline.ClockUTC {
		return s.onAxis(outer.Nanos, Transport, resolution(outer))
	}
	if s == nil {
		if inner.Kind == logline.ClockUTC {
			return s.onAxis(inner.Nanos, Dated, resolution(inner))
		}
		return v.between(r)
	}
	if i, ok := s.byDate(outer, inner, r.Line, v); ok {
		return i
	}
	if i, ok := s.undated(inner, r, v); ok {
		return i
	}
	return v.between(r)
}

func resolution(s logline.Stamp) time.Duration {
	return time.Duration(min(max(int64(s.Resolution), 1), Minute))
}

// onAxis makes an Instant of a UTC time and places it on the stream's axis.
func (s *streamView) onAxis(utc int64, how How, fuzz time.Duration) Instant {
	i := Instant{Time: time.Unix(0, utc).UTC(), How: how, Uncertainty: fuzz}
	if s != nil && s.hasWall && s.wallKnown {
		i.Axis, i.Rel = s.axisID(refWall), time.Duration(utc-s.wallBase)
	}
	return i
}

// byDate places a line by a dated clock of its own.
func (s *streamView) byDate(outer, inner logline.Stamp, line int64, v *View) (Instant, bool) {
	for n, stamp := range [...]logline.Stamp{outer, inner} {
		switch stamp.Kind {
		case logline.ClockUTC:
			return s.onAxis(stamp.Nanos, Dated, resolution(stamp)), true
		case logline.ClockLocal, logline.ClockLocalNoYear:
			local := stamp.Nanos
			if stamp.Kind == logline.ClockLocalNoYear {
				local = s.yearAt(stamp.Nanos, line)
			}
			if utc, ok := s.localUTC(local, line, v.zone); ok {
				return s.onAxis(utc, s.localHow, resolution(stamp)), true
			}
			if n == 0 || inner.Kind == stamp.Kind {
				return Instant{How: Unknown, Rel: time.Duration(local), Axis: s.axisID(refLocal)}, true
			}
		}
	}
	return Instant{}, false
}

// yearAt gives a yearless local time the year of its neighbours.
func (s *streamView) yearAt(nanos, line int64) int64 {
	year := s.year
	if b, a := s.around(line); b != nil || a != nil {
		k := b
		if k == nil {
			k = a
		}
		rel := k.rel
		if k.ref == refWall {
			rel += s.wallBase
		}
		if k.ref == refWall || k.ref == refLocal {
			year = time.Unix(0, rel).UTC().Year()
			switch d := inYear(nanos, year) - rel; {
			case d > 183*Day:
				year--
			case d < -183*Day:
				year++
			}
		}
	}
	return inYear(nanos, year)
}

// undated places a line by a time of day or an elapsed clock.
func (s *streamView) undated(inner logline.Stamp, r *Reading, v *View) (Instant, bool) {
	switch inner.Kind {
	case logline.ClockUTCTimeOfDay:
		rel, ok := s.onDay(inner.Nanos, r.Line)
		if !ok {
			return Instant{}, false
		}
		i := Instant{How: Unknown, Rel: time.Duration(rel), Axis: s.axisID(refWall), Uncertainty: resolution(inner)}
		if s.wallKnown {
			i.Time, i.How = time.Unix(0, s.wallUTC(rel)).UTC(), s.wallHow
			if s.wallHow == Dated || s.wallHow == GivenZone {
				i.How = CarriedDate
			}
			if s.uncertainDay(r.Line) {
				i.Uncertainty = 24 * time.Hour
			}
		}
		return i, true
	case logline.ClockLocalTimeOfDay:
		z, ok := zoneAt(s.zones, r.Line)
		how := ZoneInferred
		near := v.between(r)
		if v.zone != nil && near.Known() {
			_, off := near.Time.In(v.zone).Zone()
			z, ok, how = int64(off)*Second, true, GivenZone
		}
		if !ok || near.Axis == 0 || near.Axis != s.axisID(refWall) {
			return Instant{}, false
		}
		rel := int64(near.Rel) + roundDay(inner.Nanos-z-int64(near.Rel))
		near.Rel, near.Uncertainty = time.Duration(rel), resolution(inner)
		if near.Known() {
			near.Time, near.How = time.Unix(0, s.wallUTC(rel)).UTC(), how
		}
		return near, true
	case logline.ClockGStreamer, logline.ClockSway, logline.ClockBoot:
		return s.elapsedAt(inner, r, v)
	}
	return Instant{}, false
}

// uncertainDay reports whether the date of an undated line depends on what a
// step back in time meant: the line that dates it is on the other side of it.
func (s *streamView) uncertainDay(line int64) bool {
	switch {
	case s.ambiguous == 0:
		return false
	case s.dated && s.datedLine >= s.ambiguousAt:
		return line < s.ambiguousAt
	}
	return line >= s.ambiguousAt && (s.datedAgain == 0 || line < s.datedAgain)
}

// roundDay returns d without its whole days, in ±12 h.
func roundDay(d int64) int64 { return d - roundTo(d, Day) }

// onDay finds the day of a time of day from the kept readings around it.
func (s *streamView) onDay(tod, line int64) (int64, bool) {
	before, after := s.around(line)
	if before != nil && before.ref != refWall {
		before = nil
	}
	if after != nil && after.ref != refWall {
		after = nil
	}
	var from int64
	switch {
	case before != nil && after != nil && before.rel <= after.rel:
		// Between the two, as near to one of them as can be.
		first := before.rel - interleaving + mod(tod-before.rel+interleaving, Day)
		last := after.rel + interleaving - mod(after.rel+interleaving-tod, Day)
		if first <= after.rel+interleaving {
			if after.rel-last < first-before.rel {
				return last, true
			}
			return first, true
		}
		from = before.rel + (after.rel-before.rel)/2
	case before != nil:
		v := floorDiv(before.rel, Day)*Day + tod
		switch d := v - before.rel; {
		case d < -wrapBack:
			v += Day
		case d > Day-crossMidnight:
			v -= Day
		}
		return v, true
	case after != nil:
		v := floorDiv(after.rel, Day)*Day + tod
		if v > after.rel+interleaving {
			v -= Day
		}
		return v, true
	case s.hasWall:
		from = s.wallLast
	default:
		return 0, false
	}
	return from + roundDay(tod-from), true
}

// elapsedAt places a line by the zero of its process's clock.
func (s *streamView) elapsedAt(inner logline.Stamp, r *Reading, v *View) (Instant, bool) {
	pid := r.PID
	if inner.Kind != logline.ClockGStreamer {
		pid = 0
	}
	i := s.segmentAt(inner.Kind, pid, r.Line)
	if i < 0 {
		return Instant{}, false
	}
	z := s.zeros[i]
	out := Instant{How: Unknown, Rel: time.Duration(inner.Nanos), Axis: s.axisID(refElapsed + ref(int(s.evicted)+i)), Uncertainty: time.Duration(z.fuzz)}
	if !z.known {
		return out, true
	}
	utc, ok := s.zeroUTC(z, r.Line, v.zone, inner.Nanos)
	if z.axis == refWall {
		out.Rel, out.Axis = time.Duration(z.at+inner.Nanos), s.axisID(refWall)
	} else if ok && s.hasWall && s.wallKnown {
		out.Rel, out.Axis = time.Duration(utc-s.wallBase), s.axisID(refWall)
	}
	if ok {
		out.Time, out.How = time.Unix(0, utc).UTC(), Anchored
	}
	return out, true
}

// segmentAt returns the index of the segment that a line's clock belongs to,
// -1 when there is none.
func (s *streamView) segmentAt(kind logline.ClockKind, pid int, line int64) int {
	best := -1
	for i := s.searchSegment(line); i >= 0; i-- {
		if g := &s.segments[i]; g.kind == kind && g.pid == pid {
			best = i
			break
		}
	}
	if best >= 0 {
		return best
	}
	for i := range s.segments { // before the first: the clock of a line cut off
		if g := &s.segments[i]; g.kind == kind && g.pid == pid {
			return i
		}
	}
	return -1
}

// searchSegment returns the last segment that begins at or before line.
func (s *streamView) searchSegment(line int64) int {
	lo, hi := 0, len(s.segments)
	for lo < hi {
		m := (lo + hi) / 2
		if s.segments[m].firstLine <= line {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo - 1
}
