package recognise

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
)

// In some messages without a level a number decides whether they complain: "exited
// with code 0", "IPv4 … not available". Lines that are the same but for other digits
// are of one kind there when they have the digits in common that decide: the kinds of
// a cached line are cached lines themselves, whose key keeps what tells.

// maxKinds bounds the kinds of a line; more of them take the slow path.
const maxKinds = 16

// told returns the kind that a line is of; nil when it has to take the slow path.
func (w *Worker) told(u *usedLine, line []byte) *usedLine {
	from, to := u.layout.Telling()
	for _, k := range u.told {
		if bytes.Equal(k.key[from:to], line[from:to]) {
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
	from, to := u.layout.Telling()
	u.grower.Lock()
	defer u.grower.Unlock()
	var all []*cachedLine
	if kinds := u.kinds.Load(); kinds != nil {
		all = *kinds
	}
	for _, k := range all {
		if bytes.Equal(k.key[from:to], line[from:to]) {
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
	from, to := c.layout.Telling()
	k := &cachedLine{key: bytes.Clone(c.key), words: c.words, marks: c.marks, varies: c.varies}
	copy(k.key[from:to], line[from:to])
	text, _ := c.layout.TextAt()
	for _, s := range c.words {
		if text+s.From < to && from < text+s.To {
			return k // what tells is part of a hex word
		}
	}
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if k.layout, ok = w.next.Learn(line, &rec); !ok {
		return k
	}
	if a, b := k.layout.Telling(); b > 0 && (a < from || b > to) {
		return k // of this one more tells
	}
	k.laid = !logline.MayBePart(line)
	w.learn(k, c.key, line, &rec)
	return k
}
