package records

import (
	"bytes"

	"wolfdiag/analyze/logline/jsonscan"
)

// fields calls do with the fields of an object; strings have their quotes.
func fields(b []byte, do func(key string, value []byte)) {
	b = bytes.TrimSpace(b)
	o, ok := jsonscan.Open(b)
	if !ok {
		return
	}
	for f, ok := o.Next(); ok; f, ok = o.Next() {
		value := f.Value
		if f.Str {
			value = b[max(f.Offset-1, 0):min(f.Offset+len(f.Value)+1, len(b))]
		}
		do(string(f.Key), value)
	}
}

// each calls do with the elements of an array; strings have their quotes.
func each(b []byte, do func(b []byte)) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '[' {
		return
	}
	for b = b[1:]; ; {
		b = bytes.TrimLeft(b, " \t\r\n,")
		if len(b) == 0 || b[0] == ']' {
			return
		}
		n := jsonscan.ValueEnd(b)
		if n == 0 {
			return
		}
		do(b[:n])
		b = b[n:]
	}
}

func unquoted(b []byte) []byte {
	if len(b) > 1 && b[0] == '"' {
		return bytes.TrimSuffix(b[1:], []byte(`"`))
	}
	return b
}
