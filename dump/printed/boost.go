package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// 0# 0x0000555BE1CD1A49
// 1# shutdown_handler(int) at /wolf/src/wolf.cpp:12
// 2# 0x00007F0C4F5DE520 in /lib/x86_64-linux-gnu/libc.so.6
var boostFrame = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s|])(\d{1,3})# (.*?)\s*$`)
})

// boostForm is boost::stacktrace's, which Wolf used until 2024.
func boostForm() *form {
	announced := "Previous run crashed"
	f := &form{name: "boost", bare: true, shows: append(numbers(".# "), announced)}
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, announced) {
			return false
		}
		r.expect(f)
		return true
	}
	f.frame = func(r *reader, line string) bool {
		if !strings.Contains(line, "# ") {
			return false
		}
		m := boostFrame().FindStringSubmatch(line)
		if m == nil || r.form != f && !boostPlace(m[2]) || !r.number(f, m[1]) {
			return false
		}
		r.cur.trace.Frames = append(r.cur.trace.Frames, boostLine(m[2]))
		return true
	}
	return f
}

// boostPlace tells a frame of boost's from prose where none was announced.
func boostPlace(s string) bool {
	return strings.HasPrefix(s, "0x") || strings.Contains(s, " in /") || strings.Contains(s, " at /")
}

func boostLine(rest string) (f trace.Frame) {
	if i := strings.LastIndex(rest, " in "); i >= 0 {
		f.Module, rest = strings.TrimSpace(rest[i+4:]), rest[:i]
	}
	if hex, ok := strings.CutPrefix(rest, "0x"); ok && !strings.Contains(hex, " ") {
		f.Raw = hexadecimal(hex)
		return f
	}
	f.Function, f.File, f.Line, f.Column = splitAt(rest)
	f.Function = cleanName(f.Function)
	return f
}
