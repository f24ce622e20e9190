package patterns

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// exampleOf makes a string that a regex matches: the first alternative, as few
// repetitions as allowed. It returns false when that does not match after all,
// because of anchors or word boundaries. "" is the example of "".
func exampleOf(expr string) (string, bool) {
	if expr == "" {
		return "", true
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return "", false
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	exampleTree(&b, tree)
	s := b.String()
	return s, len(s) < 4096 && re.MatchString(s)
}

func exampleTree(b *strings.Builder, re *syntax.Regexp) {
	if b.Len() > 4096 {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			b.WriteRune(classMember(re.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpAlternate:
		exampleTree(b, re.Sub[0])
	case syntax.OpRepeat:
		for range re.Min {
			exampleTree(b, re.Sub[0])
		}
	case syntax.OpCapture, syntax.OpPlus:
		exampleTree(b, re.Sub[0])
	case syntax.OpConcat:
		for _, s := range re.Sub {
			exampleTree(b, s)
		}
	}
}

// classMember prefers a letter, then a digit, to whatever else a class holds.
func classMember(ranges []rune) rune {
	for _, want := range "xX0" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= want && want <= ranges[i+1] {
				return want
			}
		}
	}
	return ranges[0]
}
