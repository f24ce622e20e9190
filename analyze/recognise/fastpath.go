package recognise

import "wolfdiag/analyze/logline"

// fromCache deals with a known line; end is where the next one begins in the
// block. It reports false when the line has to take the slow path.
func (w *Worker) fromCache(text []byte, end int, line, covered int64, sample bool, out *Batch) bool {
	if len(text) > maxLineKey || w.mode.early() || w.unfiltered {
		return false
	}
	c, h, again := w.lines.find(text, &w.learnt)
	w.mode.asked++
	if c == nil {
		w.mode.missed++
		if !again {
			return false
		}
		c = w.compile(text, h)
	}
	mask, ok := w.decide(c, text)
	if !ok {
		return false
	}
	if c.layout.Opens() {
		after := following{rest: w.block.data[end:], ahead: w.block.ahead}
		if next, more := after.next(); line <= covered || !more || !w.next.Headed(next) {
			return false // it may have lines of its own
		}
	} else if line <= covered {
		return true
	}
	o := w.outcome(c.cachedLine, mask)
	if o == nil {
		return false
	}
	switch {
	case len(o.match.Patterns) == 0 && c.layout.Level() < Complaint:
		if !sample {
			return true
		}
	case o.countOnly && line >= w.block.first+maxRecLines && !w.opts.Windowed && !w.justStarted(c.cachedLine, text):
		w.count(c, o, line, text)
		return true
	default:
		sample = false
	}
	hit := Hit{Line: line, Span: 1, known: c.cachedLine, raw: text, Sample: sample}
	if !sample {
		hit.Match = o.match
		if len(o.match.Patterns) == 0 {
			hit.TemplateKey = w.templateOf(c.cachedLine, text)
		}
	}
	if hit.Outer, hit.Inner, hit.PID, ok = c.layout.Clocks(text); !ok {
		return false
	}
	if !sample {
		w.follow(o.match, line, hit.Outer, hit.Inner, out)
		if o.tallied && line >= w.block.first+maxRecLines && w.tally(c, o, line, text) {
			return true
		}
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

// count takes a line of which nothing but the number, the first and the last
// matters.
func (w *Worker) count(u *usedLine, o *outcome, line int64, text []byte) {
	if a := u.account(o); a.add(line, text) {
		w.counted = append(w.counted, a)
	}
}
