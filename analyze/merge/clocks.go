package merge

import "wolfdiag/analyze/timeline"

// clock hands a clock to the timeline, unless readTimes has.
func (m *Merger) clock(r timeline.Reading) {
	if m.times == nil {
		m.Clock.Clock(r)
	}
}
