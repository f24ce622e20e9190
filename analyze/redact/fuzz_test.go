package redact

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzText: whatever stands around the address of a client, it does not survive
// unless a version stands there; a line stays a line, text stays text, spans lie
// in order, and the same text is masked the same again.
func FuzzText(f *testing.F) {
	f.Add("connected client: ", uint32(0x8b1c57b3), ":36016")
	f.Add("::ffff:", uint32(0xac140009), "]:47989")
	f.Add("peer_", uint32(0x01020304), ".5000 aes_key=")
	f.Add("06:40:11 a:b:", uint32(0x08080808), "::1")
	f.Add(`{"log":"DB_PASSWORD=\"x\\\"y\" `, uint32(0x8b1c57b3), `\n"}`)
	f.Add("-----BEGIN PRIVATE KEY-----\nMIIC", uint32(0x8b1c57b3), "\n&quot;token&quot;=&lt;")
	f.Add(`C:\Users\robin\`, uint32(0xc0a80102), ` pass="\u0026`)
	f.Fuzz(func(t *testing.T, before string, raw uint32, after string) {
		ip := netip.AddrFrom4([4]byte{byte(raw >> 24), byte(raw >> 16), byte(raw >> 8), byte(raw)})
		text := before + ip.String() + after
		r := New()
		spans := r.find([]byte(text))
		end := 0
		for _, s := range spans {
			if s.start < end || s.end <= s.start || s.end > len(text) {
				t.Fatalf("span %d to %d after %d, of %d bytes", s.start, s.end, end, len(text))
			}
			end = s.end
		}
		got := New().Text(text)
		if again := New().Text(text); again != got {
			t.Errorf("%q becomes %q and %q", text, got, again)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q is no UTF-8 any more: %q", text, got)
		}
		lines := New().Lines(nil, []byte(text))
		if a, b := strings.Count(text, "\n"), bytes.Count(lines, []byte("\n")); a != b {
			t.Errorf("%d newlines become %d: %q", a, b, lines)
		}
		if plainAddress(ip, before, after) && strings.Contains(got, ip.String()) {
			t.Errorf("%q survives in %q, from %q", ip, got, text)
		}
	})
}

// plainAddress reports whether an address between two texts can be nothing else.
func plainAddress(ip netip.Addr, before, after string) bool {
	if ip.IsLoopback() || ip.IsMulticast() || ip.IsUnspecified() || ip.As4()[0] == 0 || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return false
	}
	if strings.Contains(before+after, ip.String()) {
		return false
	}
	short := 0
	for _, b := range ip.As4() {
		if b < 10 {
			short++
		}
	}
	edge := func(s string) bool { return s == "" || s == " " || s == "\n" || s == "," || s == "[" || s == "]" }
	last, first := before[max(0, len(before)-1):], after[:min(1, len(after))]
	f := finder{set: builtin(), v: []byte(before)}
	return short < 2 && edge(last) && edge(first) && !f.set.harmless(f.before(len(before)), "ip")
}

// FuzzLines: a log masked at once and piece by piece is the same, and masking
// does not grow without bound.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\n-----BEGIN RSA PRIVATE KEY-----\nMIICvzCCAaegAwIBAgIBADANBgkq\nAw==\n-----END RSA PRIVATE KEY-----\npassword=x\n"), 3)
	f.Add([]byte("USER=robin\nhost=quartz.lan 10.0.0.9\n\"pw\":\"a\\\"b\"\n"), 1)
	f.Fuzz(func(t *testing.T, log []byte, step int) {
		whole := New().Lines(nil, log)
		r := New()
		var pieces []byte
		rest := log
		for n := 0; len(rest) > 0; n++ {
			end := 0
			for range max(1, step%5) {
				if i := bytes.IndexByte(rest[end:], '\n'); i >= 0 {
					end += i + 1
				} else {
					end = len(rest)
					break
				}
			}
			pieces = r.Lines(pieces, rest[:end])
			rest = rest[end:]
		}
		if !bytes.Equal(whole, pieces) {
			t.Errorf("at once %q, in pieces %q", whole, pieces)
		}
		if len(whole) > 16*len(log)+64 {
			t.Errorf("%d bytes become %d", len(log), len(whole))
		}
	})
}
