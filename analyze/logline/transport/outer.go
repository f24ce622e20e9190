package transport

import "wolfdiag/analyze/logline/record"

// setOuter keeps the best clock of several transports: dated UTC, and the finer one.
func setOuter(r *record.Record, s record.Stamp) {
	if s.Kind == record.ClockNone {
		return
	}
	old := r.Outer
	if old.Kind == record.ClockNone || s.Kind == record.ClockUTC && (old.Kind != record.ClockUTC || s.Resolution < old.Resolution) {
		r.Outer = s
	}
}
