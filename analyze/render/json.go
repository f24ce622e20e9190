package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// writeJSON prints v indented, as an encoder of package json would; HTML
// characters stay as they are in a log. The report and its parts it goes through by
// itself and has the package encode what is in their lists, piece by piece: an
// encoder keeps the whole text three times, which for a large report is more
// memory than reading the log took.
func writeJSON(w io.Writer, v any) error {
	out := &pieces{w: bufio.NewWriter(w)}
	out.enc = json.NewEncoder(&out.compact)
	out.enc.SetEscapeHTML(false)
	out.value(reflect.ValueOf(v), 2)
	_, _ = out.w.WriteString("\n")
	if out.err != nil {
		return fmt.Errorf("write json: %w", out.err)
	}
	return out.w.Flush() // tells of what failed before, too
}

// pieces writes a value piece by piece.
type pieces struct {
	w        *bufio.Writer
	enc      *json.Encoder // into compact
	compact  bytes.Buffer
	indented bytes.Buffer
	indent   []byte // two blanks a level
	err      error  // the first of the encoder
}

// value writes v, going through so many levels of structs by itself, and through
// the lists in them.
func (o *pieces) value(v reflect.Value, levels int) {
	for v.Kind() == reflect.Pointer && !v.IsNil() && !encodesItself(v.Type()) {
		v = v.Elem()
	}
	switch {
	case !v.IsValid() || encodesItself(v.Type()) || encodesItself(reflect.PointerTo(v.Type())):
		o.whole(v)
	case v.Kind() == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() != reflect.Uint8:
		o.open('[')
		for i := range v.Len() {
			o.item(i)
			o.whole(v.Index(i))
		}
		o.close(']')
	case levels > 0 && v.Kind() == reflect.Struct && plainFields(v.Type()):
		n := 0
		o.open('{')
		for i := range v.NumField() {
			name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name == "-" || options == "omitempty" && empty(v.Field(i)) {
				continue
			}
			o.item(n)
			n++
			_, _ = fmt.Fprintf(o.w, "%q: ", name)
			o.value(v.Field(i), levels-1)
		}
		o.close('}')
	default:
		o.whole(v)
	}
}

func (o *pieces) open(c byte) {
	o.indent = append(o.indent, "  "...)
	_ = o.w.WriteByte(c)
}

// item begins the i-th item of a list or struct.
func (o *pieces) item(i int) {
	if i > 0 {
		_ = o.w.WriteByte(',')
	}
	_ = o.w.WriteByte('\n')
	_, _ = o.w.Write(o.indent)
}

func (o *pieces) close(c byte) {
	o.indent = o.indent[:len(o.indent)-2]
	_ = o.w.WriteByte('\n')
	_, _ = o.w.Write(o.indent)
	_ = o.w.WriteByte(c)
}

// whole has the package encode v.
func (o *pieces) whole(v reflect.Value) {
	if o.err != nil {
		return
	}
	var x any
	if v.IsValid() {
		x = v.Interface()
	}
	o.compact.Reset()
	o.indented.Reset()
	if o.err = o.enc.Encode(x); o.err != nil {
		return
	}
	o.err = json.Indent(&o.indented, bytes.TrimSuffix(o.compact.Bytes(), []byte("\n")), string(o.indent), "  ")
	_, _ = o.w.Write(o.indented.Bytes())
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
)

func encodesItself(t reflect.Type) bool {
	return t.Implements(jsonMarshaler) || t.Implements(textMarshaler)
}

// plainFields reports whether a struct has at least one field, and none but
// exported ones with a name in their tag and no option but omitempty.
func plainFields(t reflect.Type) bool {
	written := 0
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789-") != "" || options != "" && options != "omitempty" {
			return false
		}
		if name != "-" && options == "" {
			written++
		}
	}
	return written > 0
}

// empty reports whether omitempty leaves v out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
