package patterns

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// codeTable explains the numbers of one family, e.g. the EGL errors.
type codeTable struct {
	name string
	rows []codeRow // by number, rows without one last
}

type codeRow struct {
	key  string // as the file spells it: 0x300c, 800, -100
	num  int64
	ok   bool // key is a number
	name string
	text string
}

// Decode explains a code of the named table in the form
// "0x300c EGL_BAD_PARAMETER: what it means". The code may be decimal or
// hexadecimal (with 0x), in any case, or be the symbol itself, with or without
// the table's prefix. The result is "" when the table or the code is unknown.
func (c *Catalogue) Decode(table, code string) string {
	i, ok := slices.BinarySearchFunc(c.codes, table, func(t *codeTable, name string) int { return strings.Compare(t.name, name) })
	if !ok {
		return ""
	}
	row := c.codes[i].find(strings.TrimSpace(code))
	if row == nil {
		return ""
	}
	s := row.key
	if row.name != "" && row.name != row.key {
		s += " " + row.name
	}
	if row.text != "" {
		s += ": " + row.text
	}
	return s
}

// CodeTables lists the names of the tables that Decode knows, sorted.
func (c *Catalogue) CodeTables() []string {
	names := make([]string, len(c.codes))
	for i, t := range c.codes {
		names[i] = t.name
	}
	return names
}

func (t *codeTable) find(code string) *codeRow {
	if code == "" {
		return nil
	}
	if n, ok := codeNumber(code); ok {
		i, found := slices.BinarySearchFunc(t.rows, n, func(r codeRow, n int64) int {
			if !r.ok {
				return 1
			}
			return cmp.Compare(r.num, n)
		})
		if found {
			return &t.rows[i]
		}
		return nil
	}
	var suffix *codeRow
	for i := range t.rows {
		r := &t.rows[i]
		if strings.EqualFold(r.name, code) || strings.EqualFold(r.key, code) {
			return r
		}
		// BAD_PARAMETER for EGL_BAD_PARAMETER
		if n := len(r.name) - len(code); suffix == nil && n > 0 && r.name[n-1] == '_' && strings.EqualFold(r.name[n:], code) {
			suffix = r
		}
	}
	return suffix
}

// codeNumber reads 800, -5, 0x300c, 0X300C; a code of hex digits alone is not
// taken for a number, since 300 in hex and in decimal look alike.
func codeNumber(s string) (int64, bool) {
	neg := strings.HasPrefix(s, "-")
	digits := strings.TrimPrefix(s, "-")
	base := 10
	if len(digits) > 2 && (digits[:2] == "0x" || digits[:2] == "0X") {
		digits, base = digits[2:], 16
	}
	n, err := strconv.ParseUint(digits, base, 63)
	if err != nil {
		return 0, false
	}
	if neg {
		return -int64(n), true
	}
	return int64(n), true
}

// codeTable adds one table of codes of a file:
//
//	[egl]
//	"0x300c" = { name = "EGL_BAD_PARAMETER", text = "an argument is invalid" }
//
// A table that is known already gains rows and has rows replaced.
func (b *builder) codeTable(file string, top field) {
	if top.val.kind != kindTable {
		b.problem(file, top.line, "", top.key, "unknown key, want [[pattern]], [[cause]], [[crash]] or a table of codes")
		return
	}
	rows := map[string]codeRow{}
	key := "codes " + top.key
	if first, ok := b.seen[key]; ok {
		b.problem(file, top.line, top.key, "", "table of codes defined twice, first at %s", first)
	}
	b.seen[key] = file + ":" + strconv.Itoa(top.line)
	if old := b.codes[top.key]; old != nil {
		for _, r := range old.rows {
			rows[r.id()] = r
		}
	}
	here := map[string]int{}
	for _, f := range top.val.fields {
		r, ok := b.codeRow(file, top.key, f)
		if !ok {
			continue
		}
		if line, dup := here[r.id()]; dup {
			b.problem(file, f.line, top.key, f.key, "stands for the same code as line %d", line)
		}
		here[r.id()] = f.line
		rows[r.id()] = r
	}
	t := &codeTable{name: top.key}
	for _, r := range rows {
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.rows, func(x, y codeRow) int {
		if x.ok != y.ok {
			if x.ok {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.num, y.num), strings.Compare(x.key, y.key))
	})
	b.codes[top.key] = t
}

// id is what makes two rows the same: the number, however it is spelt.
func (r codeRow) id() string {
	if r.ok {
		return "#" + strconv.FormatInt(r.num, 10)
	}
	return strings.ToLower(r.key)
}

func (b *builder) codeRow(file, table string, f field) (codeRow, bool) {
	r := codeRow{key: f.key}
	r.num, r.ok = codeNumber(f.key)
	if f.val.kind != kindTable {
		b.problem(file, f.line, table, f.key, "is %s, want { name = ..., text = ... }", f.val.kind)
		return r, false
	}
	for _, g := range f.val.fields {
		switch {
		case g.key != "name" && g.key != "text":
			b.problem(file, g.line, table, f.key+"."+g.key, "unknown key, want one of name, text")
		case g.val.kind != kindString:
			b.problem(file, g.line, table, f.key+"."+g.key, "is %s, want a string", g.val.kind)
		case g.key == "name":
			r.name = g.val.text
		default:
			r.text = g.val.text
		}
	}
	if r.name == "" && r.text == "" {
		b.problem(file, f.line, table, f.key, "needs a name or a text")
		return r, false
	}
	return r, true
}
