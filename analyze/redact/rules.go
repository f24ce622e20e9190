package redact

import (
	"regexp"
	"slices"
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
	allow  map[string]*allowed // by kind
	none   map[string]bool     // words that say there is no value
	tails  map[string]bool     // what labels end in: the last word of one that is written with spaces
	others map[string]bool     // labels that only look like one of a rule
}

// allowed is what stays of one kind.
type allowed struct {
	words, within, before map[string]bool
}

// builtin makes the catalogue ready on first use: about 0.1 ms, no regex.
var builtin = sync.OnceValue(func() *ruleSet { return newRuleSet(catalogue.Builtin()) })

func newRuleSet(c *catalogue.Catalogue) *ruleSet {
	s := &ruleSet{labels: map[string][]*rule{}, tails: map[string]bool{}, forms: map[string]*rule{}, allow: map[string]*allowed{}}
	kinds := map[string]bool{}
	for i := range c.Rules {
		r := &rule{Rule: &c.Rules[i], index: i, secret: c.Rules[i].Kind == secretKind}
		r.regex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(r.Regex) })
		s.rules = append(s.rules, r)
		kinds[r.Kind] = true
		if r.Form != "" {
			s.forms[r.Form] = r
		}
		for _, l := range r.Labels {
			s.labels[l] = append(s.labels[l], r)
			for i := 2; i < len(l)-1; i++ {
				s.tails[l[i:]] = true
			}
		}
	}
	s.needs = newNeedTable(s.rules)
	for k := range kinds {
		s.allow[k] = allowedFor(c, k)
	}
	s.none, s.others = allowedFor(c, "").words, allowedFor(c, "label").words
	return s
}

func allowedFor(c *catalogue.Catalogue, kind string) *allowed {
	a := &allowed{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for i := range c.Allows {
		l := &c.Allows[i]
		if len(l.Kinds) == 0 || slices.Contains(l.Kinds, kind) {
			fill(a.words, l.Words)
			fill(a.within, l.Within)
			fill(a.before, l.Before)
		}
	}
	return a
}

func fill(set map[string]bool, words []string) {
	for _, w := range words {
		set[w] = true
	}
}

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
	return labelled && s.none[strings.ToLower(value)]
}

// common reports whether a name or word of a kind is one that stays.
func (s *ruleSet) common(value, kind string) bool {
	a := s.allow[kind]
	low := strings.ToLower(value)
	if a.words[low] {
		return true
	}
	if len(a.within) == 0 {
		return false
	}
	for _, w := range strings.FieldsFunc(low, func(r rune) bool { return r == ' ' || r == '/' || r == '(' || r == ')' || r == '_' || r == ',' }) {
		if a.within[w] {
			return true
		}
	}
	return false
}
