package redact

import (
	"bytes"
	"net/netip"
	"strings"

	"wolfdiag/internal/lazyset"
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
		if i > 2 && v[i-1] == '\\' && f.escapedRow(i-3) {
			i += 18
			continue
		}
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

// escapedRow masks a hardware address whose colons are escaped, as nmcli prints
// them: AA\:BB\:CC\:DD\:EE\:FF.
func (f *finder) escapedRow(start int) bool {
	const size = 6*2 + 5*2
	if start+size > len(f.v) || start > 0 && isHexDigit(f.v[start-1]) {
		return false
	}
	w := bytes.ReplaceAll(f.v[start:start+size], []byte(`\:`), []byte(":"))
	if rowOf(w, ':') != 6 || len(w) != 17 {
		return false
	}
	f.found("mac", start, start+size)
	return true
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
	if after := start + len(trimmed); bytes.HasSuffix(trimmed, []byte("::")) && after+1 < len(f.v) && f.v[after] == '/' && !isDigit(f.v[after+1]) {
		return // retro:x:1000:1000::/home/retro
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
		f.afterMAC(start, end)
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
			f.besideAddress(ip, at, at+len(text))
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
// so or the name of a file goes before, or they are as short as versions are and
// nothing around them speaks of a machine. An address of a private net, or with a
// port or a net's size, is none.
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
	lead := bytes.ToLower(v[max(0, start-60):start])
	if word == "to" && bytes.Contains(lead, []byte("grad")) {
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
	return short >= 2 && !f.machine(ip, word, lead, start, end)
}

// versionTop is above the first number that versions of four numbers have.
const versionTop = 40

// machine reports whether something around four short numbers says that they are
// a machine's: how large the first is, the word before or behind, an arrow, the
// name of a host they explain. A sentence about versions says the opposite.
func (f *finder) machine(ip netip.Addr, word string, lead []byte, start, end int) bool {
	v := f.v
	if addressWords.Has(word) || start > 0 && v[start-1] == '@' {
		return true
	}
	for _, s := range []string{"versi", "grad", "releas", "packag", "librar"} {
		if bytes.Contains(lead, []byte(s)) {
			return false
		}
	}
	rest := v[end:]
	switch {
	case ip.As4()[0] > versionTop, linkWords.Has(word), machineVerbs.Has(f.behind(end)):
		return true
	case bytes.HasPrefix(rest, []byte(" - ")), bytes.HasPrefix(rest, []byte(" > ")), bytes.HasPrefix(rest, []byte(" -> ")), bytes.HasPrefix(rest, []byte(" => ")):
		return true // an access log, a packet
	case bytes.HasPrefix(rest, []byte(" to ")) && len(rest) > 4 && isDigit(rest[4]):
		return true
	}
	return f.named(start) || f.listed(start, end)
}

// listed reports whether numbers stand in a list of such: 5.9.1.2, 5.9.1.3.
func (f *finder) listed(start, end int) bool {
	gap := func(b []byte) bool { return len(b) > 0 && len(b) < 8 && bytes.IndexByte(b, ',') >= 0 }
	isQuad := func(c byte) bool { return isDigit(c) || c == '.' }
	rest := f.v[end:]
	if i := bytes.IndexAny(rest, "0123456789"); i > 0 && gap(rest[:i]) && len(bytes.TrimLeft(rest[:i], " \"',\x01")) == 0 {
		j := i
		for j < len(rest) && isQuad(rest[j]) {
			j++
		}
		if bytes.Count(rest[i:j], []byte(".")) >= 3 {
			return true
		}
	}
	lead := f.v[:start]
	trimmed := bytes.TrimRight(lead, " \"',\x01")
	if !gap(lead[len(trimmed):]) {
		return false
	}
	i := len(trimmed)
	for i > 0 && isQuad(trimmed[i-1]) {
		i--
	}
	return bytes.Count(trimmed[i:], []byte(".")) == 3
}

// named reports whether the name of a host stands in front of numbers in
// parentheses or behind an arrow: play.example.org (5.9.1.2).
func (f *finder) named(start int) bool {
	lead := f.v[:start]
	i := len(bytes.TrimRight(lead, "([ ->=\x01"))
	if i == start || i == 0 || !bytes.ContainsAny(lead[i:], "([>") {
		return false
	}
	end := i
	for i > 0 && isHostByte(f.v[i-1]) {
		i--
	}
	name := f.v[i:end]
	dot := bytes.LastIndexByte(name, '.')
	if dot < 1 || dot+2 >= len(name) {
		return false
	}
	top := strings.ToLower(string(name[dot+1:]))
	return strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") == "" && !notTop.Has(top)
}

// behind is the word after i, in lower case, past separators.
func (f *finder) behind(i int) string {
	for i < len(f.v) && strings.IndexByte(" ,;)]\"'\x01", f.v[i]) >= 0 {
		i++
	}
	end := i
	for end < len(f.v) && end-i < 32 && isLetter(f.v[end]) {
		end++
	}
	return strings.ToLower(string(f.v[i:end]))
}

var (
	// addressWords are those that an address follows, whatever else the line is about.
	addressWords = lazyset.New(`from ip address addr peer client connected to host src dst source dest destination via remote local server dns gateway gw nameserver
		inet route by udp tcp ping listen listening bind lost endpoint ips addresses clients peers hosts servers nameservers gateways players guests heard ban`)
	// linkWords are those of networks, and of sentences, that an address may follow and the name of a program does not end in.
	linkWords = lazyset.New(`carry carries carried reach reaches reached reaching connect connects connecting contact contacts contacted contacting dial dials dialing dialling
		pings pinged pinging probe probing try tries tried trying bans banned banning unban block blocks blocked blocking drop drops dropped dropping kick kicked
		resolve resolves resolved resolving forward forwards forwarded forwarding redirect redirected redirecting punch punching send sends sending sent receive received
		accept accepts accepted refuse refused reject rejected deny denied allow allowed handshake player user guest friend viewer neighbor neighbour nexthop hop router ns candidate candidates conntrack external internal public wan lan vpn nat upnp stun turn relay pts tty says warn warning error info notice fatal debug trace
		of on against toward towards between behind through until then forgot asks asked answers answered told tells invited pairs paired pairing unpaired`)
	// machineVerbs are what machines do and programs with a version do not.
	machineVerbs = lazyset.New(`refused refuses closed closes timed disconnected disconnects left leaves went gone unreachable did didn dropped drops lost answered answers denied
		banned joined joins replied replies hung reset resets vanished port connected connects reconnected paired unpaired asked asks sent sends kicked roamed dev netmask broadcast metric rejected replaced busy`)
)
