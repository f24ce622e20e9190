package patterns

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
)

func newBuilder(base *Catalogue) *builder {
	b := &builder{
		patterns:  map[string]*Pattern{},
		causes:    map[string]*Cause{},
		crashes:   map[string]*CrashRule{},
		wordings:  map[string]*Wording{},
		codes:     map[string]*codeTable{},
		disabled:  slices.Clone(base.disabled),
		seen:      map[string]string{},
		touched:   map[string]bool{},
		lines:     map[string]place{},
		recompute: map[string]bool{},
	}
	for _, p := range base.patterns {
		b.patterns[p.ID] = p
	}
	for _, c := range base.causes {
		b.causes[c.ID] = c
	}
	for _, r := range base.crashes {
		b.crashes[r.ID] = r
		b.crashIDs = append(b.crashIDs, r.ID)
	}
	for _, w := range base.wordings {
		b.wordings[w.ID] = w
	}
	for _, t := range base.codes {
		b.codes[t.name] = t
	}
	return b
}

// nextLayer starts a file whose entries may override what came before, and
// whose crash rules are tried first.
func (b *builder) nextLayer() {
	clear(b.seen)
	b.newCrash = 0
}

func (b *builder) add(f UserFile) {
	root, problems := readTOML(f.Name, f.Data)
	b.problems = append(b.problems, problems...)
	for _, top := range root.fields {
		switch top.key {
		case "pattern", "cause", "crash", "wording":
			if top.val.kind != kindArray {
				b.problem(f.Name, top.line, "", top.key, "is %s, want [[%s]] tables", top.val.kind, top.key)
				continue
			}
			for _, n := range top.val.items {
				b.entry(f.Name, top.key, n)
			}
		default:
			b.codeTable(f.Name, top)
		}
	}
}

// again is a free name for an entry that is defined once more.
func (b *builder) again(kind, id string) string {
	for n := 2; ; n++ {
		name := fmt.Sprintf("%s (%d)", id, n)
		if _, taken := b.seen[kind+" "+name]; !taken {
			return name
		}
	}
}

// entry adds one [[pattern]], [[cause]], [[crash]] or [[wording]] table.
func (b *builder) entry(file, kind string, n *node) {
	if n.kind != kindTable {
		b.problem(file, n.line, "", kind, "is %s, want a table", n.kind)
		return
	}
	id := ""
	if v := n.get("id"); v != nil && v.kind == kindString {
		id = v.text
	}
	if !validID(id) {
		b.problem(file, n.line, id, "id", "every %s needs an id of lower-case letters, digits, '-', '_' and '.'", kind)
		id = ""
	}
	key := kind + " " + id
	if first, ok := b.seen[key]; ok && id != "" {
		b.problem(file, n.line, id, "id", "defined twice, first at %s", first)
		id = b.again(kind, id) // under a name of its own, so that its other errors are told in the same run
		key = kind + " " + id
	}
	b.seen[key] = fmt.Sprintf("%s:%d", file, n.line)
	d := &decoder{file: file, id: id, lines: map[string]int{}}
	b.lines[key+" "] = place{file, n.line}
	switch kind {
	case "pattern":
		b.addPattern(d, id, n)
	case "cause":
		b.addCause(d, id, n)
	case "crash":
		b.addCrash(d, id, n)
	case "wording":
		b.addWording(d, id, n)
	}
	b.touched[key] = true
	for name, line := range d.lines {
		b.lines[key+" "+name] = place{file, line}
	}
	b.problems = append(b.problems, d.problems...)
}

func (b *builder) addPattern(d *decoder, id string, n *node) {
	p := &Pattern{Position: &Position{}, Component: componentOf(d.file)}
	if old := b.patterns[id]; old != nil {
		c := *old
		c.Position = old.copied()
		p = &c
	}
	p.File, p.Line = d.file, n.line
	d.table(n, reflect.ValueOf(p).Elem(), "")
	fold(&p.Title, &p.Why, &p.Unless)
	if n.get("regex") != nil {
		b.recompute[id] = true
	}
	if id != "" {
		p.ID = id
		b.patterns[id] = p
	}
}

func (b *builder) addCause(d *decoder, id string, n *node) {
	c := &Cause{Position: &Position{}}
	if old := b.causes[id]; old != nil {
		o := *old
		o.Position = old.copied()
		c = &o
	}
	c.File, c.Line = d.file, n.line
	d.table(n, reflect.ValueOf(c).Elem(), "")
	fold(&c.Title, &c.Explanation)
	if id != "" {
		c.ID = id
		b.causes[id] = c
	}
}

func (b *builder) addWording(d *decoder, id string, n *node) {
	b.reworded = true
	w := &Wording{Position: &Position{}}
	if old := b.wordings[id]; old != nil {
		o := *old
		o.Position = old.copied()
		w = &o
	}
	w.File, w.Line = d.file, n.line
	d.table(n, reflect.ValueOf(w).Elem(), "")
	if id != "" {
		w.ID = id
		b.wordings[id] = w
	}
}

func (b *builder) addCrash(d *decoder, id string, n *node) {
	r := &CrashRule{Position: &Position{}}
	old := b.crashes[id]
	if old != nil {
		o := *old
		o.Position = old.copied()
		r = &o
	}
	r.File, r.Line = d.file, n.line
	d.table(n, reflect.ValueOf(r).Elem(), "")
	fold(&r.Title, &r.Why)
	if id == "" {
		return
	}
	r.ID = id
	b.crashes[id] = r
	if old == nil {
		b.crashIDs = slices.Insert(b.crashIDs, b.newCrash, id)
		b.newCrash++
	}
}

// maxProblems is how many problems an error spells out; of others it gives the number.
const maxProblems = 50

// finish validates what came from files and makes the catalogue; nil when
// anything is wrong.
func (b *builder) finish(version string) (*Catalogue, error) {
	c := b.build(version)
	if len(b.problems) == 0 {
		return c, nil
	}
	var joined []error
	all := Problems(errors.Join(b.problems...))
	for _, p := range all[:min(len(all), maxProblems)] {
		joined = append(joined, p)
	}
	if more := len(all) - maxProblems; more > 0 {
		joined = append(joined, fmt.Errorf("and %d problems more", more))
	}
	return nil, errors.Join(joined...)
}

// enabled validates an entry that came from a file, and reports whether it is in
// use; what is switched off is noted.
func (b *builder) enabled(c *Catalogue, kind, id string, disabled bool, check func()) bool {
	if b.touched[kind+" "+id] {
		check()
	}
	if disabled {
		c.disabled = append(c.disabled, id)
	}
	return !disabled
}

// build validates and makes a catalogue of everything, right or wrong.
func (b *builder) build(version string) *Catalogue {
	c := &Catalogue{version: version, disabled: b.disabled}
	for _, id := range slices.Sorted(maps.Keys(b.patterns)) {
		p := b.patterns[id]
		if !b.enabled(c, "pattern", id, p.Disabled, func() { b.checkPattern(p) }) {
			p.Index = -1
			continue
		}
		if p.Index != len(c.patterns) {
			cp := *p
			cp.Position = &Position{p.Line, len(c.patterns)}
			p = &cp
		}
		c.patterns = append(c.patterns, p)
	}
	for _, id := range slices.Sorted(maps.Keys(b.causes)) {
		cause := b.causes[id]
		if b.enabled(c, "cause", id, cause.Disabled, func() { b.checkCause(cause) }) {
			c.causes = append(c.causes, cause)
		}
	}
	for _, id := range b.crashIDs {
		r := b.crashes[id]
		if b.enabled(c, "crash", id, r.Disabled, func() { b.checkCrash(r) }) {
			c.crashes = append(c.crashes, r)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.wordings)) {
		w := b.wordings[id]
		if b.enabled(c, "wording", id, w.Disabled, func() { b.checkWording(w) }) {
			c.wordings = append(c.wordings, w)
		}
	}
	if b.reworded {
		b.checkOneMeaning(c.wordings)
		c.wordings = anchored(c.wordings)
	}
	for _, name := range slices.Sorted(maps.Keys(b.codes)) {
		c.codes = append(c.codes, b.codes[name])
	}
	b.checkCycles()
	slices.Sort(c.disabled)
	c.disabled = slices.Compact(c.disabled)
	return c
}

// fold makes one line of a text that is wrapped in its file; a blank line
// stays as the break between paragraphs.
func fold(texts ...*string) {
	for _, t := range texts {
		if !strings.Contains(*t, "\n") {
			continue
		}
		paragraphs := strings.Split(strings.TrimSpace(*t), "\n\n")
		for i, p := range paragraphs {
			paragraphs[i] = strings.Join(strings.Fields(p), " ")
		}
		*t = strings.Join(paragraphs, "\n\n")
	}
}

func validID(id string) bool {
	return id != "" && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// componentOf names the component of a file: "catalogue/nvenc.toml" is nvenc.
func componentOf(file string) string {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	return strings.TrimSuffix(base, ".toml")
}
