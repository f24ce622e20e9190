package transport

import (
	"bytes"
	"encoding/binary"

	"wolfdiag/analyze/logline/lex"
)

// streamHeader returns the length of the header that the docker API puts before
// every chunk of a container's output: stream, three zero bytes, length as a
// big-endian 32-bit number. Wolf prints container logs with the headers left in
// (wolf:src/core/src/platforms/all/docker/docker.cpp:get_logs).
//
//	02 00 00 00 00 00 00 52 '[2025-…'       as it is
//	02 52 '[2025-…'                          zero bytes dropped on the way
//	^B^@^@^@^@^@^@R[2025-…                   as cat -v and less show it
//	U+FFFD seven times, R                    as a viewer shows it
//	\u0002\u0000\u0000…                      as JSON spells it
func streamHeader(b []byte) int {
	n, kind := headerUnit(b)
	if n == 0 {
		return 0
	}
	if kind == 0 { // of standard input, or a hole of zero bytes in the file
		if len(b) > 8 && allZero(b[:4]) && plausible(binary.BigEndian.Uint32(b[4:]), len(b)-8) {
			return 8
		}
		return 0
	}
	if n == 1 && len(b) >= 8 && b[1] == 0 && b[2] == 0 && b[3] == 0 {
		return rawHeader(b)
	}
	pos := n
	for range 3 {
		m, k := headerUnit(b[pos:])
		if m == 0 || k != 0 && k != unitUnknown {
			return bareHeader(b, kind)
		}
		pos += m
	}
	for range 4 {
		m, _ := headerUnit(b[pos:])
		if m == 0 {
			if pos >= len(b) {
				return len(b)
			}
			m = 1
			if b[pos] == '^' && pos+1 < len(b) && b[pos+1] >= '@' && b[pos+1] <= '_' {
				m = 2
			}
		}
		pos += m
	}
	return pos
}

// plausible reports whether a header may announce length bytes, of which left
// stand on the line: all, with the newline or without it.
func plausible(length uint32, left int) bool {
	return int64(length) == int64(left) || int64(length) == int64(left)+1 || int64(length) == int64(left)+2
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// nulRun returns how much of the start of b is zero bytes, however they are
// spelled: a file that was truncated while a process wrote on has a hole of them.
func nulRun(b []byte) int {
	pos := 0
	for {
		n, v := headerUnit(b[pos:])
		if n == 0 || v != 0 {
			return pos
		}
		pos += n
	}
}

// rawHeader measures a header whose zero bytes are there. A length byte above
// 0x7f may have become U+FFFD on the way (JSON has no other bytes).
func rawHeader(b []byte) int {
	pos := 4
	for range 4 {
		if pos+3 <= len(b) && string(b[pos:pos+3]) == "\ufffd" {
			pos += 2
		}
		pos++
	}
	return min(pos, len(b))
}

// bareHeader handles a header whose zero bytes are gone.
func bareHeader(b []byte, kind int) int {
	if b[0] != 1 && b[0] != 2 || kind < 1 || len(b) < 3 {
		return 0
	}
	rest := len(b) - 2 // message, when one length byte is left; its newline is counted too
	if rest+1 >= 256 && int(b[1]) < 0x20 && len(b) > 3 {
		return 3
	}
	return 2
}

// lengthByte reports whether of a header nothing is left but the last byte of the
// length, as where only printable bytes have survived a copy:
//
//	M00:00:00.020 [ERROR] [common/ipc-client.c:86] Unable to receive IPC response
//	JGdk-Message: 11:11:41.882: Error reading events from display: Broken pipe
//
// A text may begin with that letter by chance, so what follows must be a clock, a
// bracket or the head of GLib's.
func lengthByte(b []byte) bool {
	if len(b) < 16 || b[0] != byte(len(b)) || lex.IsDigit(b[0]) { // its newline counts too
		return false
	}
	switch rest := b[1:]; rest[0] {
	case '[':
		return lex.IsDigit(rest[1])
	case '(':
		return bytes.Contains(rest[:min(len(rest), 100)], []byte(" **: "))
	default:
		return lex.DigitRun(rest) == 2 && rest[2] == ':' || rest[0] >= 'A' && rest[0] <= 'Z' && bytes.Contains(rest[:min(len(rest), 40)], []byte("-Message: "))
	}
}

const unitUnknown = 0xfffd

// headerUnit reads one byte of a header, however it is spelled.
func headerUnit(b []byte) (n, value int) {
	if len(b) == 0 {
		return 0, 0
	}
	switch c := b[0]; {
	case c <= 2:
		return 1, int(c)
	case c == '^' && len(b) > 1 && b[1] >= '@' && b[1] <= 'B':
		return 2, int(b[1] - '@')
	case c == 0xef && len(b) > 2 && string(b[:3]) == "\ufffd":
		return 3, unitUnknown
	case c == '\\' && len(b) > 5 && (string(b[:5]) == `\u000`) && b[5] <= '2' && b[5] >= '0':
		return 6, int(b[5] - '0')
	case c == '\\' && len(b) > 5 && (string(b[:6]) == `\ufffd` || string(b[:6]) == `\uFFFD`):
		return 6, unitUnknown
	case c == '\\' && len(b) > 3 && string(b[:3]) == `\x0` && b[3] >= '0' && b[3] <= '2':
		return 4, int(b[3] - '0')
	}
	return 0, 0
}
