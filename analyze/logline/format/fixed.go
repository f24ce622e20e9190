package format

import (
	"encoding/binary"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// FixedLevel reads the level of the formats that have it in a fixed place.
// What it accepts, Parse reads the same way: see TestQuickLevelAgrees.
func FixedLevel(b []byte) (record.Level, bool) {
	if len(b) < 9 {
		return record.LevelNone, false
	}
	if len(b) > 27 && b[2] == ':' && b[8] == '.' {
		return quickWolf(b)
	}
	switch {
	case lex.IsDigit(b[0]):
		if b[4] == '-' {
			return quickTracing(b)
		}
		c, ok := clock.At(b)
		if !ok || c.Fraction != 9 {
			return record.LevelNone, false
		}
		h, ok := gstHeader(b[c.Len:])
		return h.level, ok
	case b[6] == '|': // INFO  | without a clock
		if l := wolfLevel(b); l != record.LevelNone && string(b[5:8]) == " | " {
			return l, true
		}
	}
	return record.LevelNone, false
}

// quickWolf reads "06:40:11.750123456 WARN  | ", and GStreamer lines of more
// than nine hours, which look the same up to the level.
func quickWolf(b []byte) (record.Level, bool) {
	const (
		colons    = uint64(':')<<16 | uint64(':')<<40
		colonMask = uint64(0xff)<<16 | uint64(0xff)<<40
	)
	v := binary.LittleEndian.Uint64(b)
	if v&colonMask != colons || !lex.EightDigits(v&^colonMask|lex.Zeros&colonMask) {
		return record.LevelNone, false
	}
	if !lex.EightDigits(binary.LittleEndian.Uint64(b[9:])) || !lex.IsDigit(b[17]) || b[18] != ' ' {
		return record.LevelNone, false
	}
	if string(b[24:27]) == " | " {
		if l := wolfLevel(b[19:]); l != record.LevelNone {
			return l, true
		}
		return record.LevelNone, false
	}
	h, ok := gstHeader(b[18:])
	return h.level, ok
}

// quickTracing reads "2025-10-02T06:40:11.784607Z ERROR target: ".
func quickTracing(b []byte) (record.Level, bool) {
	const (
		date     = uint64('-')<<32 | uint64('-')<<56 // 2025-10-
		dateMask = uint64(0xff)<<32 | uint64(0xff)<<56
		hour     = uint64('T')<<16 | uint64(':')<<40 // 02T06:40
		hourMask = uint64(0xff)<<16 | uint64(0xff)<<40
		sec      = uint64(':') | uint64('.')<<24 // :11.7846
		secMask  = uint64(0xff) | uint64(0xff)<<24
	)
	if len(b) < 36 || b[26] != 'Z' || !lex.IsDigit(b[24]) || !lex.IsDigit(b[25]) {
		return record.LevelNone, false
	}
	for _, w := range [...]struct{ v, mark, mask uint64 }{
		{binary.LittleEndian.Uint64(b), date, dateMask},
		{binary.LittleEndian.Uint64(b[8:]), hour, hourMask},
		{binary.LittleEndian.Uint64(b[16:]), sec, secMask},
	} {
		if w.v&w.mask != w.mark || !lex.EightDigits(w.v&^w.mask|lex.Zeros&w.mask) {
			return record.LevelNone, false
		}
	}
	if !TracingHead(b[27:], clock.Dated{Fraction: 6}) {
		return record.LevelNone, false
	}
	return tracingLevel(b[28:]), true
}
