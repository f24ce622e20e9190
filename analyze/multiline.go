package analyze

import "wolfdiag/analyze/logline"

// maxSplitBytes bounds how far the parts of one line are looked for. It is less
// than source's look-ahead, so that a block's end makes no difference.
const maxSplitBytes = 60 << 10

// following are the lines behind a line: the rest of the block, then what is
// known to follow the block.
type following struct {
	rest, ahead []byte
	behind      bool // rest is what was ahead
}

// next returns the next line, false when no more is known.
func (f *following) next() (line []byte, ok bool) {
	if len(f.rest) == 0 {
		if f.behind {
			return nil, false
		}
		f.rest, f.ahead, f.behind = f.ahead, nil, true
		if len(f.rest) == 0 {
			return nil, false
		}
	}
	n := lineLen(f.rest)
	line, f.rest = f.rest[:n], f.rest[n:]
	return trimEOL(line), true
}

// reread reads a part of a line again, with its further parts. A part that has
// none stays as it is: nothing continues it.
func (w *worker) reread(line []byte, after *following, rec *logline.Record) (parts int64, open bool) {
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
func (w *worker) unsplit(s *logline.Split, line []byte, f *following) (whole []byte, parts int64, open bool) {
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
