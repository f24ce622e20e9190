package logline

import "bytes"

// Parser reads lines. It keeps scratch memory and what it has learned about the
// shape of the lines so far, so that a line costs no allocation; it is for one
// goroutine. What it has learned makes it faster and never changes a result:
// two Parsers give the same Record for a line, whatever they have seen before.
type Parser struct {
	arena    [2][]byte // escapes taken out, JSON unfolded: one for this record, one for the one before
	cur      int
	names    map[wrap]string
	last     wrap // whose name is lastName
	lastName string
	shapes   shapes
	rec      Record
	peer     *Parser // looks at the lines that follow, for Join

	// Of the line at hand:
	wraps  wrap
	claim  Level // what the transport says about the severity
	kernel bool  // the transport says that the kernel wrote it
	sgr    Level // what a colour after the clock stands for (sway on a terminal)
	body   []byte
	counts bool // the level depends on the value of a number in the message
	hears  func(text []byte) bool

	// For Split:
	upToCut     bool   // stop at the transport that cuts lines
	cut, cutTag []byte // its message as it stands, and CRI's P
}

// NewParser returns a Parser that has seen nothing.
func NewParser() *Parser {
	return &Parser{names: map[wrap]string{}, peer: &Parser{names: map[wrap]string{}}}
}

const maxNesting = 8

// Parse takes the transport off a line (its newline may be there or not) and
// reads the message into r. Any bytes are accepted; a line without a known
// header is FormatPlain with the whole message as Text. The cost is linear in
// the length of the line.
func (p *Parser) Parse(line []byte, r *Record) {
	p.reset()
	*r = Record{}
	b := trimEnd(line)
	if len(b) > 1 && b[0] == '{' && b[1] == '&' { // {&quot;log&quot;:…
		b = p.undoEntities(b)
	}
	b = p.unwrap(b, r)
	b = p.finishBody(b)
	p.body = b
	p.message(b, r)
	if r.Level == LevelNone && r.Continues != ContinuesTrace {
		r.Level = p.claim
	}
	if r.Partial {
		r.Continues = ContinuesPartial
	}
	p.splice(r)
	p.complain(r)
	r.Transport = p.transportName()
}

// complain raises the level of a message that states none by what its words
// say. What a transport claims is the level of a stream; the kernel's own is
// a level.
func (p *Parser) complain(r *Record) {
	if r.Level != LevelNone && (r.Format != FormatPlain || r.Level != LevelInfo || p.claim != LevelInfo) || r.Format == FormatTrace {
		return
	}
	var l Level
	if l, p.counts = wordLevel(r.Text); l > r.Level {
		r.Level, r.Worded = l, true
		return
	}
	if p.hears != nil && (r.Format == FormatPlain || r.Format == FormatKernel || r.Format == FormatCompose) && p.hears(r.Text) {
		r.Level, r.Worded = LevelWarning, true
		p.counts = p.counts || bytes.ContainsAny(r.Text, "0123456789")
	}
}

// Hear makes the parser ask a second opinion of messages that state no level and
// do not complain by their words: those that hears is true of are warnings.
// hears must depend on nothing but the text.
func (p *Parser) Hear(hears func(text []byte) bool) {
	p.hears = hears
	if p.peer != nil {
		p.peer.hears = hears
	}
}

// reset forgets the line before.
func (p *Parser) reset() {
	p.cur ^= 1
	p.arena[p.cur] = p.arena[p.cur][:0]
	p.wraps, p.claim, p.kernel, p.sgr, p.counts = 0, LevelNone, false, LevelNone, false
	p.cut, p.cutTag = nil, nil
}

// trimEnd takes off the end of the line.
func trimEnd(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}

// trimSpace takes indentation off.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// finishBody takes escapes and paste damage out of a message.
func (p *Parser) finishBody(b []byte) []byte {
	if dirty(b) >= 0 {
		p.sgr = swayColour(b)
		a := p.arena[p.cur]
		n := len(a)
		a = strip(a, b)
		p.arena[p.cur] = a
		b = a[n:len(a):len(a)]
	}
	b = p.undoEntities(b)
	for _, tag := range [...]string{"</pre>", "</code>"} {
		if bytes.HasSuffix(b, []byte(tag)) {
			b = b[:len(b)-len(tag)]
			p.wraps |= wrapMarkdown
		}
	}
	if n := len(b); n > 1 && b[n-1] == '\\' && b[n-2] != '\\' {
		b = b[:n-1]
	}
	return b
}

// hold copies the meaning of a JSON string into the arena.
func (p *Parser) hold(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	a := p.arena[p.cur]
	n := len(a)
	a = unescape(a, s)
	p.arena[p.cur] = a
	return a[n:len(a):len(a)]
}

// message reads b, which has no transport and no escapes left.
func (p *Parser) message(b []byte, r *Record) {
	r.Text = b
	t := trimSpace(b)
	if len(t) == 0 {
		return
	}
	if p.kernel {
		kernelText(t, r)
		return
	}
	if p.headed(t, r, 0) {
		return
	}
	plain(b, t, r)
}

// headed reads a message that starts with a header of a known format. depth
// counts the [tags] in front of it.
func (p *Parser) headed(t []byte, r *Record, depth int) bool {
	c := t[0]
	switch {
	case isDigit(c):
		return p.timed(t, r)
	case c == '[':
		return p.bracketed(t, r, depth)
	case c == '{':
		return p.jsonLine(t, r)
	case c == '(':
		return glib(t, r) || xorg(t, r)
	case c == '*':
		return glib(t, r) || gowMark(t, r) || traceLine(t, r)
	case c == '#' || c == '=' || c == '/':
		return traceLine(t, r)
	case c >= 'A' && c <= 'Z':
		return wolfBare(t, r) || klog(t, r) || traceLine(t, r) || composeStatus(t, r) || pythonBasic(t, r) || kernelBare(t, r) || gstTail(t, r)
	case c >= 'a' && c <= 'z' || c >= 0x80 || c == '_':
		return rustPanic(t, r) || traceLine(t, r) || p.logfmt(t, r) || composeStatus(t, r) || kernelBare(t, r) || gstTail(t, r)
	}
	return composeStatus(t, r)
}

// timed reads a message that starts with a digit: a clock or a date.
func (p *Parser) timed(t []byte, r *Record) bool {
	if c, ok := clockAt(t); ok {
		return wolf(t, c, r) || gstreamer(t, c, r) || sway(t, c, p.sgr, r) || clockOnly(t, c, r)
	}
	if d, ok := datedAt(t); ok {
		return tracing(t, d, r) || generic(t, d, r)
	}
	return traceLine(t, r) || composeStatus(t, r)
}

// splice looks for a second record inside the line: the time and level of a
// tracing event, which is written without regard to what stands on the line.
//
//	…hb5d3b27aa9f6dcda2024-09-15T17:11:59.231787Z ERROR waylanddisplaycore: Compositor thread panic'ed!
func (p *Parser) splice(r *Record) {
	const width = len("2024-09-15T17:11:59.231787Z")
	text := r.Text
	if len(text) < width+8 {
		return
	}
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("Z "))
		if i < 0 {
			return
		}
		i += from
		from = i + 2
		start := i + 1 - width
		if start <= 0 || len(text) < i+8 || text[start+4] != '-' || text[start+10] != 'T' || text[i-7] != '.' {
			continue
		}
		d, ok := datedAt(text[start:])
		if !ok || d.n != width || !tracingHead(text[i+1:], d) {
			continue
		}
		if c := text[start-1]; c == '"' || c == '=' || c == '\'' || c == '(' {
			continue // quoted by the message itself
		}
		r.Splice, r.Text = text[start:], text[:start]
		return
	}
}
