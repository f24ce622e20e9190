package lifetime

import (
	"cmp"
	"slices"
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// rebuild cuts the events of a log that is out of order into lifetimes again,
// in the order of their times, or from the last line to the first when the log
// runs backwards; nil when there are too many or no times.
func rebuild(v *clock.View, b *builder) *builder {
	if b.tooMany || len(b.raw) == 0 {
		return nil
	}
	type timed struct {
		e   *Event
		m   clock.Moment
		rel time.Duration
	}
	backwards := v.Order(b.streamID).Reversed
	axis := v.At(&b.raw[0].Reading).Axis
	if backwards {
		axis = v.WallAxis(b.streamID)
	}
	events := make([]timed, len(b.raw))
	for i := range b.raw {
		e, at := &b.raw[i], v.At(&b.raw[i].Reading)
		var m clock.Moment
		if at.Axis == axis && axis != 0 {
			m = clock.OnWall(b.streamID, at.Rel)
		} else if !backwards {
			return nil
		}
		events[i] = timed{e, m, at.Rel}
	}
	if backwards {
		slices.Reverse(events)
		for i := range events[1:] { // a line without a clock belongs to what came before it
			if r := &events[i+1].e.Reading; !r.Timed() {
				events[i+1].m = events[i].m
			}
		}
	} else {
		slices.SortStableFunc(events, func(a, b timed) int { return cmp.Compare(a.rel, b.rel) })
	}
	r := &builder{input: b.input, service: b.service, streamID: b.streamID, tooMany: true}
	for _, e := range events {
		r.event(e.e, e.m)
	}
	return r
}
