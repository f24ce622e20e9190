package patterns

import (
	"slices"
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
// become one node, nodes that lead to the same places are one, and a node whose
// ten ways lead to the same place goes, as in an ordered decision diagram (Bryant,
// "Graph-based algorithms for Boolean function manipulation", 1986). Word
// boundaries are no obstacle, since all digits are word characters.
//
// A character of a hex word has 22 values instead of ten. In a long word (an id
// of a container) following them all would cost too much for what never
// matters: there the automata run twice, once with every thread that some value
// lets live and once with those that all values do. When both decide alike, so
// does every word between them.
type Digits struct{ diagram }

// NewDigits prepares the decision for the patterns with the given indexes on a
// text whose hex words are words, in order. It returns nil when there are more than
// 64 of them, when it would become too large, or when the characters of a long hex
// word matter. It takes some 10 to 200 µs, and at worst some milliseconds. Formats,
// Where and Element are not looked at, see Placed. A Digits is safe for concurrent
// use.
func (m *Matcher) NewDigits(text []byte, candidates []uint16, words []Span) *Digits {
	if len(candidates) == 0 || len(candidates) > maxDigitPatterns || len(text) > 1<<14 {
		return nil
	}
	b := digitBuilder{text: text, words: words}
	for _, c := range candidates {
		a := m.automaton(int(c))
		if a == nil || len(a.insts) > maxDigitInsts {
			return nil
		}
		b.add(a)
	}
	b.read()
	some, ok := b.build(false)
	if !ok {
		return nil
	}
	if slices.ContainsFunc(words, Span.long) {
		if every, ok := b.build(true); !ok || !every.equal(&some) {
			return nil
		}
	}
	return &Digits{some}
}

// hexIndex is where a character stands in hexDigits.
var hexIndex = func() (t [256]uint8) {
	for i := range len(hexDigits) {
		t[hexDigits[i]] = uint8(i)
	}
	return t
}()

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
