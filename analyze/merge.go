package analyze

import (
	"bytes"
	"strings"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// kept is a message kept for the report: where it stood and, bounded, what it
// said.
type kept struct {
	reading timeline.Reading
	below   int64 // lines of the record above what is kept of it
	text    []byte
}

func (k *kept) set(r timeline.Reading, text []byte) {
	k.reading, k.below = r, 0
	if len(text) > maxTextKept {
		text = text[:maxTextKept]
	}
	k.text = append(k.text[:0], text...)
}

// keep keeps a match. Of a record of several lines it is the line that the
// pattern recognised which tells the reader something: the error at the end of
// a trace, not "Traceback (most recent call last):". The message of a Rust panic
// is shown together with the line above it, which says where.
func (a *Analyzer) keep(k *kept, r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	text := h.Text()
	if h.Span < 2 || int64(bytes.Count(text, []byte{'\n'})) != h.Span-1 {
		k.set(r, text)
		return
	}
	sub := h.Subject()
	n := a.matcher.LineOf(p, &sub)
	if n == 1 && h.Format() == logline.FormatPanic {
		n = 0
	}
	for range n {
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	k.set(r, text)
	k.below = int64(n)
}

// patternStat is what is known about one pattern's matches.
type patternStat struct {
	count       int64
	first, last kept
	pattern     *patterns.Pattern
	newest      *recognise.Hit // of the block at hand; last is set from it when the block is done
	decoded     string         // of the first match that had a code
	services    nameSet
	elements    nameSet
}

// printedTrace is a stack trace that stood in the log.
type printedTrace struct {
	at   timeline.Reading
	text []byte
}

// merge takes the hits of one block, in the order of the input.
func (a *Analyzer) merge(input int32, hits []recognise.Hit, covered *int64) {
	before := *covered // lines that a record of an earlier block has taken
	if a.windowed() {
		a.place(input, hits, before)
	}
	for i := 0; i < len(hits); i++ {
		h := &hits[i]
		if h.Count > 0 {
			a.pair(input, h, &hits[i+1])
			i++
			continue
		}
		if h.Taken(before) {
			continue // belongs to a record that began in the block before
		}
		if h.Span > 1 {
			*covered = h.Line + h.Span - 1
		}
		r := a.reading(input, h)
		a.named(r, h)
		a.inputs.Clocked(r)
		if a.times != nil && a.leave(r, h) {
			continue
		}
		if h.Sample {
			if a.times == nil {
				a.clock.Clock(r)
			}
			a.seen(input, h)
			continue
		}
		a.record(r, h)
	}
	a.settle(input)
}

// pair accounts for the records of one form that need no more than being
// counted: first of the block, with their number, and last.
func (a *Analyzer) pair(input int32, first, last *recognise.Hit) {
	a.seen(input, first)
	from, to := a.reading(input, first), a.reading(input, last)
	a.named(from, first)
	a.inputs.Clocked(from)
	a.inputs.Clocked(to)
	var benign bool
	for _, p := range first.Match.Patterns {
		benign = benign || p.Role == patterns.RoleBenign
		if p.Role != patterns.RoleBenign {
			a.revision += uint64(first.Count)
		}
		s := a.touch(p)
		s.count += first.Count
		if s.count == first.Count || from.Before(s.first.reading.Pos) {
			s.first.set(from, first.Text())
		}
		if s.newest == nil || s.newest.Line < last.Line {
			s.newest = last
		}
	}
	switch {
	case benign:
		a.coverage.ErrorLines += first.Count
		a.coverage.Benign += first.Count
	case first.Level() >= recognise.Complaint:
		a.coverage.ErrorLines += first.Count
		a.coverage.Explained += first.Count
	}
}

// touch returns what is known about a pattern that this block shows.
func (a *Analyzer) touch(p *patterns.Pattern) *patternStat {
	s := &a.stats[p.Index]
	s.pattern = p
	if s.newest == nil {
		a.touched = append(a.touched, s)
	}
	return s
}

// settle keeps the last record of all that the block showed.
func (a *Analyzer) settle(input int32) {
	for i, s := range a.touched {
		r := a.reading(input, s.newest)
		if s.last.reading.Line == 0 || !r.Before(s.last.reading.Pos) {
			a.keep(&s.last, r, s.newest, s.pattern)
		}
		s.newest, a.touched[i] = nil, nil
	}
	a.touched = a.touched[:0]
	for i, t := range a.mined {
		s := &a.templates[t]
		s.last.set(a.reading(input, s.newest), s.newest.Text())
		s.newest = nil
		a.mined[i] = 0
	}
	a.mined = a.mined[:0]
}

// seen notes the transport a line came in, for the report's input format.
func (a *Analyzer) seen(input int32, h *recognise.Hit) {
	a.known = a.known || h.Format() != logline.FormatPlain
	a.inputs.Transport(input, h.Transport())
}

// record accounts for one record: coverage, counts, clocks, lifecycle.
func (a *Analyzer) record(r timeline.Reading, h *recognise.Hit) {
	a.seen(r.Input, h)
	format := h.Format()
	if a.times == nil {
		a.element(r, h)
		if format == logline.FormatGStreamer { // it may be all that shows a life
			a.clock.Clock(r)
		}
	}
	a.runs.Clock(r)
	var complaint, benign, lifecycle bool
	for _, p := range h.Match.Patterns {
		switch p.Role {
		case patterns.RoleCause, patterns.RoleSymptom:
			complaint = true
		case patterns.RoleBenign:
			benign = true
		case patterns.RoleLifecycle:
			lifecycle = true
		}
		a.matched(r, h, p)
	}
	a.cover(r, h, complaint, benign, lifecycle)
	if format == logline.FormatTrace && h.Span > 1 && len(a.traces) < maxTracesLog {
		a.traces = append(a.traces, printedTrace{at: r, text: append([]byte(nil), h.Text()...)})
	}
}

// cover keeps the account that adds up: every record at warning level or
// above, or recognised as more than lifecycle, is explained, benign or
// unexplained.
func (a *Analyzer) cover(r timeline.Reading, h *recognise.Hit, complaint, benign, lifecycle bool) {
	loud := h.Level() >= recognise.Complaint
	if !loud && !complaint && !benign {
		return
	}
	a.coverage.ErrorLines++
	switch {
	case complaint:
		a.coverage.Explained++
	case benign:
		a.coverage.Benign++
	case lifecycle:
		a.coverage.Explained++
	default:
		a.coverage.Unexplained++
		if h.Level() >= logline.LevelError {
			a.errors++
		}
		a.unexplained(r, h)
	}
}

func (a *Analyzer) matched(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	s := a.touch(p)
	s.count++
	// By place, not by arrival: live inputs come interleaved.
	if s.count == 1 || r.Before(s.first.reading.Pos) {
		a.keep(&s.first, r, h, p)
		s.decoded = a.decode(p, h)
	}
	s.newest = h
	if p.Role != patterns.RoleBenign {
		a.revision++
	}
	if p.Pardons() {
		a.runs.Add(int32(p.Index), r)
	}
	switch p.Role {
	case patterns.RoleLifecycle:
		if p.Event != "" {
			if a.times == nil {
				a.event(r, h, p)
			}
			a.boundary(r, p)
		}
	case patterns.RoleCause, patterns.RoleSymptom:
		if run, isNew := a.runs.Add(int32(p.Index), r); isNew {
			if a.times == nil {
				a.clock.Clock(r)
			}
			run.Session = a.session(p, h)
			s.elements.add(a.names.get(h.Element()))
			s.services.add(r.Service)
		}
	}
}

// event hands a lifecycle match to the timeline.
func (a *Analyzer) event(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	e := timeline.Event{Reading: r, Kind: p.Event, Pattern: p.ID}
	for _, c := range a.captures(p, h) {
		v := string(c.Value)
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
	a.clock.Event(e)
}

// boundary notes where a life of Wolf starts or ends.
func (a *Analyzer) boundary(r timeline.Reading, p *patterns.Pattern) {
	switch p.Event {
	case "wolf-start", "wolf-exit":
		a.runs.Boundary(r.Input)
	}
}

// element hands the name of a GStreamer element to the timeline.
func (a *Analyzer) element(r timeline.Reading, h *recognise.Hit) {
	if h.Format() == logline.FormatGStreamer {
		if e := h.Element(); len(e) > 0 {
			if a.lastElem != string(e) {
				a.lastElem = string(e)
			}
			a.clock.Element(r, a.lastElem)
		}
	}
}

// captures are the named parts of a pattern's match, until it is called again.
func (a *Analyzer) captures(p *patterns.Pattern, h *recognise.Hit) []patterns.Capture {
	return h.Captures(a.matcher, p, a.parts[:0])
}

func (a *Analyzer) decode(p *patterns.Pattern, h *recognise.Hit) string {
	if p.Codes == "" {
		return ""
	}
	for _, c := range a.captures(p, h) {
		if c.Name == "code" {
			name, _, _ := strings.Cut(a.cat.Decode(p.Codes, string(c.Value)), ": ")
			return name // what it means is in the pattern's title
		}
	}
	return ""
}

// session finds the session a complaint is about: named in the message, or in
// the element's name, where Wolf puts it (<16509540347718230936_video>).
func (a *Analyzer) session(p *patterns.Pattern, h *recognise.Hit) string {
	if id := sessionIn(h.Element()); len(id) > 0 {
		return a.names.get(id)
	}
	for _, c := range a.captures(p, h) {
		if c.Name == "session" {
			return a.names.get(c.Value)
		}
	}
	return ""
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

// reading is the hit as the timeline wants it.
func (a *Analyzer) reading(input int32, h *recognise.Hit) timeline.Reading {
	return timeline.Reading{
		Pos:     timeline.Pos{Input: input, Line: h.Line},
		Service: a.names.get(h.Service()), PID: h.PID, Outer: h.Outer, Inner: h.Inner,
	}
}

// named tells the timeline that a service is Wolf when the hit can be of nobody
// else: by Wolf's own header, or an event of its compositor.
func (a *Analyzer) named(r timeline.Reading, h *recognise.Hit) {
	switch h.Format() {
	case logline.FormatWolf:
		if h.Inner.Kind != logline.ClockNone || h.Match != nil && len(h.Match.Patterns) > 0 {
			a.clock.Wolf(r.Service)
		}
	case logline.FormatTracing:
		if bytes.HasPrefix(h.Component(), []byte("waylanddisplaycore")) {
			a.clock.Wolf(r.Service)
		}
	}
}
