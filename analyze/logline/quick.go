package logline

import (
	"bytes"
	"encoding/binary"

	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/transport"
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
	if l, ok := p.shapes.level(line); ok {
		return l, true
	}
	if !p.learnt(line) {
		p.peer.Weigh(&p.rec)
	}
	return p.rec.Level, p.rec.Level != LevelNone
}

// Headed reports true when a line has a header that no part of a record of several
// lines has, unless a transport cut it: see Continuation. It costs what QuickLevel
// costs.
func (p *Parser) Headed(line []byte) bool {
	if MayBePart(line) {
		return false
	}
	if _, ok := p.shapes.level(line); ok || p.learnt(line) {
		return true
	}
	switch p.rec.Format {
	case FormatPlain, FormatTrace, FormatKernel:
		return false
	}
	return true
}

// level is the level of a line that has one of the shapes.
func (s *shapes) level(line []byte) (Level, bool) {
	for i := range s.used {
		sh := &s.list[i]
		if !sh.match(line) {
			continue
		}
		if l, ok := format.FixedLevel(line[sh.n:]); ok {
			if i > 0 {
				s.list[i], s.list[i-1] = s.list[i-1], s.list[i]
			}
			return l, true
		}
	}
	return LevelNone, false
}

// learnt reads a line into p.rec and reports whether it has a header whose shape
// can be learnt.
func (p *Parser) learnt(line []byte) bool {
	p.peer.Read(line, &p.rec)
	switch p.rec.Format {
	case FormatWolf, FormatGStreamer, FormatTracing:
		p.learn(line)
		return true
	}
	return false
}

// Levelless returns the message of the line that QuickLevel has just been asked
// about and found no level for. It lives as long as the line, and until the
// next call of any method.
func (p *Parser) Levelless() []byte { return p.rec.Text }

// learn remembers the transport of the line that p.peer has just parsed.
func (p *Parser) learn(line []byte) {
	body := p.peer.body
	if p.peer.transports.Wraps&transport.KeysDecide != 0 || len(body) < 12 {
		return // other keys decide whether it is one
	}
	n := bytes.Index(line, body[:12])
	if n < 0 || n > maxPrefix {
		return
	}
	prefix := line[:n]
	if _, ok := format.FixedLevel(line[n:]); !ok {
		return
	}
	for _, c := range prefix {
		if c == '`' || c == '&' || c < ' ' && c != escape.ESC && c != '\t' {
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
		if anyDigit && lex.IsDigit(c) {
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
		if v&^d != sh.bytes[w] || d != 0 && !lex.EightDigits(v&d|lex.Zeros&^d) {
			return false
		}
	}
	return true
}
