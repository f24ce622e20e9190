package recognise

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// compile makes the cached line of a line. It is kept even when its lines have
// to take the slow path, to know that at once.
func (w *Worker) compile(line []byte, h uint64) *cachedLine {
	c := &cachedLine{key: bytes.Clone(w.lines.key[:len(line)]), hexed: len(w.lines.words) > 0}
	w.lines.put(h, c)
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if c.layout, ok = w.next.Learn(line, &rec); !ok || !c.wordsIn(w.lines.words, line) {
		return c
	}
	if from, to := logline.ThreadAt(line); to > 0 {
		if a, b := c.layout.Thread(); from < a || to > b {
			return c // other lines of this key differ in more than digits
		}
	}
	w.found = w.scanner.Find(w.found[:0], line)
	if w.hidden(w.found) {
		return c
	}
	sub := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	if !w.matcher.Settled(rec.Text) || !w.classify(c, &sub) {
		return c
	}
	c.sample = bytes.Clone(line)
	c.said = w.said(&rec, rec.Text)
	c.template, w.masked = templateKey(w.masked, rec.Level, rec.Component, rec.Text)
	c.named = hasDigit(rec.Component) || hasDigit(rec.Function)
	c.state = lineReady
	if len(c.dependent) > 0 {
		c.state = lineWaits
	}
	return c
}

// classify finds the patterns that recognise lines of a key, whatever their
// digits are, and those for which the digits or hex words have to be looked at.
// It reports false when that is not enough to tell.
func (w *Worker) classify(c *cachedLine, sub *patterns.Subject) bool {
	cands, ok := w.candidates(c, w.found)
	if !ok {
		return false
	}
	if len(w.found) > 0 && !c.hexed {
		w.matches = w.matcher.Recognise(w.matches[:0], sub, w.found)
		for _, m := range w.matches {
			if w.invariant[m.Pattern.Index] {
				c.invariant = append(c.invariant, uint16(m.Pattern.Index))
			}
		}
	}
	placed := hasDigit(sub.Component) || hasDigit(sub.Function) || hasDigit(sub.Element)
	for _, p := range cands {
		switch {
		case w.invariant[p] && !c.hexed:
		case placed && !w.matcher.PlaceBlind(int(p)):
			return false
		case w.matcher.Placed(int(p), sub):
			c.dependent = append(c.dependent, p)
		}
	}
	return true
}

// candidates are the patterns that a line with a key, or another line of the
// key, may match. It reports false when they cannot be told.
func (w *Worker) candidates(c *cachedLine, lits []uint16) ([]uint16, bool) {
	all := slices.Clone(lits)
	e := w.digitLiterals()
	if c.hexed {
		if e = w.hexLiterals(); !e.all {
			return nil, false
		}
	}
	for _, i := range e.scanner.Find(nil, c.key) {
		all = append(all, e.index[i])
	}
	return w.matcher.Candidates(nil, all), true
}

const digitsFrom = 4 // uses of a cached line after which its digits are worth a Digits

// prepare gets a cached line ready for lines whose digits matter.
func (w *Worker) prepare(c *cachedLine, text []byte) bool {
	if c.state == lineSlow {
		return false
	}
	if c.uses++; c.uses < digitsFrom || !w.mode.afford() {
		return false
	}
	c.digits = w.matcher.NewDigits(c.layout.Text(text), c.dependent, c.words)
	c.state = lineReady
	if c.digits == nil {
		c.state = lineSlow
	}
	return c.digits != nil
}

// outcome returns the result of a cached line for the dependent patterns that
// match; nil when there are too many.
func (w *Worker) outcome(c *cachedLine, mask uint64) *outcome {
	for _, o := range c.outcomes {
		if o.mask == mask {
			return o
		}
	}
	if len(c.outcomes) >= maxOutcomes {
		return nil
	}
	matched := slices.Clone(c.invariant)
	for i, p := range c.dependent {
		if mask>>i&1 != 0 {
			matched = append(matched, p)
		}
	}
	slices.Sort(matched)
	m := &Match{}
	for _, i := range matched {
		m.Patterns = append(m.Patterns, w.patterns[i])
	}
	m.Speaker, m.Patterns = c.said.speaker, heard(m.Patterns, c.said)
	o := &outcome{mask: mask, match: m, countOnly: len(m.Patterns) > 0 && w.mayBeCounted(m.Patterns)}
	if c.layout.Format() == logline.FormatGStreamer && len(c.layout.Element(c.sample)) > 0 {
		o.countOnly = false // elements tell of sessions
	}
	w.setPlaces(c, m)
	c.outcomes = append(c.outcomes, o)
	return o
}

// mayBeCounted reports whether of the matches of all these patterns nothing
// but the number, the first and the last matters.
func (w *Worker) mayBeCounted(list []*patterns.Pattern) bool {
	return !slices.ContainsFunc(list, func(p *patterns.Pattern) bool {
		return w.opts.Watched != nil && w.opts.Watched[p.Index] || p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle || p.Event != "" || p.Codes != "" || p.Pardons()
	})
}

// setPlaces notes where the captures of lifecycle events stand, which are asked
// for line by line.
func (w *Worker) setPlaces(c *cachedLine, m *Match) {
	if c.hexed {
		return
	}
	for i, p := range m.Patterns {
		if p.Event == "" || !w.invariant[p.Index] {
			continue
		}
		if m.places == nil {
			m.places = make([][]patterns.Place, len(m.Patterns))
		}
		m.places[i] = w.matcher.Places(p, &patterns.Subject{Text: c.layout.Text(c.sample)})
	}
}
