package account

import (
	"time"

	"wolfdiag/analyze/timeline"
)

const (
	burstGap      = 30 * time.Second // between messages of one burst
	burstGapLines = 5_000            // the same where no clock says
)

// bursts counts the stretches in which messages of one kind came close together.
// A thousand lines of one storm say no more about how often something happens
// than one line does.
type bursts struct {
	count int64
	last  timeline.Reading
}

func (b *bursts) add(r timeline.Reading) {
	if b.count == 0 || !b.near(r) {
		b.count++
	}
	b.last = r
}

func (b *bursts) near(r timeline.Reading) bool {
	if d, ok := r.Since(b.last); ok {
		return d <= burstGap && d >= -burstGap
	}
	return r.Input == b.last.Input && r.Line-b.last.Line <= burstGapLines
}
