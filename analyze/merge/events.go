package merge

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// boundary notes where a lifetime of Wolf starts or ends.
func (m *Merger) boundary(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	switch p.Event {
	case "wolf-start", "wolf-exit":
		m.epochs.Boundary(r.Input)
		m.tell(tellBoundary, h, nil)
	}
}

// ofWolf tells the timeline that a service is Wolf when the hit can be of nobody
// else: by Wolf's own header, or an event of its compositor.
func (m *Merger) ofWolf(r timeline.Reading, h *recognise.Hit) {
	switch h.Format() {
	case logline.FormatWolf:
		if h.Inner.Kind != logline.ClockNone || h.Match != nil && len(h.Match.Patterns) > 0 {
			m.wolf(r, h)
		}
	case logline.FormatTracing:
		if bytes.HasPrefix(h.Component(), []byte("waylanddisplaycore")) {
			m.wolf(r, h)
		}
	}
}

// sessionIn returns the first run of ten or more digits.
func sessionIn(name []byte) []byte {
	start := -1
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i]-'0' < 10 {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start >= 10 {
			return name[start:i]
		}
		start = -1
	}
	return nil
}
