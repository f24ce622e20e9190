package analyze

import (
	"bytes"
	"slices"
	"sync"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
	"wolfdiag/patterns/scan"
)

const (
	sampleLines  = 32       // one line in so many has its clock read
	sampleAll    = 64       // and all of the first: an input's first date anchors the rest
	maxRecLines  = 400      // physical lines of one record
	maxRecBytes  = 32 << 10 // bytes of one record; less than source's look-ahead
	escape       = 0x1b
	minComplaint = logline.LevelWarning
)

// worker turns blocks of lines into hits. It owns scratch memory and is used
// by one goroutine at a time; two workers give the same hits for a block.
type worker struct {
	*recogniser
	parser  *logline.Parser
	next    *logline.Parser // looks at lines after a record without disturbing parser
	shapes  shapeCache
	forms   forms
	counted []*variant // that have an account of this block
	owners  []*form    // of counted
	key     []byte
	masked  []byte // scratch of templateKey
	matches []patterns.Match
	found   []uint16
	pace    pace
	split   logline.Split // the line at hand
	joined  logline.Split // one that continues it
	parts   int64         // the last line that is a later part of another
}

func newWorker(r *recogniser) *worker {
	return &worker{recogniser: r, parser: logline.NewParser(), next: logline.NewParser(), pace: pace{from: r.formsFrom}}
}

// recogniser is what all workers share: the matcher, and a scanner that looks
// for the matcher's literals and a few marks of the transports.
type recogniser struct {
	matcher    *patterns.Matcher
	patterns   []*patterns.Pattern // by Index
	scanner    *scan.Scanner
	literals   int               // those below are the matcher's, the others marks
	sensitive  []bool            // by literal: a pattern it announces looks at digits
	unfiltered bool              // some pattern has no literal: every line is a candidate
	windowed   bool              // the merger wants to see the time of every record
	blind      []bool            // by pattern: digits make no difference to it
	digital    func() *elsewhere // literals that digits may bring about
	hexed      func() *elsewhere // and hex words
	formsFrom  int64             // lines after which a worker uses forms
}

// marks make a line a candidate whose message no literal can be found in as
// it stands: journald's byte arrays, and lines that a transport cut in two.
var marks = []string{`"MESSAGE":[`, `"MESSAGE" : [`, `"MESSAGE": [`, `"MESSAGE" :[`, ` stdout P `, ` stderr P `}

func newRecogniser(m *patterns.Matcher, all []*patterns.Pattern, windowed bool) *recogniser {
	lits := m.Literals()
	r := &recogniser{matcher: m, patterns: all, windowed: windowed, literals: len(lits), sensitive: make([]bool, len(lits)), unfiltered: len(m.Unfiltered()) > 0}
	sought := append(make([][]byte, 0, len(lits)+len(marks)), lits...)
	for _, mark := range marks {
		sought = append(sought, []byte(mark))
	}
	r.scanner = scan.New(sought)
	r.blind = make([]bool, len(all))
	for i := range all {
		r.blind[i] = m.DigitBlind(i)
	}
	r.digital = sync.OnceValue(func() *elsewhere { return r.newElsewhere(false) })
	r.hexed = sync.OnceValue(func() *elsewhere { return r.newElsewhere(true) })
	r.formsFrom = formsFrom
	for i := range lits {
		for _, p := range m.Candidates(nil, []uint16{uint16(i)}) {
			if !all[p].DigitBlind() {
				r.sensitive[i] = true
			}
		}
	}
	return r
}

// digitsMatter reports whether a pattern that the literals announce tells
// messages apart by their digits.
func (r *recogniser) digitsMatter(lits []uint16) bool {
	for _, l := range lits {
		if int(l) >= r.literals || r.sensitive[l] {
			return true
		}
	}
	return r.unfiltered
}

// block looks at whole lines: data is the worker's own share, ahead what
// follows it. first is the physical number of the first line.
func (w *worker) block(data, ahead []byte, first int64, out *result) {
	out.reset(len(data))
	if bytes.IndexByte(data, escape) >= 0 {
		defer out.unstripped(data)
		out.plain = stripEscapes(out.plain[:0], data)
		data = out.plain
	}
	line := first
	covered := int64(0) // last line of the record before
	w.parts = 0
	pos := 0
	web := logline.HasEntities(data)
	byForm := w.pace.byForm(w.unfiltered)
	var cursor scan.Cursor
	hitAt, more := 0, false
	if !byForm {
		cursor = w.scanner.Cursor(data)
		hitAt, _, more = cursor.Next()
	}
	for pos < len(data) {
		end := pos + lineLen(data[pos:])
		text := trimEOL(data[pos:end])
		sample := line%sampleLines == 0 || line <= sampleAll
		var lits []uint16
		done, cand := false, w.unfiltered
		if byForm {
			if done = w.known(text, line, covered, first, sample, out); !done {
				w.found = w.scanner.Find(w.found[:0], text)
				lits, cand = w.found, len(w.found) > 0
			}
		} else if more && hitAt == pos {
			cand = true
			hitAt, _, more = cursor.Next()
			if done = w.known(text, line, covered, first, sample, out); !done {
				w.found = w.scanner.Find(w.found[:0], text)
				lits = w.found
			}
		}
		if web && !done && logline.HasEntities(text) {
			cand, lits = true, nil // what it means is not what it shows
		}
		if !done && (cand || sample || len(text) > 0 && text[0] == '{' && logline.MayBePart(text) || w.complains(text)) {
			covered = w.record(data, ahead, pos, end, line, covered, lits, cand, sample, out)
		}
		pos = end
		line++
	}
	w.pace.lines(line - first)
	w.flush(out)
	out.finish()
}

// complains reads only as much of a line as its level needs. A message without a
// level may be in another language than the catalogue's literals.
func (w *worker) complains(text []byte) bool {
	l, ok := w.parser.QuickLevel(text)
	return l >= minComplaint || !ok && w.matcher.Foreign(w.parser.Levelless())
}

// record parses the line at [pos,end) with the lines that belong to it and
// appends what there is to say about it. It returns the last line covered.
func (w *worker) record(data, ahead []byte, pos, end int, line, covered int64, lits []uint16, cand, sample bool, out *result) int64 {
	if line <= w.parts {
		return covered
	}
	after := following{rest: data[end:], ahead: ahead}
	physical := trimEOL(data[pos:end])
	span, open := int64(1), false
	var rec logline.Record
	w.parser.Parse(physical, &rec)
	if rec.Partial {
		span, open = w.reread(physical, &after, &rec)
	}
	opener := rec.Continues != logline.ContinuesNot
	if line <= covered && !opener {
		return covered
	}
	parts := span
	text := rec.Text
	switch {
	case opener:
		var more bool
		text, span, more = w.gather(&after, span, line, &rec, out)
		open = open || more
	case parts > 1:
		text = out.keep(text)
	}
	if open {
		out.open = min(out.open, pos)
	}
	if opener || parts > 1 {
		lits, cand = w.literalsOf(text), true
		covered = line + span - 1
		w.parts = max(w.parts, line+parts-1)
	}
	w.emit(&rec, text, line, span, lits, cand, sample, out)
	if parts > 1 {
		out.cut(line)
	}
	if len(rec.Splice) > 0 { // a second record spliced into the line
		var second logline.Record
		splice := rec.Splice
		w.next.Parse(splice, &second)
		w.emit(&second, second.Text, line, 1, nil, true, false, out)
	}
	return covered
}

// literalsOf finds the literals in a message that was put together from several
// lines; nil when the message hides what it says.
func (w *worker) literalsOf(text []byte) []uint16 {
	w.found = w.scanner.Find(w.found[:0], text)
	if n := len(w.found); n > 0 && int(w.found[n-1]) >= w.literals {
		return nil
	}
	return w.found
}

// gather joins the lines that continue a record, which has covered span lines
// so far. open tells that more may follow what is known.
func (w *worker) gather(after *following, span, line int64, rec *logline.Record, out *result) (text []byte, covers int64, open bool) {
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
			w.parts = line + span - 1
		}
	}
	return out.arena[start:len(out.arena):len(out.arena)], span, open
}

func (w *worker) emit(rec *logline.Record, text []byte, line, span int64, lits []uint16, cand, sample bool, out *result) {
	var sh *shape
	var textHash uint64
	if cand || rec.Level >= minComplaint || rec.Level == logline.LevelNone && w.matcher.Foreign(text) {
		sh = w.shape(rec, text, lits, cand)
		if len(sh.patterns) == 0 && rec.Level >= minComplaint {
			textHash, w.masked = templateKey(w.masked, rec.Level, rec.Component, text)
		}
	}
	switch {
	case sh != nil && (len(sh.patterns) > 0 || rec.Level >= minComplaint):
		sample = false
	case sample:
		sh = nil
	default:
		return
	}
	if span == 1 {
		text = out.keep(text)
	}
	out.add(rec, line, span, sh, text, textHash)
}

// add appends a hit. The record's parts may live in the parser's scratch; a
// hit outlives that.
func (r *result) add(rec *logline.Record, line, span int64, sh *shape, text []byte, textHash uint64) {
	p := parts{level: rec.Level, format: rec.Format, transport: rec.Transport, text: text,
		service: r.keep(rec.Service), element: r.keep(rec.Element)}
	if sh != nil {
		p.component, p.function = r.keep(rec.Component), r.keep(rec.Function)
	}
	r.hits = append(r.hits, hit{line: line, span: span, hash: textHash, sample: sh == nil, pid: rec.PID, outer: rec.Outer, inner: rec.Inner,
		shape: sh, at: int32(len(r.parts))})
	r.parts = append(r.parts, p)
}

// shape finds the patterns that recognise a message, from the cache when one
// like it has been seen.
func (w *worker) shape(rec *logline.Record, text []byte, lits []uint16, cand bool) *shape {
	if !cand {
		if !w.matcher.Foreign(text) {
			return &unmatched
		}
		lits = nil
	}
	exact := lits == nil || w.digitsMatter(lits)
	w.key = appendKey(w.key[:0], rec, text, exact)
	if exact {
		w.key[1] |= 0x80 // no masked key is the same, whatever its digits were
	}
	h := hash(w.key)
	if s := w.shapes.get(h, w.key); s != nil {
		return s
	}
	s := &shape{}
	if len(w.key) <= maxKey {
		s.key = append(s.key, w.key...)
		w.shapes.put(h, s)
	}
	if n := len(lits); n > 0 && int(lits[n-1]) >= w.literals {
		lits = nil // the line hides its message: look in what it unfolds to
	}
	sub := patterns.Subject{Text: text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	w.matches = w.matcher.Recognise(w.matches[:0], &sub, lits)
	for _, m := range w.matches {
		s.patterns = append(s.patterns, m.Pattern)
	}
	s.patterns = audible(s.patterns)
	return s
}

// unmatched is the shape of all that holds no literal.
var unmatched shape

// audible leaves out the patterns that a benign one among them names in its
// `also`: it knows that their text, in this wording, is harmless.
func audible(matches []*patterns.Pattern) []*patterns.Pattern {
	silenced := func(p *patterns.Pattern) bool {
		return p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle &&
			slices.ContainsFunc(matches, func(m *patterns.Pattern) bool {
				return m.Role == patterns.RoleBenign && slices.Contains(m.Also, p.ID)
			})
	}
	var out []*patterns.Pattern
	for _, p := range matches {
		if !silenced(p) {
			out = append(out, p)
		}
	}
	return out
}

func lineLen(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

func trimEOL(b []byte) []byte {
	n := len(b)
	if n > 0 && b[n-1] == '\n' {
		n--
	}
	if n > 0 && b[n-1] == '\r' {
		n--
	}
	return b[:n]
}

// stripEscapes appends data without escape sequences, so that a colour inside a
// message does not hide a literal from the scanner. Newlines are never part of
// what is dropped: line numbers stay.
func stripEscapes(out, data []byte) []byte {
	out = slices.Grow(out, len(data))
	for {
		i := bytes.IndexByte(data, escape)
		if i < 0 {
			return append(out, data...)
		}
		out = append(out, data[:i]...)
		data = data[i+logline.EscapeLen(data[i:]):]
	}
}
