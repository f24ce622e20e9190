package redact

import "strings"

// A detector finds values that need more than a regular expression. It looks at
// the view of a line and appends what it finds.
type detector func(f *finder)

// finder is what a detector works with.
type finder struct {
	set   *ruleSet
	names *standIns // what has a stand-in already is known for what it is; nil: asked is
	asked []string
	memo  labelMemo
	v     []byte
	spans []span
}

func (f *finder) found(form string, start, end int) {
	f.spans = append(f.spans, span{start, end, f.set.forms[form]})
}

// before is the word in front of i, in lower case, past separators of a label.
func (f *finder) before(i int) string {
	n := 0
	for i > 0 && n < 4 && strings.IndexByte(" \t:=\"'`([#/,\x01", f.v[i-1]) >= 0 {
		i--
		n++
	}
	if n == 0 && i > 0 && (f.v[i-1] == '_' || f.v[i-1] == '-') {
		i--
	}
	end := i
	for i > 0 && end-i < 32 && isLetter(f.v[i-1]) {
		i--
	}
	return strings.ToLower(string(f.v[i:end]))
}
