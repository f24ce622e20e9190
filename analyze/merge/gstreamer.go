package merge

import (
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
)

// GStreamer complains by the thousand, and its clock and the names of its elements
// tell of lifetimes and sessions. Its clock is read as that of lines which say
// nothing is: of one line in so many, and of all that are of a process just
// started. Of elements the first of each name in a lifetime tells something.

// ofGStreamer hands on what a line of GStreamer's tells beside its message.
func (m *Merger) ofGStreamer(r timeline.Reading, h *recognise.Hit) {
	if h.Format() != logline.FormatGStreamer {
		m.process(r, h)
		return
	}
	looked := justStarted(r) || recognise.Sampled(h.Line)
	if looked {
		m.process(r, h)
		m.clock(h)
	}
	switch {
	case m.times != nil: // readTimes has told it
	case looked:
		m.element(h)
	case h.Proves(timeline.Proves):
		m.tell(tellFresh, h, nil)
	}
}

// process tells the clock of a process that counts from its start.
func (m *Merger) process(r timeline.Reading, h *recognise.Hit) {
	if r.Inner.Kind == logline.ClockGStreamer {
		m.epochs.Clock(r)
		m.tell(tellProcess, h, nil)
	}
}

// element tells the name of a GStreamer element.
func (m *Merger) element(h *recognise.Hit) {
	if h.Format() == logline.FormatGStreamer && len(h.Element()) > 0 {
		m.tell(tellElement, h, nil)
	}
}
