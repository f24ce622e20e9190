package logline

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

const esc = 0x1b

// EscapeLen returns the length of the escape sequence at the start of b, whose
// first byte is ESC; at least 1. It never takes in a newline, and costs as much
// as the sequence is long.
func EscapeLen(b []byte) int { return sequence(b) }

// sequence returns the length of the escape sequence at the start of b, whose
// first byte is ESC (ECMA-48): CSI … final, OSC/DCS/PM/APC … BEL or ST, or two
// or three bytes. A CSI that is cut off is all that is left of it; a string
// that nothing ends is its first two bytes, for it must not hide the line.
func sequence(b []byte) int {
	if len(b) < 2 {
		return len(b)
	}
	switch c := b[1]; {
	case c == '[':
		i := 2
		for i < len(b) && b[i] >= 0x20 && b[i] < 0x40 {
			i++
		}
		if i < len(b) && b[i] >= 0x40 && b[i] < 0x7f {
			i++
		}
		return i
	case c == ']' || c == 'P' || c == '^' || c == '_' || c == 'X':
		return controlString(b)
	case c >= 0x20 && c < 0x30: // ESC ( B
		i := 2
		for i < len(b) && b[i] >= 0x20 && b[i] < 0x30 {
			i++
		}
		if i < len(b) && b[i] >= 0x30 && b[i] < 0x7f {
			i++
		}
		return i
	case c >= 0x30 && c < 0x7f:
		return 2
	}
	return 1
}

// controlString measures ESC ] … BEL or ESC ] … ESC \ and the like. Another
// escape breaks the string off.
func controlString(b []byte) int {
	for i := 2; i < len(b); i++ {
		switch b[i] {
		case 0x07:
			return i + 1
		case esc:
			if i+1 < len(b) && b[i+1] == '\\' {
				return i + 2
			}
			return i
		case '\n':
			return 2
		}
	}
	return 2
}

// lostSGR returns the length of a colour code that has lost its escape byte,
// or has it spelled out, at the start of b:
//
//	[33;1m   [0m   ^[[0m   \u001b[0m   \x1b[0m   \033[0m   \e[0m   #033[0m   ␛[0m   �[0m
//
// [m alone is text, and so is rate[5m].
func lostSGR(b []byte) int {
	p := spelledEscape(b)
	s := b[p:]
	if len(s) < 3 || s[0] != '[' {
		return 0
	}
	i := 1
	for i < len(s) && i < 20 && (isDigit(s[i]) || s[i] == ';') {
		i++
	}
	if i == 1 && p == 0 || i == len(s) || s[i] != 'm' && s[i] != 'K' {
		return 0
	}
	if p == 0 && (s[i] == 'K' || i+1 < len(s) && s[i+1] == ']') {
		return 0
	}
	return p + i + 1
}

// spelledEscape returns the length of a spelled-out escape byte.
func spelledEscape(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	switch b[0] {
	case '^':
		if b[1] == '[' && b[2] == '[' {
			return 2
		}
	case '\\':
		for _, s := range [...]string{`\u001b`, `\u001B`, `\x1b`, `\x1B`, `\033`, `\e`} {
			if len(b) > len(s) && string(b[:len(s)]) == s && b[len(s)] == '[' {
				return len(s)
			}
		}
	case '#':
		if len(b) > 4 && string(b[:4]) == "#033" {
			return 4
		}
	case 0xe2:
		if string(b[:3]) == "␛" {
			return 3
		}
	case 0xef:
		if string(b[:3]) == "\ufffd" {
			return 3
		}
	}
	return 0
}

// firstControl returns the index of the first byte below 0x20 that is not a
// tab, or of 0x7f; -1 when there is none. Eight bytes at a time.
func firstControl(b []byte) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		low := (v - ones*0x20) &^ v & high // bytes below 0x20, exact for the lowest
		del := v ^ ones*0x7f
		del = (del - ones) &^ del & high
		if low|del == 0 {
			continue
		}
		for j := i; j < i+8; j++ {
			if isControl(b[j]) {
				return j
			}
		}
	}
	for ; i < len(b); i++ {
		if isControl(b[i]) {
			return i
		}
	}
	return -1
}

func isControl(c byte) bool { return c < 0x20 && c != '\t' || c == 0x7f }

// firstLost returns the index of the first lost colour code at or after from,
// -1 when there is none.
func firstLost(b []byte, from int) int {
	for i := from; i < len(b); {
		j := bytes.IndexByte(b[i:], '[')
		if j < 0 {
			return -1
		}
		j += i
		// A number or ';' and an 'm' must follow.
		if j+2 < len(b) && (isDigit(b[j+1]) || b[j+1] == ';' || b[j+1] == 'm' || b[j+1] == 'K') {
			for _, back := range [...]int{6, 4, 3, 2, 0} {
				if k := j - back; k >= from && (back == 0 || spelledEscape(b[k:]) == back) && lostSGR(b[k:]) > 0 {
					return k
				}
			}
		}
		i = j + 1
	}
	return -1
}

// dirty returns the index of the first byte that strip would drop, -1 for none.
func dirty(b []byte) int {
	c, l := firstControl(b), firstLost(b, 0)
	if c < 0 || l >= 0 && l < c {
		return l
	}
	return c
}

// strip appends b without escape sequences, colour codes and control bytes. A
// carriage return, as progress bars write it, becomes a space.
func strip(dst, b []byte) []byte {
	lost := firstLost(b, 0)
	for i := 0; i < len(b); {
		if i == lost {
			i += lostSGR(b[i:])
			lost = firstLost(b, i)
			continue
		}
		switch c := b[i]; {
		case c == esc:
			i += sequence(b[i:])
			for lost >= 0 && lost < i {
				lost = firstLost(b, i)
			}
		case c == '\r':
			dst = append(dst, ' ')
			i++
		case isControl(c):
			i++
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// CleanText appends b to dst as text for people: valid UTF-8 on one line,
// without escape sequences, control bytes and marks that change the direction
// of writing. Tabs and newlines become spaces, bytes that are not UTF-8 become
// U+FFFD. It allocates only to grow dst and is safe for concurrent use.
func CleanText(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == esc:
			i += sequence(b[i:])
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
				if n := lostSGR(b[i:]); n > 0 {
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
			if m := lostSGR(b[i:]); m > 0 {
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
