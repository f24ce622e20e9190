// Package lex knows the small parts that transports and formats are made of:
// runs of digits, letters and names, tags in brackets, and the classes of bytes
// that a line may begin with. Nothing in it allocates.
package lex

import (
	"bytes"
)

// IsDigit reports whether c is an ASCII digit.
func IsDigit(c byte) bool { return c-'0' < 10 }

// DigitRun returns the length of the run of digits at the start of b.
func DigitRun(b []byte) int {
	n := 0
	for n < len(b) && IsDigit(b[n]) {
		n++
	}
	return n
}

// Number reads a run of digits; more than eighteen saturate.
func Number(b []byte) int64 {
	var v int64
	for _, c := range b {
		if v > 1e17 {
			return 1e18
		}
		v = v*10 + int64(c-'0')
	}
	return v
}

// Two reads two digits.
func Two(b []byte) int64 { return int64(b[0]-'0')*10 + int64(b[1]-'0') }

// Zeros is "00000000" as EightDigits wants it.
const Zeros = 0x3030303030303030

// EightDigits reports whether all eight bytes of v are ASCII digits
// (Lemire, "Number parsing at a gigabyte per second", 2021).
func EightDigits(v uint64) bool {
	return (v&0xf0f0f0f0f0f0f0f0)|((v+0x0606060606060606)&0xf0f0f0f0f0f0f0f0)>>4 == 0x3333333333333333
}

// Eight reads eight digits, the first in the lowest byte of v, as EightDigits wants
// them. Only the values of the digits are looked at: a zero byte is a 0.
func Eight(v uint64) int64 {
	v = (v & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	v = (v & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return int64((v & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32)
}

// NameRun returns how much of b is made of the characters of a container name.
func NameRun(b []byte) int {
	n := 0
	for n < len(b) {
		c := b[n]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || IsDigit(c) || c == '_' || n > 0 && (c == '-' || c == '.' || c == '@' || c == '/') {
			n++
			continue
		}
		break
	}
	return n
}

// WordRun returns the length of the run of ASCII letters at the start of b.
func WordRun(b []byte) int {
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z') {
		n++
	}
	return n
}

// SpaceRun returns the length of the run of spaces at the start of b.
func SpaceRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] == ' ' {
		n++
	}
	return n
}

// Capitals reports whether b is a word of capitals.
func Capitals(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(b) > 0
}

// TrimEnd takes off the end of the line.
func TrimEnd(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}

// TrimSpace takes indentation off.
func TrimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// Bracket reads "[tag] " and returns the tag, nil when there is none.
func Bracket(b []byte) (tag, rest []byte) {
	if len(b) < 3 || b[0] != '[' {
		return nil, b
	}
	end := bytes.IndexByte(b[:min(len(b), 200)], ']')
	if end < 2 {
		return nil, b
	}
	return b[1:end], bytes.TrimPrefix(b[end+1:], []byte(" "))
}
