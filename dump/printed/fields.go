package printed

import (
	"strconv"
	"strings"

	"wolfdiag/dump/symbol"
)

// looksLikeModule tells an object from a source file.
func looksLikeModule(path string) bool {
	base := path[strings.LastIndexByte(path, '/')+1:]
	return base != "" && (!strings.Contains(base, ".") || strings.HasSuffix(base, ".so") || strings.Contains(base, ".so."))
}

// splitAt cuts "name at file:line:column"; every part may be missing.
func splitAt(s string) (name, file string, line, column int32) {
	name = strings.TrimSpace(s)
	if at, ok := strings.CutPrefix(name, "at "); ok {
		name, file = "", at
	} else if i := strings.LastIndex(name, " at "); i >= 0 {
		name, file = strings.TrimSpace(name[:i]), name[i+4:]
	}
	file, line, column = splitPlace(strings.TrimSpace(file))
	return name, file, line, column
}

// splitPlace cuts "file:line:column".
func splitPlace(s string) (file string, line, column int32) {
	if m := cpptraceRes().location.FindStringSubmatch(s); m != nil {
		return m[1], small(m[2]), small(m[3])
	}
	return s, 0, 0
}

func small(digits string) int32 {
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}

// hexadecimal reads an address without its 0x.
func hexadecimal(s string) uint64 {
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "0x"), 16, 64)
	if err != nil {
		return 0
	}
	return v
}

// cleanName demangles what is still mangled, and what stands for "unknown" to nothing.
func cleanName(s string) string {
	switch s = strings.TrimSpace(s); s {
	case "??", "<unknown>", "n/a", "(unknown)", "?", "???":
		return ""
	}
	return symbol.Demangle(s)
}
