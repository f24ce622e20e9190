package patterns

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// Digits decides which of some patterns match a text, for all texts that are
// the same but for the values of their digits. Running several regexes again
// for every "error=999" of a storm would be most of the work; here only the
// digits that make a difference are looked at, one table row each.
//
// It is made by running the automata of all patterns side by side over the
// text (Thompson, "Regular expression search algorithm", 1968) and following
// all ten values at each digit: states that are equal have the same future and
// become one node, and a node whose ten ways lead to the same place goes, as in
// an ordered decision diagram (Bryant, "Graph-based algorithms for Boolean
// function manipulation", 1986). Word boundaries are no obstacle, since all
// digits are word characters.
type Digits struct {
	nodes []digitNode
	masks []uint64 // of the leaves
	root  int32
}

type digitNode struct {
	at   int32
	next [10]int32 // a node, or below zero a leaf: ^index into masks
}

const (
	maxDigitPatterns = 64
	maxDigitNodes    = 256
	maxDigitSteps    = 200_000 // of single threads, about a millisecond
)

// NewDigits prepares the decision for the patterns with the given indexes on a
// text. It returns nil when there are more than 64 of them or when it would
// become too large. It takes some 10 to 100 µs. Formats, Where and Element are
// not looked at, see Placed. A Digits is safe for concurrent use.
func (m *Matcher) NewDigits(text []byte, candidates []uint16) *Digits {
	if len(candidates) == 0 || len(candidates) > maxDigitPatterns || len(text) > 1<<14 {
		return nil
	}
	b := digitBuilder{text: text, known: map[string]int32{}, leaves: map[uint64]int32{}, steps: maxDigitSteps}
	for _, c := range candidates {
		re, err := syntax.Parse("(?m)"+m.patterns[c].Regex, syntax.Perl)
		if err != nil {
			return nil
		}
		prog, err := syntax.Compile(re.Simplify())
		if err != nil {
			return nil
		}
		b.base = append(b.base, uint32(len(b.insts)))
		for i := range prog.Inst {
			b.insts = append(b.insts, thread{&prog.Inst[i], len(b.base) - 1})
		}
		b.start = append(b.start, b.base[len(b.base)-1]+uint32(prog.Start))
	}
	b.all = ^uint64(0) >> (maxDigitPatterns - len(candidates))
	b.seen = make([]uint32, len(b.insts))
	root := b.from(0, nil, 0)
	if b.failed {
		return nil
	}
	return &Digits{nodes: b.nodes, masks: b.masks, root: root}
}

// Decide returns the patterns that match, as bits in the order of the
// candidates. text must be that of NewDigits but for the values of its digits.
func (d *Digits) Decide(text []byte) uint64 {
	at := d.root
	for at >= 0 {
		n := &d.nodes[at]
		at = n.next[(text[n.at]-'0')%10]
	}
	return d.masks[^at]
}

type thread struct {
	inst    *syntax.Inst
	pattern int
}

type digitBuilder struct {
	text   []byte
	insts  []thread
	base   []uint32 // of each pattern's instructions
	start  []uint32
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
		live, mask = b.closure(state, syntax.EmptyOpContext(prev, next), mask)
		if width == 0 || mask == b.all {
			return b.leaf(mask)
		}
		if next < '0' || next > '9' {
			state = b.step(live, next, mask)
			pos++
			if width > 1 {
				pos += width - 1
			}
			continue
		}
		var states [10][]uint32
		same := true
		for d := range states {
			states[d] = b.step(live, '0'+rune(d), mask)
			same = same && slices.Equal(states[d], states[0])
		}
		pos++
		if same {
			state = states[0]
			continue
		}
		return b.branch(pos-1, &states, mask)
	}
	return 0
}

// branch makes the node of the digit at pos, from the states after it.
func (b *digitBuilder) branch(pos int, states *[10][]uint32, mask uint64) int32 {
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
	if !slices.ContainsFunc(n.next[1:], func(x int32) bool { return x != n.next[0] }) {
		return n.next[0]
	}
	if len(b.nodes) >= maxDigitNodes {
		b.failed = true
	}
	b.nodes = append(b.nodes, n)
	return int32(len(b.nodes) - 1)
}

// closure follows the instructions that read nothing, from state and from the
// start of every pattern that has not matched yet. It returns those that read
// a rune, and mask with the patterns that match here.
func (b *digitBuilder) closure(state []uint32, flags syntax.EmptyOp, mask uint64) ([]uint32, uint64) {
	b.mark++
	b.stack = append(b.stack[:0], state...)
	b.stack = append(b.stack, b.start...)
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
