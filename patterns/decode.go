package patterns

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decoder fills structs from nodes by their toml tags. Only keys that are
// present are touched, which is what lets a user's table override single
// fields of a built-in one.
type decoder struct {
	file, id string
	lines    map[string]int // line of each key that was present, by dotted path
	problems []error
}

func (d *decoder) problem(line int, field, format string, args ...any) {
	d.problems = append(d.problems, &Problem{File: d.file, Line: line, ID: d.id, Field: field, Msg: fmt.Sprintf(format, args...)})
}

// table fills the struct that v holds from a table node; path is the dotted
// name of the table within its entry, "" at the top.
func (d *decoder) table(n *node, v reflect.Value, path string) {
	t := v.Type()
	for _, f := range n.fields {
		i, known := fieldByTag(t, f.key)
		name := joinPath(path, f.key)
		if i < 0 {
			d.problem(f.line, name, "unknown key, want one of %s", strings.Join(known, ", "))
			continue
		}
		d.lines[name] = f.line
		d.value(f.val, v.Field(i), name)
	}
}

func (d *decoder) value(n *node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if d.want(n, kindString, path) {
			v.SetString(n.text)
		}
	case reflect.Bool:
		if d.want(n, kindBool, path) {
			v.SetBool(n.text == "true")
		}
	case reflect.Float64:
		if d.want(n, kindNumber, path) {
			f, err := strconv.ParseFloat(n.text, 64)
			if err != nil {
				d.problem(n.line, path, "%q is no decimal number", n.text)
				return
			}
			v.SetFloat(f)
		}
	case reflect.Int64:
		if d.want(n, kindNumber, path) {
			i, err := strconv.ParseInt(n.text, 10, 64)
			if err != nil {
				d.problem(n.line, path, "%q is no whole number", n.text)
				return
			}
			v.SetInt(i)
		}
	case reflect.Struct:
		if d.want(n, kindTable, path) {
			d.table(n, v, path)
		}
	case reflect.Slice:
		if d.want(n, kindArray, path) {
			s := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
			for i, item := range n.items {
				p := path + "[" + strconv.Itoa(i) + "]"
				d.lines[p] = item.line
				d.value(item, s.Index(i), p)
			}
			v.Set(s)
		}
	default:
		d.problem(n.line, path, "cannot be set from a file")
	}
}

func (d *decoder) want(n *node, k nodeKind, path string) bool {
	if n.kind != k {
		d.problem(n.line, path, "is %s, want %s", n.kind, k)
	}
	return n.kind == k
}

// fieldByTag returns the index of the field tagged key, or -1 and all tags.
func fieldByTag(t reflect.Type, key string) (int, []string) {
	var known []string
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		if tag == key {
			return i, nil
		}
		known = append(known, tag)
	}
	slices.Sort(known)
	return -1, known
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
