package patterns

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Required literals of a regex: a set of strings of which every match contains
// at least one. The walk keeps, for each part of the syntax tree, the exact
// strings it may be (while they are few) and the best set found so far; at a
// concatenation runs of exact parts are multiplied out and compared. The idea
// is that of RE2's prefilter (re2:re2/prefilter.cc) and of Cox's code search
// (https://swtch.com/~rsc/regexp/regexp4.html), with whole strings in place of trigrams.

const (
	maxExact   = 24   // exact strings kept for a part
	maxAnyOf   = 96   // members of a set that is worth scanning for
	maxLitLen  = 64   // longer literals gain nothing
	maxLitSize = 4096 // bytes of all exact strings together
)

// litInfo is what is known of one part of a regex.
type litInfo struct {
	exact []string // every string the part can match, nil when not known
	best  litSet   // a required set found inside; empty when none
}

// extractLiterals returns the best required set of a regex, sorted, or nil
// when there is none or the regex does not parse.
func extractLiterals(expr string) []string {
	re, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil {
		return nil
	}
	info := literalsOf(re, 0)
	best := info.best
	if s := newLitSet(info.exact); s.better(best) {
		best = s
	}
	lits := slices.Clone(best.lits)
	slices.Sort(lits)
	return slices.Compact(lits)
}

func literalsOf(re *syntax.Regexp, depth int) litInfo {
	if depth > 200 {
		return litInfo{}
	}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText,
		syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return litInfo{exact: []string{""}}
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return concatLiterals(foldedParts(re.Rune))
		}
		return litInfo{exact: []string{string(re.Rune)}}
	case syntax.OpCharClass:
		return litInfo{exact: classStrings(re.Rune)}
	case syntax.OpCapture:
		return literalsOf(re.Sub[0], depth+1)
	case syntax.OpQuest:
		sub := literalsOf(re.Sub[0], depth+1)
		if sub.exact == nil || len(sub.exact) >= maxExact {
			return litInfo{}
		}
		return litInfo{exact: unique(append(slices.Clone(sub.exact), ""))}
	case syntax.OpPlus:
		return required(literalsOf(re.Sub[0], depth+1))
	case syntax.OpRepeat:
		if re.Min == 0 {
			return litInfo{}
		}
		sub := literalsOf(re.Sub[0], depth+1)
		if re.Min == re.Max && re.Min <= 4 && sub.exact != nil {
			return concatLiterals(slices.Repeat([]litInfo{sub}, re.Min))
		}
		return required(sub)
	case syntax.OpConcat:
		parts := make([]litInfo, len(re.Sub))
		for i, s := range re.Sub {
			parts[i] = literalsOf(s, depth+1)
		}
		markFieldNames(re.Sub, parts)
		return concatLiterals(parts)
	case syntax.OpAlternate:
		return alternateLiterals(re.Sub, depth)
	}
	return litInfo{} // any character, star, no match
}

// required gives up the exact strings of a part that may stand several times
// and keeps what must stand in it.
func required(sub litInfo) litInfo {
	if s := newLitSet(sub.exact); s.better(sub.best) {
		sub.best = s
	}
	sub.exact = nil
	return sub
}

func alternateLiterals(subs []*syntax.Regexp, depth int) litInfo {
	var exact, lits []string
	allExact, allBest := true, true
	for _, s := range subs {
		info := literalsOf(s, depth+1)
		if info.exact == nil {
			allExact = false
		} else {
			exact = append(exact, info.exact...)
		}
		best := info.best
		if es := newLitSet(info.exact); es.better(best) {
			best = es
		}
		if len(best.lits) == 0 {
			allBest = false
		}
		lits = append(lits, best.lits...)
	}
	out := litInfo{}
	if allExact && len(unique(exact)) <= maxExact {
		out.exact = unique(exact)
	}
	if allBest {
		out.best = scored(unique(lits))
	}
	return out
}

// concatLiterals joins parts: runs of exact ones are multiplied out, and every
// run, plain or multiplied, competes for the best set.
func concatLiterals(parts []litInfo) litInfo {
	best := litSet{}
	offer := func(s litSet) {
		if s.better(best) {
			best = s
		}
	}
	run := []string{""} // exact strings of the present run
	plain := ""         // its longest end that is one single string
	whole := true
	flush := func() {
		offer(newLitSet(run))
		offer(newLitSet([]string{plain}))
		run, plain = []string{""}, ""
	}
	for _, p := range parts {
		offer(p.best)
		if p.exact == nil {
			whole = false
			flush()
			continue
		}
		if len(p.exact) == 1 {
			plain += p.exact[0]
		} else {
			offer(newLitSet([]string{plain}))
			plain = ""
		}
		next := cross(run, p.exact)
		if next == nil {
			whole = false
			offer(newLitSet(run))
			next = p.exact
		}
		run = next
	}
	offer(newLitSet(run))
	offer(newLitSet([]string{plain}))
	out := litInfo{best: best}
	if whole {
		out.exact = run
	}
	return out
}

// cross multiplies two exact sets; nil when the product is too large.
func cross(a, b []string) []string {
	if len(a)*len(b) > maxExact {
		return nil
	}
	size := 0
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
			size += len(x) + len(y)
		}
	}
	if size > maxLitSize {
		return nil
	}
	return unique(out)
}

// foldedParts is a case-insensitive literal: letters are unknown, the rest exact.
func foldedParts(runes []rune) []litInfo {
	var parts []litInfo
	for _, r := range runes {
		if r < 0x80 && !isLetter(byte(r)) {
			parts = append(parts, litInfo{exact: []string{string(r)}})
		} else {
			parts = append(parts, litInfo{})
		}
	}
	return parts
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// classStrings lists the members of a small character class, nil for a large one.
func classStrings(ranges []rune) []string {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] > 4 || len(out) > 4 {
			return nil
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			out = append(out, string(r))
		}
	}
	if len(out) == 0 || len(out) > 4 {
		return nil
	}
	return out
}

// markFieldNames ends every part that stands before "=", over optional white
// space, with a "=" of its own, where cutLiteral takes the name off. Coloured
// tracing output sets every field name apart, so that
// "Rendering failed. err=Bind" arrives as
// "Rendering failed. \x1b[3merr\x1b[0m\x1b[2m=\x1b[0mBind".
func markFieldNames(subs []*syntax.Regexp, parts []litInfo) {
	for i := range parts {
		next := i + 1
		for next < len(subs) && isBlank(subs[next]) {
			next++
		}
		if next < len(subs) && startsWithEquals(subs[next]) {
			for j := range parts[i].exact {
				parts[i].exact[j] += "="
			}
		}
	}
}

// isBlank reports whether a part can only be white space or nothing.
func isBlank(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpQuest, syntax.OpPlus, syntax.OpCapture, syntax.OpRepeat:
		return isBlank(re.Sub[0])
	case syntax.OpLiteral:
		return strings.TrimSpace(string(re.Rune)) == ""
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i+1]-re.Rune[i] > 8 {
				return false
			}
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if !strings.ContainsRune(" \t\r\n\f\v", r) {
					return false
				}
			}
		}
		return true
	case syntax.OpEmptyMatch:
		return true
	}
	return false
}

func startsWithEquals(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return re.Rune[0] == '='
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= '=' && '=' <= re.Rune[i+1] && re.Rune[i+1]-re.Rune[i] < 8 {
				return true
			}
		}
	case syntax.OpCapture, syntax.OpPlus, syntax.OpConcat, syntax.OpQuest, syntax.OpAlternate:
		return len(re.Sub) > 0 && slices.ContainsFunc(re.Sub[:1], startsWithEquals)
	}
	return false
}
