package logline

import (
	"unicode/utf16"
	"unicode/utf8"
)

// jsonObject walks over the top-level fields of a JSON object that may be cut
// off: enough for log lines, no validation of what nobody asks for.
type jsonObject struct {
	b   []byte
	pos int
}

// jsonField is one field; key and string values stand as written, escapes and all.
type jsonField struct {
	key    []byte
	value  []byte // without quotes for a string
	str    bool
	open   bool // the line ends inside the value
	offset int  // of value in the line
}

// openObject starts at a '{'.
func openObject(b []byte) (jsonObject, bool) {
	if len(b) < 2 || b[0] != '{' {
		return jsonObject{}, false
	}
	return jsonObject{b: b, pos: 1}, true
}

func (o *jsonObject) skipSpace() {
	for o.pos < len(o.b) && (o.b[o.pos] == ' ' || o.b[o.pos] == '\t' || o.b[o.pos] == '\r' || o.b[o.pos] == '\n') {
		o.pos++
	}
}

// next returns the next field, false at the end or where it is no JSON.
func (o *jsonObject) next() (f jsonField, ok bool) {
	o.skipSpace()
	if o.pos < len(o.b) && o.b[o.pos] == ',' {
		o.pos++
		o.skipSpace()
	}
	if o.pos >= len(o.b) || o.b[o.pos] != '"' {
		return f, false
	}
	end, closed := stringEnd(o.b, o.pos+1)
	if !closed {
		return f, false
	}
	f.key = o.b[o.pos+1 : end]
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
		end, closed := stringEnd(o.b, o.pos+1)
		f.offset = o.pos + 1
		f.value, f.str, f.open = o.b[o.pos+1:end], true, !closed
		o.pos = min(end+1, len(o.b))
		return f, true
	}
	start := o.pos
	o.pos, f.open = valueEnd(o.b, start)
	f.value, f.offset = o.b[start:o.pos], start
	return f, o.pos > start
}

// stringEnd returns the index of the quote that ends a string, or len(b).
func stringEnd(b []byte, i int) (end int, closed bool) {
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

// valueEnd skips a number, word, array or object.
func valueEnd(b []byte, i int) (end int, open bool) {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			e, closed := stringEnd(b, i+1)
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

// unescape appends a JSON string's meaning to dst. A broken escape stands for itself.
func unescape(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 == len(s) {
			dst = append(dst, c)
			continue
		}
		i++
		switch s[i] {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case '"', '\\', '/':
			dst = append(dst, s[i])
		case 'u':
			r, n := hexRune(s[i:])
			if n == 0 {
				dst = append(dst, '\\', 'u')
				continue
			}
			i += n - 1
			if utf16.IsSurrogate(r) && i+2 < len(s) && s[i+1] == '\\' {
				if low, m := hexRune(s[i+2:]); m > 0 && utf16.DecodeRune(r, low) != utf8.RuneError {
					r = utf16.DecodeRune(r, low)
					i += m + 1
				}
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, '\\', s[i])
		}
	}
	return dst
}

// hexRune reads u1F43A's four digits after the u.
func hexRune(s []byte) (r rune, n int) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, 0
	}
	for _, c := range s[1:5] {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0
		}
	}
	return r, 5
}

// byteArray appends what a JSON array of byte values means: [27,91,51].
func byteArray(dst, s []byte) ([]byte, bool) {
	if len(s) < 2 || s[0] != '[' {
		return dst, false
	}
	v, have := 0, false
	for _, c := range s[1:] {
		switch {
		case isDigit(c):
			v, have = v*10+int(c-'0'), true
			if v > 255 {
				return dst, false
			}
		case c == ',' || c == ']':
			if have {
				dst = append(dst, byte(v))
			}
			v, have = 0, false
		case c != ' ':
			return dst, false
		}
	}
	return dst, true
}
