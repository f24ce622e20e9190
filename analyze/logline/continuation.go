package logline

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/transport"
)

// Continuation reports whether next, the physical line after what rec covers so
// far, belongs to rec. A line with a header of its own never does, but for the
// parts of a line that a transport cut, and for messages that repeat their
// header (NVRM mismatch). The caller bounds how long a record may grow. rec must
// come from this Parser's last Parse or be a copy of that; its slices stay good.
func (p *Parser) Continuation(rec *Record, next []byte) bool {
	_, _, ok := p.relate(rec, next)
	return ok
}

// Join appends next to dst, which holds rec's text so far, when next belongs to
// rec, and updates rec.Continues and rec.Joined; a record that is complete says
// ContinuesNot afterwards. It returns dst as it was, and false, when next does
// not belong to it.
func (p *Parser) Join(dst []byte, rec *Record, next []byte) ([]byte, bool) {
	text, n, ok := p.relate(rec, next)
	if !ok {
		return dst, false
	}
	rec.Joined.Lines++
	if rec.Continues == ContinuesPartial {
		if !n.Partial {
			rec.Continues = ContinuesNot
			rec.Partial = false
		}
		return append(dst, text...), true
	}
	trimmed := bytes.TrimSpace(text)
	rec.Joined.Open = format.OpensText(trimmed) || bytes.HasSuffix(trimmed, []byte(","))
	if format.IsFrame(trimmed) || bytes.HasPrefix(trimmed, []byte("stack backtrace:")) {
		rec.Joined.Frames = true
	}
	if pythonError(text) && bytes.HasPrefix(rec.Text, []byte("Traceback ")) || bytes.HasPrefix(trimmed, []byte("what():")) {
		rec.Continues = ContinuesNot
	}
	return append(append(dst, '\n'), text...), true
}

// relate parses next and decides.
func (p *Parser) relate(rec *Record, next []byte) (text []byte, n *Record, ok bool) {
	if rec.Continues == ContinuesNot || p.peer == nil {
		return nil, nil, false
	}
	q := p.peer
	n = &p.rec
	q.Read(next, n)
	if n.Level != LevelNone { // else it is Levelless, whatever its words say
		q.Weigh(n)
	}
	if !bytes.Equal(rec.Service, n.Service) || rec.Stream != n.Stream {
		return nil, n, false
	}
	body := q.body
	switch rec.Continues {
	case ContinuesPartial:
		wraps := q.transports.Wraps
		// A short line without its newline is what a process wrote last.
		if wraps&transport.Cutters == 0 || len(rec.Text) < 4096 && wraps&transport.CRI == 0 && n.Format != FormatPlain {
			return nil, n, false
		}
		return body, n, true
	case ContinuesPanic:
		return body, n, continuesPanic(rec, n, body)
	case ContinuesTrace:
		return body, n, continuesTrace(rec, n, body)
	}
	if rec.Format == FormatKernel {
		return n.Text, n, continuesKernel(rec, n)
	}
	return body, n, continuesText(rec, n, body)
}

// bare reports whether a line has no header of its own.
func bare(n *Record) bool {
	return n.Format == FormatPlain || n.Format == FormatTrace && n.Levelless()
}

func indented(b []byte) bool { return len(b) > 1 && (b[0] == ' ' || b[0] == '\t') }

// closes reports whether a line starts with a closing bracket: the end of a
// value that was printed over several lines.
func closes(b []byte) bool {
	return len(b) > 0 && (b[0] == '}' || b[0] == ')' || b[0] == ']')
}

func continuesPanic(rec, n *Record, body []byte) bool {
	if !bare(n) || len(bytes.TrimSpace(body)) == 0 {
		return false
	}
	if rec.Joined.Lines == 0 { // the message stands on the line after the place
		return n.Format == FormatPlain
	}
	t := lex.TrimSpace(body)
	switch {
	case format.IsFrame(t), indented(body) && n.Levelless(), closes(body) && !rec.Joined.Frames, rec.Joined.Open && !rec.Joined.Frames:
		return true
	}
	for _, s := range [...]string{"stack backtrace:", "note: ", "..."} {
		if bytes.HasPrefix(t, []byte(s)) {
			return true
		}
	}
	return false
}

func continuesTrace(rec, n *Record, body []byte) bool {
	goTrace := bytes.HasPrefix(rec.Text, []byte("panic: ")) || bytes.HasPrefix(rec.Text, []byte("fatal error: ")) ||
		bytes.HasPrefix(rec.Text, []byte("SIGSEGV")) || bytes.HasPrefix(rec.Text, []byte("goroutine "))
	if len(bytes.TrimSpace(body)) == 0 {
		return goTrace && rec.Joined.Lines < 2
	}
	if goTrace {
		return indented(body) && n.Format == FormatPlain || n.Format == FormatTrace && n.Levelless() ||
			n.Format == FormatPlain && (bytes.HasSuffix(body, []byte(")")) || bytes.HasPrefix(body, []byte("[signal ")) ||
				bytes.HasPrefix(body, []byte("created by ")))
	}
	if !bare(n) {
		return false
	}
	t := lex.TrimSpace(body)
	return format.IsFrame(t) || indented(body) && n.Levelless() || pythonError(body) && rec.Joined.Lines > 0 ||
		bytes.HasPrefix(body, []byte("Caused by: ")) || bytes.HasPrefix(t, []byte("... ")) || bytes.HasPrefix(t, []byte("note: "))
}

// pythonError reports whether b is the last line of a traceback:
// ValueError: invalid literal for int()
func pythonError(b []byte) bool {
	n := lex.NameRun(b)
	name := b[:n]
	if n == 0 || n < len(b) && b[n] != ':' {
		return false
	}
	for _, s := range [...]string{"Error", "Exception", "Exit", "Interrupt", "Warning"} {
		if bytes.HasSuffix(name, []byte(s)) {
			return true
		}
	}
	return false
}

// continuesKernel joins the three or four lines of NVRM's version mismatch,
// which all carry the kernel's header and the prefix:
//
//	NVRM: API mismatch: the client has the version 535.183.01, but
//	NVRM: this kernel module has the version 535.161.07.  Please
//	NVRM: make sure that this kernel module and all NVIDIA driver
//	NVRM: components have the same version.
func continuesKernel(rec, n *Record) bool {
	t, ok := bytes.CutPrefix(n.Text, []byte("NVRM: "))
	if !ok || n.Format != FormatKernel || len(t) == 0 || t[0] < 'a' || t[0] > 'z' || rec.Joined.Lines >= 4 {
		return false
	}
	near := func(a, b Stamp) bool {
		return a.Kind != b.Kind || b.Nanos-a.Nanos < 2*clock.Second && a.Nanos-b.Nanos < 2*clock.Second
	}
	return near(rec.Inner, n.Inner) && near(rec.Outer, n.Outer)
}

// continuesText decides for messages that are known to wrap.
func continuesText(rec, n *Record, body []byte) bool {
	t := lex.TrimSpace(body)
	if len(t) == 0 {
		return false
	}
	switch {
	case rec.Format == FormatTrace: // terminate called …, X Error …
		if bytes.HasPrefix(rec.Text, []byte("terminate called")) {
			return bytes.HasPrefix(t, []byte("what():"))
		}
		return n.Format == FormatPlain && indented(body)
	case rec.Format == FormatGLib:
		if n.Format != FormatPlain {
			return false
		}
		return indented(body) || bytes.HasPrefix(t, []byte("The error was")) || bytes.HasPrefix(t, []byte("(Details: ")) ||
			bytes.HasPrefix(t, []byte("This probably reflects")) || bytes.HasPrefix(t, []byte("(Note to programmers"))
	case !bare(n):
		return false
	case rec.Joined.Open, indented(body) && n.Levelless(), closes(body):
		return true
	}
	// A pipeline description goes on as long as it has links.
	return bytes.Contains(t, []byte(" ! ")) || bytes.HasPrefix(t, []byte("! ")) || bytes.HasSuffix(bytes.TrimRight(t, " "), []byte(" !"))
}
