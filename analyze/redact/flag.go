package redact

import (
	"bytes"
	"strings"

	catalogue "wolfdiag/patterns/redact"
)

// flag masks the value of an option that is named like a label, with a space in
// between: --rcon-password X, -token X, "--secret", "X". i is where its name
// begins. What has an equals sign is a label already.
func (f *finder) flag(i int) {
	v := f.v
	end := i
	for end < len(v) && end-i < maxLabel && (isWord(v[end]) || v[end] == '-' || v[end] == '_' || v[end] == '.') {
		end++
	}
	if end-i < 3 || end >= len(v) {
		return
	}
	at := end
	for at < len(v) && (v[at] == ' ' || v[at] == '"' || v[at] == '\'' || v[at] == ',' || v[at] == filler) {
		at++
	}
	if at == end || at >= len(v) || v[at] == '-' {
		return
	}
	rules := f.memo.lookUp(f.set, v, label{start: i, end: end})
	if rules == nil {
		return
	}
	to := at
	quoted := isQuote(v[at-1])
	for to < len(v) && !isSpace(v[to]) && !isQuote(v[to]) && v[to] != filler || quoted && to < len(v) && v[to] == ' ' {
		to++
	}
	for to > at && (strings.IndexByte(",;", v[to-1]) >= 0 || v[to-1] == ')' && bytes.IndexByte(v[at:to], '(') < 0 || v[to-1] == ']' && v[at] != '[') {
		to--
	}
	value := clean(v[at:to])
	if value == "" || f.set.placeholder(value, true) {
		return
	}
	for _, r := range rules {
		st := style{quoted: quoted, labels: true, equals: r.secret && r.Check != catalogue.CheckSecret}
		if f.set.passes(r, value, st) && !f.set.common(strings.TrimRight(value, ".,:;!?"), r.Kind) {
			f.spans = append(f.spans, span{at, to, r})
			return
		}
	}
}
