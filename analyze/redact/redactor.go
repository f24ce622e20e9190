// Package redact masks what must not leave the operator's machine: credentials,
// addresses, session ids, the names of users and machines. What is masked is
// said by the catalogue in patterns/redact.
//
// A Redactor works on a line at a time, and on one view of it in which escapes
// are undone, so that JSON in JSON, HTML and plain text are the same to the
// rules: labels ("DB_PASSWORD=") are looked up where a separator stands, regular
// expressions run around a literal, and detectors in code know the forms that
// need more, such as addresses. All find spans; what overlaps becomes one.
package redact

import (
	"bytes"
	"slices"
	"strings"

	catalogue "wolfdiag/patterns/redact"
)

// A Redactor masks texts. The same value gets the same stand-in in all of them,
// so that lines stay comparable. It is for one goroutine.
type Redactor struct {
	searcher
	names  *standIns
	counts []int64 // by rule
	block  block
}

// New returns a Redactor that has seen nothing yet. The first one of the program
// makes the catalogue ready, about a millisecond; no regex is compiled before a
// line needs it.
func New() *Redactor {
	set := builtin()
	names := newStandIns()
	return &Redactor{searcher: newSearcher(set, names), names: names, counts: make([]int64, len(set.rules))}
}

// ForLogs returns a Redactor whose stand-ins for addresses and session ids are
// addresses and numbers themselves, 198.18.0.1 and 9000000000000000001, so that
// what reads logs reads a masked one as well.
func ForLogs() *Redactor {
	r := New()
	r.names.keepForm = true
	return r
}

// Text returns text masked. It may hold several lines; a key in PEM form may go
// over them.
func (r *Redactor) Text(text string) string {
	raw := []byte(text)
	spans := r.find(raw)
	if len(spans) == 0 {
		return text
	}
	return string(r.replace(nil, raw, spans))
}

// Known is how many values have stand-ins.
func (r *Redactor) Known() int { return len(r.names.names) }

// field masks the value of a field of a document by its name, where that can
// mean nothing else, and by itself.
func (r *Redactor) field(key, value string) string {
	if key == "" || value == "" {
		return r.Text(value)
	}
	l := label{start: 0, end: len(key)}
	if rules := r.memo.lookUp(r.set, []byte(key), l); rules != nil && !r.set.placeholder(value, true) {
		for _, by := range rules {
			if by.Check != catalogue.CheckRandom && r.set.passes(by, value, style{equals: true, quoted: true, labels: true}) && !r.set.common(value, by.Kind) {
				r.counts[by.index]++
				return r.standIn(by, value)
			}
		}
	}
	return r.Text(value)
}

// replace appends raw to dst with the stand-ins of the spans.
func (r *Redactor) replace(dst, raw []byte, spans []span) []byte {
	at := 0
	for _, s := range spans {
		value := raw[s.start:s.end]
		if bytes.Equal(value, []byte(masked)) {
			continue
		}
		name := r.standIn(s.by, string(value))
		if name == string(value) {
			continue // masked already
		}
		dst = append(dst, raw[at:s.start]...)
		dst = append(dst, name...)
		at = s.end
		r.counts[s.by.index]++
	}
	return append(dst, raw[at:]...)
}

func (r *Redactor) standIn(by *rule, value string) string {
	switch {
	case by.secret, strings.Contains(value, masked):
		return masked
	case isAlias(value), r.names.keepForm && isForm(by.Kind, value):
		return value
	}
	return r.names.of(by.Kind, value)
}

// Count says how often values of one rule were masked.
type Count struct {
	Rule  string `json:"rule"`
	Kind  string `json:"kind"`
	Masks string `json:"masks"`
	Count int64  `json:"count"`
	// Values is how many different ones there were of the kind, 0 for secrets,
	// which are not told apart.
	Values int `json:"values"`
}

// Counts lists the rules that masked something, the most frequent first. No
// value is in it.
func (r *Redactor) Counts() []Count {
	out := []Count{}
	for i, n := range r.counts {
		if n > 0 {
			by := r.set.rules[i]
			out = append(out, Count{by.ID, by.Kind, by.Masks, n, r.names.next[by.Kind]})
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int {
		if a.Count != b.Count {
			return int(min(max(b.Count-a.Count, -1), 1))
		}
		return strings.Compare(a.Rule, b.Rule)
	})
	return out
}

// Rules lists what is masked, in the order of the catalogue. It must not be
// changed.
func Rules() []catalogue.Rule { return catalogue.Builtin().Rules }
