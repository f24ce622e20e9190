package patterns

import (
	"regexp/syntax"
	"strings"
)

// need is a condition on a text that holds whenever a regex matches it: a
// string that must occur, conditions that must all hold, or conditions of which
// one must hold. Checking it costs some tens of nanoseconds where running the
// regex costs microseconds, and compiling it a hundred. The empty need always
// holds. Like the literals it follows RE2's prefilter (re2:re2/prefilter.cc);
// unlike them it is about the message itself, so no byte is out of bounds.
//
// It is written down in a form that needs no decoding, to be static data
// without pointers: an operator, the length of what follows, and that.
//
//	l 00 0b "device lost"        the string occurs
//	& 00 1c l... |...            all of these hold
//	| 00 12 l... l...            one of these holds
type need string

const (
	needLit = 'l'
	needAll = '&'
	needAny = '|'

	needHead = 3       // operator and length
	maxNeed  = 1 << 15 // longer ones are given up
)

func makeNeed(op byte, body string) need {
	if len(body) > maxNeed {
		return ""
	}
	return need([]byte{op, byte(len(body) >> 8), byte(len(body))}) + need(body)
}

// in reports whether the condition holds for a text.
func (n need) in(text string) bool {
	if n == "" {
		return true
	}
	op, body := n[0], n[needHead:]
	if op == needLit {
		return strings.Contains(text, string(body))
	}
	for body != "" {
		end := needHead + int(body[1])<<8 + int(body[2])
		if body[:end].in(text) != (op == needAll) {
			return op == needAny
		}
		body = body[end:]
	}
	return op == needAll
}

// may reports whether the condition may hold for a text that differs from this
// one in the values of its digits and of the characters of its hex words only.
func (n need) may(text []byte, words []Span) bool {
	if n == "" {
		return true
	}
	op, body := n[0], n[needHead:]
	if op == needLit {
		return mayContain(text, words, string(body))
	}
	for body != "" {
		end := needHead + int(body[1])<<8 + int(body[2])
		if body[:end].may(text, words) != (op == needAll) {
			return op == needAny
		}
		body = body[end:]
	}
	return op == needAll
}

// mayContain reports whether a string may stand in a text once its digits and hex
// words have other values.
func mayContain(text []byte, words []Span, lit string) bool {
	for from := 0; from+len(lit) <= len(text); from++ {
		i := 0
		for i < len(lit) && mayBe(text, words, from+i, lit[i]) {
			i++
		}
		if i == len(lit) {
			return true
		}
	}
	return false
}

// mayBe reports whether the byte of a text at i may be c.
func mayBe(text []byte, words []Span, i int, c byte) bool {
	switch {
	case text[i] == c:
		return true
	case c >= '0' && c <= '9' && text[i] >= '0' && text[i] <= '9':
		return true
	case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f':
		for _, w := range words {
			if w.From <= i && i < w.To {
				return true
			}
		}
	}
	return false
}

// needOf derives the condition from a regex; empty when nothing is known.
func needOf(expr string) need {
	re, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil {
		return ""
	}
	return needTree(re, 0)
}

const (
	maxNeedDepth = 30
	minNeedLit   = 2 // a single character is found everywhere
)

func needTree(re *syntax.Regexp, depth int) need {
	if depth > maxNeedDepth {
		return ""
	}
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return makeNeed(needLit, string(re.Rune))
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needTree(re.Sub[0], depth+1)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needTree(re.Sub[0], depth+1)
		}
	case syntax.OpConcat:
		var all need
		parts := 0
		for _, s := range re.Sub {
			n := needTree(s, depth+1)
			if n == "" || n[0] == needLit && len(n) < needHead+minNeedLit {
				continue
			}
			all += n
			parts++
		}
		if parts < 2 {
			return all
		}
		return makeNeed(needAll, string(all))
	case syntax.OpAlternate:
		var any need
		for _, s := range re.Sub {
			n := needTree(s, depth+1)
			if n == "" {
				return ""
			}
			any += n
		}
		return makeNeed(needAny, string(any))
	}
	return ""
}
