package analyze

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// hit is one record that something is to be done about, or a clock sample.
// Byte slices live until the block it came from is released.
type hit struct {
	line   int64 // physical line of its first byte, 1-based
	span   int64 // physical lines it covers
	count  int64 // in a pair: how many records there are, of which this is the first; 0 otherwise
	cut    bool  // a transport cut its first line in parts
	sample bool  // only its clocks matter
	pid    int
	outer  logline.Stamp
	inner  logline.Stamp
	shape  *shape // nil for samples
	form   *form  // of the line raw, when that is known; nil otherwise
	raw    []byte
	hash   uint64 // templateKey, of what no pattern matches
	parts  *parts // when form is nil
	at     int32  // of parts in the result, while that grows
}

// parts are what a record says beside its clocks.
type parts struct {
	level     logline.Level
	format    logline.Format
	transport string
	service   []byte
	element   []byte
	component []byte
	function  []byte
	text      []byte
}

func (h *hit) level() logline.Level {
	if h.form != nil {
		return h.form.layout.Level()
	}
	return h.parts.level
}

func (h *hit) format() logline.Format {
	if h.form != nil {
		return h.form.layout.Format()
	}
	return h.parts.format
}

func (h *hit) transport() string {
	if h.form != nil {
		return h.form.layout.Transport()
	}
	return h.parts.transport
}

func (h *hit) service() []byte {
	if h.form != nil {
		return h.form.layout.Service(h.raw)
	}
	return h.parts.service
}

func (h *hit) element() []byte {
	if h.form != nil {
		return h.form.layout.Element(h.raw)
	}
	return h.parts.element
}

func (h *hit) component() []byte {
	if h.form != nil {
		return h.form.layout.Component(h.raw)
	}
	return h.parts.component
}

func (h *hit) function() []byte {
	if h.form != nil {
		return h.form.layout.Function(h.raw)
	}
	return h.parts.function
}

func (h *hit) text() []byte {
	if h.form != nil {
		return h.form.layout.Text(h.raw)
	}
	return h.parts.text
}

// taken reports whether the hit belongs to a record of the block before, which
// covers the lines up to before.
func (h *hit) taken(before int64) bool {
	return h.line <= before && (h.span == 1 || h.cut)
}

// subject is the hit as the matcher wants it.
func (h *hit) subject() patterns.Subject {
	return patterns.Subject{Text: h.text(), Format: h.format().String(), Component: h.component(), Function: h.function(), Element: h.element()}
}

// reading is the hit as the timeline wants it.
func (a *Analyzer) reading(input int32, h *hit) timeline.Reading {
	return timeline.Reading{
		Pos:     timeline.Pos{Input: input, Line: h.line},
		Service: a.names.get(h.service()), PID: h.pid, Outer: h.outer, Inner: h.inner,
	}
}

// named tells the timeline that a service is Wolf when the hit can be of nobody
// else: by Wolf's own header, or an event of its compositor.
func (a *Analyzer) named(r timeline.Reading, h *hit) {
	switch h.format() {
	case logline.FormatWolf:
		if h.inner.Kind != logline.ClockNone || h.shape != nil && len(h.shape.patterns) > 0 {
			a.clock.Wolf(r.Service)
		}
	case logline.FormatTracing:
		if bytes.HasPrefix(h.component(), []byte("waylanddisplaycore")) {
			a.clock.Wolf(r.Service)
		}
	}
}

// result is what a worker makes of a block. Records of which nothing but their
// number, the first and the last matters come as pairs at the end of hits.
type result struct {
	hits  []hit
	parts []parts
	arena []byte // owns joined texts and other bytes that hits point to
	plain []byte // the block without escapes, when it had any
	// open is the offset in the block of a record that may go on behind its
	// end; len(data) when there is none. Only feeds look at it.
	open int
}

func (r *result) reset(size int) {
	r.hits, r.parts, r.arena, r.open = r.hits[:0], r.parts[:0], r.arena[:0], size
}

// unstripped makes open an offset in data, where it was one in plain. Both have
// the same lines.
func (r *result) unstripped(data []byte) {
	if r.open >= len(data) {
		return
	}
	lines := bytes.Count(r.plain[:r.open], []byte{'\n'})
	r.open = 0
	for range lines {
		r.open += lineLen(data[r.open:])
	}
}

// cut notes that the line of the hit added last was cut in parts.
func (r *result) cut(line int64) {
	if n := len(r.hits); n > 0 && r.hits[n-1].line == line {
		r.hits[n-1].cut = true
	}
}

// finish sets the pointers into parts, which has done growing.
func (r *result) finish() {
	for i := range r.hits {
		if h := &r.hits[i]; h.form == nil {
			h.parts = &r.parts[h.at]
		}
	}
}

// keep copies b into the result's arena.
func (r *result) keep(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	n := len(r.arena)
	r.arena = append(r.arena, b...)
	return r.arena[n:len(r.arena):len(r.arena)]
}
