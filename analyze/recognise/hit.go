package recognise

import (
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/reading"
	"wolfdiag/patterns"
)

// Hit is one record that something is to be done about, or a clock sample.
// Byte slices live until the block it came from is released and its Batch is
// used again.
type Hit struct {
	Line   int64 // physical line of its first byte, 1-based
	Span   int64 // physical lines it covers
	Others int64 // how many records like this one came soon after, and need no more than being counted
	Last   *Hit  // of them; nil when there are none
	Sample bool  // only its clocks matter
	PID    int
	Outer  logline.Stamp
	Inner  logline.Stamp
	Match  *Match // nil for samples
	// From is the compose service, container or journal identifier, without control
	// bytes; "" when unknown. Equal names of one worker's hits are mostly one string.
	From string
	// Says is what a sampled line says beside complaints, and Program the one that it
	// says ended well, "" where it names none.
	Says    Saying
	Program string
	NextTry bool // it says that its program tries another way
	// TemplateKey is the same for messages that the miner cannot tell apart;
	// set for complaints that no pattern matches.
	TemplateKey uint64

	cut   bool        // a transport cut its first line in parts
	known *cachedLine // of the line raw, when that is known; nil otherwise
	raw   []byte
	facts *recordFacts // when known is nil
	at    int32        // of facts in the batch, while that grows

	lastAt int32 // of Last in the batch, while that grows
}

// recordFacts are what a record says beside its clocks.
type recordFacts struct {
	level     logline.Level
	format    logline.Format
	transport string
	service   []byte
	element   []byte
	component []byte
	function  []byte
	text      []byte
}

// Saying is what a line says that is no complaint.
type Saying uint8

// The sayings. Complaints say nothing here but that a program was asked to end, nor do
// lines that go on with the one before, and those that are not sampled.
const (
	SaysNothing   Saying = iota
	SaysSomething        // its program goes on
	SaysEndedWell        // a program ended as it should
	SaysStopped          // a program was asked to end
)

// hear sets Says and Program.
func (h *Hit) hear() {
	complaint := h.Level() >= Complaint // as "exited with code 143" is by its words
	if !complaint && !Sampled(h.Line) || h.Match != nil && slices.ContainsFunc(h.Match.Patterns, complains) {
		return
	}
	text := h.Text()
	if len(text) == 0 || text[0] == ' ' || text[0] == '\t' {
		return
	}
	if !complaint {
		h.Says = SaysSomething
	}
	if h.known != nil && h.known.mute {
		return
	}
	h.NextTry = reading.NextTry(text)
	switch program, how := reading.EndedWell(text); how {
	case reading.Ended:
		h.Says, h.Program = SaysEndedWell, program
	case reading.Stopped:
		h.Says, h.Program = SaysStopped, program
	}
}

func complains(p *patterns.Pattern) bool {
	return p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom
}

// Level is the level of the record.
func (h *Hit) Level() logline.Level {
	if h.known != nil {
		return h.known.layout.Level()
	}
	return h.facts.level
}

// Format is the format of the record's text.
func (h *Hit) Format() logline.Format {
	if h.known != nil {
		return h.known.layout.Format()
	}
	return h.facts.format
}

// Transport is what carried the record; "" for none.
func (h *Hit) Transport() string {
	if h.known != nil {
		return h.known.layout.Transport()
	}
	return h.facts.transport
}

// Service is the compose service, container or journal identifier; empty when
// unknown.
func (h *Hit) Service() []byte {
	if h.known != nil {
		return h.known.layout.Service(h.raw)
	}
	return h.facts.service
}

// Element is the GStreamer element that the record is of; empty for none.
func (h *Hit) Element() []byte {
	if h.known != nil {
		return h.known.layout.Element(h.raw)
	}
	return h.facts.element
}

// Proves reports whether the hit's element shows by its number how many sessions
// there were; is is Options.Proves.
func (h *Hit) Proves(is func(element []byte) bool) bool {
	if h.known != nil {
		return h.known.element
	}
	return is(h.facts.element)
}

// Component is the part of a program that wrote the record; empty when it does
// not say, and for samples.
func (h *Hit) Component() []byte {
	if h.Sample {
		return nil
	}
	if h.known != nil {
		return h.known.layout.Component(h.raw)
	}
	return h.facts.component
}

// Function is the function that wrote the record; empty when it does not say,
// and for samples.
func (h *Hit) Function() []byte {
	if h.Sample {
		return nil
	}
	if h.known != nil {
		return h.known.layout.Function(h.raw)
	}
	return h.facts.function
}

// Text is the message.
func (h *Hit) Text() []byte {
	if h.known != nil {
		return h.known.layout.Text(h.raw)
	}
	return h.facts.text
}

// Taken reports whether the hit belongs to a record of the block before, which
// covers the lines up to before.
func (h *Hit) Taken(before int64) bool {
	return h.Line <= before && (h.Span == 1 || h.cut)
}

// Subject is the hit as the matcher wants it.
func (h *Hit) Subject() patterns.Subject {
	return patterns.Subject{Text: h.Text(), Format: h.Format().String(), Component: h.Component(), Function: h.Function(), Element: h.Element()}
}

// Captures are the named parts of the match of p, one of Match.Patterns. They
// hold until m or buf is used again. Where their places are not known, p is run
// again.
func (h *Hit) Captures(m *patterns.Matcher, p *patterns.Pattern, buf []patterns.Capture) []patterns.Capture {
	if h.Match.places != nil {
		if places := h.Match.places[slices.Index(h.Match.Patterns, p)]; places != nil {
			text := h.Text()
			for _, at := range places {
				buf = append(buf, patterns.Capture{Name: at.Name, Value: text[at.From:at.To]})
			}
			return buf
		}
	}
	sub := h.Subject()
	return m.Captures(p, &sub)
}
