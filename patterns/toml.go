package patterns

import (
	"bytes"
	"errors"
	"fmt"
	"sort"

	"github.com/pelletier/go-toml/v2/unstable"
)

// node is one value of a TOML document with the line it stands on. The tree
// is plain on purpose: a catalogue needs to know which keys are present and
// where, which an unmarshalled struct cannot tell.
type node struct {
	kind   nodeKind
	line   int
	text   string  // string, or the raw digits of a number or date
	items  []*node // array
	fields []field // table, in order of appearance
	// headed is set for arrays and tables made by [[x]] and [x] headers.
	headed bool
}

type field struct {
	key  string
	line int
	val  *node
}

type nodeKind uint8

const (
	kindString nodeKind = iota
	kindNumber
	kindBool
	kindArray
	kindTable
	kindOther // dates and times: only entries of what is known take one
)

func (k nodeKind) String() string {
	switch k {
	case kindString:
		return "a string"
	case kindNumber:
		return "a number"
	case kindBool:
		return "true or false"
	case kindArray:
		return "an array"
	case kindTable:
		return "a table"
	default:
		return "a date"
	}
}

func (n *node) get(key string) *node {
	for i := range n.fields {
		if n.fields[i].key == key {
			return n.fields[i].val
		}
	}
	return nil
}

// maxDepth bounds nesting: the deepest legal value, a cause's list of tables, is four down.
const maxDepth = 12

// maxFile bounds a catalogue file; the largest built-in one is below 200 KB.
const maxFile = 16 << 20

// tomlReader turns one document into a tree of nodes and collects what is wrong.
type tomlReader struct {
	file     string
	newlines []int // offsets of line ends, to turn offsets into lines
	parser   unstable.Parser
	problems []error
}

// readTOML parses a document. The tree holds what could be read even when
// there are problems.
func readTOML(file string, data []byte) (*node, []error) {
	r := &tomlReader{file: file}
	root := &node{kind: kindTable, line: 1}
	if len(data) > maxFile {
		r.problem(1, "", fmt.Sprintf("file of %d bytes is too large, want at most %d", len(data), maxFile))
		return root, r.problems
	}
	for i, c := range data {
		if c == '\n' {
			r.newlines = append(r.newlines, i)
		}
	}
	r.parser.Reset(data)
	table := root
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		switch e.Kind {
		case unstable.Table:
			table = r.header(root, e, false)
		case unstable.ArrayTable:
			table = r.header(root, e, true)
		case unstable.KeyValue:
			if table != nil {
				r.keyValue(table, e, 0)
			}
		}
	}
	if err := r.parser.Error(); err != nil {
		line := len(r.newlines) + 1
		var pe *unstable.ParserError
		if errors.As(err, &pe) && pe.Highlight != nil {
			// a highlight is a part of data, so capacities give its offset
			line = r.lineAt(min(max(cap(data)-cap(pe.Highlight), 0), len(data)))
		}
		r.problem(line, "", "not valid TOML: "+err.Error())
	}
	return root, r.problems
}

func (r *tomlReader) problem(line int, key, msg string) {
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Field: key, Msg: msg})
}

func (r *tomlReader) lineAt(offset int) int {
	return sort.SearchInts(r.newlines, offset) + 1
}

func (r *tomlReader) lineOf(n *unstable.Node) int { return r.lineAt(int(n.Raw.Offset)) }

// path reads the parts of a possibly dotted key.
func (r *tomlReader) path(it unstable.Iterator) (parts []string, line int) {
	for it.Next() {
		k := it.Node()
		if line == 0 {
			line = r.lineOf(k)
		}
		parts = append(parts, string(k.Data))
	}
	return parts, line
}

// header finds or makes the table that [a.b] or [[a.b]] opens; nil when the
// header contradicts what came before.
func (r *tomlReader) header(root *node, e *unstable.Node, array bool) *node {
	parts, line := r.path(e.Key())
	if len(parts) > maxDepth {
		r.problem(line, parts[0], "nested too deeply")
		return nil
	}
	at := root
	for _, p := range parts[:len(parts)-1] {
		if at = r.descend(at, p, line); at == nil {
			return nil
		}
	}
	last := parts[len(parts)-1]
	old := at.get(last)
	if !array {
		if old == nil {
			t := &node{kind: kindTable, line: line, headed: true}
			at.fields = append(at.fields, field{last, line, t})
			return t
		}
		if old.kind == kindTable && !old.headed && len(old.fields) > 0 && old.fields[0].val.kind == kindTable {
			old.headed = true // [a.b] came first, [a] completes it
			return old
		}
		r.problem(line, last, fmt.Sprintf("defined twice, first on line %d", old.line))
		return nil
	}
	if old == nil {
		old = &node{kind: kindArray, line: line, headed: true}
		at.fields = append(at.fields, field{last, line, old})
	}
	if old.kind != kindArray || !old.headed {
		r.problem(line, last, fmt.Sprintf("[[%s]] adds to what line %d defines as %s", last, old.line, old.kind))
		return nil
	}
	t := &node{kind: kindTable, line: line, headed: true}
	old.items = append(old.items, t)
	return t
}

// descend goes to the table named p below at, making it when it is missing.
func (r *tomlReader) descend(at *node, p string, line int) *node {
	next := at.get(p)
	switch {
	case next == nil:
		next = &node{kind: kindTable, line: line}
		at.fields = append(at.fields, field{p, line, next})
	case next.kind == kindArray && next.headed && len(next.items) > 0:
		next = next.items[len(next.items)-1]
	case next.kind != kindTable:
		r.problem(line, p, fmt.Sprintf("is %s since line %d, want a table", next.kind, next.line))
		return nil
	}
	return next
}

// keyValue adds one "key = value" to a table.
func (r *tomlReader) keyValue(table *node, e *unstable.Node, depth int) {
	parts, line := r.path(e.Key())
	if len(parts)+depth > maxDepth {
		r.problem(line, parts[0], "nested too deeply")
		return
	}
	for _, p := range parts[:len(parts)-1] {
		if table = r.descend(table, p, line); table == nil {
			return
		}
	}
	last := parts[len(parts)-1]
	if old := table.get(last); old != nil {
		r.problem(line, last, fmt.Sprintf("key given twice, first on line %d", old.line))
		return
	}
	table.fields = append(table.fields, field{last, line, r.value(e.Value(), line, depth+1)})
}

// value converts one value; line is that of its key, for nodes without a place.
func (r *tomlReader) value(v *unstable.Node, line, depth int) *node {
	if v.Raw.Length > 0 {
		line = r.lineOf(v)
	}
	n := &node{line: line}
	if depth > maxDepth {
		r.problem(line, "", "nested too deeply")
		n.kind = kindOther
		return n
	}
	switch v.Kind {
	case unstable.String:
		n.kind, n.text = kindString, string(v.Data)
	case unstable.Integer, unstable.Float:
		n.kind, n.text = kindNumber, string(bytes.ReplaceAll(v.Data, []byte("_"), nil))
	case unstable.Bool:
		n.kind, n.text = kindBool, string(v.Data)
	case unstable.Array:
		n.kind = kindArray
		for it := v.Children(); it.Next(); {
			n.items = append(n.items, r.value(it.Node(), line, depth+1))
		}
	case unstable.InlineTable:
		n.kind = kindTable
		for it := v.Children(); it.Next(); {
			r.keyValue(n, it.Node(), depth+1)
		}
	default:
		n.kind, n.text = kindOther, string(v.Data)
	}
	return n
}
