package patterns

import (
	"slices"
	"strings"
	"sync"
)

// builtinFile is one TOML file of the built-in catalogue as static Go data, made
// by go generate. Nothing in it depends on another file or on what stands
// further up in its own: an entry that is added or changed leaves the others as
// they are. What does depend on the rest (Position, the order by id) is filled in
// by load.
type builtinFile struct {
	name     string // of the TOML file, catalogue/cuda.toml
	hash     uint64 // of its text, see fileHash
	patterns []*Pattern
	causes   []*Cause
	crashes  []*CrashRule
	codes    []*codeTable
	wordings []*Wording
}

// load makes a catalogue of generated files. It writes to their Positions, so
// that it can be called once only: Line, which in the generated data counts from
// the entry of the same kind before, becomes the line of the file.
func load(files []*builtinFile) *Catalogue {
	c := &Catalogue{version: generatedVersion(files)}
	for _, f := range files {
		absoluteLines(f.patterns, func(p *Pattern) *Position { return p.Position })
		absoluteLines(f.causes, func(x *Cause) *Position { return x.Position })
		absoluteLines(f.crashes, func(r *CrashRule) *Position { return r.Position })
		absoluteLines(f.wordings, func(w *Wording) *Position { return w.Position })
		c.patterns = append(c.patterns, f.patterns...)
		c.causes = append(c.causes, f.causes...)
		c.crashes = append(c.crashes, f.crashes...)
		c.codes = append(c.codes, f.codes...)
		c.wordings = append(c.wordings, f.wordings...)
	}
	sortByID(c.patterns, func(p *Pattern) string { return p.ID })
	sortByID(c.causes, func(x *Cause) string { return x.ID })
	sortByID(c.codes, func(t *codeTable) string { return t.name })
	sortByID(c.wordings, func(w *Wording) string { return w.ID })
	for i, p := range c.patterns {
		p.Index = i
	}
	return c
}

func absoluteLines[T any](entries []*T, position func(*T) *Position) {
	line := 0
	for _, e := range entries {
		p := position(e)
		line += p.Line
		p.Line = line
	}
}

func generatedVersion(files []*builtinFile) string {
	v := newVersion()
	for _, f := range files {
		v.add(f.name, f.hash)
	}
	return v.String()
}

// sortByID sorts entries by a key that it reads once of each.
func sortByID[T any](entries []*T, id func(*T) string) {
	type keyed struct {
		id    string
		entry *T
	}
	keys := make([]keyed, len(entries))
	for i, e := range entries {
		keys[i] = keyed{id(e), e}
	}
	slices.SortFunc(keys, func(a, b keyed) int { return strings.Compare(a.id, b.id) })
	for i, k := range keys {
		entries[i] = k.entry
	}
}

var builtin = sync.OnceValue(func() *Catalogue { return load(builtinFiles) })

// Builtin returns the catalogue that comes with the program. The first call
// costs some 100 µs, to number and sort the entries, which are static data; all
// return the same. Regexes and tables are made when first needed. The error is
// always nil today; callers check it so that it may become otherwise.
func Builtin() (*Catalogue, error) { return builtin(), nil }

// Built says what the program was built with, without loading it: the Version of
// the built-in catalogue and how many patterns and causes it has.
func Built() (version string, patterns, causes int) {
	for _, f := range builtinFiles {
		patterns += len(f.patterns)
		causes += len(f.causes)
	}
	return generatedVersion(builtinFiles), patterns, causes
}
