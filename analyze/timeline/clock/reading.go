// Package clock brings the clocks of a log onto one UTC line.
//
// One stream of Wolf output carries up to seven clocks: the transport's, dated
// UTC (Rust tracing), UTC time of day (Wolf), local dated and undated times
// (container scripts, GLib), and elapsed times that start again with every
// process (GStreamer, sway, the kernel). A Collector reads them as they pass
// and keeps a summary of bounded size; a View is the summary resolved, and says
// when a line was written.
//
// A file that is named after a clock (wall, local, elapsed) follows that clock in
// the Collector; view.go resolves the axes and instant.go reads them.
package clock

import (
	"cmp"
	"math"
	"time"

	"wolfdiag/analyze/logline"
)

// Pos is a place in the input: the index of the input and the 1-based physical
// line inside it.
type Pos struct {
	Input int32
	Line  int64
}

// Compare is negative when p stands before q, by the order of Before.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Input, q.Input), cmp.Compare(p.Line, q.Line))
}

// Before reports whether p stands before q when inputs are read in their order.
func (p Pos) Before(q Pos) bool {
	if p.Input != q.Input {
		return p.Input < q.Input
	}
	return p.Line < q.Line
}

// Reading is what one record says about time. Both stamps may be none.
type Reading struct {
	Pos
	Service      string // compose service, container or journal identifier; "" when unknown
	PID          int    // process id, 0 when unknown
	Outer, Inner logline.Stamp
}

// Timed reports whether the line has a clock of its own.
func (r *Reading) Timed() bool {
	return r.Outer.Kind != logline.ClockNone || r.Inner.Kind != logline.ClockNone
}

// Since is the time from an earlier reading to r by a clock that both have.
func (r *Reading) Since(earlier *Reading) (time.Duration, bool) {
	if r.Outer.Kind != logline.ClockNone && r.Outer.Kind == earlier.Outer.Kind {
		return time.Duration(r.Outer.Nanos - earlier.Outer.Nanos), true
	}
	if r.Inner.Kind != logline.ClockNone && r.Inner.Kind == earlier.Inner.Kind {
		return time.Duration(r.Inner.Nanos - earlier.Inner.Nanos), true
	}
	return 0, false
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
	for _, v := range [...]int64{nanos, nanos - year0*Second} {
		if v >= 0 && v < 366*Day {
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
