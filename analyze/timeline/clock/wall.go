package clock

import (
	"time"

	"wolfdiag/analyze/logline"
)

// wallAxis is the UTC clock of a stream: UTC but for a whole number of days until
// dated is true.
type wallAxis struct {
	hasWall   bool
	dated     bool // base is known
	datedLine int64
	base      int64
	wallFirst int64
	wallLast  int64
	wallLine  int64
	lastTOD   bool  // the last wall reading was a time of day
	hasTOD    bool  // some reading was
	onlyLocal bool  // the axis comes from local times of a given zone
	transport bool  // outer stamps carry UTC
	utcLast   int64 // the last dated UTC reading; 0: none

	disorder
}

// disorder is how a wall clock went other than on.
type disorder struct {
	ambiguous    int64 // steps back that may be a new day
	ambiguousAt  int64 // line of the first of them
	datedAgain   int64 // line of the first dated reading behind it; 0: none
	steps, backs int64
	falls        int64 // steps that went back, by however little
	carried      int64 // silences of half a day and more that an elapsed clock shows
	clockSteps   int64 // the wall clock was set, or the machine slept
	mixed        int64 // readings of a process that another had replaced
	gap          int64 // longest silence since an elapsed clock was read, but for whole days
	gapLine      int64 // the line that ended it
}

// wallOf returns the best UTC reading of a line on the stream's wall axis.
func (s *stream) wallOf(outer, inner logline.Stamp, zone *time.Location, limit time.Time) (int64, bool) {
	switch outer.Kind {
	case logline.ClockUTC:
		s.transport, s.onlyLocal = true, false
		return s.date(outer.Nanos), true
	case logline.ClockLocal, logline.ClockLocalNoYear:
		if zone != nil {
			s.onlyLocal = true
			return s.date(toUTC(s.withYear(outer, limit), zone)), true
		}
	}
	switch inner.Kind {
	case logline.ClockUTC:
		s.onlyLocal = false
		return s.date(inner.Nanos), true
	case logline.ClockUTCTimeOfDay:
		if inner.Nanos < 0 || inner.Nanos >= Day+Second {
			return 0, false
		}
		s.onlyLocal, s.lastTOD, s.hasTOD = false, true, true
		return s.unwrap(inner.Nanos), true
	case logline.ClockLocal, logline.ClockLocalNoYear:
		if zone != nil && (!s.hasWall || s.onlyLocal) {
			s.onlyLocal = true
			return s.date(toUTC(s.withYear(inner, limit), zone)), true
		}
	}
	return 0, false
}

// date places a dated UTC reading; the first one dates the axis.
func (s *stream) date(utc int64) int64 {
	s.lastTOD = false
	if !s.dated {
		s.dated = true
		if s.hasWall {
			s.base = roundTo(utc-s.wallLast, Day)
		}
	}
	return utc - s.base
}

// unwrap places a time of day on the day of the reading before, the next day
// when it goes back by more than half a day, and the day before when it is a
// line from before midnight that was written late.
func (s *stream) unwrap(tod int64) int64 {
	if !s.hasWall {
		return tod
	}
	v := floorDiv(s.wallLast, Day)*Day + tod
	switch d := v - s.wallLast; {
	case d < -wrapBack:
		v += Day
	case d > Day-crossMidnight:
		v -= Day
	}
	return v
}

// stepWall takes a wall reading; undated says that whole days may be missing
// between it and the one before.
func (s *stream) stepWall(v, line int64, undated bool) {
	if !s.hasWall {
		s.hasWall = true
		s.wallFirst = v
	} else if v != s.wallLast {
		s.steps++
		if v < s.wallLast {
			s.falls++
		}
		if v < s.wallLast-2*Second {
			s.backs++
		}
		if d := v - s.wallLast; undated && (d > interleaving || d < -2*Second) {
			if d = mod(d, Day); d > s.gap {
				s.gap, s.gapLine = d, line
			}
		}
		if undated && v < s.wallLast-ambiguousSilent {
			if s.ambiguous == 0 {
				s.ambiguousAt = line
			}
			s.ambiguous++
		}
	}
	for _, id := range s.pending {
		if i := id - s.evicted; i >= 0 {
			g := &s.segments[i]
			g.touched = false
			if d := v - g.last; g.wall.hasLo && d < g.wall.lo-contradiction {
				if undated {
					continue // days are missing, and the next elapsed reading will say so
				}
				g.spread = min(g.spread+g.wall.lo-d, Day)
				g.wall = bounds{}
			}
			g.wall.below(v-g.last, line-g.lastLine)
		}
	}
	s.pending = s.pending[:0]
	if s.compared.open {
		s.closeComparison(v)
	}
	s.wallLast, s.wallLine = v, line
}
