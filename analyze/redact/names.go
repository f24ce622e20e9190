package redact

import (
	"bytes"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"wolfdiag/internal/lazyset"
)

// beforeMail finds the name of somebody in front of an address in angle brackets:
// Robin Miller <robin@example.com>, "Miller, Robin" <sip:201@…>. i is where the
// bracket opens.
func (f *finder) beforeMail(i int) {
	v := f.v
	end := i
	for end > 0 && (v[end-1] == ' ' || v[end-1] == filler) {
		end--
	}
	if end == i && (end == 0 || v[end-1] != '"') || end == 0 {
		return
	}
	if v[end-1] == '"' {
		if from := bytes.LastIndexByte(v[max(0, end-66):end-1], '"'); from >= 0 {
			from += max(0, end-66) + 1
			if to := len(bytes.TrimRight(v[:end-1], "\x01")); to > from {
				f.found("name-before-mail", from, to)
			}
		}
		return
	}
	start := end
	for n := 0; n < 4; n++ {
		from := start
		for from > 0 && end-from < 64 && (isLetter(v[from-1]) || v[from-1] >= 0x80 || v[from-1] == '.' || v[from-1] == '-' || v[from-1] == '\'') {
			from--
		}
		r, _ := utf8.DecodeRune(v[from:])
		particle := nameParticles.HasBytes(v[from:start])
		if from == start || !unicode.IsUpper(r) && !unspaced(r) && !particle {
			break
		}
		start = from
		if start == 0 || v[start-1] != ' ' {
			break
		}
		start--
	}
	for start < end && v[start] == ' ' {
		start++
	}
	if name := string(v[start:end]); len(name) > 1 && !f.set.common(name, "user") && !nameParticles.Has(name) {
		f.found("name-before-mail", start, end)
	}
}

// nameParticles are written small within a name.
var nameParticles = lazyset.New("von van der den de del della di da dos du le la el al bin ibn zu zum af av")

// afterMAC finds the name of a device behind its hardware address, where BlueZ
// and DHCP servers print one: Device AA:BB:CC:DD:EE:FF Robin's Pad.
func (f *finder) afterMAC(start, end int) {
	v := f.v
	if end+2 >= len(v) || v[end] != ' ' && v[end] != ')' {
		return
	}
	lead := string(v[max(0, start-120):start])
	to := end
	for to < len(v) && v[to] != '\n' && v[to] != '\r' && v[to] != '"' && v[to] != filler && v[to] != '\x1b' {
		to++
	}
	from := end + 1
	switch {
	case strings.HasSuffix(lead, "Device ") || strings.HasSuffix(lead, "Controller "):
		text := string(v[from:to])
		if key, value, ok := strings.Cut(text, ": "); ok {
			if key != "Name" && key != "Alias" {
				return
			}
			from += len(key) + 2
			text = value
		}
		for _, mark := range []string{" [default]", " (public)", " (random)", " is "} {
			if i := strings.Index(text, mark); i >= 0 {
				text = text[:i]
			}
		}
		to = from + len(text)
	case strings.Contains(lead, "DHCP") || strings.Contains(lead, "dhcp"):
		if from < to && v[from] == '(' {
			from++
		}
		to = from
		for to < len(v) && isHostByte(v[to]) {
			to++
		}
		if to < len(v) && v[to] != '\n' && v[to] != ')' && v[to] != '\r' {
			return
		}
	default:
		return
	}
	name := string(v[from:to])
	if len(name) > 1 && len(name) <= 64 && !f.set.common(name, "host") && !isAlias(name) && !strings.HasPrefix(name, "via") && rowOf([]byte(name), '-') == 0 {
		f.found("device-name", from, to)
	}
}

// logHost finds the name of the machine in the head of a syslog line: behind its
// time and in front of a program's name.
func logHost(f *finder) {
	v := f.v
	i := 0
	if len(v) > 0 && v[0] == '<' { // the priority
		if n := bytes.IndexByte(v[:min(len(v), 8)], '>'); n > 0 {
			i = n + 1
			if i+1 < len(v) && v[i] == '1' && v[i+1] == ' ' {
				i += 2
			}
		}
	}
	if i+32 > len(v) {
		return
	}
	bsd := isUpper(v[i])
	switch {
	case bsd && v[i+3] == ' ' && v[i+6] == ' ' && v[i+9] == ':' && v[i+12] == ':' && months.HasBytes(v[i:i+3]): // Nov 29 08:01:00 host prog:
		i += 15
		for i < len(v) && (v[i] == '.' || isDigit(v[i])) {
			i++
		}
	case isDigit(v[i]) && v[i+4] == '-' && v[i+7] == '-' && v[i+10] == 'T' && v[i+13] == ':' && v[i+16] == ':':
		for i < len(v) && v[i] != ' ' {
			i++
		}
	default:
		return
	}
	if i >= len(v) || v[i] != ' ' {
		return
	}
	start := i + 1
	end := start
	for end < len(v) && (isHostByte(v[end]) || v[end] >= 0x80) {
		end++
	}
	name := string(v[start:end])
	if end-start < 2 || end+2 >= len(v) || v[end] != ' ' || logLevels.Has(strings.ToUpper(name)) || f.set.common(name, "host") || isContainer(strings.ToLower(name)) || isAlias(name) || strings.Trim(name, "0123456789.") == "" {
		return
	}
	to := end + 1
	for to < len(v) && !isSpace(v[to]) && v[to] != '[' && v[to] != ':' {
		to++
	}
	tagged := to > end+1 && to < len(v) && (v[to] == '[' && to+1 < len(v) && isDigit(v[to+1]) || v[to] == ':' && (bsd || string(v[end+1:to]) == "kernel" || string(v[end+1:to]) == "sudo"))
	structured := v[0] == '<' && to+2 < len(v) && (isDigit(v[to+1]) || v[to+1] == '-') // RFC 5424
	if tagged || structured {
		f.found("log-host", start, end)
	}
}

var months = lazyset.New("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mai Okt Dez")

var logLevels = lazyset.New("ERROR ERR WARN WARNING INFO DEBUG TRACE FATAL CRITICAL NOTICE VERBOSE PANIC ALERT EMERG E W I D T F V N C LOG SEVERE FINE")

// besideAddress finds the name of a machine next to its address: from quartz
// (10.0.0.2), from quartz[10.0.0.2], robin/10.0.0.2:1194 of OpenVPN, and the lines
// of /etc/hosts.
func (f *finder) besideAddress(ip netip.Addr, start, end int) {
	v := f.v
	if start == 0 && ip.IsPrivate() {
		f.hostsLine(end)
		return
	}
	if start < 4 {
		return
	}
	i := start - 1
	glue := v[i]
	if glue == '(' && v[i-1] == ' ' {
		i--
	}
	to := i
	for i > 0 && isHostByte(v[i-1]) {
		i--
	}
	name := string(v[i:to])
	if len(name) < 2 || strings.Trim(name, "0123456789.-_") == "" || f.set.common(name, "host") || f.set.common(name, anyKind) || f.set.common(name, secretKind) || isAlias(name) || isContainer(name) {
		return
	}
	switch glue {
	case '(', '[':
		if !fromWords.Has(f.before(i)) {
			return
		}
	case '/':
		if i > 0 && v[i-1] != ' ' || end >= len(v) || v[end] != ':' {
			return
		}
	default:
		return
	}
	f.found("beside-address", i, to)
}

// hostsLine finds the names behind an address that begins a line of /etc/hosts.
func (f *finder) hostsLine(end int) {
	rest := f.v[end:]
	fields := bytes.Fields(rest)
	if len(fields) == 0 || len(fields) > 3 || !isSpace(rest[0]) {
		return
	}
	at := end
	for _, w := range fields {
		if !isLetter(w[0]) || len(bytes.TrimFunc(w, func(r rune) bool { return r < 0x80 && isHostByte(byte(r)) })) > 0 || f.set.common(string(w), "host") || f.set.common(string(w), secretKind) || isAlias(string(w)) {
			return
		}
	}
	for _, w := range fields {
		i := at + bytes.Index(f.v[at:], w)
		f.found("beside-address", i, i+len(w))
		at = i + len(w)
	}
}

// fromWords stand in front of the name of a machine whose address follows.
var fromWords = lazyset.New("from by client peer host connecting ping traceroute to with")
