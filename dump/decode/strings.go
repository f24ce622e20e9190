package decode

import (
	"strings"

	"wolfdiag/dump/symbol"
)

// maxStrings bounds what is kept of a file of unknown layout.
const maxStrings = 200

// usefulStrings returns the paths of programs and libraries and the mangled
// names (demangled) among the printable runs of b, without repeats, in order.
func usefulStrings(b []byte) []string {
	var out []string
	seen := make(map[string]bool)
	start := -1
	for i := 0; i <= len(b); i++ {
		if i < len(b) && printable(b[i]) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start >= 6 && i-start <= pathSize {
			s := string(b[start:i])
			if s, ok := useful(s); ok && !seen[s] {
				seen[s] = true
				out = append(out, s)
				if len(out) == maxStrings {
					return out
				}
			}
		}
		start = -1
	}
	return out
}

func useful(s string) (string, bool) {
	if d := symbol.Demangle(s); d != s {
		return d, true
	}
	if strings.ContainsAny(s, " \t\"'<>|*?") {
		return "", false
	}
	if strings.HasPrefix(s, "/") && strings.Count(s, "/") >= 2 {
		return s, true
	}
	if strings.HasSuffix(s, ".so") || strings.Contains(s, ".so.") {
		return s, true
	}
	return "", false
}
