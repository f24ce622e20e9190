package logline

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/transport"
)

// Split puts a line together again that json-file or CRI cut: both write a
// message of more than 16 KiB in parts, each a line of its own
// (docker:daemon/logger/copier.go:copySrc, containerd:internal/cri/io/logger.go:redirectLogs).
// The zero Split is ready for Parser.Begin and keeps its memory between lines.
type Split struct {
	line    []byte        // head and message so far, as the transport spells it
	tail    []byte        // what the first part has behind its message
	head    int           // where the message starts in line
	last    int           // length of the part added last
	wraps   transport.Set // the transport that cut
	stream  uint8
	outer   Stamp
	service []byte
	done    bool
	text    []byte // scratch
}

const (
	fullPart     = 4096             // no transport cuts shorter ones
	maxSplit     = 32 << 10         // bytes of a message that are kept
	maxPartDelay = 5 * clock.Second // between short parts
)

// MayBePart reports whether a line may be a part that another follows. It is
// cheap, and never wrong about lines that start with a json-file object or CRI's
// clock.
func MayBePart(line []byte) bool {
	if len(line) > 8 && line[0] == '{' {
		return string(line[1:6]) == `"log"` && !endsInNewline(line)
	}
	head := line[:min(len(line), 100)]
	return bytes.Contains(head, []byte(" stdout P")) || bytes.Contains(head, []byte(" stderr P"))
}

// endsInNewline reports whether the message of a json-file object ends in an
// escaped newline, as a whole one does:
//
//	{"log":"06:40:11.752176123 WARN  | …\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}
func endsInNewline(line []byte) bool {
	const tail = 120 // from the end of the message to that of the line, without attributes
	end := line[max(0, len(line)-tail):]
	i := bytes.Index(end, []byte(`\n"`))
	return i > 0 && end[i-1] != '\\'
}

// part is what a line says as a part of another.
type part struct {
	raw     []byte // the message as the transport spells it
	at, tag int    // where raw and CRI's P stand in the line; -1: not in the line itself
	partial bool
}

// part reads a line up to the transport that cuts. What it says about the line
// is in p.rec until the next call.
func (p *Parser) part(line []byte) (c part, ok bool) {
	q := p.peer
	if q == nil {
		return c, false
	}
	q.reset()
	q.transports.UpToCut = true
	p.rec = Record{}
	line = lex.TrimEnd(line)
	transport.Unwrap(&q.transports, line, &p.rec)
	q.transports.UpToCut = false
	if q.transports.Wraps&transport.Cutters == 0 {
		return c, false
	}
	c = part{raw: q.transports.Cut, at: offsetIn(line, q.transports.Cut), tag: offsetIn(line, q.transports.CutTag), partial: p.rec.Partial}
	return c, true
}

// offsetIn returns where sub stands in line when it is a slice of it, else -1.
func offsetIn(line, sub []byte) int {
	at := cap(line) - cap(sub)
	if len(sub) == 0 || at < 0 || at+len(sub) > len(line) || &line[at] != &sub[0] {
		return -1
	}
	return at
}

// Begin starts to put a line together. It reports false, and s is not to be
// used, when the line is no part of another one.
func (p *Parser) Begin(s *Split, line []byte) bool {
	c, ok := p.part(line)
	if !ok || !c.partial || c.at < 0 {
		return false
	}
	line = lex.TrimEnd(line)
	s.line = append(s.line[:0], line[:c.at+len(c.raw)]...)
	s.tail = append(s.tail[:0], line[c.at+len(c.raw):]...)
	s.wraps = p.peer.transports.Wraps & transport.Cutters
	if s.wraps&transport.CRI != 0 {
		if c.tag < 0 {
			return false
		}
		s.line[c.tag] = 'F'
	}
	s.head, s.last, s.done = c.at, len(c.raw), false
	s.stream, s.outer, s.service = p.rec.Stream, p.rec.Outer, append(s.service[:0], p.rec.Service...)
	return true
}

// More adds the next line to s when it is the next part. It reports false, and
// leaves s as it was, when it is not, or s is complete.
func (p *Parser) More(s *Split, next []byte) bool {
	if s.done {
		return false
	}
	c, ok := p.part(next)
	r := &p.rec
	if !ok || p.peer.transports.Wraps&transport.Cutters != s.wraps || r.Stream != s.stream || !bytes.Equal(r.Service, s.service) {
		return false
	}
	if s.wraps&transport.DockerJSON != 0 && s.last < fullPart && !p.completes(s, c.raw, next) {
		return false
	}
	if len(s.line) < maxSplit {
		s.line = append(s.line, c.raw...)
	} else if !c.partial && s.wraps&transport.DockerJSON != 0 {
		s.line = append(s.line, `\n`...)
	}
	s.last, s.done = len(c.raw), !c.partial
	return true
}

// completes tells the next part from the first line after the last words of a
// process that did not end them with a newline.
func (p *Parser) completes(s *Split, raw, next []byte) bool {
	if a, b := s.outer, p.rec.Outer; a.Kind == b.Kind && (b.Nanos-a.Nanos > maxPartDelay || a.Nanos-b.Nanos > maxPartDelay) {
		return false
	}
	q := p.peer
	q.Parse(next, &p.rec)
	if !startsAnew(&p.rec) {
		return true
	}
	// The clock that next starts with may be the end of one that was cut.
	s.text = jsonscan.Unescape(s.text[:0], s.line[s.head:])
	s.text = escape.Strip(s.text[len(s.text):], s.text)
	if !clockBytes(s.text) {
		return false
	}
	q.Parse(jsonscan.Unescape(s.text, raw), &p.rec)
	return p.rec.Inner.Kind != ClockNone
}

// startsAnew reports whether a line is certainly the first of a record.
func startsAnew(r *Record) bool {
	switch r.Format {
	case FormatWolf, FormatPanic:
		return true
	case FormatGStreamer, FormatTracing, FormatSway, FormatGow, FormatSpdlog, FormatSupervisord:
		return r.Inner.Kind != ClockNone
	}
	return false
}

// clockBytes reports whether b may be the start of a clock, and is no more.
func clockBytes(b []byte) bool {
	for _, c := range b {
		if !lex.IsDigit(c) && bytes.IndexByte([]byte(":.-+TZ [("), c) < 0 {
			return false
		}
	}
	return len(b) < 40
}

// Done reports whether the last part has been added.
func (s *Split) Done() bool { return s.done }

// Line returns the line as it would stand had it not been cut, with the clock
// of its first part. It lives until the next Begin.
func (s *Split) Line() []byte {
	return append(s.line, s.tail...)
}
