package merge

import (
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// readTimes hands the clocks, events and elements of a block to the timeline,
// whether they lie in the window or not: lifetimes are found from the whole
// log. What the block's lines say about time is read once, here; afterwards
// their times are known as well as the log up to the block's end tells them.
func (m *Merger) readTimes(input int32, hits []recognise.Hit, before int64) {
	for i := range hits {
		h := &hits[i]
		if h.Taken(before) {
			continue // belongs to a record that began in the block before
		}
		r := m.Account.Reading(input, h)
		m.ofWolf(r, h)
		emitted := false
		if !h.Sample {
			m.element(h)
			for _, p := range h.Match.Patterns {
				if p.Role == patterns.RoleLifecycle && p.Event != "" {
					m.tell(tellEvent, h, p)
					m.revision++
					emitted = true
				}
			}
		}
		if !emitted {
			m.tell(tellClock, h, nil)
		}
	}
	m.telling.Tell()
	m.times = m.Clock.Times()
}

// leave reports whether a record is known to lie outside the window, and
// counts it unless it is a sample.
func (m *Merger) leave(r timeline.Reading, h *recognise.Hit) bool {
	if !m.Window.Outside(m.times, r) {
		m.Account.Inside++
		return false
	}
	m.Account.Seen(r.Input, h)
	if h.Sample {
		return true
	}
	m.Account.Excluded++
	for _, p := range h.Match.Patterns {
		if p.Role == patterns.RoleLifecycle {
			m.boundary(r, h, p)
		}
	}
	return true
}
