package merge

import (
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Of a block the timeline and the setup want to know what nothing else in the
// merger depends on. So it is noted only, and told when the next block is merged
// already.

// Telling is what one block tells the timeline and the setup. The zero value
// tells nothing; used again, it keeps its memory.
type Telling struct {
	to    *listener
	input string // name of the input
	list  []told
}

// told is one thing told of a record.
type told struct {
	what    subject
	reading timeline.Reading
	hit     *recognise.Hit
	pattern *patterns.Pattern // of an event
}

// subject is what is told.
type subject uint8

const (
	tellClock   subject = iota // its clocks
	tellEvent                  // a lifecycle event
	tellElement                // the name of its element
	tellFresh                  // the same, when the lifetime has not shown it yet
	tellWolf                   // its service is Wolf
	tellForm                   // how it is wrapped, and under which name it stands
)

// Tell tells all of it. To be called once for each block, in the order in which they
// were merged, and before the block's memory is used again. It may run while the
// merger takes the blocks behind.
func (t *Telling) Tell() {
	for i := range t.list {
		t.to.take(t.input, &t.list[i])
	}
	clear(t.list) // hits are kept by nobody
	t.list = t.list[:0]
}

// listener hands on what is told. All that it holds is its own.
type listener struct {
	clock   *timeline.Collector
	setup   *setup.Builder
	matcher *patterns.Matcher

	captured []patterns.Capture // scratch
	parts    []setup.Part       // scratch
	elements elements           // of the lifetime at hand
}

// take hands on one thing that is told of a record of an input.
func (l *listener) take(input string, t *told) {
	at := setup.Place{Input: input, Line: t.reading.Line}
	switch t.what {
	case tellClock:
		if justStarted(t.reading) {
			l.elements.forget()
		}
		l.clock.Clock(t.reading)
	case tellEvent:
		l.event(at, t)
	case tellElement:
		l.named(at, t)
	case tellFresh:
		if l.elements.fresh(t.reading, t.hit.Element()) {
			l.named(at, t)
		}
	case tellWolf:
		l.clock.Wolf(t.reading.Service)
	case tellForm:
		l.setup.Transport(at, t.hit.Transport())
		if t.reading.Service != "" {
			l.setup.Service(at, t.reading.Service)
		}
	}
}

// named hands on the name of an element.
func (l *listener) named(at setup.Place, t *told) {
	name := l.elements.name(t.hit.Element())
	l.clock.Element(t.reading, name)
	l.setup.Element(at, name)
}

// event hands a lifecycle match to the timeline, and what it says of the
// deployment to the setup.
func (l *listener) event(at setup.Place, t *told) {
	l.elements.forget()
	p := t.pattern
	e := timeline.Event{Reading: t.reading, Kind: p.Event, Pattern: p.ID}
	l.parts = l.parts[:0]
	for _, c := range t.hit.Captures(l.matcher, p, l.captured[:0]) {
		v := string(c.Value)
		l.parts = append(l.parts, setup.Part{Name: c.Name, Value: v})
		switch c.Name {
		case "session", "lobby":
			e.Session = v
		case "container":
			e.Container = v
		case "code":
			e.Code = v
		case "step", "version", "ip", "n", "codec", "kind", "signal":
			e.Extra = v
		case "port": // of an address that has been noted already
			if e.Extra == "" {
				e.Extra = v
			}
		case "width", "height", "fps":
			if e.Extra != "" {
				e.Extra += "x"
			}
			e.Extra += v
		}
		if c.Name == "encoder" {
			e.Container = v
		}
	}
	l.setup.Line(at, l.parts)
	if p.Event != "setup" {
		l.clock.Event(e)
	}
}

// form is how records of an input are wrapped, and under which name they stand.
type form struct {
	input              int32
	transport, service string
}

// tell notes what is to be told of a record.
func (m *Merger) tell(what subject, r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	m.telling.list = append(m.telling.list, told{what, r, h, p})
}

// clock tells the clocks of a record, unless readTimes has.
func (m *Merger) clock(r timeline.Reading) {
	if m.times == nil {
		m.tell(tellClock, r, nil, nil)
	}
}

// form tells how a record is wrapped, and under which name it stands, when that is
// not as it was for the record before.
func (m *Merger) form(r timeline.Reading, h *recognise.Hit) {
	if now := (form{r.Input, h.Transport(), r.Service}); now != m.last {
		m.last = now
		m.tell(tellForm, r, h, nil)
	}
}

// wolf tells that the service of a record is Wolf.
func (m *Merger) wolf(r timeline.Reading) {
	if now := (form{input: r.Input, service: r.Service}); now != m.lastWolf {
		m.lastWolf = now
		m.tell(tellWolf, r, nil, nil)
		m.Runs.OfWolf(r)
	}
}
