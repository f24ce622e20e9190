package patterns

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a catalogue file. Load and Parse
// report all of them at once, joined; errors.As finds the first, Problems all.
type Problem struct {
	File  string // as named by the caller
	Line  int    // 1-based; 0 when it belongs to no single line
	ID    string // pattern, cause, crash rule or table of codes; "" at file level
	Field string // key; "" when the whole entry is meant
	Msg   string // what is wrong and what was expected
}

// Error has the form "file:line: id: field: message", parts that are unknown left out.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	for _, s := range []string{p.ID, p.Field, p.Msg} {
		if s != "" {
			b.WriteString(": ")
			b.WriteString(s)
		}
	}
	return b.String()
}

// Problems lists every Problem inside err, by file and line; nil when there is none.
func Problems(err error) []*Problem {
	var out []*Problem
	var walk func(error)
	walk = func(e error) {
		switch x := e.(type) {
		case nil:
		case *Problem:
			out = append(out, x)
		case interface{ Unwrap() []error }:
			for _, sub := range x.Unwrap() {
				walk(sub)
			}
		default:
			walk(errors.Unwrap(e))
		}
	}
	walk(err)
	slices.SortStableFunc(out, func(a, b *Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}
