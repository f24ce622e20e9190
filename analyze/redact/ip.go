package redact

import (
	"net/netip"
	"strings"
)

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

// dashedAddress reads 10-0-0-5 at the beginning of w; n is how long it is, 0 for
// something else.
func dashedAddress(w []byte) (ip netip.Addr, n int) {
	numbers := 0
	for n < len(w) && (isDigit(w[n]) || w[n] == '-' && n > 0 && numbers < 3 && isDigit(w[n-1])) {
		if w[n] == '-' {
			numbers++
		}
		n++
	}
	if numbers != 3 || n > 15 || w[n-1] == '-' {
		return ip, 0
	}
	ip, ok := dotted(strings.ReplaceAll(string(w[:n]), "-", "."))
	if !ok {
		return ip, 0
	}
	return ip, n
}

// rowOf counts the pairs of hexadecimal digits joined by sep that w is made of;
// 0 when it is something else or fewer than six.
func rowOf(w []byte, sep byte) int {
	if len(w) < 17 || len(w)%3 != 2 {
		return 0
	}
	for i, c := range w {
		if i%3 == 2 && c != sep || i%3 != 2 && !isHexDigit(c) {
			return 0
		}
	}
	return (len(w) + 1) / 3
}

// isTriple reports whether w is aabb.ccdd.eeff, as switches print an address.
func isTriple(w []byte) bool {
	if len(w) != 14 || w[4] != '.' || w[9] != '.' {
		return false
	}
	letters := false
	for i, c := range w {
		if i == 4 || i == 9 {
			continue
		}
		if !isHexDigit(c) {
			return false
		}
		letters = letters || !isDigit(c)
	}
	return letters
}

// nobodys reports whether an address is that of everybody or nobody: loopback,
// unspecified, multicast, broadcast, "this network", as versions are: 0.10.36.0.
func (f *finder) nobodys(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsMulticast() || ip.IsUnspecified() ||
		ip.Is4() && (ip.As4()[0] == 0 || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}))
}
