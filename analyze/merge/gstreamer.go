package merge

import (
	"time"

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

func justStarted(r timeline.Reading) bool {
	return r.Inner.Kind == logline.ClockGStreamer && time.Duration(r.Inner.Nanos) < timeline.JustStarted
}

// elements are the names of elements that a lifetime has shown, of those whose
// number shows how many sessions there were. The zero value has seen none.
type elements struct {
	seen   map[elementKey]bool
	period int64
	last   string // to save memory
}

// elementKey is an element in one mouth.
type elementKey struct {
	input         int32
	service, name string
}

// maxElements bounds the names remembered. When there are more they are forgotten
// with the next period of the input.
const maxElements = 1024

// fresh reports whether an element of those that show sessions is seen for the first
// time.
func (e *elements) fresh(r timeline.Reading, name []byte) bool {
	if p := recognise.Period(r.Line); e.period != p {
		e.period = p
		if len(e.seen) > maxElements {
			e.forget()
		}
	}
	if e.seen[elementKey{r.Input, r.Service, string(name)}] {
		return false
	}
	if e.seen == nil {
		e.seen = map[elementKey]bool{}
	}
	e.seen[elementKey{r.Input, r.Service, e.name(name)}] = true
	return true
}

// forget forgets the names: a lifetime may have started or ended.
func (e *elements) forget() { clear(e.seen) }

// name is a name as a string, one for equal ones that follow each other.
func (e *elements) name(b []byte) string {
	if e.last != string(b) {
		e.last = string(b)
	}
	return e.last
}
