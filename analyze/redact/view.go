package redact

import "bytes"

// filler stands in a view for bytes that belong to an escape.
const filler = 1

// view returns text of the same length in which escapes are undone, so that
// rules need to know of none: of \" in JSON, \u0026, &quot; in HTML or %22 in a
// URL the last byte becomes the character and those before it fillers. Without
// any it is text itself; dst is used for the copy.
func view(dst, text []byte) []byte {
	slash := bytes.IndexByte(text, '\\') >= 0
	entity := bytes.IndexByte(text, '&') >= 0
	percent := bytes.Contains(text, []byte("%22"))
	slashes := bytes.Contains(text, []byte("%2F")) || bytes.Contains(text, []byte("%2f"))
	own := bytes.IndexByte(text, filler) >= 0
	if !slash && !entity && !percent && !slashes && !own {
		return text
	}
	v := append(dst[:0], text...)
	path := false // within C:\Users\name or \\server\share, where a backslash escapes nothing but itself
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == filler:
			v[i] = ' ' // no log means it; a filler is ours
		case c == ' ' || c == '"' || c == '\'':
			path = false
		case c == '\\':
			path = path || i+2 < len(v) && v[i+1] == '\\' && isLetter(v[i+2]) && (i == 0 || v[i-1] == ' ' || v[i-1] == '=') || i >= 2 && v[i-1] == ':' && isLetter(v[i-2]) && (i == 2 || !isWord(v[i-3]))
			i = unescape(v, i, path)
		case c == '&' && entity:
			i = unentity(v, i)
		case c == '%' && slashes && i+2 < len(v) && v[i+1] == '2' && v[i+2]|0x20 == 'f':
			i = put(v, i, 3, '/')
		case c == '%' && percent && i+2 < len(v):
			if n := bytes.IndexByte([]byte("\"':={},"), hexByte(v[i+1], v[i+2])); n >= 0 {
				i = put(v, i, 3, "\"':={},"[n])
			}
		}
	}
	return v
}

// put replaces n bytes from i on by fillers and c, and returns where c is.
func put(v []byte, i, n int, c byte) int {
	for k := range n - 1 {
		v[i+k] = filler
	}
	v[i+n-1] = c
	return i + n - 1
}

// unescape undoes the escape that starts with the backslash at i.
func unescape(v []byte, i int, path bool) int {
	if i+1 >= len(v) {
		return i
	}
	switch c := v[i+1]; {
	case c == '"' || c == '\'' || c == '/':
		return put(v, i, 2, c)
	case c == '\\':
		if i+2 < len(v) && (v[i+2] == '\\' || v[i+2] == '"' || v[i+2] == '/') {
			return put(v, i, 2, filler)
		}
		return put(v, i, 2, c)
	case path:
		return i
	case c == 'n' || c == 'r':
		return put(v, i, 2, '\n')
	case c == 't':
		return put(v, i, 2, ' ')
	case c == 'u' && i+5 < len(v) && v[i+2] == '0' && v[i+3] == '0':
		if b := hexByte(v[i+4], v[i+5]); b > 0 && b < 0x7f {
			if b < ' ' {
				b = ' '
			}
			return put(v, i, 6, b)
		}
	}
	return i
}

var entities = []struct {
	name string
	char byte
}{{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&#34;", '"'}, {"&#39;", '\''}, {"&#x27;", '\''}, {"&apos;", '\''}, {"&nbsp;", ' '}}

// unentity undoes the HTML entity that starts at i.
func unentity(v []byte, i int) int {
	for _, e := range entities {
		if len(v)-i >= len(e.name) && string(v[i:i+len(e.name)]) == e.name {
			return put(v, i, len(e.name), e.char)
		}
	}
	return i
}

// hexByte reads two hexadecimal digits; 0 when they are none.
func hexByte(a, b byte) byte {
	x, y := hexValue(a), hexValue(b)
	if x < 0 || y < 0 {
		return 0
	}
	return byte(x<<4 | y)
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isHexDigit(c byte) bool { return hexValue(c) >= 0 }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isUpper(c byte) bool    { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool    { return c >= 'a' && c <= 'z' }
func isLetter(c byte) bool   { return isUpper(c) || isLower(c) }
func isWord(c byte) bool     { return isLetter(c) || isDigit(c) }
func isSpace(c byte) bool    { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isQuote(c byte) bool    { return c == '"' || c == '\'' || c == '`' }

func lower(c byte) byte {
	if isUpper(c) {
		return c | 0x20
	}
	return c
}

func isHostByte(c byte) bool { return isWord(c) || c == '.' || c == '-' || c == '_' }
