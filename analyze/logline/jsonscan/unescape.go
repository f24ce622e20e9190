package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/lex"
)

// Unescape appends a JSON string's meaning to dst. A broken escape stands for itself.
func Unescape(dst, s []byte) []byte {
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
		case lex.IsDigit(c):
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0
		}
	}
	return r, 5
}

// Bytes appends what a JSON array of byte values means: [27,91,51].
func Bytes(dst, s []byte) ([]byte, bool) {
	if len(s) < 2 || s[0] != '[' {
		return dst, false
	}
	v, have := 0, false
	for _, c := range s[1:] {
		switch {
		case lex.IsDigit(c):
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

// Text returns what a JSON string means: s itself when nothing in it is escaped.
func Text(a *arena.Arena, s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	dst, from := a.Open()
	return a.Keep(Unescape(dst, s), from)
}
