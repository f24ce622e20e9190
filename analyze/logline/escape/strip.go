package escape

import (
	"bytes"
	"encoding/binary"

	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/lex"
)

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
		if j+2 < len(b) && (lex.IsDigit(b[j+1]) || b[j+1] == ';' || b[j+1] == 'm' || b[j+1] == 'K') {
			for _, back := range [...]int{6, 4, 3, 2, 0} {
				if k := j - back; k >= from && (back == 0 || spelledEscape(b[k:]) == back) && LostSGR(b[k:]) > 0 {
					return k
				}
			}
		}
		i = j + 1
	}
	return -1
}

// First returns the index of the first byte that strip would drop, -1 for none.
func First(b []byte) int {
	c, l := firstControl(b), firstLost(b, 0)
	if c < 0 || l >= 0 && l < c {
		return l
	}
	return c
}

// Strip appends b without escape sequences, colour codes and control bytes. A
// carriage return, as progress bars write it, becomes a space.
func Strip(dst, b []byte) []byte {
	lost := firstLost(b, 0)
	for i := 0; i < len(b); {
		if i == lost {
			i += LostSGR(b[i:])
			lost = firstLost(b, i)
			continue
		}
		switch c := b[i]; {
		case c == ESC:
			i += Len(b[i:])
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

// Stripped returns what Strip makes of b.
func Stripped(a *arena.Arena, b []byte) []byte {
	dst, from := a.Open()
	return a.Keep(Strip(dst, b), from)
}
