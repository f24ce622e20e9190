package patterns

import (
	"encoding/binary"
	"math/bits"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// Digits decides which of some patterns match a text, for all texts that are
// the same but for the values of their digits and of the characters of their
// hex words. Running several regexes again for every "error=999" of a storm
// would be most of the work; here only the digits that make a difference are
// looked at, one table row each.
//
// It is made by running the automata of all patterns side by side over the
// text (Thompson, "Regular expression search algorithm", 1968) and following
// all ten values at each digit: states that are equal have the same future and
// become one node, and a node whose ten ways lead to the same place goes, as in
// an ordered decision diagram (Bryant, "Graph-based algorithms for Boolean
// function manipulation", 1986). Word boundaries are no obstacle, since all
// digits are word characters.
//
// A character of a hex word has 22 values instead of ten. In a long word (an id
// of a container) following them all would cost too much for what never
// matters: there the automata run twice, once with every thread that some value
// lets live and once with those that all values do. When both decide alike, so
// does every word between them.
type Digits struct {
	nodes []digitNode
	masks []uint64 // of the leaves
	root  int32
}

type digitNode struct {
	at   int32
	next [len(hexDigits)]int32 // by the value's index: a node, or below zero a leaf: ^index into masks
}

// Span is a part of a text: text[From:To].
type Span struct{ From, To int }

// hexDigits are the values of a character in a hex word; the first ten are
// those of a digit.
const (
	decimals  = "0123456789"
	hexDigits = decimals + "abcdefABCDEF"
)

// hexIndex is where a character stands in hexDigits.
var hexIndex = func() (t [256]uint8) {
	for i := range len(hexDigits) {
		t[hexDigits[i]] = uint8(i)
	}
	return t
}()

const (
	maxDigitPatterns = 64
	maxDigitNodes    = 256
	maxDigitSteps    = 1_000_000 // of single threads, some milliseconds
	maxHexBranch     = 8         // characters of a hex word whose values are all followed
)

// NewDigits prepares the decision for the patterns with the given indexes on a
// text whose hex words are words, in order. It returns nil when there are more than 64 of them,
// when it would become too large, or when the characters of a long hex word
// matter. It takes some 10 to 100 µs, and
// at worst some milliseconds. Formats, Where and Element are not looked
// at, see Placed. A Digits is safe for concurrent use.
func (m *Matcher) NewDigits(text []byte, candidates []uint16, words []Span) *Digits {
	if len(candidates) == 0 || len(candidates) > maxDigitPatterns || len(text) > 1<<14 {
		return nil
	}
	b := digitBuilder{text: text}
	for i, c := range candidates {
		a := m.automaton(int(c))
		if a == nil {
			return nil
		}
		b.base = append(b.base, uint32(len(b.insts)))
		for pc := range a.prog.Inst {
			b.insts = append(b.insts, thread{&a.prog.Inst[pc], i})
		}
		b.start[i] = b.base[i] + uint32(a.prog.Start)
		for _, v := range a.first {
			b.starts[v] |= 1 << i
		}
		if a.empty {
			b.anywhere |= 1 << i
		}
	}
	b.all = ^uint64(0) >> (maxDigitPatterns - len(candidates))
	b.seen = make([]uint32, len(b.insts))
	some := b.build(words, false)
	if some == nil || !slices.ContainsFunc(words, Span.long) {
		return some
	}
	every := b.build(words, true)
	if every == nil || every.root != some.root || !slices.Equal(every.nodes, some.nodes) || !slices.Equal(every.masks, some.masks) {
		return nil
	}
	return some
}

// long reports whether the values of a hex word's characters are too many to be
// followed.
func (s Span) long() bool { return s.To-s.From > maxHexBranch }

// Decide returns the patterns that match, as bits in the order of the
// candidates. text must be that of NewDigits but for the values of its digits
// and of the characters of its hex words.
func (d *Digits) Decide(text []byte) uint64 {
	at := d.root
	for at >= 0 {
		n := &d.nodes[at]
		at = n.next[hexIndex[text[n.at]]]
	}
	return d.masks[^at]
}

// Size is about how many bytes it takes.
func (d *Digits) Size() int {
	return 64 + len(d.nodes)*int(unsafe.Sizeof(digitNode{})) + 8*len(d.masks)
}

type thread struct {
	inst    *syntax.Inst
	pattern int
}

type digitBuilder struct {
	text     []byte
	insts    []thread
	base     []uint32 // of each pattern's instructions
	start    [maxDigitPatterns]uint32
	starts   [256]uint64 // by byte: the patterns that may begin with it
	anywhere uint64      // those that may match nothing at all

	all    uint64
	nodes  []digitNode
	masks  []uint64
	known  map[string]int32 // place and state -> node or leaf
	leaves map[uint64]int32
	seen   []uint32 // by instruction: the closure that had it last
	mark   uint32
	stack  []uint32
	steps  int
	failed bool
	words  []Span
	every  bool // in long hex words: threads that every value lets live
}

// build runs the automata over the text.
func (b *digitBuilder) build(words []Span, every bool) *Digits {
	b.words, b.every = words, every
	b.nodes, b.masks, b.steps = nil, nil, maxDigitSteps
	b.known, b.leaves = map[string]int32{}, map[uint64]int32{}
	root := b.from(0, nil, 0)
	if b.failed {
		return nil
	}
	return &Digits{nodes: b.nodes, masks: b.masks, root: root}
}

// values are those that the character at pos may have: none but its own, those
// of a digit, or those of a hex word, which may be a long one.
func (b *digitBuilder) values(pos int) (v string, long bool) {
	if pos == len(b.text) {
		return "", false
	}
	for _, w := range b.words {
		if w.From <= pos && pos < w.To {
			return hexDigits, w.long()
		}
	}
	if c := b.text[pos]; '0' <= c && c <= '9' {
		return decimals, false
	}
	return "", false
}

// startable are the patterns whose match may begin at pos.
func (b *digitBuilder) startable(pos int, values string) uint64 {
	can := b.anywhere
	if values == "" && pos < len(b.text) {
		return can | b.starts[b.text[pos]]
	}
	for i := range len(values) {
		can |= b.starts[values[i]]
	}
	return can
}

// leaf returns the leaf of an outcome.
func (b *digitBuilder) leaf(mask uint64) int32 {
	l, ok := b.leaves[mask]
	if !ok {
		l = ^int32(len(b.masks))
		b.masks = append(b.masks, mask)
		b.leaves[mask] = l
	}
	return l
}

// from follows the automata from a place on: state are the instructions to go
// on with, sorted, mask the patterns that have matched before.
func (b *digitBuilder) from(pos int, state []uint32, mask uint64) int32 {
	for !b.failed {
		prev, next, width := rune(-1), rune(-1), 0
		if pos > 0 {
			prev, _ = utf8.DecodeLastRune(b.text[:pos])
		}
		if pos < len(b.text) {
			next, width = utf8.DecodeRune(b.text[pos:])
		}
		var live []uint32
		values, long := b.values(pos)
		live, mask = b.closure(state, b.startable(pos, values)&^mask, syntax.EmptyOpContext(prev, next), mask)
		if width == 0 || mask == b.all {
			return b.leaf(mask)
		}
		switch {
		case values == "":
			state = b.step(live, next, mask)
			pos += width
			continue
		case long:
			state = b.stepAny(live, mask)
			pos++
			continue
		}
		var states [len(hexDigits)][]uint32
		same := true
		for i := range len(values) {
			states[i] = b.step(live, rune(values[i]), mask)
			same = same && slices.Equal(states[i], states[0])
		}
		pos++
		if same {
			state = states[0]
			continue
		}
		return b.branch(pos-1, states[:len(values)], mask)
	}
	return 0
}

// branch makes the node of the digit at pos, from the states after it.
func (b *digitBuilder) branch(pos int, states [][]uint32, mask uint64) int32 {
	n := digitNode{at: int32(pos)}
	key := make([]byte, 0, 64)
	for d, s := range states {
		if d > 0 && slices.Equal(s, states[d-1]) {
			n.next[d] = n.next[d-1]
			continue
		}
		key = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(key[:0], uint32(pos)), mask)
		for _, pc := range s {
			key = binary.LittleEndian.AppendUint32(key, pc)
		}
		to, ok := b.known[string(key)]
		if !ok {
			k := string(key)
			to = b.from(pos+1, s, mask)
			b.known[k] = to
		}
		n.next[d] = to
	}
	if !slices.ContainsFunc(n.next[1:len(states)], func(x int32) bool { return x != n.next[0] }) {
		return n.next[0]
	}
	if len(b.nodes) >= maxDigitNodes {
		b.failed = true
	}
	b.nodes = append(b.nodes, n)
	return int32(len(b.nodes) - 1)
}

// closure follows the instructions that read nothing, from state and from the
// start of the patterns in begin. It returns those that read a rune, and mask
// with the patterns that match here.
func (b *digitBuilder) closure(state []uint32, begin uint64, flags syntax.EmptyOp, mask uint64) ([]uint32, uint64) {
	b.mark++
	b.stack = append(b.stack[:0], state...)
	for ; begin != 0; begin &= begin - 1 {
		b.stack = append(b.stack, b.start[bits.TrailingZeros64(begin)])
	}
	var live []uint32
	for len(b.stack) > 0 {
		pc := b.stack[len(b.stack)-1]
		b.stack = b.stack[:len(b.stack)-1]
		t := b.insts[pc]
		if b.seen[pc] == b.mark || mask>>t.pattern&1 != 0 {
			continue
		}
		b.seen[pc] = b.mark
		if b.steps--; b.steps < 0 {
			b.failed = true
			return nil, mask
		}
		base := b.base[t.pattern]
		switch t.inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			b.stack = append(b.stack, base+t.inst.Out, base+t.inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			b.stack = append(b.stack, base+t.inst.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(t.inst.Arg)&^flags == 0 {
				b.stack = append(b.stack, base+t.inst.Out)
			}
		case syntax.InstMatch:
			mask |= 1 << t.pattern
		case syntax.InstFail:
		default:
			live = append(live, pc)
		}
	}
	return live, mask
}

// step reads one rune.
func (b *digitBuilder) step(live []uint32, r rune, mask uint64) []uint32 {
	var out []uint32
	for _, pc := range live {
		t := b.insts[pc]
		if mask>>t.pattern&1 == 0 && t.inst.MatchRune(r) {
			out = append(out, b.base[t.pattern]+t.inst.Out)
		}
	}
	b.steps -= len(live)
	slices.Sort(out)
	return slices.Compact(out)
}

// stepAny reads one character of a long hex word: the threads that some value
// lets live, or that every value does.
func (b *digitBuilder) stepAny(live []uint32, mask uint64) []uint32 {
	var out []uint32
	for _, pc := range live {
		t := b.insts[pc]
		if mask>>t.pattern&1 != 0 {
			continue
		}
		lives := b.every
		for i := 0; i < len(hexDigits) && lives == b.every; i++ {
			lives = t.inst.MatchRune(rune(hexDigits[i]))
		}
		if lives {
			out = append(out, b.base[t.pattern]+t.inst.Out)
		}
	}
	b.steps -= len(live)
	slices.Sort(out)
	return slices.Compact(out)
}
