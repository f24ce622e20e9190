package analyze

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/patterns"
	"wolfdiag/patterns/scan"
)

// form is what is known about all lines that are the same but for the values
// of their digits and for the address of GStreamer's thread: where their parts stand, and which patterns recognise them.
// A server writes a few hundred forms a million times; a line of a known form
// is neither searched, nor parsed, nor matched again.
type form struct {
	key    []byte // the line with its digits masked
	state  formState
	layout logline.Layout
	// blind are the patterns that match whatever the digits are; those in
	// looks depend on them, and digits decides which match.
	blind  []uint16
	looks  []uint16
	digits *patterns.Digits
	hash   uint64 // see textHash
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

// textHash is the template key of a hit of this form.
func (f *form) textHash(h *hit) uint64 {
	if f.named && (!bytes.Equal(h.component(), f.layout.Component(f.sample)) || !bytes.Equal(h.function(), f.layout.Function(f.sample))) {
		k, _ := templateKey(nil, h.level(), h.component(), h.text())
		return k
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
	door  []uint32 // hashes seen once: only what comes again is worth keeping
	key   []byte   // scratch
}

const (
	formSets   = 1024
	formWays   = 4
	doorSlots  = 8192
	maxFormKey = 1024
)

// find looks a line up. When there is no form for it, again tells that the
// line's form has been seen before.
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
	at := h % formSets * formWays
	tag := uint32(h >> 32)
	for i := at; i < at+formWays; i++ {
		if c.tags[i] == tag && c.slots[i] != nil && bytes.Equal(c.slots[i].key, c.key[:n]) {
			if i > at { // one place up: what is used often stays
				c.slots[i], c.slots[i-1] = c.slots[i-1], c.slots[i]
				c.tags[i], c.tags[i-1] = c.tags[i-1], c.tags[i]
				i--
			}
			return c.slots[i], h, true
		}
	}
	d := &c.door[h>>11%doorSlots]
	again = *d == tag
	*d = tag
	return nil, h, again
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

const (
	ones      = 0x0101010101010101
	highs     = 0x8080808080808080
	hashSeed0 = 0xa0761d6478bd642f
	hashSeed1 = 0xe7037ed1a0b428db
)

// maskWord replaces the ASCII digits among eight bytes by '0'.
func maskWord(v uint64) uint64 {
	low := v &^ highs
	// A byte in '0'..'9' sets its high bit in the first sum and not in the second.
	digit := (low + (0x80-'0')*ones) &^ (low + (0x80-'9'-1)*ones) &^ v & highs
	// 0x80 >> 7 * 15 is the low nibble, which is what tells digits apart.
	return v &^ ((digit >> 7) * 15)
}

// maskHash writes line with its digits masked to dst, which has room for eight
// more bytes, and returns a hash of it. It masks and mixes in one pass.
func maskHash(dst, line []byte) uint64 {
	n := len(line)
	if n < 8 {
		var v uint64
		for i, c := range line {
			v |= uint64(c) << (8 * i)
		}
		v = maskWord(v)
		binary.LittleEndian.PutUint64(dst, v)
		hi, lo := bits.Mul64(v^hashSeed1, uint64(n)^hashSeed0)
		return hi ^ lo
	}
	a, b := uint64(n)^hashSeed0, uint64(hashSeed1)
	i := 0
	for ; i+16 <= n; i += 16 {
		src, to := line[i:i+16], dst[i:i+16]
		v := maskWord(binary.LittleEndian.Uint64(src))
		w := maskWord(binary.LittleEndian.Uint64(src[8:]))
		binary.LittleEndian.PutUint64(to, v)
		binary.LittleEndian.PutUint64(to[8:], w)
		hi, lo := bits.Mul64(v^a, hashSeed1)
		a = hi ^ lo
		hi, lo = bits.Mul64(w^b, hashSeed0)
		b = hi ^ lo
	}
	if i+8 <= n {
		v := maskWord(binary.LittleEndian.Uint64(line[i:]))
		binary.LittleEndian.PutUint64(dst[i:], v)
		hi, lo := bits.Mul64(v^a, hashSeed1)
		a = hi ^ lo
	}
	v := maskWord(binary.LittleEndian.Uint64(line[n-8:]))
	binary.LittleEndian.PutUint64(dst[n-8:], v)
	hi, lo := bits.Mul64(v^b, a^hashSeed1)
	return hi ^ lo
}

// digital are the literals with digits in them. Another line of the same form
// may hold one where the first does not.
type digital struct {
	scanner *scan.Scanner // of the literals with their digits masked
	index   []uint16      // of each in the matcher
}

func (r *recogniser) newDigital() *digital {
	d := &digital{}
	var masked [][]byte
	for i, l := range r.matcher.Literals() {
		m := bytes.Clone(l)
		maskDigits(m)
		if !bytes.Equal(m, l) || bytes.IndexByte(l, '0') >= 0 {
			masked, d.index = append(masked, m), append(d.index, uint16(i))
		}
	}
	d.scanner = scan.New(masked)
	return d
}

// candidates are the patterns that a line with a masked key, or another line
// of its form, may match.
func (w *worker) candidates(key []byte, lits []uint16) []uint16 {
	all := slices.Clone(lits)
	d := w.digital()
	for _, i := range d.scanner.Find(nil, key) {
		all = append(all, d.index[i])
	}
	return w.matcher.Candidates(nil, all)
}

// pace decides how lines are gone through: by form, where most lines are of
// known ones, or by scanning the block for literals, where they are not. The
// outcome is the same.
type pace struct {
	seen   int64 // lines
	asked  int   // of the block at hand, when it is gone through by form
	missed int
	scan   int // blocks to be scanned before forms are tried again
	from   int64
}

const (
	formsFrom  = 2_000 // lines after which forms are worth their memory
	scanBlocks = 15
)

func (p *pace) byForm(unfiltered bool) bool {
	if unfiltered || p.seen < p.from {
		return false
	}
	if p.scan > 0 {
		p.scan--
		p.asked, p.missed = 0, 0
		return false
	}
	if p.missed*5 > p.asked*3 && p.asked > 100 {
		p.scan = scanBlocks
	}
	p.asked, p.missed = 0, 0
	return p.scan == 0
}

func (p *pace) lines(n int64) { p.seen += n }

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
	case v.quiet && line >= first+maxRecLines && !w.windowed:
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
	}
	var ok bool
	if hit.outer, hit.inner, hit.pid, ok = f.layout.Clocks(text); !ok {
		return false
	}
	out.hits = append(out.hits, hit)
	return true
}

// learn makes the form of a line. It is kept even when its lines have to go
// the long way, to know that at once.
func (w *worker) learn(line []byte, h uint64) *form {
	f := &form{key: bytes.Clone(w.forms.key[:len(line)])}
	w.forms.put(h, f)
	var rec logline.Record
	w.next.Parse(line, &rec)
	var ok bool
	if f.layout, ok = w.next.Learn(line, &rec); !ok {
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
	cands := w.candidates(f.key, w.found)
	if len(cands) > 0 {
		sub := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
		if len(w.found) > 0 {
			w.matches = w.matcher.Recognise(w.matches[:0], &sub, w.found)
			for _, m := range w.matches {
				if w.blind[m.Pattern.Index] {
					f.blind = append(f.blind, uint16(m.Pattern.Index))
				}
			}
		}
		for _, c := range cands {
			switch {
			case w.blind[c]:
			case !w.matcher.PlaceBlind(int(c)):
				return f
			case w.matcher.Placed(int(c), &sub):
				f.looks = append(f.looks, c)
			}
		}
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

const digitsFrom = 4 // lines of a form after which its digits are worth a Digits

// prepare gets a form ready for lines whose digits matter.
func (w *worker) prepare(f *form, text []byte) bool {
	if f.state == formLong {
		return false
	}
	if f.uses++; f.uses < digitsFrom {
		return false
	}
	f.digits = w.matcher.NewDigits(f.layout.Text(text), f.looks)
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
	f.shapes = append(f.shapes, v)
	return v
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
