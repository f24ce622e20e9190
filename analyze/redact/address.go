package redact

import (
	"bytes"
	"net/netip"
	"strings"
)

// colons finds IPv6 and hardware addresses by the colons in them.
func colons(f *finder) {
	v := f.v
	for i := 0; i < len(v); {
		n := bytes.IndexByte(v[i:], ':')
		if n < 0 {
			return
		}
		i += n
		start, count, double := i, 0, false
		for start > 0 && (isWord(v[start-1]) || v[start-1] == '_' || v[start-1] == '.') {
			start--
		}
		end := i
		for ; end < len(v) && (isWord(v[end]) || strings.IndexByte("_:.", v[end]) >= 0); end++ {
			if v[end] == ':' {
				count++
				double = double || end+1 < len(v) && v[end+1] == ':'
			}
		}
		if end+1 < len(v) && v[end] == '%' && isWord(v[end+1]) && count > 1 { // fe80::1%eth0
			for end++; end < len(v) && isWord(v[end]); end++ {
				continue
			}
		}
		if double || count >= 5 {
			f.colonWord(start, end)
		}
		i = max(end, i+1)
	}
}

// colonWord masks a word that holds colons if it is an address. A label in front
// of it (ip:2001:db8::1) stays, and std::dec is a name.
func (f *finder) colonWord(start, end int) {
	core := f.v[start:end]
	for {
		label, rest, _ := bytes.Cut(core, []byte(":"))
		if len(rest) == 0 || rest[0] == ':' || len(bytes.Trim(label, "0123456789abcdefABCDEF")) == 0 {
			break
		}
		core = rest
	}
	start = end - len(core)
	trimmed := bytes.TrimRight(core, "._")
	if bytes.HasSuffix(trimmed, []byte(":")) && !bytes.HasSuffix(trimmed, []byte("::")) {
		trimmed = trimmed[:len(trimmed)-1]
	}
	if pairs := rowOf(trimmed, ':'); pairs > 0 {
		f.row(start, start+len(trimmed), pairs, ':')
		return
	}
	if !bytes.ContainsAny(trimmed, "0123456789") || bytes.Count(trimmed, []byte(":")) == 7 && len(trimmed) == 23 {
		return
	}
	for {
		if ip, err := netip.ParseAddr(string(trimmed)); err == nil {
			if !f.nobodys(ip) {
				f.found("ipv6", start, start+len(trimmed))
			}
			return
		}
		i := bytes.LastIndexByte(trimmed, '.') // 2001:db8::1.47989
		if i < 0 {
			return
		}
		trimmed = trimmed[:i]
	}
}

// row masks a row of pairs: a hardware address of six or eight, or, when it is
// longer, a fingerprint or DHCP identifier. That of nobody and that of all stay,
// and so do dates in dashes.
func (f *finder) row(start, end, pairs int, sep byte) {
	w := f.v[start:end]
	digits := strings.ToLower(strings.ReplaceAll(string(w), string(sep), ""))
	switch {
	case strings.Trim(digits, "0") == "", strings.Trim(digits, "f") == "":
	case sep != ':' && !strings.ContainsAny(digits, "abcdef"):
	case pairs > 8:
		f.found("fingerprint", start, end)
	default:
		f.found("mac", start, end)
	}
}

// dots finds IPv4 addresses, hardware addresses in three groups, and names of
// hosts, by the dots in them.
func dots(f *finder) {
	v := f.v
	for i := 0; i < len(v); {
		n := bytes.IndexByte(v[i:], '.')
		if n < 0 {
			return
		}
		i += n
		start, end := i, i+1
		for start > 0 && isHostByte(v[start-1]) {
			start--
		}
		for end < len(v) && isHostByte(v[end]) {
			end++
		}
		if end-start >= 5 && !f.host(start, end) {
			f.dottedWord(start, end)
		}
		i = end
	}
}

func isHostByte(c byte) bool { return isWord(c) || c == '.' || c == '-' || c == '_' }

// dottedWord looks for runs of numbers and dots in a word.
func (f *finder) dottedWord(start, end int) {
	v := f.v
	for i := start; i < end; i++ {
		if !isDigit(v[i]) {
			if w := v[i:min(i+14, end)]; isTriple(w) && (i == start || !isWord(v[i-1])) && (i+14 >= len(v) || !isWord(v[i+14])) {
				f.found("mac", i, i+14)
				i += 13
			}
			continue
		}
		if w := v[i:min(i+14, end)]; isTriple(w) && (i == start || !isWord(v[i-1])) && (i+14 >= len(v) || !isWord(v[i+14])) {
			f.found("mac", i, i+14)
			i += 13
			continue
		}
		from, dotted := i, 0
		for i < end && (isDigit(v[i]) || v[i] == '.' && i+1 < end && isDigit(v[i+1]) && v[i-1] != '.') {
			if v[i] == '.' {
				dotted++
			}
			i++
		}
		if dotted >= 3 {
			f.quad(from, i)
		}
		i--
	}
}

// quad masks the address in a run of numbers and dots. In a run of more than
// four numbers the first four that can be an address are one.
func (f *finder) quad(start, end int) {
	run := string(f.v[start:end])
	parts := strings.Split(run, ".")
	if len(parts[0]) == 4 && (parts[0][:2] == "20" || parts[0][:2] == "19") {
		return // 2025.10.02.06
	}
	if len(parts) > 4 && !f.port(parts) {
		return
	}
	if end < len(f.v) && isLetter(f.v[end]) || end+1 < len(f.v) && f.v[end] == '.' && isWord(f.v[end+1]) && !isDigit(f.v[end+1]) && len(parts) == 4 && f.hexAfter(end+1) {
		return // 94.02.71.40.9E
	}
	for i := 0; i+4 <= len(parts); i++ {
		text := strings.Join(parts[i:i+4], ".")
		ip, ok := dotted(text)
		if !ok {
			continue
		}
		at := start + len(strings.Join(parts[:i], "."))
		if i > 0 {
			at++
		}
		if !f.nobodys(ip) && !f.version(ip, parts[i:i+4], at, at+len(text)) {
			f.found("ipv4", at, at+len(text))
		}
		return
	}
}

// port reports whether what follows four numbers can be a port behind a dot, as
// tcpdump has it: 192.168.1.5.47989. Numbers with a leading zero are a version's.
func (f *finder) port(parts []string) bool {
	zero := 0
	for _, p := range parts {
		if len(p) == 2 && p[0] == '0' {
			zero++
		}
	}
	return zero == 0
}

// hexAfter reports whether the word at i is two hexadecimal digits: the end of a
// VBIOS version.
func (f *finder) hexAfter(i int) bool {
	return i+1 < len(f.v) && isHexDigit(f.v[i]) && isHexDigit(f.v[i+1]) && (i+2 == len(f.v) || !isWord(f.v[i+2]))
}

// version reports whether four numbers are the version of something: a word says
// so or the name of a file goes before, or they are as short as versions are. An
// address of a private net, or with a port or a net's size, is none.
func (f *finder) version(ip netip.Addr, parts []string, start, end int) bool {
	v := f.v
	sign := end+1 < len(v) && (v[end] == ':' || v[end] == '/') && isDigit(v[end+1])
	if ip.IsPrivate() && !(start > 3 && string(v[start-4:start]) == ".so.") || sign {
		return false
	}
	if end+1 < len(v) && (v[end] == '-' || v[end] == '~' || v[end] == '+') && isWord(v[end+1]) {
		return true // 24.0.9.1-1ubuntu3
	}
	if start > 1 {
		before, glue := v[start-2], v[start-1]
		if glue == 'v' && !isWord(before) || glue == '-' && isWord(before) && !strings.HasSuffix(string(v[:start]), "host-") || glue == '.' && isWord(before) {
			return true // v1.2.3.4, libfoo-1.2.3.4, libfoo.so.1.2.3.4
		}
	}
	word := f.before(start)
	if word == "to" && bytes.Contains(v[max(0, start-60):start], []byte("grad")) {
		return true // upgraded from 24.0.9.1 to 24.1.2.1
	}
	if f.set.harmless(word, "ip") || word == "" && start > 0 && v[start-1] == 'v' {
		return true
	}
	short := 0
	for _, p := range parts {
		if len(p) == 1 {
			short++
		}
	}
	return short >= 2 && !addressWords[word] && (start == 0 || v[start-1] != '@')
}

// addressWords are those that an address follows.
var addressWords = map[string]bool{
	"from": true, "ip": true, "address": true, "addr": true, "peer": true, "client": true, "connected": true, "to": true, "host": true, "src": true, "dst": true, "source": true, "dest": true, "destination": true,
	"via": true, "remote": true, "local": true, "server": true, "dns": true, "gateway": true, "gw": true, "nameserver": true, "inet": true, "route": true, "by": true, "udp": true, "tcp": true, "ping": true, "listen": true, "listening": true, "bind": true, "lost": true, "endpoint": true, "ips": true,
}

// before is the word in front of i, in lower case, past separators of a label.
func (f *finder) before(i int) string {
	n := 0
	for i > 0 && n < 4 && strings.IndexByte(" \t:=\"'`([#/,\x01", f.v[i-1]) >= 0 {
		i--
		n++
	}
	if n == 0 && i > 0 && (f.v[i-1] == '_' || f.v[i-1] == '-') {
		i--
	}
	end := i
	for i > 0 && end-i < 32 && isLetter(f.v[i-1]) {
		i--
	}
	return strings.ToLower(string(f.v[i:end]))
}
