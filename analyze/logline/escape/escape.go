// Package escape knows what stands in a text and is none of it: terminal
// sequences, also those that have lost their first byte on the way, control
// bytes, and the entities of a web page.
package escape

import (
	"wolfdiag/analyze/logline/lex"
)

// ESC is the byte that terminal sequences begin with.
const ESC = 0x1b

// Len returns the length of the escape sequence at the start of b, whose
// first byte is ESC (ECMA-48), at least 1: CSI … final, OSC/DCS/PM/APC … BEL or ST, or two
// or three bytes. A CSI that is cut off is all that is left of it; a string
// that nothing ends is its first two bytes, for it must not hide the line.
func Len(b []byte) int {
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
		case ESC:
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

// LostSGR returns the length of a colour code that has lost its escape byte,
// or has it spelled out, at the start of b:
//
//	[33;1m   [0m   ^[[0m   \u001b[0m   \x1b[0m   \033[0m   \e[0m   #033[0m   ␛[0m   �[0m
//
// [m alone is text, and so is rate[5m].
func LostSGR(b []byte) int {
	p := spelledEscape(b)
	s := b[p:]
	if len(s) < 3 || s[0] != '[' {
		return 0
	}
	i := 1
	for i < len(s) && i < 20 && (lex.IsDigit(s[i]) || s[i] == ';') {
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

// Skip drops the sequences that b begins with, also those that have lost their
// first byte.
func Skip(b []byte) []byte {
	for len(b) > 0 {
		n := 0
		if b[0] == ESC {
			n = Len(b)
		} else if b[0] == '[' || b[0] == '^' {
			n = LostSGR(b)
		}
		if n == 0 {
			break
		}
		b = b[n:]
	}
	return b
}
