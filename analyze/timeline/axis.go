package timeline

import (
	"math"
	"time"

	"wolfdiag/analyze/logline"
)

// Durations in nanoseconds, the unit of all axes.
const (
	millisecond int64 = 1e6
	second      int64 = 1e9
	minute            = 60 * second
	hour              = 60 * minute
	day               = 24 * hour
	quarter           = 15 * minute
)

// A ref names one axis of a stream: its wall clock, its local clock, or one of
// its elapsed clocks.
type ref int32

const (
	refNone    ref = 0
	refWall    ref = 1 // UTC but for a whole number of days that may be unknown
	refLocal   ref = 2 // local time, dated, zone perhaps unknown
	refElapsed ref = 3 // refElapsed+n is the n-th elapsed segment of the stream
)

// moment is a place on an axis of a stream.
type moment struct {
	stream int32
	ref    ref
	rel    int64
	exact  bool // read from a clock; false: that of the line before
}

func (m moment) valid() bool { return m.ref != refNone }

// sub returns m − n when both are on the same axis.
func (m moment) sub(n moment) (int64, bool) {
	if m.ref == refNone || m.ref != n.ref || m.stream != n.stream {
		return 0, false
	}
	return m.rel - n.rel, true
}

// bounds narrows an offset that is constant: each earlier line gives a lower
// bound, each later one an upper bound, because a log is written in order
// (interval intersection, after K. Marzullo, "Maintaining the Time in a
// Distributed System", 1984).
type bounds struct {
	lo, hi       int64
	hasLo, hasHi bool
	gap          int64 // lines between the two readings of a one-sided bound
}

func (b *bounds) above(v, gap int64) {
	if !b.hasLo || v > b.lo {
		b.lo = v
		if !b.hasLo && !b.hasHi || gap < b.gap {
			b.gap = gap
		}
		b.hasLo = true
	}
}

func (b *bounds) below(v, gap int64) {
	if !b.hasHi || v < b.hi {
		b.hi = v
		if !b.hasLo && !b.hasHi || gap < b.gap {
			b.gap = gap
		}
		b.hasHi = true
	}
}

func (b *bounds) exactly(v int64) { *b = bounds{lo: v, hi: v, hasLo: true, hasHi: true} }

// contradicts reports whether v lies outside the bounds by more than slack.
func (b *bounds) contradicts(v, slack int64) bool {
	return b.hasLo && v < b.lo-slack || b.hasHi && v > b.hi+slack
}

// estimate returns the offset, its uncertainty, and whether there is one.
func (b *bounds) estimate() (offset, uncertainty int64, ok bool) {
	switch {
	case b.hasLo && b.hasHi:
		d := b.hi - b.lo
		if d < 0 {
			d = -d
		}
		return b.lo + (b.hi-b.lo)/2, d/2 + millisecond, true
	case b.hasLo:
		return b.lo, oneSided(b.gap), true
	case b.hasHi:
		return b.hi, oneSided(b.gap), true
	}
	return 0, 0, false
}

// oneSided is what a bound on one side alone is trusted to: seconds for the
// next line, more for a distant one.
func oneSided(gap int64) int64 {
	return min(2*second+gap*second/4, hour)
}

// elapsedSegment is one run of a clock that counts from the start of a process.
type elapsedSegment struct {
	kind        logline.ClockKind
	pid         int
	firstLine   int64
	lastLine    int64
	first, last int64
	lastWall    int64 // wall clock at the last reading
	wall        bounds
	local       bounds
	banner      int64 // wall time of the start banner before it
	hasBanner   bool
	touched     bool // read since the last wall reading
	readings    int64
	stepped     bool  // goes on with the process of the segment before
	spread      int64 // by how much the wall clock was set back meanwhile
}

// zoneRun is a stretch of lines on which local time minus UTC is the same.
type zoneRun struct {
	line   int64
	offset int64 // local − UTC, a multiple of a quarter hour
	votes  int64
	sure   bool // no other offset fits between the lines around
}

// knot is one kept clock reading.
type knot struct {
	line   int64
	rel    int64
	ref    ref
	pinned bool // a transition: thinned out last
}

// maxNanos bounds stamps so that sums of them cannot overflow; a reading beyond
// it (the year 2116, or before 1823) is no time.
const maxNanos = math.MaxInt64 / 2

// sane returns s, or the zero Stamp when its value is no time. A stamp without
// a year comes out as nanoseconds since the start of a leap year.
func sane(s logline.Stamp) logline.Stamp {
	if s.Kind == logline.ClockLocalNoYear {
		s.Nanos = yearless(s.Nanos)
		if s.Nanos < 0 {
			return logline.Stamp{}
		}
		return s
	}
	if s.Kind == logline.ClockNone || s.Nanos > maxNanos || s.Nanos < -maxNanos {
		return logline.Stamp{}
	}
	return s
}

// yearless accepts both forms of "year 0": nanoseconds since its start, and
// since the Unix epoch (which wraps in 64 bits). It returns -1 for neither.
func yearless(nanos int64) int64 {
	year0 := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for _, v := range [...]int64{nanos, nanos - year0*second} {
		if v >= 0 && v < 366*day {
			return v
		}
	}
	return -1
}

// inYear places a time of a leap year into year y; 29 February becomes 1 March
// in other years.
func inYear(nanos int64, y int) int64 {
	t := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(nanos))
	return time.Date(y, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).UnixNano()
}

// floorDiv and mod round towards minus infinity.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func mod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// roundTo returns the multiple of unit nearest to v.
func roundTo(v, unit int64) int64 { return floorDiv(v+unit/2, unit) * unit }
