package account

import (
	"bytes"
	"strings"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Pattern is what is known about the matches of one pattern.
type Pattern struct {
	Count       int64
	First, Last Message
	Decoded     string // of the first match that had a code; "" for none

	pattern *patterns.Pattern
	bursts  bursts
	newest  *recognise.Hit // of the block at hand; Last is set from it when the block is done
}

// Bursts is the number of stretches in which the matches came close together; 0
// for benign and lifecycle patterns, whose matches may be counted only.
func (s *Pattern) Bursts() int64 { return s.bursts.total() }

// unseen is what is known about a pattern without matches.
var unseen Pattern

// Pattern returns what is known about a pattern's matches, or about what was read as
// it. The result must not be changed.
func (a *Account) Pattern(p *patterns.Pattern) *Pattern {
	if s := a.Reads.patterns[p.Index]; s != nil {
		return s
	}
	if s := a.patterns[p.Index]; s != nil {
		return s
	}
	return &unseen
}

// book is what is known of patterns, and which of them the block at hand shows.
type book struct {
	patterns []*Pattern // by Pattern.Index; nil for what was not seen: few of all patterns were
	touched  []*Pattern // that the block at hand shows
}

// touch returns the entry of a pattern that the block at hand shows.
func (b *book) touch(p *patterns.Pattern) *Pattern {
	s := b.patterns[p.Index]
	if s == nil {
		s = &Pattern{pattern: p}
		b.patterns[p.Index] = s
	}
	if s.newest == nil {
		b.touched = append(b.touched, s)
	}
	return s
}

// more counts the records like h for p; the last of them has the reading last.
func (b *book) more(p *patterns.Pattern, last timeline.Reading, h *recognise.Hit) {
	s := b.touch(p)
	s.Count += h.Others
	s.bursts.more(last)
	s.newest = later(s.newest, h.Last)
}

// Matched counts a match of p, one of h.Match.Patterns.
func (a *Account) Matched(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	s := a.touch(p)
	s.Count++
	if p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom {
		s.bursts.add(r)
	}
	// By place, not by arrival: live inputs come interleaved.
	if s.Count == 1 || r.Before(s.First.Reading.Pos) {
		a.keep(&s.First, r, h, p)
		s.Decoded = a.decode(p, h)
	}
	s.newest = later(s.newest, h)
	if s.Count == 1 && (p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom) {
		a.firsts = append(a.firsts, h.Line)
	}
}

// later is the one of two hits of a block that stands further down; a may be nil.
func later(a, b *recognise.Hit) *recognise.Hit {
	if a != nil && b.Line < a.Line {
		return a
	}
	return b
}

// keep keeps a match. Of a record of several lines it is the line that the
// pattern recognised which tells the reader something: the error at the end of
// a trace, not "Traceback (most recent call last):". The message of a Rust panic
// is shown together with the line above it, which says where.
func (a *Account) keep(m *Message, r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	text := h.Text()
	if h.Span < 2 || int64(bytes.Count(text, []byte{'\n'})) != h.Span-1 {
		m.set(r, text)
		return
	}
	n := a.lineOf(p, h)
	if n == 1 && h.Format() == logline.FormatPanic {
		n = 0
	}
	for range n {
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	m.set(r, text)
	m.below = int64(n)
}

// lineKey is a pattern and a kind of record of several lines.
type lineKey struct {
	match   *recognise.Match
	pattern int
}

const maxLineKeys = 1024

// lineOf is the line of a record that a pattern recognised, the same for all
// records of one match.
func (a *Account) lineOf(p *patterns.Pattern, h *recognise.Hit) int {
	key := lineKey{h.Match, p.Index}
	n, ok := a.lines[key]
	if !ok {
		sub := h.Subject()
		n = a.matcher.LineOf(p, &sub)
		if a.lines == nil || len(a.lines) >= maxLineKeys {
			a.lines = map[lineKey]int{}
		}
		a.lines[key] = n
	}
	return n
}

func (a *Account) decode(p *patterns.Pattern, h *recognise.Hit) string {
	if p.Codes == "" {
		return ""
	}
	for _, c := range h.Captures(a.matcher, p, nil) {
		if c.Name == "code" {
			name, _, _ := strings.Cut(a.cat.Decode(p.Codes, string(c.Value)), ": ")
			return name // what it means is in the pattern's title
		}
	}
	return ""
}
