package recognise

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/logline"
)

const escape = 0x1b

func lineLen(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

func trimEOL(b []byte) []byte {
	n := len(b)
	if n > 0 && b[n-1] == '\n' {
		n--
	}
	if n > 0 && b[n-1] == '\r' {
		n--
	}
	return b[:n]
}

// stripEscapes appends data without escape sequences, so that a colour inside a
// message does not hide a literal from the scanner. Newlines are never part of
// what is dropped: line numbers stay.
func stripEscapes(out, data []byte) []byte {
	out = slices.Grow(out, len(data))
	for {
		i := bytes.IndexByte(data, escape)
		if i < 0 {
			return append(out, data...)
		}
		out = append(out, data[:i]...)
		data = data[i+logline.EscapeLen(data[i:]):]
	}
}

// following are the lines behind a line: the rest of the block, then what is
// known to follow the block.
type following struct {
	rest, ahead []byte
	behind      bool // rest is what was ahead
}

// next returns the next line, false when no more is known.
func (f *following) next() (line []byte, ok bool) {
	if len(f.rest) == 0 {
		if f.behind {
			return nil, false
		}
		f.rest, f.ahead, f.behind = f.ahead, nil, true
		if len(f.rest) == 0 {
			return nil, false
		}
	}
	n := lineLen(f.rest)
	line, f.rest = f.rest[:n], f.rest[n:]
	return trimEOL(line), true
}

func hasDigit(b []byte) bool {
	return slices.ContainsFunc(b, func(c byte) bool { return c-'0' < 10 })
}
