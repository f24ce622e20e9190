package recognise

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/reading"
	"wolfdiag/patterns"
)

// compile makes the cached line of a line. It is kept even when its lines have
// to take the slow path, to know that at once.
func (w *Worker) compile(line []byte) *usedLine {
	k := &w.lines.key
	h := k.hash()
	c := &cachedLine{key: bytes.Clone(k.text()), marks: k.marks}
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if c.layout, ok = w.next.Learn(line, &rec); ok && c.threadIn(line) && !w.wordsDecide(line, &rec) {
		if c.tells = c.tellsIn(c.wordsIn(k.words, line)); c.tells == nil {
			c.laid = !logline.MayBePart(line)
			w.learn(c, c.key, line, &rec)
		}
	}
	return w.lines.put(h, w.learnt.put(h, c))
}

// wordsDecide reports whether a line might state another level with other hex words:
// their letters may count as words in front of one ("1a2b3c4d INFO …").
func (w *Worker) wordsDecide(line []byte, rec *logline.Record) bool {
	if len(w.lines.key.words) == 0 || rec.Format != logline.FormatPlain {
		return false
	}
	other := bytes.Clone(line)
	for _, fill := range [...]string{"00", "a0"} { // with as few and with as many as there may be
		for _, s := range w.lines.key.words {
			for i := s.From; i < s.To; i++ {
				other[i] = fill[i&1]
			}
		}
		if l, _ := w.next.QuickLevel(other); l != rec.Level {
			return true
		}
	}
	return false
}

// learn finds out what there is to know about a cached line beside its layout. The
// key is of all lines that may be like it, with their digits and hex words masked.
func (w *Worker) learn(c *cachedLine, key, line []byte, rec *logline.Record) {
	w.found = w.scanner.Find(w.found[:0], line)
	if w.hidden(w.found) {
		return
	}
	sub := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	if !w.matcher.Settled(rec.Text) || !w.classify(c, key, &sub) {
		return
	}
	c.sample = bytes.Clone(line)
	c.said = w.said(rec, rec.Text)
	c.template, w.masked = templateKey(w.masked, rec.Level, rec.Component, rec.Text)
	c.named = hasDigit(rec.Component) || hasDigit(rec.Function)
	c.mute = !c.varies && !reading.Tells(rec.Text)
	c.element = rec.Format == logline.FormatGStreamer && w.opts.Proves != nil && w.opts.Proves(rec.Element)
	c.known = true
}

// classify finds the patterns that recognise lines of a key, whatever their
// digits are, and those for which the digits or hex words have to be looked at.
// It reports false when that is not enough to tell.
func (w *Worker) classify(c *cachedLine, key []byte, sub *patterns.Subject) bool {
	cands, ok := w.candidates(c.marks > 0, key, w.found)
	if !ok {
		return false
	}
	if len(w.found) > 0 && c.marks == 0 {
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
		case w.invariant[p] && c.marks == 0, !w.matcher.MayMatch(int(p), sub.Text, c.words):
		case placed && !w.matcher.PlaceInvariant(int(p)):
			return false
		case w.matcher.Placed(int(p), sub):
			c.dependent = append(c.dependent, p)
		}
	}
	return true
}

// candidates are the patterns that a line with a key, or another line of the
// key, may match. It reports false when they cannot be told.
func (w *Worker) candidates(hexed bool, key []byte, lits []uint16) ([]uint16, bool) {
	all := slices.Clone(lits)
	e := w.digitLiterals()
	if hexed {
		if e = w.hexLiterals(); !e.all {
			return nil, false
		}
	}
	for _, i := range e.scanner.Find(nil, key) {
		all = append(all, e.index[i])
	}
	return w.matcher.Candidates(nil, all), true
}

const digitsFrom = 4 // uses of a cached line after which its digits are worth a Digits

// decide finds the dependent patterns that match a line's text. It reports false
// when the line has to take the slow path.
func (w *Worker) decide(u *usedLine, text []byte) (mask uint64, ok bool) {
	if !u.known {
		return 0, false
	}
	if len(u.dependent) == 0 {
		return 0, true
	}
	d := u.digits.Load()
	if d == nil {
		d = w.prepare(u, text)
	}
	if d == nil || d.Digits == nil {
		return 0, false
	}
	return d.Decide(u.layout.Text(text)), true
}

// prepare gets a cached line ready for lines whose digits matter; nil when it is
// not, yet.
func (w *Worker) prepare(u *usedLine, text []byte) *decider {
	if u.uses.Add(1) < digitsFrom || !w.mode.afford() || !u.preparer.TryLock() {
		return nil
	}
	defer u.preparer.Unlock()
	if d := u.digits.Load(); d != nil { // another worker was first
		return d
	}
	d := &decider{w.matcher.NewDigits(u.layout.Text(text), u.dependent, u.words)}
	u.digits.Store(d)
	if d.Digits != nil {
		w.lines.bytes += d.Size()
		w.learnt.grown(u.hash, d.Size())
	}
	return d
}

// outcome returns the result of a cached line for the dependent patterns that
// match; nil when there are too many.
func (w *Worker) outcome(c *cachedLine, mask uint64) *outcome {
	if o, _ := c.outcome(mask); o != nil {
		return o
	}
	c.grower.Lock()
	defer c.grower.Unlock()
	o, others := c.outcome(mask)
	if o != nil || len(others) >= maxOutcomes {
		return o
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
	o = &outcome{at: len(others), mask: mask, match: m, event: m.lifecycle()}
	if c.lines == 0 || c.layout.Format() != logline.FormatTrace { // traces are kept one by one
		o.countOnly = w.countOnly(c, m.Patterns)
		o.tallied = o.countOnly || w.mayBeTallied(c, m.Patterns)
	}
	o.sampled = o.countOnly || c.layout.Format() == logline.FormatGStreamer
	o.whoAt = c.whoAt(len(m.Patterns) == 0)
	w.setPlaces(c, m)
	grown := append(slices.Clip(others), o)
	c.outcomes.Store(&grown)
	return o
}

// outcome returns the outcome for a mask, nil when it is not known, and all that
// are.
func (c *cachedLine) outcome(mask uint64) (*outcome, []*outcome) {
	all := c.outcomes.Load()
	if all == nil {
		return nil, nil
	}
	for _, o := range *all {
		if o.mask == mask {
			return o, *all
		}
	}
	return nil, *all
}

// setPlaces notes where the captures of lifecycle events stand, which are asked
// for line by line.
func (w *Worker) setPlaces(c *cachedLine, m *Match) {
	if c.marks > 0 {
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
