package logline

import "bytes"

// syslogMark is what stands before the message of a syslog line.
type syslogMark struct {
	stamp Stamp
	ident []byte
	pid   int
	host  bool // a host name stands before it
	n     int  // bytes up to the message
}

// setIdent takes over who wrote the line.
func (p *Parser) setIdent(r *Record, m *syslogMark) {
	p.wraps |= wrapJournald
	r.Service, r.PID = m.ident, m.pid
	p.kernel = string(m.ident) == "kernel"
}

// syslogHead takes off what journalctl and rsyslog write before a message.
func (p *Parser) syslogHead(b []byte, r *Record) ([]byte, bool) {
	var m syslogMark
	if !readSyslog(b, &m) {
		return b, false
	}
	p.setIdent(r, &m)
	setOuter(r, m.stamp)
	return b[m.n:], true
}

// readSyslog reads, with months in many languages:
//
//	Oct 02 06:40:11 rig wolf[1381]: msg           journalctl
//	Okt  6 13:52:20.000120 balrog kernel: msg     short-precise, rsyslog's padded day
//	10月 02 06:40:11 rig wolf[1381]: msg
//	Thu 2025-10-02 06:40:11 CEST rig wolf[1381]: msg     short-full
func readSyslog(b []byte, m *syslogMark) bool {
	sp := bytes.IndexByte(b[:min(len(b), 25)], ' ')
	if sp < 2 || sp+10 > len(b) {
		return false
	}
	rest := b[sp+1:]
	if isDigit(b[0]) && b[sp-1] < 0x80 {
		return false
	}
	if isDigit(rest[0]) && len(rest) > 20 && rest[4] == '-' {
		return shortFull(b, sp+1, m)
	}
	pad := 0
	for pad < 2 && rest[pad] == ' ' {
		pad++
	}
	day := digitRun(rest[pad:min(len(rest), pad+3)])
	if day == 0 || day > 2 || pad+day >= len(rest) || rest[pad+day] != ' ' {
		return false
	}
	t := rest[pad+day+1:]
	c, ok := clockAt(t)
	if !ok || c.hourWidth != 2 || c.n >= len(t) || t[c.n] != ' ' {
		return false
	}
	d := number(rest[pad : pad+day])
	mon := monthNumber(b[:sp])
	if mon > 0 && d >= 1 && d <= 31 {
		m.stamp = Stamp{Kind: ClockLocalNoYear, Nanos: yearless(mon, d) + c.nanos, Resolution: c.resolution()}
	}
	if !hostIdent(t[c.n+1:], m) {
		return false
	}
	m.n += len(b) - len(t) + c.n + 1
	return true
}

func shortFull(b []byte, at int, m *syslogMark) bool {
	d, ok := datedAt(b[at:])
	if !ok || d.sep != ' ' {
		return false
	}
	rest := b[at+d.n:]
	if len(rest) < 6 || rest[0] != ' ' {
		return false
	}
	zone := bytes.IndexByte(rest[1:], ' ')
	if zone < 1 || zone > 6 || !hostIdent(rest[zone+2:], m) {
		return false
	}
	m.stamp = d.stamp
	if z := string(rest[1 : zone+1]); (z == "UTC" || z == "GMT") && m.stamp.Kind == ClockLocal {
		m.stamp.Kind = ClockUTC
	}
	m.n += at + d.n + zone + 2
	return true
}

// hostIdent reads "rig wolf[1381]: ", also without the host (--no-hostname).
func hostIdent(b []byte, m *syslogMark) bool {
	sp := bytes.IndexByte(b[:min(len(b), 256)], ' ')
	start := 0
	switch {
	case sp < 0 && len(b) > 1 && b[len(b)-1] == ':': // an empty message, its space trimmed
		sp = len(b)
	case sp <= 0:
		return false
	}
	if b[sp-1] != ':' {
		start = sp + 1
		if start >= len(b) || nameRun(b) != sp {
			return false
		}
		sp = bytes.IndexByte(b[start:min(len(b), start+256)], ' ')
		if sp < 0 {
			if b[len(b)-1] != ':' {
				return false
			}
			sp = len(b)
		} else {
			sp += start
		}
		if sp-start < 2 || b[sp-1] != ':' {
			return false
		}
	}
	ident := b[start : sp-1]
	if len(ident) == 0 || ident[0] == '[' || ident[0] == '<' || ident[0] == '"' || bytes.Contains(ident, []byte("::")) {
		return false // a tag, an element, a tracing target
	}
	if n := len(ident); n > 2 && ident[n-1] == ']' {
		open := bytes.LastIndexByte(ident, '[')
		if open > 0 && digitRun(ident[open+1:n-1]) == n-2-open {
			m.pid = int(min(number(ident[open+1:n-1]), 1<<31-1))
			ident = ident[:open]
		}
	}
	m.ident, m.host = ident, start > 0
	m.n = min(sp+1, len(b))
	return true
}

// jsonTransport takes docker's json-file and journalctl -o json off.
func (p *Parser) jsonTransport(b []byte, r *Record) ([]byte, bool) {
	if len(b) > 2 && b[1] == '\\' && b[2] == '"' { // a whole line pasted with its quotes escaped
		b = p.hold(b)
	}
	o, ok := openObject(b)
	if !ok {
		return b, false
	}
	f, ok := o.next()
	if !ok {
		return b, false
	}
	return p.jsonFields(b, o, f, r)
}

// jsonFields looks at the keys: "log" first or after docker's own ones makes it
// json-file, MESSAGE or a __ field journald.
//
//	{"log":"06:40:11.752176123 WARN  | …\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}
//	{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE":[27,91,51],"PRIORITY":"3","CONTAINER_NAME":"wolf"}
func (p *Parser) jsonFields(b []byte, o jsonObject, f jsonField, r *Record) ([]byte, bool) {
	switch string(f.key) {
	case "log", "stream", "time", "attrs", "tag", "partial_message":
		return p.dockerJSON(b, o, f, r)
	}
	if len(f.key) > 2 && (f.key[0] == '_' || f.key[0] >= 'A' && f.key[0] <= 'Z') {
		return p.journaldJSON(b, o, f, r)
	}
	return b, false
}

func (p *Parser) dockerJSON(b []byte, o jsonObject, f jsonField, r *Record) ([]byte, bool) {
	var log []byte
	var stamp Stamp
	var stream uint8
	first, found, open, docker := string(f.key) == "log", false, false, false
	for ok := true; ok; f, ok = o.next() {
		switch string(f.key) {
		case "log":
			if !f.str || found {
				continue
			}
			if !first && !docker {
				return b, false
			}
			log, found, open = f.value, true, f.open
		case "stream":
			docker = true
			switch string(f.value) {
			case "stdout":
				stream = 1
			case "stderr":
				stream = 2
			}
		case "time":
			if d, ok := datedAt(f.value); ok && d.n == len(f.value) && d.sep == 'T' {
				stamp, docker = d.stamp, true
			}
		}
	}
	if !found {
		return b, false
	}
	p.wraps |= wrapDockerJSON
	setOuter(r, stamp)
	r.Stream = stream
	p.cut = log
	text := p.hold(log)
	// The newline is part of the message; a part of a long line has none.
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	} else if !open && docker && n > 0 {
		r.Partial = true
	}
	return text, true
}

func (p *Parser) journaldJSON(b []byte, o jsonObject, f jsonField, r *Record) ([]byte, bool) {
	var msg, container, ident []byte
	var stamp Stamp
	var pid int64
	claim, found, mine := LevelNone, false, false
	for ok := true; ok; f, ok = o.next() {
		switch string(f.key) {
		case "MESSAGE":
			if found {
				continue
			}
			if f.str {
				msg, found = p.hold(f.value), true
			} else if f.value[0] == '[' {
				a := p.arena[p.cur]
				n := len(a)
				if a, found = byteArray(a, f.value); found {
					p.arena[p.cur] = a
					msg = a[n:len(a):len(a)]
				}
			}
		case "__REALTIME_TIMESTAMP":
			if digitRun(f.value) == len(f.value) && len(f.value) < 18 {
				stamp = Stamp{Kind: ClockUTC, Nanos: number(f.value) * 1000, Resolution: 1000}
			}
			mine = true
		case "CONTAINER_NAME":
			container = f.value
		case "SYSLOG_IDENTIFIER":
			ident = f.value
		case "_PID", "SYSLOG_PID":
			if digitRun(f.value) == len(f.value) {
				pid = number(f.value)
			}
		case "PRIORITY":
			if len(f.value) == 1 && isDigit(f.value[0]) {
				claim = syslogLevel(int(f.value[0] - '0'))
			}
		}
	}
	if !found || !mine && container == nil && ident == nil {
		return b, false
	}
	p.wraps |= wrapJournaldJSON
	setOuter(r, stamp)
	r.PID = int(min(pid, 1<<31-1))
	if container != nil {
		r.Service = container
		// dockerd's journald driver files all of stderr under priority 3, all of
		// stdout under 6: that is the stream, not a severity.
		switch claim {
		case LevelError:
			r.Stream = 2
		case LevelInfo:
			r.Stream = 1
		}
		claim = LevelNone
	} else if ident != nil {
		r.Service = ident
		p.kernel = string(ident) == "kernel"
	}
	p.claim = claim
	return msg, true
}
