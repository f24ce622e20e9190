package analyze

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
	"wolfdiag/patterns/scan"
)

// form is what is known about all lines that are the same but for the values
// of their digits, for their hex words and for the address of GStreamer's
// thread: where their parts stand, and which patterns recognise them.
// A server writes a few hundred forms a million times; a line of a known form
// is neither searched, nor parsed, nor matched again.
type form struct {
	key    []byte          // the line with its digits and hex words masked
	words  []patterns.Span // hex words of the message
	hexed  bool            // there are hex words
	state  formState
	layout logline.Layout
	// blind are the patterns that match whatever the digits are; those in
	// looks depend on them, and digits decides which match.
	blind  []uint16
	looks  []uint16
	digits *patterns.Digits
	hash   uint64 // see textHash
	varies bool   // hex words decide what the miner takes for variable: each line has its own hash
	named  bool   // component or function hold digits: hash holds for those of sample only
	sample []byte
	shapes []*variant
	uses   int
}

type formState uint8

const (
	formLong  formState = iota // its lines go the long way
	formSeen                   // digits matter, and it is too early to prepare for them
	formKnown                  // all is known
)

// variant is one outcome of a form, with the account of this block's lines
// that need no more than being counted.
type variant struct {
	mask  uint64
	shape *shape
	quiet bool

	count       int64
	firstLine   int64
	lastLine    int64
	first, last []byte
}

// maxVariants bounds the outcomes of a form; more of them go the long way.
const maxVariants = 64

// textHash is the template key of a line of the form.
func (w *worker) textHash(f *form, line []byte) (h uint64) {
	l := &f.layout
	if f.varies || f.named && (!bytes.Equal(l.Component(line), l.Component(f.sample)) || !bytes.Equal(l.Function(line), l.Function(f.sample))) {
		h, w.masked = templateKey(w.masked, l.Level(), l.Component(line), l.Text(line))
		return h
	}
	return f.hash
}

// templateKey is the same for messages that the miner cannot tell apart. It is
// made in the workers, so that the merger asks the miner about each once.
func templateKey(buf []byte, level logline.Level, component, text []byte) (uint64, []byte) {
	buf = append(buf[:0], byte(level))
	buf = append(append(buf, component...), 0)
	buf = mine.Mask(buf, text)
	return hash(buf), buf
}

// forms is a set-associative cache of forms. It is bounded by construction: a
// new form takes the last place of its set, and each use moves a form up by one.
type forms struct {
	slots []*form
	tags  []uint32
	door  []uint32        // hashes seen once: only what comes again is worth keeping
	key   []byte          // of the line at hand
	words []patterns.Span // its hex words; none when their characters stand in key
}

const (
	formSets   = 1024
	formWays   = 4
	doorSlots  = 8192
	maxFormKey = 1024
	hexSeed    = 0x8ebc6af09c88c6e3 // apart from the hashes of lines without hex words
)

// find looks a line up, first by its digits alone, since most lines have no hex
// words. When there is no form for it, again tells that the line's form has
// been seen before.
func (c *forms) find(line []byte) (f *form, h uint64, again bool) {
	if c.slots == nil {
		c.slots = make([]*form, formSets*formWays)
		c.tags = make([]uint32, formSets*formWays)
		c.door = make([]uint32, doorSlots)
		c.key = make([]byte, maxFormKey+8)
	}
	n := len(line)
	if from, to := logline.ThreadAt(line); to > 0 {
		copy(c.key, line)
		line = c.key[:n]
		for i := range line[from:to] {
			line[from+i] = '0'
		}
	}
	h = maskHash(c.key, line)
	if f = c.get(h, n, false); f != nil {
		return f, h, true
	}
	key := c.key[:n]
	if c.words = hexWords(c.words[:0], key); len(c.words) > 0 {
		if bytes.IndexByte(key, blank) >= 0 {
			c.words = c.words[:0]
		} else {
			blankWords(key, c.words)
			h = maskHash(c.key, key) ^ hexSeed
			if f = c.get(h, n, true); f != nil {
				return f, h, true
			}
		}
	}
	d := &c.door[h>>11%doorSlots]
	tag := uint32(h >> 32)
	again = *d == tag
	*d = tag
	return nil, h, again
}

// get returns the form with the key at hand, of n bytes; nil when it is not kept.
func (c *forms) get(h uint64, n int, hexed bool) *form {
	at := h % formSets * formWays
	tag := uint32(h >> 32)
	for i := at; i < at+formWays; i++ {
		f := c.slots[i]
		if c.tags[i] != tag || f == nil || f.hexed != hexed || !bytes.Equal(f.key, c.key[:n]) {
			continue
		}
		if i > at { // one place up: what is used often stays
			c.slots[i], c.slots[i-1] = c.slots[i-1], c.slots[i]
			c.tags[i], c.tags[i-1] = c.tags[i-1], c.tags[i]
		}
		return f
	}
	return nil
}

// put keeps a new form under the hash that find gave.
func (c *forms) put(h uint64, f *form) {
	at := h % formSets * formWays
	last := at + formWays - 1
	for last > at && c.slots[last-1] == nil {
		last--
	}
	c.slots[last], c.tags[last] = f, uint32(h>>32)
}

// elsewhere are the literals that another line of a form may hold where the
// first does not, because they have digits or characters of hex words.
type elsewhere struct {
	scanner *scan.Scanner // of the literals as masked lines hold them
	index   []uint16      // of each in the matcher
	all     bool          // false when some literal has too many ways to stand in a line
}

func (r *recogniser) newElsewhere(hexed bool) *elsewhere {
	e := &elsewhere{all: true}
	var masked [][]byte
	for i, l := range r.matcher.Literals() {
		m := bytes.Clone(l)
		maskDigits(m)
		if !bytes.Equal(m, l) || bytes.IndexByte(l, '0') >= 0 {
			masked, e.index = append(masked, m), append(e.index, uint16(i))
		}
		if !hexed {
			continue
		}
		variants, ok := hexVariants(l)
		e.all = e.all && ok
		for _, v := range variants {
			masked, e.index = append(masked, v), append(e.index, uint16(i))
		}
	}
	e.scanner = scan.New(masked)
	return e
}

// candidates are the patterns that a line with a form's key, or another line
// of the form, may match. It reports false when they cannot be told.
func (w *worker) candidates(f *form, lits []uint16) ([]uint16, bool) {
	all := slices.Clone(lits)
	e := w.digital()
	if f.hexed {
		if e = w.hexed(); !e.all {
			return nil, false
		}
	}
	for _, i := range e.scanner.Find(nil, f.key) {
		all = append(all, e.index[i])
	}
	return w.matcher.Candidates(nil, all), true
}

// known deals with a line of a known form. It reports false when the line has
// to go the long way.
func (w *worker) known(text []byte, line, covered, first int64, sample bool, out *result) bool {
	if len(text) > maxFormKey || w.pace.seen < w.pace.from || w.unfiltered {
		return false
	}
	f, h, again := w.forms.find(text)
	w.pace.asked++
	if f == nil {
		w.pace.missed++
		if !again {
			return false
		}
		f = w.learn(text, h)
	}
	if f.state != formKnown && !w.prepare(f, text) {
		return false
	}
	if line <= covered {
		return true
	}
	mask := uint64(0)
	if f.digits != nil {
		mask = f.digits.Decide(f.layout.Text(text))
	}
	v := w.variant(f, mask)
	if v == nil {
		return false
	}
	switch {
	case len(v.shape.patterns) == 0 && f.layout.Level() < minComplaint:
		if !sample {
			return true
		}
	case v.quiet && line >= first+maxRecLines && !w.windowed && !f.young(text):
		if v.count == 0 {
			v.firstLine, v.first = line, text
			w.counted, w.owners = append(w.counted, v), append(w.owners, f)
		}
		v.count++
		v.lastLine, v.last = line, text
		return true
	default:
		sample = false
	}
	hit := hit{line: line, span: 1, form: f, raw: text, sample: sample}
	if !sample {
		hit.shape = v.shape
		if len(v.shape.patterns) == 0 {
			hit.hash = w.textHash(f, text)
		}
	}
	var ok bool
	if hit.outer, hit.inner, hit.pid, ok = f.layout.Clocks(text); !ok {
		return false
	}
	out.hits = append(out.hits, hit)
	return true
}

// young reports whether a line is of a GStreamer that has just started: such a
// line may be all that shows a start of Wolf.
func (f *form) young(text []byte) bool {
	if f.layout.Format() != logline.FormatGStreamer {
		return false
	}
	_, inner, _, ok := f.layout.Clocks(text)
	return ok && youngClock(inner)
}

func youngClock(s logline.Stamp) bool {
	return s.Kind == logline.ClockGStreamer && s.Nanos < int64(timeline.YoungClock)
}

// learn makes the form of a line. It is kept even when its lines have to go
// the long way, to know that at once.
func (w *worker) learn(line []byte, h uint64) *form {
	f := &form{key: bytes.Clone(w.forms.key[:len(line)]), hexed: len(w.forms.words) > 0}
	w.forms.put(h, f)
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if f.layout, ok = w.next.Learn(line, &rec); !ok || !f.wordsIn(w.forms.words, line) {
		return f
	}
	if from, to := logline.ThreadAt(line); to > 0 {
		if a, b := f.layout.Thread(); from < a || to > b {
			return f // other lines of this form differ in more than digits
		}
	}
	w.found = w.scanner.Find(w.found[:0], line)
	if n := len(w.found); n > 0 && int(w.found[n-1]) >= w.literals {
		return f // the line hides its message
	}
	sub := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	if !w.matcher.Settled(rec.Text) || !w.ask(f, &sub) {
		return f
	}
	f.sample = bytes.Clone(line)
	f.hash, w.masked = templateKey(w.masked, rec.Level, rec.Component, rec.Text)
	f.named = hasDigit(rec.Component) || hasDigit(rec.Function)
	f.state = formKnown
	if len(f.looks) > 0 {
		f.state = formSeen
	}
	return f
}

// wordsIn notes where the hex words stand in the message. It reports false when
// one stands elsewhere in the line.
func (f *form) wordsIn(words []patterns.Span, line []byte) bool {
	from, to := f.layout.TextAt()
	for _, s := range words {
		if s.From < from || s.To > to {
			return false
		}
		f.words = append(f.words, patterns.Span{From: s.From - from, To: s.To - from})
		f.varies = f.varies || !mine.MasksHex(line[from:to], s.From-from)
	}
	return true
}

// ask finds the patterns that recognise lines of a form, whatever their digits
// are, and those for which the digits or hex words have to be looked at. It
// reports false when that is not enough to tell.
func (w *worker) ask(f *form, sub *patterns.Subject) bool {
	cands, ok := w.candidates(f, w.found)
	if !ok {
		return false
	}
	if len(w.found) > 0 && !f.hexed {
		w.matches = w.matcher.Recognise(w.matches[:0], sub, w.found)
		for _, m := range w.matches {
			if w.blind[m.Pattern.Index] {
				f.blind = append(f.blind, uint16(m.Pattern.Index))
			}
		}
	}
	placed := hasDigit(sub.Component) || hasDigit(sub.Function) || hasDigit(sub.Element)
	for _, c := range cands {
		switch {
		case w.blind[c] && !f.hexed:
		case placed && !w.matcher.PlaceBlind(int(c)):
			return false
		case w.matcher.Placed(int(c), sub):
			f.looks = append(f.looks, c)
		}
	}
	return true
}

const digitsFrom = 4 // lines of a form after which its digits are worth a Digits

// prepare gets a form ready for lines whose digits matter.
func (w *worker) prepare(f *form, text []byte) bool {
	if f.state == formLong {
		return false
	}
	if f.uses++; f.uses < digitsFrom || !w.pace.afford() {
		return false
	}
	f.digits = w.matcher.NewDigits(f.layout.Text(text), f.looks, f.words)
	f.state = formKnown
	if f.digits == nil {
		f.state = formLong
	}
	return f.digits != nil
}

// variant returns the outcome of a form for the patterns in looks that match.
func (w *worker) variant(f *form, mask uint64) *variant {
	for _, v := range f.shapes {
		if v.mask == mask {
			return v
		}
	}
	if len(f.shapes) >= maxVariants {
		return nil
	}
	matched := slices.Clone(f.blind)
	for i, p := range f.looks {
		if mask>>i&1 != 0 {
			matched = append(matched, p)
		}
	}
	slices.Sort(matched)
	v := &variant{mask: mask, shape: &shape{}, quiet: len(matched) > 0}
	for _, i := range matched {
		v.shape.patterns = append(v.shape.patterns, w.patterns[i])
	}
	v.shape.patterns = audible(v.shape.patterns)
	for _, p := range v.shape.patterns {
		if p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle || p.Event != "" || p.Codes != "" || p.Pardons() {
			v.quiet = false
		}
	}
	if f.layout.Format() == logline.FormatGStreamer && len(f.layout.Element(f.sample)) > 0 {
		v.quiet = false // elements tell of sessions
	}
	w.place(f, v.shape)
	f.shapes = append(f.shapes, v)
	return v
}

// place notes where the captures of lifecycle events stand, which are asked
// for line by line.
func (w *worker) place(f *form, s *shape) {
	if f.hexed {
		return
	}
	for i, p := range s.patterns {
		if p.Event == "" || !w.blind[p.Index] {
			continue
		}
		if s.places == nil {
			s.places = make([][]patterns.Place, len(s.patterns))
		}
		s.places[i] = w.matcher.Places(p, &patterns.Subject{Text: f.layout.Text(f.sample)})
	}
}

// flush appends the accounts of this block as pairs of hits: the first record,
// with their number, and the last.
func (w *worker) flush(out *result) {
	for i, v := range w.counted {
		f := w.owners[i]
		w.whole(f, v, v.firstLine, v.first, out)
		out.hits[len(out.hits)-1].count = v.count
		w.whole(f, v, v.lastLine, v.last, out)
		v.count, v.first, v.last = 0, nil, nil
		w.owners[i] = nil
	}
	w.counted, w.owners = w.counted[:0], w.owners[:0]
}

// whole appends the hit of a counted line.
func (w *worker) whole(f *form, v *variant, line int64, text []byte, out *result) {
	h := hit{line: line, span: 1, form: f, raw: text, shape: v.shape}
	var ok bool
	if h.outer, h.inner, h.pid, ok = f.layout.Clocks(text); ok {
		out.hits = append(out.hits, h)
		return
	}
	var rec logline.Record
	w.next.Parse(text, &rec)
	out.add(&rec, line, 1, v.shape, out.keep(rec.Text), 0)
}

func hasDigit(b []byte) bool {
	return slices.ContainsFunc(b, func(c byte) bool { return c-'0' < 10 })
}
