package transport

import "bytes"

// criTag reads "stderr F " of a CRI line; P marks a part.
func criTag(b []byte) (line []byte, partial bool, stream uint8, ok bool) {
	if len(b) < 8 || string(b[:3]) != "std" {
		return nil, false, 0, false
	}
	switch string(b[:7]) {
	case "stdout ":
		stream = 1
	case "stderr ":
		stream = 2
	default:
		return nil, false, 0, false
	}
	if b[7] != 'F' && b[7] != 'P' {
		return nil, false, 0, false
	}
	partial = b[7] == 'P'
	rest := b[8:]
	if len(rest) > 0 && rest[0] == ':' { // P:tag:tag, reserved by the format
		if i := bytes.IndexByte(rest, ' '); i > 0 {
			rest = rest[i:]
		}
	}
	if len(rest) == 0 {
		return rest, partial, stream, true
	}
	if rest[0] != ' ' {
		return nil, false, 0, false
	}
	return rest[1:], partial, stream, true
}
