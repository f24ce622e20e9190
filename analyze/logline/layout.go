package logline

import (
	"bytes"
	"math"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/transport"
)

// Layout says where the parts of a Record stand in its line. Lines that are the
// same but for their digits, of which those in Telling are the same too, have one
// Layout, so that reading the second takes only its clocks.
type Layout struct {
	level     Level
	worded    bool
	continues Continues
	format    Format
	transport string
	stream    uint8
	service   span
	thread    span
	component span
	function  span
	element   span
	text      span
	body      span // the message with its indentation
	spans     span
	telling   span
	pid       span
	outer     clockPlace
	inner     clockPlace
	fixed     Record // slices of parts that do not stand in the line, the component "sway"
}

// span is a part of a line; the zero span is no part.
type span struct{ from, to int32 }

func (s span) of(line []byte) []byte {
	if s.to == 0 {
		return nil
	}
	return line[s.from:s.to:s.to]
}

func (s span) at() (from, to int) { return int(s.from), int(s.to) }

// clockPlace is where a clock stands and how it is read.
type clockPlace struct {
	kind       ClockKind
	dated      bool
	syslog     bool // the head of a syslog line
	at         int32
	form       clock.Form
	resolution int32 // of clocks with a form
	limit      int64 // they show less
}

const maxLayoutHead = 300 // bytes in front of the message

// Learn finds the Layout of a line that Parse has just read into r. It reports
// false when lines with other digits may have to be read otherwise: those whose
// digits are part of an escape, a severity or a date without a year, those with
// parts on other lines, and those that Parse had to unfold.
func (p *Parser) Learn(line []byte, r *Record) (l Layout, ok bool) {
	line = lex.TrimEnd(line)
	switch r.Format {
	case FormatWolf, FormatGStreamer, FormatTracing, FormatSway, FormatSpdlog, FormatPlain, FormatGow, FormatSupervisord, FormatGLib, FormatKernel, FormatPanic, FormatTrace:
	default:
		return l, false
	}
	wraps := p.transports.Wraps
	if r.Partial || format.MayBeFrame(p.body) || r.Splice != nil || wraps&transport.DigitsMatter != 0 || digitsHide(line) {
		return l, false
	}
	l = Layout{level: r.Level, worded: r.Worded, continues: r.Continues, format: r.Format, transport: r.Transport, stream: r.Stream}
	for _, part := range [...]struct {
		b    []byte
		at   *span
		kept *[]byte
	}{
		{r.Service, &l.service, nil}, {r.Thread, &l.thread, nil}, {r.Component, &l.component, &l.fixed.Component},
		{r.Function, &l.function, nil}, {r.Element, &l.element, nil}, {r.Text, &l.text, nil}, {r.Spans, &l.spans, nil},
	} {
		if len(part.b) == 0 {
			continue
		}
		var found bool
		if *part.at, found = p.placeOf(line, part.b); found {
			continue
		}
		if part.kept == nil || !format.Implied(part.b) {
			return l, false
		}
		*part.kept = part.b
	}
	if len(p.body) > 0 {
		l.body, _ = p.placeOf(line, p.body)
	}
	if p.to > 0 {
		l.telling = span{l.text.from + int32(p.from), l.text.from + int32(p.to)}
	}
	after := 0 // the clock that a syslog line starts with
	if wraps&transport.Journald != 0 {
		var m transport.SyslogHead
		if transport.ReadSyslog(line, &m) && m.Stamp == r.Outer {
			if m.Stamp.Kind == ClockNone {
				return l, false // "Oct  0", where other digits make a day
			}
			l.outer, after = clockPlace{kind: m.Stamp.Kind, syslog: true}, m.Len
		}
	}
	head, tail := len(line), len(line)
	if l.text.to > 0 {
		head = int(l.text.from)
		if wraps&transport.DockerJSON != 0 {
			tail = int(l.text.to)
		}
	}
	if head+len(line)-tail > maxLayoutHead || !l.placeClocks(line, after, head, r) || !l.placeClocks(line, tail, len(line), r) {
		return l, false
	}
	return l, l.outer.kind == r.Outer.Kind && l.inner.kind == r.Inner.Kind && l.placePID(line[:head], r)
}

// byteArray is what stands before a message that a journal gives as bytes: what they
// say, and whether they are such, their digits decide.
var byteArray = []byte(`"MESSAGE"`)

// digitsHide reports whether digits of the line may be part of an escape.
func digitsHide(line []byte) bool {
	for i, c := range line {
		switch {
		case c < ' ' && c != '\t':
			return true
		case c == '\\':
			if i+1 < len(line) && (lex.IsDigit(line[i+1]) || line[i+1] == 'u' || line[i+1] == 'x') {
				return true
			}
		case c == '#':
			if i+1 < len(line) && lex.IsDigit(line[i+1]) {
				return true
			}
		case c == '[':
			if escape.LostSGR(line[i:]) > 0 || bytes.HasSuffix(bytes.TrimRight(line[:i], " :"), byteArray) {
				return true
			}
		}
	}
	return false
}

// placeOf finds where a part of the line that was read stands in it.
func (p *Parser) placeOf(line, part []byte) (span, bool) {
	if at, ok := spanOf(line, part); ok {
		return at, true
	}
	if p.transports.Wraps&transport.DockerJSON != 0 { // its escaped newline made a copy
		if i := bytes.Index(line, part); i >= 0 && bytes.LastIndex(line, part) == i {
			return span{int32(i), int32(i + len(part))}, true
		}
	}
	return span{}, false
}

// spanOf finds the place of part in the array of line.
func spanOf(line, part []byte) (span, bool) {
	for i := range len(line) - len(part) + 1 {
		if &line[i] == &part[0] {
			return span{int32(i), int32(i + len(part))}, true
		}
	}
	return span{}, false
}

// placeClocks finds where the record's clocks stand, beside the message. There
// must be no other clock, for another line may show another one.
func (l *Layout) placeClocks(line []byte, from, to int, r *Record) bool {
	for i := from; i < to; i++ {
		if !lex.IsDigit(line[i]) || i > 0 && lex.IsDigit(line[i-1]) {
			if line[i] == '[' {
				if s, n := clock.Boot(line[i:]); n > 0 {
					if l.inner.kind != ClockNone || s != r.Inner {
						return false
					}
					l.inner = clockPlace{kind: ClockBoot, at: int32(i)}
					i += n - 1
				}
			}
			continue
		}
		if d, ok := clock.DatedAt(line[i:]); ok {
			place := clockPlace{kind: d.Stamp.Kind, dated: true, at: int32(i)}
			switch {
			case d.Stamp.Kind == ClockNone:
				return false
			case l.outer.kind == ClockNone && d.Stamp == r.Outer:
				l.outer = place
				l.outer.know(d.Form(), d.Stamp.Resolution)
			case l.inner.kind == ClockNone && d.Stamp == r.Inner:
				l.inner = place
				l.inner.know(d.Form(), d.Stamp.Resolution)
			default:
				return false
			}
			i += d.Len - 1
			continue
		}
		if c, ok := clock.At(line[i:]); ok {
			if l.inner.kind != ClockNone || r.Inner.Nanos != c.Nanos {
				return false
			}
			l.inner = clockPlace{kind: r.Inner.Kind, at: int32(i)}
			if s, ok := l.inner.read(line); !ok || s != r.Inner {
				return false
			}
			l.inner.know(c.Form(), r.Inner.Resolution)
			i += c.Len - 1
		}
	}
	return true
}

// know sets the form and the resolution of the clock.
func (c *clockPlace) know(f clock.Form, resolution int32) {
	c.form, c.resolution, c.limit = f, resolution, math.MaxInt64
	switch c.kind {
	case ClockUTCTimeOfDay, ClockLocalTimeOfDay:
		c.limit = maxTimeOfDay
	case ClockGStreamer:
		c.limit = maxUptime
	}
}

const (
	maxTimeOfDay = 86401 * clock.Second
	maxUptime    = clock.MaxHour * 3600 * clock.Second
)

// read reads the clock again, in a line of the same layout.
func (c *clockPlace) read(line []byte) (Stamp, bool) {
	if c.form.Known() {
		nanos, ok := c.form.Read(line[c.at:])
		return Stamp{Kind: c.kind, Nanos: nanos, Resolution: c.resolution}, ok && nanos < c.limit
	}
	if c.syslog {
		var m transport.SyslogHead
		ok := transport.ReadSyslog(line, &m)
		return m.Stamp, ok && m.Stamp.Kind == c.kind
	}
	if c.dated {
		d, _ := clock.DatedAt(line[c.at:])
		return d.Stamp, d.Stamp.Kind == c.kind
	}
	if c.kind == ClockBoot {
		s, n := clock.Boot(line[c.at:])
		return s, n > 0
	}
	t, ok := clock.At(line[c.at:])
	s := Stamp{Kind: c.kind, Nanos: t.Nanos, Resolution: t.Resolution()}
	switch c.kind {
	case ClockUTCTimeOfDay, ClockLocalTimeOfDay:
		return s, ok && t.Nanos < maxTimeOfDay
	case ClockGStreamer:
		s.Resolution = 1
		return s, ok && t.Nanos < maxUptime && t.HourWidth < 7
	case ClockSway:
		s.Resolution = 1e6
		return s, ok
	}
	return s, false
}

// placePID finds the digits of the process id in the head. What a format says of it
// counts more than what a transport says.
func (l *Layout) placePID(head []byte, r *Record) bool {
	gst := r.Format == FormatGStreamer && l.inner.kind == ClockGStreamer
	for i := 0; i < len(head); i++ {
		n := lex.DigitRun(head[i:])
		if n == 0 {
			continue
		}
		between := func(a, b byte) bool { return i > 0 && head[i-1] == a && i+n < len(head) && head[i+n] == b }
		marked := false
		switch {
		case gst:
			marked = l.pid.to == 0 && i > int(l.inner.at) && head[i-1] == ' '
		case r.Format == FormatGLib:
			marked = between(':', ')')
		default:
			marked = between('[', ']')
		}
		if marked {
			if n > 9 || l.pid.to != 0 || r.PID == 0 || lex.Number(head[i:i+n]) != int64(r.PID) {
				return false
			}
			l.pid = span{int32(i), int32(i + n)}
		}
		i += n - 1
	}
	return (l.pid.to != 0) == (r.PID != 0)
}

// Read fills r from a line that differs from the one of Learn in the values of
// its digits only, and not in Telling, as Parse would. It reports false when the
// line has to be parsed after all, since a clock of it shows an impossible time.
func (l *Layout) Read(line []byte, r *Record) bool {
	*r = Record{Level: l.level, Worded: l.worded, Format: l.format, Transport: l.transport, Stream: l.stream, Continues: l.continues}
	var ok bool
	if l.outer.kind != ClockNone {
		if r.Outer, ok = l.outer.read(line); !ok {
			return false
		}
	}
	if l.inner.kind != ClockNone {
		if r.Inner, ok = l.inner.read(line); !ok {
			return false
		}
	}
	if l.pid.to != 0 {
		if r.PID = int(lex.Number(l.pid.of(line))); r.PID == 0 {
			return false
		}
	}
	r.Service, r.Thread, r.Component, r.Function = l.service.of(line), l.thread.of(line), l.component.of(line), l.function.of(line)
	r.Element, r.Text, r.Spans = l.element.of(line), l.text.of(line), l.spans.of(line)
	if l.fixed.Component != nil {
		r.Component = l.fixed.Component
	}
	return true
}

// Clocks is Read for the clocks and the process id alone.
func (l *Layout) Clocks(line []byte) (outer, inner Stamp, pid int, ok bool) {
	if l.outer.kind != ClockNone {
		if outer, ok = l.outer.read(line); !ok {
			return outer, inner, 0, false
		}
	}
	if l.inner.kind != ClockNone {
		if inner, ok = l.inner.read(line); !ok {
			return outer, inner, 0, false
		}
	}
	if l.pid.to != 0 {
		if pid = int(lex.Number(l.pid.of(line))); pid == 0 {
			return outer, inner, 0, false
		}
	}
	return outer, inner, pid, true
}

// Opens reports whether lines that have no header of their own may belong to the
// line.
func (l *Layout) Opens() bool { return l.continues != ContinuesNot }

// Thread returns where in its line the thread stands, 0 and 0 when it names none.
func (l *Layout) Thread() (from, to int) { return l.thread.at() }

// ThreadAt finds the address by which GStreamer names the thread in a line: its
// hexadecimal digits are line[from:to]. It goes by looks alone: what it finds
// is the thread when a Layout says so. It returns 0 and 0 when there is none, or
// none whose x stands at or behind start.
//
//	0:00:00.214744451     1 0x7f051e4efa08 DEBUG           interpipesrc gstinterpipesrc.c:502:…
func ThreadAt(line []byte, start int) (from, to int) {
	const first, last = 16, 160 // where the x may stand, behind a transport or not
	head := line[:min(len(line), last)]
	for i := max(first, start); i < len(head); i++ {
		if head[i] != 'x' {
			n := bytes.IndexByte(head[i:], 'x')
			if n < 0 {
				return 0, 0
			}
			i += n
		}
		if head[i-1] != '0' || head[i-2] != ' ' {
			continue
		}
		end := i + 1
		for end < len(line) && (lex.IsDigit(line[end]) || line[end] >= 'a' && line[end] <= 'f') {
			end++
		}
		if end-i > 4 && end+1 < len(line) && line[end] == ' ' && line[end+1] >= 'A' && line[end+1] <= 'Z' {
			return i + 1, end
		}
		return 0, 0
	}
	return 0, 0
}

// Telling returns the part of the message on whose digits, or characters of hex
// words, the level depends: line[from:to]; 0 and 0 when it depends on none.
func (l *Layout) Telling() (from, to int) { return int(l.telling.from), int(l.telling.to) }

// Tells reports whether there is such a part.
func (l *Layout) Tells() bool { return l.telling.to > 0 }

// Level returns the level of every line of the layout.
func (l *Layout) Level() Level { return l.level }

// Format returns the format of every line of the layout.
func (l *Layout) Format() Format { return l.format }

// Transport returns the transport of every line of the layout.
func (l *Layout) Transport() string { return l.transport }

// Service returns the service named in a line of this layout.
func (l *Layout) Service(line []byte) []byte { return l.service.of(line) }

// Component returns the component named in a line of this layout.
func (l *Layout) Component(line []byte) []byte {
	if l.fixed.Component != nil {
		return l.fixed.Component
	}
	return l.component.of(line)
}

// Function returns the function named in a line of this layout.
func (l *Layout) Function(line []byte) []byte { return l.function.of(line) }

// Element returns the element named in a line of this layout.
func (l *Layout) Element(line []byte) []byte { return l.element.of(line) }

// Text returns the message of a line of this layout.
func (l *Layout) Text(line []byte) []byte { return l.text.of(line) }

// Over returns the layout of a line that begins as those of l do, and whose message is
// line[from:to]. No further lines belong to it.
func (l *Layout) Over(from, to int) Layout {
	o := *l
	o.text, o.body, o.telling, o.continues = span{int32(from), int32(to)}, span{}, span{}, ContinuesNot
	return o
}

// Body returns what Join appends of a line of this layout.
func (l *Layout) Body(line []byte) []byte { return l.body.of(line) }

// BodyAt returns where in its line that stands: line[from:to].
func (l *Layout) BodyAt() (from, to int) { return int(l.body.from), int(l.body.to) }

// TextAt returns where in its line the message stands: line[from:to].
func (l *Layout) TextAt() (from, to int) { return l.text.at() }

// ServiceAt, ComponentAt, FunctionAt and ElementAt are TextAt for other parts; 0 and 0
// for a part that does not stand in the line.
func (l *Layout) ServiceAt() (from, to int)   { return l.service.at() }
func (l *Layout) ComponentAt() (from, to int) { return l.component.at() }
func (l *Layout) FunctionAt() (from, to int)  { return l.function.at() }
func (l *Layout) ElementAt() (from, to int)   { return l.element.at() }
