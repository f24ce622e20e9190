package redact

import (
	"regexp"
	"strings"
	"sync"

	catalogue "wolfdiag/patterns/redact"
)

// rule is a rule of the catalogue made ready. Its regex is compiled when one of
// its literals is seen for the first time.
type rule struct {
	*catalogue.Rule
	index  int
	regex  func() *regexp.Regexp
	secret bool
}

// span is a part of a line to be masked.
type span struct {
	start, end int
	by         *rule
}

// ruleSet is the catalogue made ready; it is built once and read only.
type ruleSet struct {
	rules  []*rule
	labels map[string][]*rule // by word without separators, secrets first
	forms  map[string]*rule   // by the name of a detector
	needs  needTable
	kinds  map[string]uint32 // the bit of a kind
	words  allowed           // whole values that stay
	within allowed           // words that make a value one that stays
	before allowed           // words in front of a value that stays
}

// allowed is what stays: words and the kinds they stay for, a bit each.
type allowed map[string]uint32

func (a allowed) add(words []string, kinds uint32) {
	for _, w := range words {
		a[w] |= kinds
	}
}

// builtin makes the catalogue ready on first use: about 0.1 ms, no regex.
var builtin = sync.OnceValue(func() *ruleSet { return newRuleSet(catalogue.Builtin()) })

// anyKind is the bit of what stays whatever the rule, labelKind that of labels
// that only look like one of a rule.
const (
	anyKind   = "any"
	labelKind = "label"
)

func newRuleSet(c *catalogue.Catalogue) *ruleSet {
	s := &ruleSet{labels: make(map[string][]*rule, 512), forms: map[string]*rule{}, kinds: map[string]uint32{anyKind: 1, labelKind: 2},
		words: make(allowed, 1024), within: allowed{}, before: make(allowed, 256)}
	for i := range c.Rules {
		r := &rule{Rule: &c.Rules[i], index: i, secret: c.Rules[i].Kind == secretKind}
		r.regex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(r.Regex) })
		s.rules = append(s.rules, r)
		if s.kinds[r.Kind] == 0 {
			s.kinds[r.Kind] = 1 << len(s.kinds)
		}
		if r.Form != "" {
			s.forms[r.Form] = r
		}
		for _, l := range r.Labels {
			s.labels[l] = append(s.labels[l], r)
		}
	}
	s.needs = newNeedTable(s.rules)
	for i := range c.Allows {
		l := &c.Allows[i]
		var kinds uint32
		for _, k := range l.Kinds {
			kinds |= s.kinds[k]
		}
		if len(l.Kinds) == 0 {
			kinds = 1 // for all
		}
		s.words.add(l.Words, kinds)
		s.within.add(l.Within, kinds)
		s.before.add(l.Before, kinds)
	}
	return s
}

// harmless reports whether a word in front of a value says that it is none of a
// kind.
func (s *ruleSet) harmless(word, kind string) bool { return s.before[word]&s.kinds[kind] != 0 }

// placeholder reports whether a value of a kind is one that stays: a word that
// everybody has, a variable, a row of stars, or a stand-in.
func (s *ruleSet) placeholder(value string, labelled bool) bool {
	if value == "" || strings.HasPrefix(value, masked) || isAlias(value) {
		return true
	}
	switch value[0] {
	case '$':
		return len(value) == 1 || value[1] == '{' || value[1] == '(' || isLetter(value[1]) || value[1] == '_'
	case '{':
		return len(value) == 1 || value[len(value)-1] == '}' && !strings.Contains(value, `"`)
	case '(':
		return value[len(value)-1] == ')'
	case '<', '[':
		return value[len(value)-1] == '>' || value[len(value)-1] == ']'
	case '%':
		return len(value) == 2 || value[len(value)-1] == '%'
	}
	if strings.Trim(value, value[:1]) == "" && strings.IndexByte("*x.-_?•#", value[0]) >= 0 {
		return true
	}
	return labelled && s.common(value, anyKind)
}

// common reports whether a name or word of a kind is one that stays.
func (s *ruleSet) common(value, kind string) bool {
	low := strings.ToLower(value)
	bits := s.kinds[kind]
	if s.words[low]&(bits|1) != 0 {
		return true
	}
	for w := range strings.FieldsFuncSeq(low, func(r rune) bool { return strings.ContainsRune(" /()_,", r) }) {
		if s.within[w]&bits != 0 {
			return true
		}
	}
	return false
}
