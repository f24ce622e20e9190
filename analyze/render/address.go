package render

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	// fe80::1%eth0, 2001:db8::1, ::ffff:139.28.87.179; also 06:40:11 and 0000:01:00.0, which do not parse
	addressesV6 = regexp.MustCompile(`[0-9A-Za-z_:.]*:[0-9A-Fa-f]*:[0-9A-Za-z_:.]*(?:%[0-9A-Za-z]+)?`)
	// 139.28.87.179, also with a port behind a dot as tcpdump has it
	addressesV4 = regexp.MustCompile(`\d+(?:\.\d+){3,}`)
	// ip-10-0-0-5, as clouds name their machines
	addressesDashed = regexp.MustCompile(`\bip-(\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3})\b`)
	// what stands before a number of four parts that is a version: GStreamer version: 1.24.6.0
	versionBefore = regexp.MustCompile(`(?i)(?:version|release|gstreamer|driver|plugin|(?:^|[^0-9a-z])v)[\s:="'(/-]*$`)
)

// addresses masks those of clients and hosts. Loopback, unspecified, multicast
// and broadcast addresses are nobody's, and stay.
func (r *redactor) addresses(s string) string {
	s = addressesV6.ReplaceAllStringFunc(s, r.v6)
	s = addressesDashed.ReplaceAllStringFunc(s, func(d string) string {
		if ip, ok := dotted(strings.ReplaceAll(d[3:], "-", ".")); ok {
			return r.ip(ip, d)
		}
		return d
	})
	var b strings.Builder
	at := 0
	for _, m := range addressesV4.FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		b.WriteString(r.v4(s[:m[0]], s[m[0]:m[1]], s[m[1]:]))
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String()
}

// v6 masks a word that holds colons if it is an address. A label in front of it
// (ip:2001:db8::1) stays. Eight pairs of digits are a hardware address or a
// fingerprint, and std::dec is a name.
func (r *redactor) v6(word string) string {
	core := word
	for {
		label, rest, _ := strings.Cut(core, ":")
		if rest == "" || rest[0] == ':' || strings.Trim(label, "0123456789abcdefABCDEF") == "" {
			break
		}
		core = rest
	}
	before := word[:len(word)-len(core)]
	if core = strings.TrimRight(core, "."); strings.HasSuffix(core, ":") && !strings.HasSuffix(core, "::") {
		core = core[:len(core)-1]
	}
	if strings.Count(core, ":") == 7 && len(core) == 23 || !strings.ContainsAny(core, "0123456789") {
		return word
	}
	for {
		if ip, err := netip.ParseAddr(core); err == nil {
			return before + r.ip(ip, core) + word[len(before)+len(core):]
		}
		i := strings.LastIndexByte(core, '.') // 2001:db8::1.47989
		if i < 0 {
			return word
		}
		core = core[:i]
	}
}

// v4 masks the address in a run of numbers and dots: not when the words before
// say version, unless it is of a private net or a port follows. In a run of
// more than four numbers the first four that can be an address are one.
func (r *redactor) v4(before, run, after string) string {
	parts := strings.Split(run, ".")
	for i := 0; i+4 <= len(parts); i++ {
		quad := strings.Join(parts[i:i+4], ".")
		ip, ok := dotted(quad)
		if !ok {
			continue
		}
		port := len(after) > 1 && after[0] == ':' && after[1] >= '0' && after[1] <= '9'
		if !ip.IsPrivate() && !port && versionBefore.MatchString(before) {
			return run
		}
		lead := len(strings.Join(parts[:i], "."))
		if i > 0 {
			lead++
		}
		return run[:lead] + r.ip(ip, quad) + run[lead+len(quad):]
	}
	return run
}

// dotted reads four numbers up to 255, with leading zeros or not.
func dotted(s string) (netip.Addr, bool) {
	var raw [4]byte
	for i, p := range strings.Split(s, ".") {
		n := 0
		for _, c := range p {
			if n = n*10 + int(c-'0'); n > 255 {
				return netip.Addr{}, false
			}
		}
		raw[i] = byte(n)
	}
	return netip.AddrFrom4(raw), true
}

// ip is the stand-in of an address; one that is nobody's stays as written.
func (r *redactor) ip(ip netip.Addr, written string) string {
	ip = ip.Unmap()
	if ip.IsLoopback() || ip.IsMulticast() || ip.IsUnspecified() {
		return written
	}
	if ip.Is4() && (ip.As4()[0] == 0 || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255})) {
		return written // "this network", as versions are: 0.10.36.0; broadcast
	}
	return r.alias("ip-", ip.WithZone("").String())
}
