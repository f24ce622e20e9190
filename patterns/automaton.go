package patterns

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// automaton is a regex as the instructions that run it, for Digits.
type automaton struct {
	prog  *syntax.Prog
	first []byte // the bytes that a match may begin with
	empty bool   // a match may be empty
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
	a := &automaton{prog: prog}
	a.begin()
	return a
}

// begin finds what a match may begin with: it follows the instructions that
// read nothing, whatever they ask of the place.
func (a *automaton) begin() {
	var first [256]bool
	seen := make([]bool, len(a.prog.Inst))
	stack := []uint32{uint32(a.prog.Start)}
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		inst := &a.prog.Inst[pc]
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			stack = append(stack, inst.Out)
		case syntax.InstMatch:
			a.empty = true
		case syntax.InstFail:
		default:
			for c := range utf8.RuneSelf {
				first[c] = first[c] || inst.MatchRune(rune(c))
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
