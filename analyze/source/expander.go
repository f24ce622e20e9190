package source

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

type expander struct {
	o        ExpandOptions
	inputs   []Input
	problems []Problem
	seen     map[string]int // canonical path → index in inputs
}

func (e *expander) fail(name string, err error) {
	var pe *fs.PathError // its path would repeat the name
	if errors.As(err, &pe) {
		err = pe.Err
	}
	e.problems = append(e.problems, Problem{Name: name, Err: err})
}

func (e *expander) add(key string, in Input) {
	if i, twice := e.seen[key]; twice {
		note := fmt.Sprintf("also named as %q, read once", in.Name)
		if in.Name == e.inputs[i].Name {
			note = "named twice, read once"
		}
		if !slices.Contains(e.inputs[i].Notes, note) {
			e.inputs[i].Notes = append(e.inputs[i].Notes, note)
		}
		return
	}
	e.seen[key] = len(e.inputs)
	e.inputs = append(e.inputs, in)
}

// few joins the first so many names and counts the others.
func few(names []string, most int) string {
	if n := len(names) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n)
	}
	return strings.Join(names, ", ")
}
