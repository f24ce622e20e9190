package merge

import (
	"wolfdiag/analyze/account"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// What a block tells the timeline, the setup, the runs and those who read complaints,
// the account does not depend on. So it is noted only, and told when the next block
// is merged already.

// Telling is what one block tells all but the account. The zero value tells nothing;
// used again, it keeps its memory.
type Telling struct {
	to      *listener
	index   int32  // the input
	input   string // its name
	service string // whose lines are in it, where they do not say it
	list    []told
}

// told is one thing told of a record.
type told struct {
	what     subject
	template int32 // of what is strange
	hit      *recognise.Hit
	pattern  *patterns.Pattern // of an event, a match
}

// subject is what is told.
type subject uint8

const (
	tellClock    subject = iota // its clocks
	tellEvent                   // a lifecycle event
	tellElement                 // the name of its element
	tellFresh                   // the same, when the lifetime has not shown it yet
	tellWolf                    // its service is Wolf
	tellForm                    // how it is wrapped, and under which name it stands
	tellProcess                 // the clock of a process that counts from its start
	tellBoundary                // Wolf started or ended
	tellSaid                    // what it says that is no complaint
	tellRun                     // a match that makes a run
	tellOthers                  // the others that its matches were told with
	tellStrange                 // a complaint that no pattern knows, with its others
	tellEnd                     // only lifecycle patterns know it, and it complains
)

// Tell tells all of it. To be called once for each block, in the order in which they
// were merged, and before the block's memory is used again. It may run while the
// merger takes the blocks behind.
func (t *Telling) Tell() {
	if len(t.list) == 0 {
		return
	}
	for i := range t.list {
		q := &t.list[i]
		r := account.ReadingOf(q.hit, t.index, t.service)
		t.to.take(setup.Place{Input: t.input, Line: r.Line}, r, q)
	}
	clear(t.list) // hits are kept by nobody
	t.list = t.list[:0]
	t.to.reads.EndBlock(t.index, t.service)
}

// listener hands on what is told. All that it holds nobody else uses meanwhile.
type listener struct {
	clock    *timeline.Collector
	setup    *setup.Builder
	runs     *correlate.Runs
	reads    *account.Reads
	readings *readings
	matcher  *patterns.Matcher
	windowed bool // clocks are told apart from the rest

	stack    stackMatches
	captured []patterns.Capture // scratch
	parts    []setup.Part       // scratch
	elements elements           // of the lifetime at hand
	revision uint64
}

// take hands on one thing that is told of a record, which stands at a place.
func (l *listener) take(at setup.Place, r timeline.Reading, t *told) {
	switch t.what {
	case tellClock:
		l.ticks(r)
	case tellEvent:
		l.event(at, r, t)
	case tellElement:
		l.named(at, r, t.hit)
	case tellFresh:
		if l.elements.fresh(r, t.hit.Element()) {
			l.named(at, r, t.hit)
		}
	case tellWolf:
		l.clock.Wolf(r.Service)
		l.runs.OfWolf(r)
	case tellForm:
		l.setup.Transport(at, t.hit.Transport())
		if r.Service != "" {
			l.setup.Service(at, r.Service)
		}
	case tellProcess:
		l.runs.Clock(r)
	case tellBoundary:
		l.runs.Boundary(r.Input)
	case tellSaid:
		l.said(r, t.hit)
	case tellRun:
		l.run(r, t.hit, t.pattern)
	case tellOthers:
		l.others(r, t.hit)
	case tellStrange:
		l.strange(int(t.template), r, t.hit)
	case tellEnd:
		l.readEnd(r, t.hit)
	}
}

// named hands on the name of an element.
func (l *listener) named(at setup.Place, r timeline.Reading, h *recognise.Hit) {
	name := l.elements.name(h.Element())
	l.clock.Element(r, name)
	l.setup.Element(at, name)
}

// event hands a lifecycle match to the timeline, and what it says of the
// deployment to the setup.
func (l *listener) event(at setup.Place, r timeline.Reading, t *told) {
	l.elements.forget()
	p := t.pattern
	e := timeline.Event{Reading: r, Kind: p.Event, Pattern: p.ID}
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
func (m *Merger) tell(what subject, h *recognise.Hit, p *patterns.Pattern) {
	m.telling.list = append(m.telling.list, told{what: what, hit: h, pattern: p})
}

// clock tells the clocks of a record, unless readTimes has.
func (m *Merger) clock(h *recognise.Hit) {
	if m.times == nil {
		m.tell(tellClock, h, nil)
	}
}

// form tells how a record is wrapped, and under which name it stands, when that is
// not as it was for the record before.
func (m *Merger) form(r timeline.Reading, h *recognise.Hit) {
	if now := (form{r.Input, h.Transport(), r.Service}); now != m.last {
		m.last = now
		m.tell(tellForm, h, nil)
	}
}

// wolf tells that the service of a record is Wolf.
func (m *Merger) wolf(r timeline.Reading, h *recognise.Hit) {
	if now := (form{input: r.Input, service: r.Service}); now != m.lastWolf {
		m.lastWolf = now
		m.tell(tellWolf, h, nil)
	}
}
