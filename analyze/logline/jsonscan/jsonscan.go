// Package jsonscan walks over JSON objects that may be cut off, one a line: as
// much of JSON as log lines need, without allocation and without complaint.
package jsonscan

// Object walks over the top-level fields of a JSON object that may be cut
// off: enough for log lines, no validation of what nobody asks for.
type Object struct {
	b   []byte
	pos int
}

// Field is one field; key and string values stand as written, escapes and all.
type Field struct {
	Key    []byte
	Value  []byte // without quotes for a string
	Str    bool
	Open   bool // the line ends inside the value
	Offset int  // of Value in the line
}

// Open starts at a '{'.
func Open(b []byte) (Object, bool) {
	if len(b) < 2 || b[0] != '{' {
		return Object{}, false
	}
	return Object{b: b, pos: 1}, true
}

func (o *Object) skipSpace() {
	for o.pos < len(o.b) && (o.b[o.pos] == ' ' || o.b[o.pos] == '\t' || o.b[o.pos] == '\r' || o.b[o.pos] == '\n') {
		o.pos++
	}
}

// Next returns the next field, false at the end or where it is no JSON.
func (o *Object) Next() (f Field, ok bool) {
	o.skipSpace()
	if o.pos < len(o.b) && o.b[o.pos] == ',' {
		o.pos++
		o.skipSpace()
	}
	if o.pos >= len(o.b) || o.b[o.pos] != '"' {
		return f, false
	}
	end, closed := StringEnd(o.b, o.pos+1)
	if !closed {
		return f, false
	}
	f.Key = o.b[o.pos+1 : end]
	o.pos = end + 1
	o.skipSpace()
	if o.pos >= len(o.b) || o.b[o.pos] != ':' {
		return f, false
	}
	o.pos++
	o.skipSpace()
	if o.pos >= len(o.b) {
		return f, false
	}
	if o.b[o.pos] == '"' {
		end, closed := StringEnd(o.b, o.pos+1)
		f.Offset = o.pos + 1
		f.Value, f.Str, f.Open = o.b[o.pos+1:end], true, !closed
		o.pos = min(end+1, len(o.b))
		return f, true
	}
	start := o.pos
	o.pos, f.Open = valueEnd(o.b, start)
	f.Value, f.Offset = o.b[start:o.pos], start
	return f, o.pos > start
}

// StringEnd returns the index of the quote that ends a string, or len(b).
func StringEnd(b []byte, i int) (end int, closed bool) {
	for i < len(b) {
		switch b[i] {
		case '"':
			return i, true
		case '\\':
			i++
		}
		i++
	}
	return len(b), false
}

// ValueEnd returns where the value ends that b begins with, quotes and all.
func ValueEnd(b []byte) int {
	if len(b) > 0 && b[0] == '"' {
		end, _ := StringEnd(b, 1)
		return min(end+1, len(b))
	}
	end, _ := valueEnd(b, 0)
	return end
}

// valueEnd skips a number, word, array or object.
func valueEnd(b []byte, i int) (end int, open bool) {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			e, closed := StringEnd(b, i+1)
			if !closed {
				return len(b), true
			}
			i = e
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i, false
			}
			if depth--; depth == 0 {
				return i + 1, false
			}
		case ',':
			if depth == 0 {
				return i, false
			}
		}
		i++
	}
	return len(b), depth > 0
}
