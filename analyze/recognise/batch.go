package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
)

// Batch is what a worker makes of a block. Records of which nothing but their
// number, the first and the last matters come as pairs at the end of Hits. The
// zero value is ready; used again, it keeps its memory.
type Batch struct {
	Hits []Hit
	// Open is the offset in the block of a record that may go on behind its
	// end; the block's length when there is none.
	Open int

	facts []recordFacts
	arena []byte // owns joined texts and other bytes that hits point to
	plain []byte // the block without escapes, when it had any
}

func (b *Batch) reset(size int) {
	b.Hits, b.facts, b.arena, b.Open = b.Hits[:0], b.facts[:0], b.arena[:0], size
}

// add appends a hit. The record's parts may live in the parser's scratch; a
// hit outlives that.
func (b *Batch) add(rec *logline.Record, line, span int64, m *Match, text []byte, templateKey uint64) {
	f := recordFacts{level: rec.Level, format: rec.Format, transport: rec.Transport, text: text,
		service: b.keep(rec.Service), element: b.keep(rec.Element)}
	if m != nil {
		f.component, f.function = b.keep(rec.Component), b.keep(rec.Function)
	}
	b.Hits = append(b.Hits, Hit{Line: line, Span: span, TemplateKey: templateKey, Sample: m == nil, PID: rec.PID, Outer: rec.Outer, Inner: rec.Inner,
		Match: m, at: int32(len(b.facts))})
	b.facts = append(b.facts, f)
}

// cut notes that the line of the hit added last was cut in parts.
func (b *Batch) cut(line int64) {
	if n := len(b.Hits); n > 0 && b.Hits[n-1].Line == line {
		b.Hits[n-1].cut = true
	}
}

// keep copies text into the batch's arena.
func (b *Batch) keep(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	n := len(b.arena)
	b.arena = append(b.arena, text...)
	return b.arena[n:len(b.arena):len(b.arena)]
}

// unstripped makes Open an offset in data, where it was one in plain. Both have
// the same lines.
func (b *Batch) unstripped(data []byte) {
	if b.Open >= len(data) {
		return
	}
	lines := bytes.Count(b.plain[:b.Open], []byte{'\n'})
	b.Open = 0
	for range lines {
		b.Open += lineLen(data[b.Open:])
	}
}

// finish sets the pointers into facts, which has done growing.
func (b *Batch) finish() {
	for i := range b.Hits {
		if h := &b.Hits[i]; h.known == nil {
			h.facts = &b.facts[h.at]
		}
	}
}
