package clock

import (
	"slices"
)

// carry adds the days that a process's clock shows to have passed and that
// times of day alone cannot show. They passed in the longest silence since the
// clock was read last; when there is none that long, in the one before this
// line.
func (s *stream) carry(g *elapsedSegment, v int64) {
	gap, gapLine := s.gap, s.gapLine
	s.gap = 0
	if s.transport || !s.hasWall {
		return
	}
	zero, fuzz, ok := g.elapsedZero()
	if !ok || fuzz > Minute {
		return
	}
	missing := zero + v - s.wallLast
	if missing <= wrapBack || missing > 3660*Day {
		return
	}
	whole := roundTo(missing, Day)
	rest := missing - whole
	if whole >= Day && rest > -fuzz-contradiction && max(rest, -rest) < gap {
		s.shift(gapLine, whole)
		return
	}
	s.carried++
	s.wallLast = zero + v
}

// shift moves the wall axis on by d, whole days, from a line on. When the axis
// was dated after that line, the part before it moves back instead.
func (s *stream) shift(line, d int64) {
	s.carried++
	if s.ambiguous > 0 {
		s.ambiguous--
	}
	knots := slices.Clone(s.knots) // a view may hold the old ones
	for i := range knots {
		if knots[i].line >= line && knots[i].ref == refWall {
			knots[i].rel += d
		}
	}
	s.knots = knots
	if s.last.line >= line && s.last.ref == refWall {
		s.last.rel += d
	}
	s.wallLast += d
	for i := range s.segments {
		g := &s.segments[i]
		if g.lastLine >= line {
			g.lastWall += d
		}
		if g.firstLine >= line {
			g.wall.lo += d
			g.wall.hi += d
			g.banner += d
		}
	}
	if s.bannerLine >= line {
		s.banner += d
	}
	if s.pairLine >= line {
		s.pairWall += d
	}
	if s.dated && s.datedLine >= line {
		s.base -= d
	}
}
