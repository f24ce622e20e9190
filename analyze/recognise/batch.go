package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
)

// Batch is what a worker makes of a block: hits in the order of its lines. The
// zero value is ready; used again, it keeps its memory.
type Batch struct {
	Hits []Hit
	// Open is the offset in the block of a record that may go on behind its
	// end; the block's length when there is none.
	Open int

	lasts []Hit // see Hit.Last
	facts []recordFacts
	arena []byte // owns joined texts and other bytes that hits point to
	plain []byte // the block without escapes, when it had any
}

func (b *Batch) reset(size int) {
	b.Hits, b.lasts, b.facts, b.arena, b.Open = b.Hits[:0], b.lasts[:0], b.facts[:0], b.arena[:0], size
}

// hit makes the hit of a record, whose parts may live in the parser's scratch; it
// outlives that.
func (b *Batch) hit(rec *logline.Record, line, span int64, m *Match, text []byte, templateKey uint64) Hit {
	f := recordFacts{level: rec.Level, format: rec.Format, transport: rec.Transport, text: text,
		service: b.keep(rec.Service), element: b.keep(rec.Element)}
	if m != nil {
		f.component, f.function = b.keep(rec.Component), b.keep(rec.Function)
	}
	b.facts = append(b.facts, f)
	return Hit{Line: line, Span: span, TemplateKey: templateKey, Sample: m == nil, PID: rec.PID, Outer: rec.Outer, Inner: rec.Inner,
		Match: m, at: int32(len(b.facts) - 1)}
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

// finish sets the pointers into what has done growing, and what takes a look at
// whole hits. names is the worker's, ended the lasts as they came.
func (b *Batch) finish(names *Names, ended []Hit) {
	for i := range b.Hits { // in the order in which they will be looked at
		if h := &b.Hits[i]; h.Others > 0 {
			b.lasts = append(b.lasts, ended[h.lastAt])
			h.lastAt = int32(len(b.lasts) - 1)
		}
	}
	for _, list := range [...][]Hit{b.Hits, b.lasts} {
		for i := range list {
			h := &list[i]
			if h.known == nil {
				h.facts = &b.facts[h.at]
			}
			if h.Others > 0 {
				h.Last = &b.lasts[h.lastAt]
			}
			h.From = names.Get(h.Service())
		}
	}
	for i := range b.Hits {
		b.Hits[i].hear()
	}
}
