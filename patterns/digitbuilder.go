package patterns

import (
	"math/bits"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// diagram is what the digits of a text decide. No two nodes are the same, and
// the ways of a node lead to different places: it has no more nodes than it needs.
type diagram struct {
	nodes []digitNode
	masks []uint64 // of the leaves
	root  int32
}

type digitNode struct {
	at   int32
	next [len(hexDigits)]int32 // by the value's index: a node, or below zero a leaf: ^index into masks
}

func (d *diagram) equal(o *diagram) bool {
	return d.root == o.root && slices.Equal(d.nodes, o.nodes) && slices.Equal(d.masks, o.masks)
}

// Span is a part of a text: text[From:To].
type Span struct{ From, To int }

// long reports whether the values of a hex word's characters are too many to be
// followed.
func (s Span) long() bool { return s.To-s.From > maxHexBranch }

const (
	maxDigitPatterns = 64
	maxDigitNodes    = 256
	maxDigitSteps    = 1_000_000 // of single threads, some milliseconds
	maxHexBranch     = 8         // characters of a hex word whose values are all followed
)

// digitBuilder makes the diagrams of some automata on a text. A thread is an
// instruction of one of them: the number of its pattern, and below it its own in
// threadBits.
type digitBuilder struct {
	text  []byte
	words []Span
	every bool // in long hex words: threads that every value lets live

	automata []*automaton
	base     []uint32    // of each pattern's instructions in seen
	starts   [256]uint64 // by byte: the patterns that may begin with it
	anywhere uint64      // those that may match nothing at all
	all      uint64
	spots    []spot // the text, and its end

	made   diagram
	unique map[digitNode]int32
	leaves map[uint64]int32
	known  []follow // what was followed from the places of digits
	latest []int32  // by place: 1 + the latest of known, 0 for none
	kept   []uint32 // the states of known and of ways that are still to be followed

	seen  []uint32 // by instruction: the closure that had it last
	mark  uint32
	stack []uint32
	live  []uint32
	state []uint32
	steps int
}

const (
	threadBits    = 20
	maxDigitInsts = 1 << threadBits
)

// follow is what came of a state, which is kept[from:to], and a mask at a place.
type follow struct {
	from, to int
	mask     uint64
	node     int32
	before   int32 // 1 + the one before at the place, 0 for none
}

// add adds a pattern.
func (b *digitBuilder) add(a *automaton) {
	i := len(b.automata)
	b.automata = append(b.automata, a)
	b.base = append(b.base, uint32(len(b.seen)))
	b.seen = append(b.seen, make([]uint32, len(a.insts))...)
	for _, v := range a.first {
		b.starts[v] |= 1 << i
	}
	if a.empty {
		b.anywhere |= 1 << i
	}
	b.all |= 1 << i
}

// build runs the automata over the text.
func (b *digitBuilder) build(every bool) (d diagram, ok bool) {
	b.every, b.steps = every, maxDigitSteps
	b.made, b.unique, b.leaves = diagram{}, map[digitNode]int32{}, map[uint64]int32{}
	b.known, b.kept = b.known[:0], b.kept[:0]
	b.latest = make([]int32, len(b.text)+1)
	b.made.root = b.from(0, nil, 0)
	return b.made, b.steps >= 0
}

// spot is what the automata see of a place in the text.
type spot struct {
	next   rune
	values uint32 // those that the character may have, by index into hexDigits; 0 when it has but its own
	begin  uint64 // the patterns whose match may begin there
	width  uint8  // of next in bytes; 0 at the end
	long   bool   // it is of a long hex word
	flags  syntax.EmptyOp
}

const (
	decimalValues = 1<<len(decimals) - 1
	hexValues     = 1<<len(hexDigits) - 1
)

// read sets spots.
func (b *digitBuilder) read() {
	decimal, hex := b.anywhere, b.anywhere // what may begin with such a character
	for i := range len(hexDigits) {
		if hex |= b.starts[hexDigits[i]]; i < len(decimals) {
			decimal = hex
		}
	}
	b.spots = make([]spot, len(b.text)+1)
	prev := rune(-1)
	for pos := 0; pos < len(b.text); pos += int(b.spots[pos].width) {
		c := b.text[pos]
		s := spot{next: rune(c), width: 1, begin: b.anywhere | b.starts[c]}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(b.text[pos:])
			s.next, s.width = r, uint8(n)
		} else if '0' <= c && c <= '9' {
			s.values, s.begin = decimalValues, decimal
		}
		s.flags = syntax.EmptyOpContext(prev, s.next)
		prev = s.next
		b.spots[pos] = s
	}
	b.spots[len(b.text)] = spot{next: -1, begin: b.anywhere, flags: syntax.EmptyOpContext(prev, -1)}
	for _, w := range b.words {
		for pos := w.From; pos < w.To; pos++ {
			s := &b.spots[pos]
			s.values, s.begin, s.long = hexValues, hex, w.long()
		}
	}
}

// may reports whether an instruction reads what stands at a place, with some
// value.
func (p *spot) may(i *instruction) bool {
	if p.values != 0 {
		return i.hex&p.values != 0
	}
	return i.reads(p.next)
}

// from follows the automata from a place on: state are the instructions to go
// on with, sorted, mask the patterns that have matched before.
func (b *digitBuilder) from(pos int, state []uint32, mask uint64) int32 {
	for b.steps >= 0 {
		p := &b.spots[pos]
		begin := p.begin &^ mask
		if len(state) == 0 && begin == 0 && p.width > 0 {
			pos += int(p.width)
			continue
		}
		forks := p.values != 0 && !p.long
		if forks {
			if node, ok := b.followed(pos, state, mask); ok {
				return node
			}
		}
		after := b.closure(p, state, begin, mask)
		if p.width == 0 || after == b.all {
			return b.leaf(after)
		}
		if forks {
			if ways, n := b.ways(p.values); n > 1 {
				return b.branch(pos, state, mask, after, ways[:n])
			}
		}
		b.state = b.step(b.state[:0], p.long)
		state, mask = b.state, after
		pos += int(p.width)
	}
	return 0
}

// followed returns the node of a state at the place of a digit, if that has been
// followed before.
func (b *digitBuilder) followed(pos int, state []uint32, mask uint64) (int32, bool) {
	for i := b.latest[pos]; i > 0; {
		f := &b.known[i-1]
		if f.mask == mask && slices.Equal(b.kept[f.from:f.to], state) {
			return f.node, true
		}
		i = f.before
		b.steps--
	}
	return 0, false
}

// ways divides the values of a digit into sets that all live threads take for
// the same.
func (b *digitBuilder) ways(values uint32) (sets [len(hexDigits)]uint32, n int) {
	sets[0], n = values, 1
	for _, t := range b.live {
		hex := b.instruction(t).hex
		for i := range n {
			if in := sets[i] & hex; in != 0 && in != sets[i] {
				sets[n] = sets[i] &^ in
				sets[i] = in
				n++
			}
		}
	}
	return sets, n
}

// way is a set of values and the state behind them, a part of kept.
type way struct {
	values   uint32
	from, to int
}

// branch returns the node of the digit at pos, which was reached with state and
// the mask before; live and mask are what has come of them there, and sets are
// the ways of its values.
func (b *digitBuilder) branch(pos int, state []uint32, before, mask uint64, sets []uint32) int32 {
	f := follow{from: len(b.kept), mask: before}
	b.kept = append(b.kept, state...)
	f.to = len(b.kept)
	// The first value decides which way is followed first, so that what is made
	// depends on what is decided alone.
	slices.SortFunc(sets, func(x, y uint32) int { return bits.TrailingZeros32(x) - bits.TrailingZeros32(y) })
	var ways [len(hexDigits)]way
	for i, set := range sets {
		w := way{values: set, from: len(b.kept)}
		b.kept = b.stepBy(b.kept, set)
		w.to = len(b.kept)
		ways[i] = w
	}
	n := digitNode{at: int32(pos)}
	same := true
	for _, w := range ways[:len(sets)] {
		to := b.from(pos+1, b.kept[w.from:w.to], mask)
		for v := w.values; v != 0; v &= v - 1 {
			n.next[bits.TrailingZeros32(v)] = to
		}
		same = same && to == n.next[0]
	}
	f.node = n.next[0]
	if !same {
		f.node = b.node(&n)
	}
	f.before = b.latest[pos]
	b.known = append(b.known, f)
	b.latest[pos] = int32(len(b.known))
	return f.node
}

// node returns the node that is like n.
func (b *digitBuilder) node(n *digitNode) int32 {
	at, ok := b.unique[*n]
	if !ok {
		at = int32(len(b.made.nodes))
		if at >= maxDigitNodes {
			b.steps = -1
		}
		b.made.nodes = append(b.made.nodes, *n)
		b.unique[*n] = at
	}
	return at
}

// leaf returns the leaf of an outcome.
func (b *digitBuilder) leaf(mask uint64) int32 {
	l, ok := b.leaves[mask]
	if !ok {
		l = ^int32(len(b.made.masks))
		b.made.masks = append(b.made.masks, mask)
		b.leaves[mask] = l
	}
	return l
}

// closure follows the instructions that read nothing, from state and from the
// start of the patterns in begin. It sets live to those that may read what
// stands at the place, and returns mask with the patterns that match here.
func (b *digitBuilder) closure(p *spot, state []uint32, begin, mask uint64) uint64 {
	before := mask
	b.mark++
	b.live = b.live[:0]
	b.stack = append(b.stack[:0], state...)
	for ; begin != 0; begin &= begin - 1 {
		i := uint32(bits.TrailingZeros64(begin))
		a, seen, thread := b.automata[i], b.seen[b.base[i]:], i<<threadBits
		for _, pc := range a.reads {
			if p.may(&a.insts[pc]) {
				seen[pc] = b.mark
				b.live = append(b.live, thread|pc)
			}
		}
		b.steps -= len(a.reads)
		for _, pc := range a.asks {
			b.stack = append(b.stack, thread|pc)
		}
	}
	for len(b.stack) > 0 {
		t := b.stack[len(b.stack)-1]
		b.stack = b.stack[:len(b.stack)-1]
		i, pc := t>>threadBits, t%maxDigitInsts
		seen := &b.seen[b.base[i]+pc]
		if *seen == b.mark || mask>>i&1 != 0 {
			continue
		}
		*seen = b.mark
		b.steps--
		inst := &b.automata[i].insts[pc]
		switch inst.op {
		case syntax.InstAlt, syntax.InstAltMatch:
			b.stack = append(b.stack, t-pc+inst.out, t-pc+inst.arg)
		case syntax.InstCapture, syntax.InstNop:
			b.stack = append(b.stack, t-pc+inst.out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.arg)&^p.flags == 0 {
				b.stack = append(b.stack, t-pc+inst.out)
			}
		case syntax.InstMatch:
			mask |= 1 << i
		case syntax.InstFail:
		default:
			if p.may(inst) {
				b.live = append(b.live, t)
			}
		}
	}
	if mask != before {
		b.live = slices.DeleteFunc(b.live, func(t uint32) bool { return mask>>(t>>threadBits)&1 != 0 })
	}
	return mask
}

// instruction returns that of a thread.
func (b *digitBuilder) instruction(t uint32) *instruction {
	return &b.automata[t>>threadBits].insts[t%maxDigitInsts]
}

// step appends what comes behind the live threads, sorted. In a long hex word
// that is what some value lets live, or what every value does.
func (b *digitBuilder) step(out []uint32, long bool) []uint32 {
	if long && b.every {
		return b.stepBy(out, hexValues)
	}
	return b.stepBy(out, 0)
}

// stepBy appends what comes behind those of the live threads that read all of
// some values, sorted.
func (b *digitBuilder) stepBy(out []uint32, values uint32) []uint32 {
	n := len(out)
	for _, t := range b.live {
		if inst := b.instruction(t); values&^inst.hex == 0 {
			out = append(out, t&^(maxDigitInsts-1)|inst.out)
		}
	}
	b.steps -= len(b.live)
	slices.Sort(out[n:])
	return out[:n+len(slices.Compact(out[n:]))]
}
