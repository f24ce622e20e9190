package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/patterns"
)

// A record of several lines is known when all its lines are, in their order: a
// panic with its message, "terminate called" with what(), a trace. Which lines
// belong to it is a matter of the lines' keys, as their formats are: digits and hex
// words make no difference to it (see logline.Continuation), but for those of a
// service's name and the clocks of the kernel. So it is learnt line by line which
// known line goes on with a record after which others, and which one ends it: the
// ways through a record make a trie. At the end of a way stands a cachedLine, of a
// line as it would be had it all been on one: the first line, and behind it the
// text of all of them.

// partial is what is known of a record after some of its lines.
type partial struct {
	lines  int64 // so far
	ours   bool  // the last one and the first name the same service
	ends   bool  // the last one does not belong to the record
	closed bool  // no further line belongs to it
	opens  bool  // a line behind the first may begin a record of its own
	slow   bool  // the record is too long, or for other reasons not to be kept
	whole  *usedLine
}

// joint is a step in a record: from nil to its first line.
type joint struct {
	from *partial
	line *cachedLine
}

// wholes are the records that a worker has learnt. Full, it is emptied.
type wholes struct {
	steps map[joint]*partial
	bytes int
}

const (
	maxWholes     = 2048
	maxWholeBytes = 1 << 20
	maxWholeLines = 64
	maxWholeText  = 4 << 10
)

// put keeps a step, and returns the one to be used: it may be known already.
func (k *wholes) put(at joint, p *partial) *partial {
	if was := k.steps[at]; was != nil {
		return was
	}
	if k.steps == nil || len(k.steps) >= maxWholes || k.bytes > maxWholeBytes {
		k.steps, k.bytes = map[joint]*partial{}, 0
	}
	k.steps[at] = p
	k.bytes += 128 + at.line.size()
	return p
}

// whole returns the cached line of the record that begins with a line of u, and how
// its line would stand; u itself when no other line belongs to it. end is where in
// the block the next line begins. It returns nil when the line has to take the slow
// path.
func (w *Worker) whole(u *usedLine, text []byte, end int, line int64, out *Batch) (*usedLine, []byte) {
	after := following{rest: w.block.data[end:], ahead: w.block.ahead}
	if !u.laid || u.layout.Format() == logline.FormatKernel {
		if next, more := after.next(); u.known && more && w.next.Headed(next) {
			return u, text
		}
		return nil, nil
	}
	p := w.wholes.steps[joint{nil, u.cachedLine}]
	var whole []byte
	for at := line + 1; ; at++ {
		next, more := after.next()
		if !more {
			return nil, nil
		}
		if p != nil && p.closed {
			break
		}
		l, again := w.lookAhead(next, at)
		laid := l != nil && l.laid
		if laid && headed(l) || !laid && w.next.Headed(next) {
			break
		}
		if u.layout.Level() < Complaint {
			return nil, nil // whether it is looked at, its literals decide
		}
		var step *partial
		switch {
		case p != nil && p.slow:
			return nil, nil
		case laid && p != nil:
			step = w.wholes.steps[joint{p, l.cachedLine}]
		case !laid && !again:
			return nil, nil
		}
		if step == nil {
			w.learnWhole(u, text, end)
			return nil, nil
		}
		if step.ours != bytes.Equal(u.layout.Service(text), l.layout.Service(next)) || !step.ends && after.behind {
			return nil, nil
		}
		if step.ends {
			break
		}
		if whole == nil {
			whole = append(append(append(out.arena, text...), '\n'), u.layout.Text(text)...)
		}
		whole = append(append(whole, '\n'), l.layout.Body(next)...)
		p = step
	}
	if whole == nil {
		return u, text
	}
	if p.whole == nil {
		w.learnWhole(u, text, end)
		return nil, nil
	}
	n := len(out.arena)
	out.arena = whole
	return p.whole, whole[n:len(whole):len(whole)]
}

// lookAhead looks up a line behind the one at hand, and remembers it for when its
// turn comes.
func (w *Worker) lookAhead(text []byte, line int64) (known *usedLine, again bool) {
	if len(text) > maxLineKey {
		return nil, false
	}
	w.lines.key.take(text)
	u, again := w.lines.find(text, &w.learnt)
	if u == nil {
		return nil, again
	}
	if u.tells != nil {
		u = w.told(u, text)
	}
	w.block.peeked, w.block.peekedAt = u, line
	return u, false
}

// headed reports whether a line has a header that no part of a record has, but for
// the kernel's records.
func headed(l *usedLine) bool {
	f := l.layout.Format()
	return f != logline.FormatPlain && f != logline.FormatTrace
}

// learnWhole learns the steps of the record that begins with a line of u, as far as
// its lines are known.
func (w *Worker) learnWhole(u *usedLine, text []byte, end int) {
	if !w.mode.afford() {
		return
	}
	var rec logline.Record
	w.parser.Parse(text, &rec)
	after := following{rest: w.block.data[end:], ahead: w.block.ahead}
	p := w.wholes.put(joint{nil, u.cachedLine}, &partial{lines: 1})
	joined := bytes.Clone(rec.Text)
	words := append([]patterns.Span(nil), u.words...)
	for !p.closed {
		if p.slow = len(joined) > maxWholeText || p.lines >= maxWholeLines; p.slow {
			return
		}
		next, more := after.next()
		if !more {
			return
		}
		l := w.knownOrCompiled(next)
		if l == nil || !l.laid {
			return
		}
		if headed(l) {
			break
		}
		at := len(joined)
		step := &partial{lines: p.lines + 1, ours: bytes.Equal(rec.Service, l.layout.Service(next)), opens: p.opens || l.layout.Opens()}
		var ok bool
		if joined, ok = w.parser.Join(joined, &rec, next); !ok {
			step.ends = true
			w.wholes.put(joint{p, l.cachedLine}, step)
			break
		}
		body := l.layout.Body(next)
		if joined[at] != '\n' || !bytes.Equal(joined[at+1:], body) {
			step.slow = true
			w.wholes.put(joint{p, l.cachedLine}, step)
			return
		}
		from, _ := l.layout.TextAt()
		in, _ := l.layout.BodyAt()
		for _, s := range l.words {
			words = append(words, patterns.Span{From: at + 1 + from - in + s.From, To: at + 1 + from - in + s.To})
		}
		step.closed = rec.Continues == logline.ContinuesNot
		p = w.wholes.put(joint{p, l.cachedLine}, step)
	}
	if p.lines > 1 && p.whole == nil {
		p.whole = &usedLine{cachedLine: w.compileWhole(u.cachedLine, text, &rec, joined, words, p), hash: u.hash}
		w.wholes.bytes += p.whole.size()
	}
}

// knownOrCompiled returns the cached line of a line, nil when it has none yet.
func (w *Worker) knownOrCompiled(text []byte) *usedLine {
	if len(text) > maxLineKey {
		return nil
	}
	w.lines.key.take(text)
	u, again := w.lines.find(text, &w.learnt)
	switch {
	case u == nil && !again:
		return nil
	case u == nil:
		u = w.compile(text)
	}
	if u.tells != nil {
		u = w.told(u, text)
	}
	return u
}

// compileWhole makes the cached line of a record whose lines, joined, say text.
func (w *Worker) compileWhole(first *cachedLine, line []byte, rec *logline.Record, text []byte, words []patterns.Span, p *partial) *cachedLine {
	whole := append(append(bytes.Clone(line), '\n'), text...)
	from := len(line) + 1
	c := &cachedLine{words: words, lines: p.lines, quiet: !p.opens, layout: first.layout.Over(from, len(whole))}
	key := bytes.Clone(whole)
	maskDigits(key)
	c.marks = maskWords(key[from:], words)
	for _, s := range words {
		c.varies = c.varies || !mine.MasksHex(text, s.From)
	}
	rec.Text = text
	w.learn(c, key, whole, rec)
	return c
}
