package patterns

import "regexp/syntax"

// digitInvariant proves, by the syntax tree, that a regex treats all ASCII digits
// alike: no literal holds a digit, and every class holds all ten or none. Then
// the automaton takes the same way through two texts that differ in digits
// only, so matches and captures fall on the same bytes. Word boundaries are
// fine, since all ten are word characters.
func digitInvariant(expr string) bool {
	re, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	return err == nil && invariantTree(re, 0)
}

func invariantTree(re *syntax.Regexp, depth int) bool {
	if depth > 1000 {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if '0' <= r && r <= '9' {
				return false
			}
		}
	case syntax.OpCharClass:
		inside := 0
		for i := 0; i+1 < len(re.Rune); i += 2 {
			lo, hi := max(re.Rune[i], '0'), min(re.Rune[i+1], '9')
			inside += max(int(hi-lo)+1, 0)
		}
		if inside != 0 && inside != 10 {
			return false
		}
	}
	for _, s := range re.Sub {
		if !invariantTree(s, depth+1) {
			return false
		}
	}
	return true
}
