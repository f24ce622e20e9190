package clock

// A ref names one axis of a stream: its wall clock, its local clock, or one of
// its elapsed clocks.
type ref int32

const (
	refNone    ref = 0
	refWall    ref = 1 // UTC but for a whole number of days that may be unknown
	refLocal   ref = 2 // local time, dated, zone perhaps unknown
	refElapsed ref = 3 // refElapsed+n is the n-th elapsed segment of the stream
)

// Moment is a place on an axis of a stream.
type Moment struct {
	stream int32
	ref    ref
	rel    int64
	exact  bool // read from a clock; false: that of the line before
}

// Valid reports whether it is on any axis.
func (m Moment) Valid() bool { return m.ref != refNone }

// Exact reports whether it was read from a clock of its line; false: it is that
// of the line before.
func (m Moment) Exact() bool { return m.exact }

// Sub returns m − n when both are on the same axis.
func (m Moment) Sub(n Moment) (int64, bool) {
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
	return min(2*Second+gap*Second/4, Hour)
}
