package logline

import (
	"bytes"
	"strings"
)

// wrap is a set of transports.
type wrap uint16

const (
	wrapMarkdown wrap = 1 << iota
	wrapCompose
	wrapTimestamps
	wrapDockerJSON
	wrapJournald
	wrapJournaldJSON
	wrapCRI
	wrapKubectl
	wrapStern
	wrapDockerStream
	wrapSyslog
)

var wrapNames = [...]string{"markdown", "compose", "timestamps", "docker-json", "journald", "journald-json",
	"cri", "kubectl", "stern", "docker-stream", "syslog"}

// transportName returns the name of the wrappers seen; each is built once.
func (p *Parser) transportName() string {
	if p.wraps == 0 {
		return ""
	}
	if p.wraps == p.last {
		return p.lastName
	}
	if s, ok := p.names[p.wraps]; ok {
		p.last, p.lastName = p.wraps, s
		return s
	}
	var parts []string
	for i, name := range wrapNames {
		if p.wraps&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	s := strings.Join(parts, "+")
	p.names[p.wraps] = s
	return s
}

// unwrap takes transports off until none is left. They nest in any order.
func (p *Parser) unwrap(b []byte, r *Record) []byte {
	for range maxNesting {
		b = p.skipJunk(b)
		if len(b) == 0 {
			break
		}
		inner, ok := p.unwrapOne(b, r)
		if !ok {
			break
		}
		if p.upToCut && p.wraps&cutters != 0 {
			return inner
		}
		b = trimEnd(inner)
	}
	return b
}

// unwrapOne takes one transport off.
func (p *Parser) unwrapOne(b []byte, r *Record) (inner []byte, ok bool) {
	t := b
	if b[0] == ' ' || b[0] == '\t' { // indented by a paste, or part of a longer message
		t = trimSpace(b)
		if len(t) == 0 || !strongHead(t) {
			return b, false
		}
	}
	switch c := t[0]; {
	case isDigit(c):
		if inner, ok = p.timestamps(t, r); ok {
			return inner, true
		}
		if inner, ok = p.syslogHead(t, r); ok {
			return inner, true
		}
		inner, ok = p.compose(t, r) // 4f1c2d3e4f5a  | …
	case c == '{':
		inner, ok = p.jsonTransport(t, r)
	case c == '[':
		inner, ok = p.kubectl(t, r)
	case c == '<':
		inner, ok = p.priority(t)
	case c >= 0x80:
		inner, ok = p.syslogHead(t, r)
	case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_':
		if inner, ok = p.compose(t, r); ok {
			return inner, true
		}
		if inner, ok = p.syslogHead(t, r); ok {
			return inner, true
		}
		inner, ok = p.stern(t, r)
	}
	if !ok && len(t) < len(b) {
		return t, false // strongHead saw a message header: the indentation goes
	}
	return inner, ok
}

// skipJunk drops what may stand before anything: colours, a byte order mark, a
// docker stream header, quote marks and tags of a paste.
func (p *Parser) skipJunk(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[0]; {
		case c == esc:
			b = b[sequence(b):]
			continue
		case c <= 2 || c == '^' || c == 0xef || c == '\\' || c == '#' || c == 0xe2 || c == '[':
			if n := streamHeader(b); n > 0 {
				b = b[n:]
				p.wraps |= wrapDockerStream
				continue
			}
			if n := nulRun(b); n > 0 {
				b = b[n:]
				continue
			}
			if n := lostSGR(b); n > 0 {
				b = b[n:]
				continue
			}
			if len(b) >= 3 && string(b[:3]) == "\ufeff" {
				b = b[3:]
				continue
			}
			if c == '\\' && len(b) == 1 {
				return b[:0]
			}
		case c == '\r':
			b = b[1:]
			continue
		case c == '>':
			if len(b) == 1 || b[1] == ' ' || b[1] == '>' {
				b = bytes.TrimPrefix(b[1:], []byte(" "))
				p.wraps |= wrapMarkdown
				continue
			}
		case c == '<' || c == '`' || c == '~':
			if n := markdown(b); n > 0 {
				p.wraps |= wrapMarkdown
				b = b[n:]
				if c == '`' && n == 1 {
					b = b[:len(b)-1]
				}
				continue
			}
		}
		return b
	}
	return b
}

// markdown returns how much of the start of b is a fence, a tag or the
// backtick around a whole line.
func markdown(b []byte) int {
	for _, tag := range [...]string{"<pre>", "<code>", "</pre>", "</code>", "<details>", "</details>"} {
		if bytes.HasPrefix(b, []byte(tag)) {
			return len(tag)
		}
	}
	if len(b) >= 3 && (string(b[:3]) == "```" || string(b[:3]) == "~~~") {
		rest := bytes.TrimRight(b[3:], " `")
		if bytes.IndexByte(rest, ' ') < 0 && len(rest) < 12 {
			return len(b) // ```log
		}
		return 3
	}
	if len(b) > 2 && b[0] == '`' && b[len(b)-1] == '`' && bytes.Count(b, []byte("`")) == 2 {
		return 1
	}
	return 0
}

// strongHead reports whether t starts with a transport or a header that is no
// accident, so that indentation before it is damage and not meaning.
func strongHead(t []byte) bool {
	if isDigit(t[0]) {
		if c, ok := clockAt(t); ok {
			return c.n < len(t) && t[c.n] == ' '
		}
		d, ok := datedAt(t)
		return ok && d.n < len(t)
	}
	if t[0] == '[' {
		if len(t) < 12 {
			return false
		}
		if _, ok := datedAt(t[1:]); ok {
			return true
		}
		_, n := bootClock(t)
		return n > 0
	}
	if _, _, n := composePrefix(t); n > 0 {
		return true
	}
	var m syslogMark
	return readSyslog(t, &m) || len(t) > 7 && wolfLevel(t) != LevelNone && string(t[5:8]) == " | " ||
		bytes.HasPrefix(t, []byte("thread '"))
}

// setOuter keeps the best clock of several transports: dated UTC, and the finer one.
func setOuter(r *Record, s Stamp) {
	if s.Kind == ClockNone {
		return
	}
	old := r.Outer
	if old.Kind == ClockNone || s.Kind == ClockUTC && (old.Kind != ClockUTC || s.Resolution < old.Resolution) {
		r.Outer = s
	}
}

// timestamps reads what starts with an RFC 3339 time and is not a tracing event:
//
//	2025-10-02T06:40:11.752176123Z 06:40:11…                docker logs -t, compose --timestamps, kubectl --timestamps
//	2025-10-02T06:40:11.752176123Z stderr F 06:40:11…       CRI
//	2025-10-02T06:40:11+0200 host wolf[1381]: 06:40:11…     journalctl -o short-iso, rsyslog
func (p *Parser) timestamps(b []byte, r *Record) ([]byte, bool) {
	d, ok := datedAt(b)
	if !ok || d.sep != 'T' || !d.zoned {
		return b, false
	}
	rest := b[d.n:]
	if len(rest) == 0 {
		p.wraps |= wrapTimestamps
		setOuter(r, d.stamp)
		return rest, true
	}
	if rest[0] != ' ' {
		return b, false
	}
	if line, partial, stream, ok := criTag(rest[1:]); ok {
		p.wraps |= wrapCRI
		setOuter(r, d.stamp)
		r.Partial, r.Stream = partial, stream
		p.cut, p.cutTag = line, rest[8:9]
		return line, true
	}
	if tracingHead(rest, d) {
		return b, false
	}
	var m syslogMark
	if (!d.utc || bytes.IndexByte(rest[:min(len(rest), 80)], '[') > 0) && hostIdent(rest[1:], &m) && m.host && (!d.utc || m.pid > 0) {
		p.setIdent(r, &m)
		setOuter(r, d.stamp)
		return rest[1+m.n:], true
	}
	p.wraps |= wrapTimestamps
	setOuter(r, d.stamp)
	return rest[1:], true
}

// criTag reads "stderr F " of a CRI line; P marks a part.
func criTag(b []byte) (line []byte, partial bool, stream uint8, ok bool) {
	if len(b) < 8 || string(b[:3]) != "std" {
		return nil, false, 0, false
	}
	switch string(b[:7]) {
	case "stdout ":
		stream = 1
	case "stderr ":
		stream = 2
	default:
		return nil, false, 0, false
	}
	if b[7] != 'F' && b[7] != 'P' {
		return nil, false, 0, false
	}
	partial = b[7] == 'P'
	rest := b[8:]
	if len(rest) > 0 && rest[0] == ':' { // P:tag:tag, reserved by the format
		if i := bytes.IndexByte(rest, ' '); i > 0 {
			rest = rest[i:]
		}
	}
	if len(rest) == 0 {
		return rest, partial, stream, true
	}
	if rest[0] != ' ' {
		return nil, false, 0, false
	}
	return rest[1:], partial, stream, true
}

// priority reads the <3> of dmesg -r and of syslog.
func (p *Parser) priority(b []byte) ([]byte, bool) {
	n := digitRun(b[1:])
	if n == 0 || n > 3 || len(b) < n+3 || b[n+1] != '>' {
		return b, false
	}
	p.claim = syslogLevel(int(number(b[1:1+n])) & 7)
	p.wraps |= wrapSyslog
	return b[n+2:], true
}

// kubectl reads [pod/wolf-0/wolf] and podman-compose's [wolf] | .
func (p *Parser) kubectl(b []byte, r *Record) ([]byte, bool) {
	end := bytes.IndexByte(b[:min(len(b), 300)], ']')
	if end < 2 {
		return b, false
	}
	name, rest := b[1:end], b[end+1:]
	if bytes.HasPrefix(name, []byte("pod/")) && bytes.Count(name, []byte("/")) == 2 && (len(rest) == 0 || rest[0] == ' ') {
		p.wraps |= wrapKubectl
		r.Service = name[bytes.LastIndexByte(name, '/')+1:]
		return bytes.TrimPrefix(rest, []byte(" ")), true
	}
	if (bytes.HasPrefix(rest, []byte(" | ")) || string(rest) == " |") && nameRun(name) == len(name) {
		p.wraps |= wrapCompose
		r.Service = name
		return rest[min(3, len(rest)):], true
	}
	return b, false
}
