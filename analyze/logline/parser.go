// Package logline turns one line of a log into a Record: it takes off the
// transport (compose prefix, docker timestamps, json-file, journald, CRI, …)
// and then reads the message's own format (Wolf, GStreamer, Rust tracing, …).
//
// Nothing here allocates per line: records point into the line or into scratch
// memory of the Parser.
package logline

import (
	"bytes"

	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/complaint"
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/transport"
)

// Parser reads lines. It keeps scratch memory and what it has learned about the
// shape of the lines so far, so that a line costs no allocation; it is for one
// goroutine. What it has learned makes it faster and never changes a result:
// two Parsers give the same Record for a line, whatever they have seen before.
type Parser struct {
	arena  arena.Arena
	names  transport.Names
	shapes shapes
	hears  func(text []byte) (complains bool, from, to int)
	rec    Record
	peer   *Parser // looks at the lines that follow, for Join

	// Of the line at hand:
	transports transport.State
	message    format.Context
	body       []byte // without transport and escapes
	from, to   int    // the part of the message on whose digits its level depends
}

// NewParser returns a Parser that has seen nothing.
func NewParser() *Parser {
	p := newParser()
	p.peer = newParser()
	return p
}

func newParser() *Parser {
	p := &Parser{}
	p.transports.Arena, p.message.Arena = &p.arena, &p.arena
	return p
}

// Parse takes the transport off a line (its newline may be there or not) and
// reads the message into r. Any bytes are accepted; a line without a known
// header is FormatPlain with the whole message as Text. The cost is linear in
// the length of the line.
func (p *Parser) Parse(line []byte, r *Record) {
	p.Read(line, r)
	p.Weigh(r)
}

// Read is Parse without Weigh: the level is what the line states, LevelNone where
// it states none.
func (p *Parser) Read(line []byte, r *Record) {
	p.reset()
	*r = Record{}
	b := lex.TrimEnd(line)
	if len(b) > 1 && b[0] == '{' && b[1] == '&' { // {&quot;log&quot;:…
		b = escape.Entities(&p.arena, b)
	}
	b = transport.Unwrap(&p.transports, b, r)
	p.body = p.clean(b)
	p.message.Kernel = p.transports.Kernel
	format.Read(&p.message, p.body, r)
	if r.Level == LevelNone && r.Continues != ContinuesTrace {
		r.Level = p.transports.Claim
	}
	if r.Partial {
		r.Continues = ContinuesPartial
	}
	splice(r)
	r.Transport = p.names.Of(p.transports.Wraps)
}

// Weigh raises the level of a message that states none by what its words say. What
// a transport claims is the level of a stream; the kernel's own is a level. r must
// be of the last Read. It is what costs most of a line in words.
func (p *Parser) Weigh(r *Record) {
	if r.Level != LevelNone && (r.Format != FormatPlain || r.Level != LevelInfo || p.transports.Claim != LevelInfo) || r.Format == FormatTrace {
		return
	}
	l, from, to := complaint.Level(r.Text)
	p.from, p.to = from, to
	if l > r.Level {
		r.Level, r.Worded = l, true
		return
	}
	if p.hears != nil && (r.Format == FormatPlain || r.Format == FormatKernel || r.Format == FormatCompose) {
		complains, from, to := p.hears(r.Text)
		if complains {
			r.Level, r.Worded = LevelWarning, true
		}
		switch {
		case to == 0:
		case p.to == 0:
			p.from, p.to = from, to
		default:
			p.from, p.to = min(p.from, from), max(p.to, to)
		}
	}
}

// Hear makes the parser ask a second opinion of messages that state no level and
// do not complain by their words: those of which complains is true are warnings.
// hears must depend on nothing but the text. Outside of text[from:to] the values of
// digits, and of the characters of hex words, must make no difference to complains;
// from and to are 0 where they make none anywhere.
func (p *Parser) Hear(hears func(text []byte) (complains bool, from, to int)) {
	p.hears = hears
	if p.peer != nil {
		p.peer.hears = hears
	}
}

// reset forgets the line before.
func (p *Parser) reset() {
	p.arena.Next()
	p.transports.Reset()
	p.message.Colour, p.from, p.to = LevelNone, 0, 0
}

// clean takes escapes and paste damage out of a message.
func (p *Parser) clean(b []byte) []byte {
	if escape.First(b) >= 0 {
		p.message.Colour = format.SwayColour(b)
		b = escape.Stripped(&p.arena, b)
	}
	b = escape.Entities(&p.arena, b)
	for _, tag := range [...]string{"</pre>", "</code>"} {
		if bytes.HasSuffix(b, []byte(tag)) {
			b = b[:len(b)-len(tag)]
			p.transports.Wraps |= transport.Markdown
		}
	}
	if n := len(b); n > 1 && b[n-1] == '\\' && b[n-2] != '\\' {
		b = b[:n-1]
	}
	return b
}
