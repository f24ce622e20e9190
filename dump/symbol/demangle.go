package symbol

import (
	"strings"

	"github.com/ianlancetaylor/demangle"
)

// Demangle returns the readable form of a C++ (Itanium) or Rust (legacy or v0)
// name, with template arguments and parameters, or the name itself when it is
// not mangled or too long to be sane. Safe for concurrent use.
func Demangle(name string) string {
	if len(name) < 3 || len(name) > 1<<15 || (!strings.HasPrefix(name, "_Z") && !strings.HasPrefix(name, "_R") && !strings.HasPrefix(name, "__Z")) {
		return name
	}
	// A readable name is bounded: templates can expand exponentially.
	s, err := demangle.ToString(name, demangle.MaxLength(14))
	if err != nil {
		return name
	}
	return s
}
