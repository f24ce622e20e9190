package clock

import (
	"time"
)

// How says where a time comes from, best first.
type How string

// The ways a time is obtained.
const (
	Transport    How = "transport"     // the transport's dated UTC stamp
	Dated        How = "dated"         // the message's own dated UTC stamp
	CarriedDate  How = "carried-date"  // UTC time of day; the date comes from dated lines of the same stream
	GivenDate    How = "given-date"    // UTC time of day; the date comes from --date
	GivenZone    How = "given-zone"    // local time; the zone was given
	ZoneInferred How = "zone-inferred" // local time; the zone was found from neighbouring lines
	Anchored     How = "anchored"      // elapsed time; its zero was found from neighbours or known starts
	Interpolated How = "interpolated"  // no clock: between the neighbouring lines that have one
	Unknown      How = "unknown"
)

// Instant is a point in time as well as it is known.
type Instant struct {
	Time        time.Time     // UTC; zero when unknown
	How         How           // where Time comes from; for an unknown Time, Unknown
	Uncertainty time.Duration // Time is right within about this much
	// Rel is the time on a relative axis; it means something together with the
	// Rel of an Instant of the same non-zero Axis, also when Time is unknown.
	Rel  time.Duration
	Axis int32
}

// Known reports whether the instant has an absolute time.
func (i Instant) Known() bool { return !i.Time.IsZero() }

// Pointer returns the time for a report, nil when it is unknown.
func (i Instant) Pointer() *time.Time {
	if i.Time.IsZero() {
		return nil
	}
	t := i.Time
	return &t
}

// Sub returns i − j. It is false when the two have neither absolute times nor
// an axis in common.
func (i Instant) Sub(j Instant) (time.Duration, bool) {
	switch {
	case i.Axis != 0 && i.Axis == j.Axis:
		return i.Rel - j.Rel, true
	case i.Known() && j.Known():
		return i.Time.Sub(j.Time), true
	}
	return 0, false
}
