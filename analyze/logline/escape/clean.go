package escape

import (
	"unicode/utf8"
)

// CleanText appends b to dst as text for people: valid UTF-8 on one line,
// without escape sequences, control bytes and marks that change the direction
// of writing. Tabs and newlines become spaces, bytes that are not UTF-8 become
// U+FFFD. It allocates only to grow dst and is safe for concurrent use.
func CleanText(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == ESC:
			i += Len(b[i:])
			continue
		case c == '\n' || c == '\t' || c == '\r':
			if c != '\r' || i+1 < len(b) && b[i+1] != '\n' {
				dst = append(dst, ' ')
			}
			i++
			continue
		case isControl(c):
			i++
			continue
		case c < utf8.RuneSelf:
			if c == '[' || c == '^' || c == '\\' || c == '#' {
				if n := LostSGR(b[i:]); n > 0 {
					i += n
					continue
				}
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError || r == '␛':
			if m := LostSGR(b[i:]); m > 0 {
				n = m
			} else {
				dst = utf8.AppendRune(dst, r)
			}
		case r < 0xa0, r == 0xfeff, r >= 0x200e && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		default:
			dst = append(dst, b[i:i+n]...)
		}
		i += n
	}
	return dst
}
