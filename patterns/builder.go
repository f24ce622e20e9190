package patterns

import "fmt"

// builder puts a catalogue together from layers of files.
type builder struct {
	patterns  map[string]*Pattern
	causes    map[string]*Cause
	crashes   map[string]*CrashRule
	crashIDs  []string // in order of trial
	newCrash  int      // where the next crash rule of this layer goes
	wordings  map[string]*Wording
	reworded  bool // a file has wordings
	codes     map[string]*codeTable
	disabled  []string
	seen      map[string]string // entry of this layer -> where it was defined
	touched   map[string]bool   // entries that came from files and need validation
	lines     map[string]place  // entry or entry.field -> where it stands
	recompute map[string]bool   // patterns whose regex came from a file
	problems  []error
}

type place struct {
	file string
	line int
}

func (b *builder) problem(file string, line int, id, field, format string, args ...any) {
	b.problems = append(b.problems, &Problem{File: file, Line: line, ID: id, Field: field, Msg: fmt.Sprintf(format, args...)})
}

// at reports a problem of an entry; its place is that of the field when the
// file names it, else that of the entry.
func (b *builder) at(kind, id, fieldName, format string, args ...any) {
	pl, ok := b.lines[kind+" "+id+" "+fieldName]
	if !ok {
		pl = b.lines[kind+" "+id+" "]
	}
	b.problem(pl.file, pl.line, id, fieldName, format, args...)
}
