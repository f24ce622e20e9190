package clock

import (
	"math"
	"slices"
	"time"

	"wolfdiag/analyze/logline"
)

// resolveElapsed finds the zero of every elapsed clock.
func (s *streamView) resolveElapsed(v *View) {
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
			if t, gap, ok := v.neighbour(s, g.firstLine); ok && gap < Hour {
				z = zero{at: t - g.first, fuzz: gap + Second, axis: refElapsed, known: true}
			}
		}
		s.zeros[i] = z
	}
}

// snap moves the zero of a process's clock to the one known start that fits.
func (s *streamView) snap(z *zero, g *elapsedSegment, v *View) {
	if len(v.starts) == 0 {
		return
	}
	if z.known {
		utc, ok := s.zeroUTC(*z, g.firstLine, v.zone, 0)
		if !ok {
			return
		}
		if z.fuzz <= Second {
			s.correct(z, utc, v)
			return
		}
		from, to := utc-z.fuzz-2*Second, utc+z.fuzz+2*Second
		switch { // one-sided: the start is off by a silence of unknown length
		case !g.wall.hasHi && !g.local.hasHi:
			from, to = utc-contradiction, utc+10*Minute
		case !g.wall.hasLo && !g.local.hasLo:
			from, to = utc-10*Minute, utc+contradiction
		}
		i, _ := slices.BinarySearch(v.starts, from)
		if i < len(v.starts) && v.starts[i] <= to {
			*z = zero{at: v.starts[i], fuzz: Second, axis: refElapsed, known: true}
		}
		return
	}
	// No neighbour at all: a start fits when the process had not been replaced
	// by then and the log was not written in the future.
	found, limit := -1, v.inputs[s.input].limit
	for i, t := range v.starts {
		end := t + g.last
		if i+1 < len(v.starts) && end > v.starts[i+1]+contradiction {
			continue
		}
		if !limit.IsZero() && end > limit.UnixNano()+Minute {
			continue
		}
		if found >= 0 {
			return
		}
		found = i
	}
	if found >= 0 {
		*z = zero{at: v.starts[found], fuzz: Second, axis: refElapsed, known: true}
	}
}

// correct moves a zero that its neighbours bound closely to a known start that
// lies within their bounds, or a little beside them: then the lines are
// quotations that are not in the order in which they were written, and the
// start is the better witness.
func (s *streamView) correct(z *zero, utc int64, v *View) {
	i, _ := slices.BinarySearch(v.starts, utc-contradiction)
	best := int64(math.MaxInt64)
	for ; i < len(v.starts) && v.starts[i] <= utc+contradiction; i++ {
		if d := v.starts[i] - utc; max(d, -d) < max(best, -best) {
			best = d
		}
	}
	switch off := max(best, -best); {
	case best == math.MaxInt64:
	case off > Second:
		*z = zero{at: utc + best, fuzz: Second, axis: refElapsed, known: true}
	case off <= z.fuzz: // it agrees with the neighbours and is more exact
		*z = zero{at: utc + best, fuzz: startFuzz, axis: refElapsed, known: true}
	}
}

// startFuzz is how far GStreamer's zero lies from the start in a dump's name:
// both are made in the first milliseconds of the process.
const startFuzz = 100_000_000

// Start returns the zero of the clock of a process by its number (Process): when
// it started, also where the log does not show that.
func (v *View) Start(stream, process int32) Instant {
	s, seg := v.byID[stream], ref(process)
	z, ok := s.zeroOf(seg)
	if seg < refElapsed || !ok {
		return Instant{How: Unknown}
	}
	out := Instant{How: Unknown, Axis: s.axisID(seg), Uncertainty: time.Duration(z.fuzz)}
	if !z.known {
		return out
	}
	g := &s.segments[int(seg-refElapsed)-int(s.evicted)]
	utc, ok := s.zeroUTC(z, g.firstLine, v.zone, 0)
	if z.axis == refWall {
		out.Axis, out.Rel = s.axisID(refWall), time.Duration(z.at)
	} else if ok && s.hasWall && s.wallKnown {
		out.Axis, out.Rel = s.axisID(refWall), time.Duration(utc-s.wallBase)
	}
	if ok {
		out.Time, out.How = time.Unix(0, utc).UTC(), Anchored
	}
	return out
}
