package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// record parses the line at [pos,end) with the lines that belong to it and
// appends what there is to say about it. It returns the last line covered.
func (w *Worker) record(data, ahead []byte, pos, end int, line, covered int64, lits []uint16, cand, sample bool, out *Batch) int64 {
	if line <= w.lastPart {
		return covered
	}
	after := following{rest: data[end:], ahead: ahead}
	physical := trimEOL(data[pos:end])
	span, open := int64(1), false
	rec := &w.rec
	w.parser.Read(physical, rec)
	if rec.Partial {
		span, open = w.reread(physical, &after, rec)
	}
	opener := rec.Continues != logline.ContinuesNot
	if line <= covered && !opener {
		return covered
	}
	w.parser.Weigh(rec)
	parts := span
	text := rec.Text
	switch {
	case opener:
		var more bool
		text, span, more = w.gather(&after, span, line, rec, out)
		open = open || more
	case parts > 1:
		text = out.keep(text)
	}
	if open {
		out.Open = min(out.Open, pos)
	}
	if opener || parts > 1 {
		lits, cand = w.literalsOf(text), true
		covered = line + span - 1
		w.lastPart = max(w.lastPart, line+parts-1)
	}
	w.emit(rec, text, line, span, lits, cand, sample, out)
	if parts > 1 {
		out.cut(line)
	}
	if len(rec.Splice) > 0 { // a second record spliced into the line
		second := &w.second
		w.next.Parse(rec.Splice, second)
		w.emit(second, second.Text, line, 1, nil, true, false, out)
	}
	return covered
}

// literalsOf finds the literals in a message that was put together from several
// lines; nil when the message hides what it says.
func (w *Worker) literalsOf(text []byte) []uint16 {
	w.found = w.scanner.Find(w.found[:0], text)
	if w.hidden(w.found) {
		return nil
	}
	return w.found
}

// emit appends the hit of a record, if there is one.
func (w *Worker) emit(rec *logline.Record, text []byte, line, span int64, lits []uint16, cand, sample bool, out *Batch) {
	var m *Match
	var template uint64
	if cand || rec.Level >= Complaint || rec.Level == logline.LevelNone && w.matcher.Foreign(text) {
		m = w.match(rec, text, lits, cand)
		if len(m.Patterns) == 0 && rec.Level >= Complaint {
			template, w.masked = templateKey(w.masked, rec.Level, rec.Component, text)
		}
	}
	switch {
	case m != nil && (len(m.Patterns) > 0 || rec.Level >= Complaint):
	case sample:
		m = nil
	default:
		return
	}
	if span == 1 {
		text = out.keep(text)
	}
	if m != nil || w.starts(rec.Inner) {
		w.follow(m != nil && m.lifecycle(), line, rec.Outer, rec.Inner, out)
	}
	out.Hits = append(out.Hits, out.hit(rec, line, span, m, text, template))
}

// match finds the patterns that recognise a message, from the cache when one
// like it has been seen.
func (w *Worker) match(rec *logline.Record, text []byte, lits []uint16, cand bool) *Match {
	if !cand {
		if !w.matcher.Foreign(text) {
			return &unmatched
		}
		lits = nil
	}
	exact := lits == nil || w.digitsMatter(lits)
	w.key = appendKey(w.key[:0], rec, w.serviceClass(rec.Service), text, exact)
	if exact {
		w.key[1] |= 0x80 // no masked key is the same, whatever its digits were
	}
	h := hash(w.key)
	if m := w.matched.get(h, w.key); m != nil {
		return m
	}
	m := &Match{}
	if w.hidden(lits) {
		lits = nil // look in what the line unfolds to
	}
	sub := patterns.Subject{Text: text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	w.matches = w.matcher.Recognise(w.matches[:0], &sub, lits)
	for _, found := range w.matches {
		m.Patterns = append(m.Patterns, found.Pattern)
	}
	by := w.said(rec, text)
	m.Speaker, m.Patterns = by.speaker, heard(m.Patterns, by)
	if len(w.key) <= maxKey {
		m.key = bytes.Clone(w.key)
		w.matched.put(h, m)
	}
	return m
}
