package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/render"
	"wolfdiag/patterns"
)

// found are the entries of the catalogue that some words or a line of a log are
// about, the best first.
type found struct {
	Causes   []entry `json:"causes"`
	Patterns []entry `json:"patterns"`
}

// entry is one of them.
type entry struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	For   string `json:"for,omitempty"` // of a pattern: the cause it speaks for most
	score float64
}

// maxEntries is how many of a kind are listed.
const maxEntries = 10

// search finds what words are about: patterns that a line matches and their
// causes, then causes and patterns that have the words in id, title or explanation.
func search(cat *patterns.Catalogue, text string) found {
	query := queryWords(text)
	var all found
	causes, lines := map[string]float64{}, map[string]float64{}
	for _, p := range matching(cat, text) {
		lines[p.ID] = 100
		for _, c := range cat.Causes() {
			for _, l := range c.Evidence {
				if l.Pattern == p.ID {
					causes[c.ID] = max(causes[c.ID], 100*l.Strength)
				}
			}
		}
	}
	for _, c := range cat.Causes() {
		var evidence strings.Builder
		for _, l := range c.Evidence {
			evidence.WriteString(titleOf(cat, l.Pattern) + " ")
		}
		if s := causes[c.ID] + score(query, c.ID+" "+c.Title, c.Explanation, evidence.String()); s > 0 {
			all.Causes = append(all.Causes, entry{ID: c.ID, Title: c.Title, score: s})
		}
	}
	for _, p := range cat.Patterns() {
		if s := lines[p.ID] + score(query, p.ID+" "+p.Title, p.Why, p.Component); s > 0 {
			all.Patterns = append(all.Patterns, entry{ID: p.ID, Title: p.Title, For: speaksFor(cat, p.ID), score: s})
		}
	}
	all.Causes, all.Patterns = best(all.Causes), best(all.Patterns)
	return all
}

// matching are the patterns that a line of a log matches.
func matching(cat *patterns.Catalogue, text string) (out []*patterns.Pattern) {
	var rec logline.Record
	logline.NewParser().Parse([]byte(text), &rec)
	s := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
	for _, m := range cat.Explain(&s).Matches {
		out = append(out, m.Pattern)
	}
	return out
}

// speaksFor is the cause that a pattern is the strongest evidence of, "" for none.
func speaksFor(cat *patterns.Catalogue, id string) (cause string) {
	strongest := 0.0
	for _, c := range cat.Causes() {
		for _, l := range c.Evidence {
			if l.Pattern == id && l.Strength > strongest {
				cause, strongest = c.ID, l.Strength
			}
		}
	}
	return cause
}

// best sorts entries and leaves out those that are far behind the first.
func best(list []entry) []entry {
	slices.SortStableFunc(list, func(a, b entry) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID)) })
	for i := range list {
		if i >= maxEntries || list[i].score*3 < list[0].score {
			return list[:i]
		}
	}
	return list
}

// smallWords say nothing about a failure.
var smallWords = map[string]bool{"the": true, "and": true, "for": true, "not": true, "was": true, "are": true, "has": true, "with": true, "from": true, "why": true, "does": true, "can": true, "cannot": true, "wolf": true, "error": true, "failed": true, "when": true, "what": true, "how": true, "my": true, "is": true, "of": true, "to": true, "in": true, "on": true, "it": true, "no": true, "work": true, "works": true, "working": true, "doesn": true, "isn": true}

// plainWords are what the catalogue calls what people call otherwise.
var plainWords = map[string]string{"vram": "gpu memory", "ram": "memory", "gamepad": "input", "controller": "input", "joystick": "input", "speaker": "sound", "picture": "frame", "gpumem": "gpu memory"}

func queryWords(text string) (out []string) {
	for _, w := range searchWords(text) {
		if plain, ok := plainWords[w]; ok {
			out = append(out, strings.Fields(plain)...)
			continue
		}
		out = append(out, w)
	}
	return out
}

func searchWords(text string) (out []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) > 1 && !smallWords[w] && !slices.Contains(out, w) && len(out) < 32 {
			out = append(out, w)
		}
	}
	return out
}

// score is how much words say of an entry: a name counts four times as much as
// what is written about it. An entry must have all of up to two words, and more
// than half of more.
func score(query []string, name, about, other string) float64 {
	sum, hits := 0.0, 0
	names, abouts := searchWords(name), searchWords(about+" "+other)
	for _, w := range query {
		switch {
		case hasWord(names, w):
			sum += 4
		case hasWord(abouts, w):
			sum++
		default:
			continue
		}
		hits++
	}
	if len(query) == 0 || hits*2 <= len(query) || len(query) <= 2 && hits < len(query) {
		return 0
	}
	return sum * float64(hits) / float64(len(query))
}

// hasWord reports whether a word is one of a list, or the beginning of one, as of
// a plural.
func hasWord(list []string, w string) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		return s == w || len(w) >= 4 && strings.HasPrefix(s, w) || len(s) >= 4 && len(w)-len(s) <= 2 && strings.HasPrefix(w, s)
	})
}

func (f *found) empty() bool { return len(f.Causes)+len(f.Patterns) == 0 }

// write lists what was found, in so many columns; 0: in as many as it takes.
func (f *found) write(w io.Writer, text string, columns int) error {
	table := func(head, what string, list []entry) error {
		if len(list) == 0 {
			return nil
		}
		if _, err := fmt.Fprintf(w, "%s\n", head); err != nil {
			return err
		}
		t := render.Table{Header: []string{"id", "title"}, Shrink: []int{1}, Width: columns}
		if what != "" {
			t.Header = append(t.Header, what)
		}
		for _, e := range list {
			row := []string{e.ID, e.Title}
			if what != "" {
				row = append(row, e.For)
			}
			t.Rows = append(t.Rows, row)
		}
		if err := t.Write(w, render.PlainPalette()); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w)
		return err
	}
	if err := table("Causes that "+plainText(fmt.Sprintf("%q", text))+" may be about", "", f.Causes); err != nil {
		return err
	}
	if err := table("Messages", "speaks for", f.Patterns); err != nil {
		return err
	}
	id := "CAUSE"
	if len(f.Causes) > 0 {
		id = f.Causes[0].ID
	}
	_, err := fmt.Fprintf(w, "wolfdiag explain %s tells more; wolfdiag patterns show ID of a message\n", id)
	return err
}

// titleOf is what a pattern, a fact or a cause means, for people.
func titleOf(cat *patterns.Catalogue, id string) string {
	if p := cat.Pattern(id); p != nil {
		return p.Title
	}
	if c := cat.Cause(id); c != nil {
		return c.Title
	}
	if t := patterns.FactTitle(id); t != "" {
		return t
	}
	return id
}
