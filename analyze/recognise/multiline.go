package recognise

import "wolfdiag/analyze/logline"

// maxSplitBytes bounds how far the parts of one line are looked for. It is less
// than source's look-ahead, so that a block's end makes no difference.
const maxSplitBytes = 60 << 10

// gather joins the lines that continue a record, which has covered span lines
// so far. open tells that more may follow what is known.
func (w *Worker) gather(after *following, span, line int64, rec *logline.Record, out *Batch) (text []byte, covers int64, open bool) {
	start := len(out.arena)
	out.arena = append(out.arena, rec.Text...)
	for span < maxRecLines && len(out.arena)-start < maxRecBytes {
		beyond := *after
		next, ok := beyond.next()
		if !ok {
			open = true
			break
		}
		parts, more := int64(1), false
		if logline.MayBePart(next) {
			next, parts, more = w.unsplit(&w.joined, next, &beyond)
			open = open || more
		}
		if span+parts > maxRecLines {
			break
		}
		if out.arena, ok = w.parser.Join(out.arena, rec, next); !ok {
			break
		}
		*after = beyond
		span += parts
		if parts > 1 {
			w.lastPart = line + span - 1
		}
	}
	return out.arena[start:len(out.arena):len(out.arena)], span, open
}

// reread reads a part of a line again, with its further parts. A part that has
// none stays as it is: nothing continues it.
func (w *Worker) reread(line []byte, after *following, rec *logline.Record) (parts int64, open bool) {
	text, parts, open := w.unsplit(&w.split, line, after)
	if parts > 1 {
		w.parser.Parse(text, rec)
	}
	if rec.Partial && (parts > 1 || w.parser.Begin(&w.split, line)) {
		rec.Continues = logline.ContinuesNot
	}
	return parts, open
}

// unsplit puts line together with its further parts, when it is the first of
// some, and takes these from f. It returns the line itself otherwise. parts is
// how many lines there are; open tells that more may follow what is known.
func (w *Worker) unsplit(s *logline.Split, line []byte, f *following) (whole []byte, parts int64, open bool) {
	parts = 1
	if !w.parser.Begin(s, line) {
		return line, 1, false
	}
	for size := len(line); !s.Done() && parts < maxRecLines/2 && size < maxSplitBytes; parts++ {
		g := *f
		next, ok := g.next()
		if !ok {
			open = true
			break
		}
		if !w.parser.More(s, next) {
			break
		}
		size += len(next)
		*f = g
	}
	if parts == 1 {
		return line, 1, open
	}
	return s.Line(), parts, open
}
