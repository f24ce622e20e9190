// Package known tells which complaints an operator's own list calls harmless in
// this deployment. What it recognises is counted and shown, never dropped.
package known

import (
	"strings"
	"time"

	"wolfdiag/analyze/mine"
	"wolfdiag/patterns"
)

// List finds the entries that complaints belong to. Not safe for concurrent use.
type List struct {
	entries   []patterns.Known
	patterns  map[string][]int // entries by id
	texts     map[string][]int // by message, numbers masked
	templates map[int][]template
	now       time.Time
	masked    []byte // scratch
}

// template is an entry that is a template, cut into tokens.
type template struct {
	entry  int
	tokens []string
}

// None is the index of no entry.
const None = -1

// New makes a list. Cost: linear in the entries.
func New(entries []patterns.Known) *List {
	l := &List{entries: entries, patterns: map[string][]int{}, texts: map[string][]int{}, templates: map[int][]template{}}
	for i := range entries {
		switch k := &entries[i]; k.By() {
		case "pattern":
			l.patterns[k.Pattern] = append(l.patterns[k.Pattern], i)
		case "template":
			tokens := strings.Fields(k.Template)
			l.templates[len(tokens)] = append(l.templates[len(tokens)], template{i, tokens})
		default:
			key := string(mine.MaskNumbers(nil, []byte(k.Text)))
			l.texts[key] = append(l.texts[key], i)
		}
	}
	return l
}

// Entries returns the entries, which must not be changed.
func (l *List) Entries() []patterns.Known { return l.entries }

// At sets the time by which entries expire.
func (l *List) At(now time.Time) { l.now = now }

// Message returns the entry that a message of a service belongs to by its text
// or template; None when there is none. Cost: a pass over the message and a
// comparison with each template of as many tokens.
func (l *List) Message(text []byte, service string) int {
	if len(l.texts) > 0 {
		l.masked = mine.MaskNumbers(l.masked[:0], text)
		if i := l.first(l.texts[string(l.masked)], service); i != None {
			return i
		}
	}
	if len(l.templates) == 0 {
		return None
	}
	l.masked = mine.Mask(l.masked[:0], text)
	tokens := strings.Fields(string(l.masked))
	for _, t := range l.templates[len(tokens)] {
		if t.fits(tokens) && l.applies(t.entry, service) {
			return t.entry
		}
	}
	return None
}

// Pattern returns the entry that names a pattern, None when there is none.
func (l *List) Pattern(id, service string) int { return l.first(l.patterns[id], service) }

func (l *List) first(list []int, service string) int {
	for _, i := range list {
		if l.applies(i, service) {
			return i
		}
	}
	return None
}

// applies reports whether an entry holds now, of this service: its name, with or
// without the number that compose gives each container.
func (l *List) applies(i int, service string) bool {
	k := &l.entries[i]
	if k.Expired(l.now) {
		return false
	}
	if k.Service == "" || k.Service == service {
		return true
	}
	cut := strings.TrimRight(service, "0123456789")
	return cut != service && (cut == k.Service+"-" || cut == k.Service+"_")
}

// fits reports whether the tokens of a message are those of the template.
func (t *template) fits(tokens []string) bool {
	for i, want := range t.tokens {
		if want != mine.Any && want != tokens[i] {
			return false
		}
	}
	return true
}
