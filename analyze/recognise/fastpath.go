package recognise

import "wolfdiag/analyze/logline"

// fromCache deals with a known line; end is where the next one begins in the
// block. It reports false when the line has to take the slow path.
func (w *Worker) fromCache(text []byte, end int, line int64, sample bool, out *Batch) bool {
	if w.lines.key.n < 0 || w.mode.early() || w.unfiltered {
		return false
	}
	c := w.find(text, line)
	if c == nil {
		return false
	}
	if c.layout.Opens() {
		if line <= w.block.covered {
			return false
		}
		if c, text = w.whole(c, text, end, line, out); c == nil {
			return false
		}
	} else if line <= w.block.covered {
		return c.known
	}
	mask, ok := w.decide(c, text)
	if !ok {
		return false
	}
	o := w.outcome(c.cachedLine, mask)
	if o == nil {
		return false
	}
	if len(o.match.Patterns) == 0 && c.layout.Level() < Complaint {
		ok = !sample || w.sample(c.cachedLine, line, text, out)
	} else {
		ok = w.ofKnown(c, o, line, text, sample, out)
	}
	if ok && c.lines > 1 {
		w.block.covered = line + c.lines - 1
		if c.quiet {
			w.block.quiet = w.block.covered
		}
	}
	return ok
}

// find returns the cached line of a line; nil when it has none.
func (w *Worker) find(text []byte, line int64) *usedLine {
	w.mode.asked++
	if w.block.peekedAt == line {
		return w.block.peeked
	}
	c, again := w.lines.find(text, &w.learnt)
	if c == nil {
		w.mode.missed++
		if !again {
			return nil
		}
		c = w.compile(text)
	}
	if c.tells != nil {
		return w.told(c, text)
	}
	return c
}

// sample appends the hit of a known line of which only the clocks matter. It
// reports false when the line has to take the slow path.
func (w *Worker) sample(c *cachedLine, line int64, text []byte, out *Batch) bool {
	var now clocks
	if !now.read(c, text) {
		return false
	}
	if w.starts(now.inner) {
		w.follow(false, line, now.outer, now.inner, out)
	}
	hit := out.knownHit(c, line, text, &now)
	hit.Sample = true
	return true
}

// knownHit appends the hit of a known line and returns it.
func (b *Batch) knownHit(c *cachedLine, line int64, text []byte, now *clocks) *Hit {
	b.Hits = append(b.Hits, Hit{Line: line, Span: c.span(), Outer: now.outer, Inner: now.inner, PID: now.pid, known: c, raw: text})
	return &b.Hits[len(b.Hits)-1]
}

// ofKnown counts a known line, or appends its hit. It reports false when the line
// has to take the slow path.
func (w *Worker) ofKnown(c *usedLine, o *outcome, line int64, text []byte, sample bool, out *Batch) bool {
	var t *tally
	if o.tallied && line >= w.block.settled && !(sample && o.sampled) {
		t = w.tallyOf(c, o, text)
	}
	if t != nil && o.countOnly && t.within == w.block.number && c.layout.Format() != logline.FormatGStreamer && c.lines == 0 {
		w.counted = counted(w.counted, t, c.cachedLine, line, text, false) // its clocks need not be read
		return true
	}
	var now clocks
	if !now.read(c.cachedLine, text) {
		return false
	}
	w.follow(o.event, line, now.outer, now.inner, out)
	if t != nil && !w.starts(now.inner) {
		list, within := &w.stretch.tallies, w.stretch.number
		if o.countOnly {
			list, within = &w.counted, w.block.number
		}
		near := o.countOnly || t.reaches(&now, w.stretch.gone)
		if t.within == within && near {
			t.clocks, t.gone = now, w.stretch.gone
			*list = counted(*list, t, c.cachedLine, line, text, true)
			return true
		}
		w.end(t, out)
		t.clocks, t.gone = now, w.stretch.gone
		t.begin(within, out)
	}
	hit := out.knownHit(c.cachedLine, line, text, &now)
	hit.Match = o.match
	switch {
	case len(o.match.Patterns) > 0:
	case t != nil:
		hit.TemplateKey = t.template
	default:
		hit.TemplateKey = w.templateOf(c.cachedLine, text)
	}
	return true
}

// counted counts a line in a tally, and appends that to those which count something.
func counted(list []*tally, t *tally, c *cachedLine, line int64, text []byte, timed bool) []*tally {
	if t.add(c, line, text, timed) {
		list = append(list, t)
	}
	return list
}
