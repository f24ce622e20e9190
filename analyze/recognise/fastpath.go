package recognise

import (
	"wolfdiag/analyze/logline"
)

// fromCache deals with a known line. It reports false when the line has to take
// the slow path.
func (w *Worker) fromCache(text []byte, line, covered, first int64, sample bool, out *Batch) bool {
	if len(text) > maxLineKey || w.mode.early() || w.unfiltered {
		return false
	}
	c, h, again := w.lines.find(text)
	w.mode.asked++
	if c == nil {
		w.mode.missed++
		if !again {
			return false
		}
		c = w.compile(text, h)
	}
	if c.state != lineReady && !w.prepare(c, text) {
		return false
	}
	if line <= covered {
		return true
	}
	mask := uint64(0)
	if c.digits != nil {
		mask = c.digits.Decide(c.layout.Text(text))
	}
	o := w.outcome(c, mask)
	if o == nil {
		return false
	}
	switch {
	case len(o.match.Patterns) == 0 && c.layout.Level() < Complaint:
		if !sample {
			return true
		}
	case o.countOnly && line >= first+maxRecLines && !w.opts.Windowed && !w.justStarted(c, text):
		w.count(c, o, line, text)
		return true
	default:
		sample = false
	}
	hit := Hit{Line: line, Span: 1, known: c, raw: text, Sample: sample}
	if !sample {
		hit.Match = o.match
		if len(o.match.Patterns) == 0 {
			hit.TemplateKey = w.templateOf(c, text)
		}
	}
	var ok bool
	if hit.Outer, hit.Inner, hit.PID, ok = c.layout.Clocks(text); !ok {
		return false
	}
	out.Hits = append(out.Hits, hit)
	return true
}

// justStarted reports whether a line is of a GStreamer that has just started:
// such a line may be all that shows a start of Wolf.
func (w *Worker) justStarted(c *cachedLine, text []byte) bool {
	if c.layout.Format() != logline.FormatGStreamer {
		return false
	}
	_, inner, _, ok := c.layout.Clocks(text)
	return ok && inner.Kind == logline.ClockGStreamer && inner.Nanos < int64(w.opts.JustStarted)
}

// templateOf is the template key of a known line.
func (w *Worker) templateOf(c *cachedLine, line []byte) (key uint64) {
	if !c.templateVaries(line) {
		return c.template
	}
	l := &c.layout
	key, w.masked = templateKey(w.masked, l.Level(), l.Component(line), l.Text(line))
	return key
}

// countedLine is a known line with an outcome that this block has shown.
type countedLine struct {
	line *cachedLine
	*outcome
}

// count takes a line of which nothing but the number, the first and the last
// matters.
func (w *Worker) count(c *cachedLine, o *outcome, line int64, text []byte) {
	if o.count == 0 {
		o.firstLine, o.first = line, text
		w.counted = append(w.counted, countedLine{c, o})
	}
	o.count++
	o.lastLine, o.last = line, text
}

// flushCounted appends the accounts of this block as pairs of hits: the first
// record, with their number, and the last.
func (w *Worker) flushCounted(out *Batch) {
	for i, c := range w.counted {
		w.addCounted(c, c.firstLine, c.first, out)
		out.Hits[len(out.Hits)-1].Count = c.count
		w.addCounted(c, c.lastLine, c.last, out)
		c.count, c.first, c.last = 0, nil, nil
		w.counted[i] = countedLine{}
	}
	w.counted = w.counted[:0]
}

// addCounted appends the hit of a counted line.
func (w *Worker) addCounted(c countedLine, line int64, text []byte, out *Batch) {
	h := Hit{Line: line, Span: 1, known: c.line, raw: text, Match: c.match}
	var ok bool
	if h.Outer, h.Inner, h.PID, ok = c.line.layout.Clocks(text); ok {
		out.Hits = append(out.Hits, h)
		return
	}
	var rec logline.Record
	w.next.Parse(text, &rec)
	out.add(&rec, line, 1, c.match, out.keep(rec.Text), 0)
}
