package redact

import (
	"net/netip"
	"strconv"
	"strings"

	"wolfdiag/internal/lazyset"
)

const (
	secretKind = "secret"
	// masked stands for a secret. Secrets get no number: whether two are equal is
	// nobody's business.
	masked = "[masked]"
	// maxStandIns bounds what a log without end makes a redactor remember; values
	// after that share one stand-in, ip-other.
	maxStandIns = 200_000
)

// standIns gives each value a name of its own.
type standIns struct {
	keepForm bool
	names    map[string]string // by kind and value
	next     map[string]int    // how many there are of a kind
}

func newStandIns() *standIns {
	return &standIns{names: map[string]string{}, next: map[string]int{}}
}

// of is the stand-in of a value: ip-1, and the same each time.
func (s *standIns) of(kind, value string) string {
	k := kind + "\x00" + canonical(kind, value)
	if name, ok := s.names[k]; ok {
		return name
	}
	if len(s.names) >= maxStandIns {
		return kind + "-other"
	}
	s.next[kind]++
	name := kind + "-" + strconv.Itoa(s.next[kind])
	if s.keepForm {
		name = inForm(kind, value, s.next[kind], name)
	}
	s.names[k] = name
	return name
}

// Stand-ins that keep the form of an address or of a session id, so that a
// masked log is still one to programs: addresses are of the nets set aside for
// benchmarks and documentation (RFC 2544, RFC 3849), ids begin with a nine and
// zeros.
const (
	formSession = 9_000_000_000_000_000_000
	formNet4    = 198<<24 | 18<<16 // 198.18.0.0/15
)

func inForm(kind, value string, n int, plain string) string {
	switch {
	case kind == "session" && number(value):
		return strconv.FormatUint(formSession+uint64(n), 10)
	case kind == "ip" && strings.Contains(value, ":"):
		return "2001:db8::" + strconv.FormatInt(int64(n), 16)
	case kind == "ip" && n < 1<<17-1:
		a := uint32(formNet4 + n)
		return netip.AddrFrom4([4]byte{byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a)}).String()
	}
	return plain
}

// isForm reports whether a value is a stand-in in the form of its kind.
func isForm(kind, value string) bool {
	switch kind {
	case "session":
		n, err := strconv.ParseUint(value, 10, 64)
		return err == nil && n > formSession && n <= formSession+maxStandIns
	case "ip":
		ip, err := netip.ParseAddr(value)
		return err == nil && (ip.Is4() && uint32(ip.As4()[0])<<8|uint32(ip.As4()[1])&^1 == 198<<8|18 || ip.Is6() && strings.HasPrefix(value, "2001:db8::"))
	}
	return false
}

func (s *standIns) has(kind, value string) bool {
	_, ok := s.names[kind+"\x00"+value]
	return ok
}

// canonical is a value in one spelling, so that two of the same get the same
// stand-in.
func canonical(kind, value string) string {
	switch kind {
	case "ip":
		text := strings.TrimPrefix(value, "ip-")
		if strings.Count(text, "-") == 3 {
			text = strings.ReplaceAll(text, "-", ".")
		}
		if ip, err := netip.ParseAddr(text); err == nil {
			return ip.Unmap().WithZone("").String()
		}
		if strings.Count(text, ".") == 3 && strings.Trim(text, "0123456789.") == "" {
			if ip, ok := dotted(text); ok {
				return ip.String()
			}
		}
		return value
	case "mac":
		return strings.NewReplacer(":", "", "-", "", "_", "", ".", "", `\`, "", "%3a", "").Replace(strings.ToLower(value))
	case "host", "uuid", "mail":
		return strings.ToLower(value)
	}
	return value
}

// kinds are what stand-ins begin with.
var kinds = lazyset.New(`ip mac host mail user session uuid steam serial ssid name phone place account`)

// isAlias reports whether text is a stand-in, or begins with one and a dot.
func isAlias(text string) bool {
	kind, rest, ok := strings.Cut(text, "-")
	return ok && kinds.Has(kind) && (rest == "other" || rest != "" && strings.Trim(rest, "0123456789") == "")
}

func number(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
