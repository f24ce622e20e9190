package patterns

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// hexDigits are the values of a character in a hex word; the first ten are
// those of a digit.
const (
	decimals  = "0123456789"
	hexDigits = decimals + "abcdefABCDEF"
)

// automaton is a regex as the instructions that run it, for Digits.
type automaton struct {
	insts []instruction
	start uint32
	first []byte   // the bytes that a match may begin with
	empty bool     // a match may be empty
	reads []uint32 // what may read the first rune, whatever the place
	asks  []uint32 // what asks for a place before anything is read
}

// instruction is one of an automaton, with what it reads in a form that takes a look.
type instruction struct {
	out   uint32
	arg   uint32
	op    syntax.InstOp
	ascii [2]uint64 // by character: it reads that one
	hex   uint32    // by index into hexDigits: likewise
	inst  *syntax.Inst
}

// reads reports whether it reads a rune.
func (i *instruction) reads(r rune) bool {
	if uint32(r) < utf8.RuneSelf {
		return i.ascii[r>>6]>>(r&63)&1 != 0
	}
	return i.inst.MatchRune(r)
}

// automata keeps the automata of patterns that Digits were made for.
type automata struct {
	once sync.Once
	a    *automaton
}

// automaton returns that of the i-th pattern, nil when its regex is wrong.
func (m *Matcher) automaton(i int) *automaton {
	if m.automata == nil {
		return newAutomaton(m.patterns[i].Regex)
	}
	e := &m.automata[i]
	e.once.Do(func() { e.a = newAutomaton(m.patterns[i].Regex) })
	return e.a
}

func newAutomaton(expr string) *automaton {
	re, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil
	}
	a := &automaton{insts: make([]instruction, len(prog.Inst)), start: uint32(prog.Start)}
	for pc := range prog.Inst {
		a.insts[pc].take(&prog.Inst[pc])
	}
	a.begin()
	return a
}

// take makes an instruction of a program's.
func (i *instruction) take(inst *syntax.Inst) {
	i.inst, i.op, i.out, i.arg = inst, inst.Op, inst.Out, inst.Arg
	switch inst.Op {
	case syntax.InstRune1: // most are of this kind
		if r := inst.Rune[0]; uint32(r) < utf8.RuneSelf {
			i.ascii[r>>6] |= 1 << (r & 63)
		}
	case syntax.InstRune, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		for c := range utf8.RuneSelf {
			if inst.MatchRune(rune(c)) {
				i.ascii[c>>6] |= 1 << (c & 63)
			}
		}
	default:
		return
	}
	for d, c := range []byte(hexDigits) {
		if i.reads(rune(c)) {
			i.hex |= 1 << d
		}
	}
}

// begin finds what a match may begin with: it follows the instructions that
// read nothing, whatever they ask of the place.
func (a *automaton) begin() {
	var first [256]bool
	asked := false // whether what is followed lies behind an asking one
	seen := make([]bool, len(a.insts))
	stack, later := []uint32{a.start}, []uint32(nil)
	for len(stack) > 0 || len(later) > 0 {
		if len(stack) == 0 {
			stack, later, asked = later, nil, true
		}
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		inst := &a.insts[pc]
		switch inst.op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, inst.out, inst.arg)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, inst.out)
		case syntax.InstEmptyWidth:
			if !asked {
				a.asks = append(a.asks, pc)
			}
			later = append(later, inst.out)
		case syntax.InstMatch:
			a.empty = true
			if !asked {
				a.asks = append(a.asks, pc)
			}
		case syntax.InstFail:
		default:
			if !asked {
				a.reads = append(a.reads, pc)
			}
			for c := range utf8.RuneSelf {
				first[c] = first[c] || inst.reads(rune(c))
			}
			for c := utf8.RuneSelf; c < len(first); c++ {
				first[c] = true // of some rune that it may read
			}
		}
	}
	for c, ok := range first {
		if ok {
			a.first = append(a.first, byte(c))
		}
	}
}
