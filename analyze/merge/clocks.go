package merge

import (
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// ticks hands on the clocks of a record.
func (l *listener) ticks(r timeline.Reading) {
	if justStarted(r) {
		l.elements.forget()
	}
	l.clock.Clock(r)
}

// time hands on the clocks of a record, unless they are told apart.
func (l *listener) time(r timeline.Reading) {
	if !l.windowed {
		l.ticks(r)
	}
}

func justStarted(r timeline.Reading) bool {
	return r.Inner.Kind == logline.ClockGStreamer && time.Duration(r.Inner.Nanos) < timeline.JustStarted
}
