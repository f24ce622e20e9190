package recognise

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// In some messages without a level a number decides whether they complain: "exited
// with code 0", "IPv4 … not available". In others a hex word is no part of the
// message, but of who says it: the id of a container, a session's element. Lines that
// are the same but for their digits and hex words are of one kind there when they
// have those in common: the kinds of a cached line are cached lines themselves, whose
// key keeps what tells.

// maxKinds bounds the kinds of a line; more of them take the slow path.
const maxKinds = 16

// tellsIn returns where the parts of a line stand by which its kinds differ: the hex
// words that are given, and what its level depends on. nil: it is of one kind.
func (c *cachedLine) tellsIn(words []patterns.Span) []patterns.Span {
	if c.layout.Tells() {
		from, to := c.layout.Telling()
		words = append(words, patterns.Span{From: from, To: to})
	}
	return words
}

// isKind reports whether a line is of the kind k of c.
func (c *cachedLine) isKind(k *cachedLine, line []byte) bool {
	for _, s := range c.tells {
		if !bytes.Equal(k.key[s.From:s.To], line[s.From:s.To]) {
			return false
		}
	}
	return true
}

// told returns the kind that a line is of; nil when it has to take the slow path.
func (w *Worker) told(u *usedLine, line []byte) *usedLine {
	for _, k := range u.told {
		if u.isKind(k.cachedLine, line) {
			return k
		}
	}
	k := w.kind(u, line)
	if k == nil {
		return nil
	}
	own := &usedLine{cachedLine: k, hash: u.hash}
	u.told = append(u.told, own)
	return own
}

// kind returns the kind of a line from what any worker has learnt; nil when there are
// too many.
func (w *Worker) kind(u *usedLine, line []byte) *cachedLine {
	u.grower.Lock()
	defer u.grower.Unlock()
	var all []*cachedLine
	if kinds := u.kinds.Load(); kinds != nil {
		all = *kinds
	}
	for _, k := range all {
		if u.isKind(k, line) {
			return k
		}
	}
	if len(all) >= maxKinds {
		return nil
	}
	k := w.learnKind(u.cachedLine, line)
	grown := append(slices.Clip(all), k)
	u.kinds.Store(&grown)
	w.lines.bytes += k.size()
	w.learnt.grown(u.hash, k.size())
	return k
}

// learnKind makes a kind of a cached line.
func (w *Worker) learnKind(c *cachedLine, line []byte) *cachedLine {
	k := &cachedLine{key: bytes.Clone(c.key)}
	for _, s := range c.tells {
		copy(k.key[s.From:s.To], line[s.From:s.To])
	}
	var words []patterns.Span // that are still masked
	at, _ := c.layout.TextAt()
	for _, s := range c.words {
		s = patterns.Span{From: at + s.From, To: at + s.To}
		if slices.ContainsFunc(c.tells, func(t patterns.Span) bool { return s.From < t.To && t.From < s.To }) {
			return k // what tells is part of a hex word
		}
		words = append(words, s)
	}
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if k.layout, ok = w.next.Learn(line, &rec); !ok || !k.threadIn(line) {
		return k
	}
	for _, s := range k.tellsIn(k.wordsIn(words, line)) {
		if !slices.ContainsFunc(c.tells, func(t patterns.Span) bool { return t.From <= s.From && s.To <= t.To }) {
			return k // of this one more tells
		}
	}
	for _, s := range k.words {
		k.marks += s.To - s.From
	}
	k.laid = !logline.MayBePart(line)
	w.learn(k, c.key, line, &rec)
	return k
}
