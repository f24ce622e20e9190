package patterns

import (
	"slices"
	"strings"
	"sync"
)

// Catalogue is a set of patterns, causes, crash rules and code tables. It is
// read-only once made and safe for concurrent use; so is all it hands out.
type Catalogue struct {
	patterns []*Pattern // enabled, by id
	causes   []*Cause   // enabled, by id
	crashes  []*CrashRule
	codes    []*codeTable // by name
	wordings []*Wording   // enabled, by id
	disabled []string     // ids of what is switched off
	readings []*Pattern   // see WithReadings, by id
	version  string

	tableOnce sync.Once
	table     *literalTable // use literalTable()

	indexOnce sync.Once
	index     *wordingIndex // use rewording()

	crashOnce sync.Once
	crashRe   []compiledCrash
}

// UserFile is a catalogue file of the user's.
type UserFile struct {
	Name string // for messages; its base name becomes the component of its patterns
	Data []byte
}

// Load returns the built-in catalogue with the user's files laid over it in
// order. A file may hold [[pattern]], [[cause]], [[crash]] and [[wording]] tables
// and tables of codes. An entry with a new id is added; one with a known id changes the
// fields it names and leaves the others; disabled = true switches it off.
// Everything that is wrong is reported at once, see Problems; the catalogue is
// nil then.
func Load(files ...UserFile) (*Catalogue, error) {
	base, err := Builtin()
	if err != nil || len(files) == 0 {
		return base, err
	}
	b := newBuilder(base)
	for _, f := range files {
		b.nextLayer()
		b.add(f)
	}
	return b.finish(base.version + "+user")
}

// Parse returns the catalogue that files make up by themselves, without the
// built-in one. An id that stands twice is an error.
func Parse(files ...UserFile) (*Catalogue, error) {
	b := newBuilder(&Catalogue{})
	v := newVersion()
	for _, f := range files {
		b.add(f)
		v.add(f.Name, fileHash(f.Data))
	}
	return b.finish(v.String())
}

// literalTable returns the table of the patterns' literals.
func (c *Catalogue) literalTable() *literalTable {
	c.tableOnce.Do(func() { c.table = newLiteralTable(c.patterns) })
	return c.table
}

// rewording returns the index of the wordings.
func (c *Catalogue) rewording() *wordingIndex {
	c.indexOnce.Do(func() { c.index = newWordingIndex(c.wordings) })
	return c.index
}

// Patterns lists the enabled patterns by id; the Index of each is its place.
// The slice must not be changed.
func (c *Catalogue) Patterns() []*Pattern { return c.patterns }

// WithReadings returns a catalogue that also knows pseudo-patterns of role
// reading: what complaints are read as that no pattern matches. No matcher looks
// for them. They need an id, a title and what they support; Index follows those
// of the patterns.
func (c *Catalogue) WithReadings(list []*Pattern) *Catalogue {
	out := &Catalogue{patterns: c.patterns, causes: c.causes, crashes: c.crashes, codes: c.codes, wordings: c.wordings, disabled: c.disabled, version: c.version}
	for i, p := range list {
		p.Role, p.Position = RoleReading, &Position{Index: len(c.patterns) + i}
		out.readings = append(out.readings, p)
	}
	sortByID(out.readings, func(p *Pattern) string { return p.ID })
	return out
}

// All lists patterns and readings by Index.
func (c *Catalogue) All() []*Pattern {
	out := slices.Clone(c.patterns)
	out = append(out, make([]*Pattern, len(c.readings))...)
	for _, p := range c.readings {
		out[p.Index] = p
	}
	return out
}

// Causes lists the enabled causes by id. The slice must not be changed.
func (c *Catalogue) Causes() []*Cause { return c.causes }

// Crashes lists the enabled crash rules in the order they are tried. The slice
// must not be changed.
func (c *Catalogue) Crashes() []*CrashRule { return c.crashes }

// Wordings lists the enabled wordings by id. The slice must not be changed.
func (c *Catalogue) Wordings() []*Wording { return c.wordings }

// Disabled lists the ids of patterns, causes, crash rules and wordings that are switched off.
func (c *Catalogue) Disabled() []string { return c.disabled }

// Version identifies the content: a hash of the built-in files, followed by
// "+user" when the user's files were laid over it.
func (c *Catalogue) Version() string { return c.version }

// Pattern finds an enabled pattern or a reading; nil when there is none of that id.
func (c *Catalogue) Pattern(id string) *Pattern {
	for _, list := range [][]*Pattern{c.patterns, c.readings} {
		if i, ok := slices.BinarySearchFunc(list, id, func(p *Pattern, id string) int { return strings.Compare(p.ID, id) }); ok {
			return list[i]
		}
	}
	return nil
}

// Cause finds an enabled cause; nil when there is none of that id.
func (c *Catalogue) Cause(id string) *Cause {
	i, ok := slices.BinarySearchFunc(c.causes, id, func(p *Cause, id string) int { return strings.Compare(p.ID, id) })
	if !ok {
		return nil
	}
	return c.causes[i]
}
