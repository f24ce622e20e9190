package logline

import (
	"bytes"
	"encoding/binary"
)

const (
	maxShapes = 6
	maxPrefix = 96
)

// shape is the transport in front of a message, as learned from a line: bytes
// that must be equal, and places of digits where any digit will do.
type shape struct {
	n      int                     // length; words are padded with zeros
	bytes  [maxPrefix / 8]uint64   // digits are zero
	digits [maxPrefix/8 + 1]uint64 // 0xff where a digit is expected
}

// shapes are the transports seen lately, the last used first.
type shapes struct {
	list [maxShapes]shape
	used int
}

// QuickLevel returns the level that Parse would return for a line, false when
// that is LevelNone. It is for lines that nobody wants but for their level: an
// ordinary line of Wolf, GStreamer or tracing costs some ten nanoseconds once a
// line with the same transport has been seen, any other line costs a Parse. It
// leaves the records of Parse alone. The level is that of the line's first
// record; a spliced one has a mark of its own, see SpliceMarks.
func (p *Parser) QuickLevel(line []byte) (Level, bool) {
	s := &p.shapes
	for i := range s.used {
		sh := &s.list[i]
		if !sh.match(line) {
			continue
		}
		if l, ok := quickMessage(line[sh.n:]); ok {
			if i > 0 {
				s.list[i], s.list[i-1] = s.list[i-1], s.list[i]
			}
			return l, true
		}
	}
	p.peer.Parse(line, &p.rec)
	switch p.rec.Format {
	case FormatWolf, FormatGStreamer, FormatTracing:
		p.learn(line)
	}
	return p.rec.Level, p.rec.Level != LevelNone
}

// Levelless returns the message of the line that QuickLevel has just been asked
// about and found no level for. It lives as long as the line, and until the
// next call of any method.
func (p *Parser) Levelless() []byte { return p.rec.Text }

// SpliceMarks returns the strings one of which occurs in every line whose
// middle starts a tracing event of warning level or above, for a scanner that
// looks at lines QuickLevel would pass over. The slice is new on every call.
func SpliceMarks() []string { return []string{"Z ERROR ", "Z  WARN "} }

// learn remembers the transport of the line that p.peer has just parsed.
func (p *Parser) learn(line []byte) {
	body := p.peer.body
	if p.peer.wraps&wrapJournaldJSON != 0 || len(body) < 12 {
		return // other keys decide whether it is one
	}
	n := bytes.Index(line, body[:12])
	if n < 0 || n > maxPrefix {
		return
	}
	prefix := line[:n]
	if _, ok := quickMessage(line[n:]); !ok {
		return
	}
	for _, c := range prefix {
		if c == '`' || c == '&' || c < ' ' && c != esc && c != '\t' {
			return // what these mean depends on the rest of the line
		}
	}
	s := &p.shapes
	for i := range s.used {
		if s.list[i].n == n && s.list[i].match(line) {
			return // known: it was the message that differed
		}
	}
	// A digit of an escape is not just any digit.
	sh := newShape(prefix, bytes.IndexByte(prefix, '\\') < 0 && bytes.IndexByte(prefix, '#') < 0)
	if s.used < maxShapes {
		s.used++
	}
	copy(s.list[1:s.used], s.list[:s.used-1])
	s.list[0] = sh
}

func newShape(prefix []byte, anyDigit bool) shape {
	sh := shape{n: len(prefix)}
	var b, d [maxPrefix]byte
	for i, c := range prefix {
		if anyDigit && isDigit(c) {
			d[i] = 0xff
		} else {
			b[i] = c
		}
	}
	for i := range sh.bytes {
		sh.bytes[i] = binary.LittleEndian.Uint64(b[i*8:])
		sh.digits[i] = binary.LittleEndian.Uint64(d[i*8:])
	}
	return sh
}

const zeros = 0x3030303030303030 // "00000000"

// match reports whether line starts with the shape.
func (sh *shape) match(line []byte) bool {
	if len(line) < sh.n+8 {
		return false // too short for a message anyway
	}
	i, w := 0, 0
	for ; i < sh.n; i, w = i+8, w+1 {
		v := binary.LittleEndian.Uint64(line[i:])
		if left := sh.n - i; left < 8 {
			v &= 1<<(8*left) - 1
		}
		d := sh.digits[w]
		if v&^d != sh.bytes[w] || d != 0 && !eightDigits(v&d|zeros&^d) {
			return false
		}
	}
	return true
}

// quickMessage reads the level of the formats that have it in a fixed place.
// What it accepts, Parse reads the same way: see TestQuickLevelAgrees.
func quickMessage(b []byte) (Level, bool) {
	if len(b) < 9 {
		return LevelNone, false
	}
	if len(b) > 27 && b[2] == ':' && b[8] == '.' {
		return quickWolf(b)
	}
	switch {
	case isDigit(b[0]):
		if b[4] == '-' {
			return quickTracing(b)
		}
		c, ok := clockAt(b)
		if !ok || c.fraction != 9 {
			return LevelNone, false
		}
		h, ok := gstHeader(b[c.n:])
		return h.level, ok
	case b[6] == '|': // INFO  | without a clock
		if l := wolfLevel(b); l != LevelNone && string(b[5:8]) == " | " {
			return l, true
		}
	}
	return LevelNone, false
}

// quickWolf reads "06:40:11.750123456 WARN  | ", and GStreamer lines of more
// than nine hours, which look the same up to the level.
func quickWolf(b []byte) (Level, bool) {
	const (
		colons    = uint64(':')<<16 | uint64(':')<<40
		colonMask = uint64(0xff)<<16 | uint64(0xff)<<40
	)
	v := binary.LittleEndian.Uint64(b)
	if v&colonMask != colons || !eightDigits(v&^colonMask|zeros&colonMask) {
		return LevelNone, false
	}
	if !eightDigits(binary.LittleEndian.Uint64(b[9:])) || !isDigit(b[17]) || b[18] != ' ' {
		return LevelNone, false
	}
	if string(b[24:27]) == " | " {
		if l := wolfLevel(b[19:]); l != LevelNone {
			return l, true
		}
		return LevelNone, false
	}
	h, ok := gstHeader(b[18:])
	return h.level, ok
}

// quickTracing reads "2025-10-02T06:40:11.784607Z ERROR target: ".
func quickTracing(b []byte) (Level, bool) {
	const (
		date     = uint64('-')<<32 | uint64('-')<<56 // 2025-10-
		dateMask = uint64(0xff)<<32 | uint64(0xff)<<56
		hour     = uint64('T')<<16 | uint64(':')<<40 // 02T06:40
		hourMask = uint64(0xff)<<16 | uint64(0xff)<<40
		sec      = uint64(':') | uint64('.')<<24 // :11.7846
		secMask  = uint64(0xff) | uint64(0xff)<<24
	)
	if len(b) < 36 || b[26] != 'Z' || !isDigit(b[24]) || !isDigit(b[25]) {
		return LevelNone, false
	}
	for _, w := range [...]struct{ v, mark, mask uint64 }{
		{binary.LittleEndian.Uint64(b), date, dateMask},
		{binary.LittleEndian.Uint64(b[8:]), hour, hourMask},
		{binary.LittleEndian.Uint64(b[16:]), sec, secMask},
	} {
		if w.v&w.mask != w.mark || !eightDigits(w.v&^w.mask|zeros&w.mask) {
			return LevelNone, false
		}
	}
	if !tracingHead(b[27:], dated{fraction: 6}) {
		return LevelNone, false
	}
	return tracingLevel(b[28:]), true
}
