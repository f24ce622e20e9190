package account

import (
	"cmp"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// maxText bounds the bytes of a message kept for the report.
const maxText = 2_000

// Message is a message kept for the report: where it stood and, bounded, what
// it said.
type Message struct {
	Reading timeline.Reading
	below   int64 // lines of the record above what is kept of it
	text    []byte
}

func (m *Message) set(r timeline.Reading, text []byte) {
	m.Reading, m.below = r, 0
	m.text = append(m.text[:0], text[:min(len(text), maxText)]...)
}

// Where renders a message for the report.
func (in *Inputs) Where(t *timeline.Timeline, m *Message) report.Where {
	w := report.Where{Input: in.Name(m.Reading.Input), Line: m.Reading.Line + m.below, Text: string(logline.CleanText(nil, m.text))}
	if at := t.At(m.Reading).Time; !at.IsZero() {
		w.Time = &at
	}
	return w
}

// ReadingOf is the hit of an input as the timeline wants it. It is of service where it
// does not say of which.
func ReadingOf(h *recognise.Hit, input int32, service string) timeline.Reading {
	return timeline.Reading{Pos: timeline.Pos{Input: input, Line: h.Line}, Service: cmp.Or(h.From, service), PID: h.PID, Outer: h.Outer, Inner: h.Inner}
}
