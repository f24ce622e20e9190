package symbol

import (
	"strconv"
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
	s, err := demangle.ToString(legacyUnderscores(name), demangle.MaxLength(14))
	if err != nil {
		return name
	}
	return strings.ReplaceAll(s, ", >", ">") // left by an empty parameter pack
}

// legacyUnderscores doubles the underscore that a part of a legacy Rust name starts
// with: the library takes the first for a separator, which only "_$" has.
//
//	_ZN3std3sys9backtrace28__rust_begin_short_backtrace17hc40408cb99586221E
func legacyUnderscores(name string) string {
	const hash = "17h0123456789abcdefE"
	if !strings.HasPrefix(name, "_ZN") || len(name) <= len("_ZN")+len(hash) || !strings.HasPrefix(name[len(name)-len(hash):], "17h") || !strings.Contains(name, "_") {
		return name
	}
	out, rest := "_ZN", name[len("_ZN"):len(name)-len(hash)]
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		n, err := strconv.Atoi(rest[:digits])
		if err != nil || n > len(rest)-digits {
			return name
		}
		part := rest[digits : digits+n]
		if strings.HasPrefix(part, "_") && !strings.HasPrefix(part, "_$") {
			part = "_" + part
		}
		out += strconv.Itoa(len(part)) + part
		rest = rest[digits+n:]
	}
	return out + name[len(name)-len(hash):]
}
