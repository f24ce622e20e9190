package printed

import (
	"strconv"
	"strings"

	"wolfdiag/dump/trace"
)

// gdbLine reads one frame of gdb's `bt`:
//
//	#0  0x00007ffff7a8b9fc in raise () from /lib/x86_64-linux-gnu/libc.so.6
//	#1  setup_encoder<H264> (cfg=...) at src/streaming.cpp:43
//	#2  <signal handler called>
//	#3  0x0000555555555189 in ?? ()
func (p *printedParser) gdbLine(m []string) bool {
	rest := m[3]
	signal := strings.HasPrefix(rest, "<signal handler called>")
	if !signal && m[2] == "" && !gdbShape(rest) {
		return false
	}
	if !signal && m[2] != "" && !strings.Contains(rest, "(") {
		return false
	}
	if !p.number(formGDB, m[1]) {
		return false
	}
	var f trace.Frame
	f.Raw, _ = strconv.ParseUint(m[2], 16, 64)
	if signal {
		f.Role = trace.RoleTrampoline
	} else {
		f.Function, f.File, f.Line, f.Module = splitGDB(rest)
		f.Function = cleanName(f.Function)
	}
	p.cur.trace.Frames = append(p.cur.trace.Frames, f)
	return true
}

// gdbShape tells a frame as gdb prints it from prose that starts with #1, and
// from cpptrace's symbols: gdb always prints an argument list, with a blank
// before it and nothing, a place or an object after it.
func gdbShape(s string) bool {
	name, _ := cutArgs(s)
	return name != s && name != "" && !strings.Contains(name, "  ")
}

// splitGDB cuts "name (args) at file:line" or "name (args) from module".
func splitGDB(s string) (name, file string, line int32, module string) {
	if i := strings.LastIndex(s, " from "); i >= 0 && !strings.Contains(s[i+6:], " ") {
		s, module = s[:i], s[i+6:]
	} else if i := strings.LastIndex(s, " at "); i >= 0 {
		place := s[i+4:]
		if j := strings.LastIndexByte(place, ':'); j > 0 {
			if n := small(place[j+1:]); n > 0 {
				s, file, line = s[:i], place[:j], n
			}
		}
	}
	s = strings.TrimSpace(s)
	name, _ = cutArgs(s)
	return name, file, line, module
}

// cutArgs removes gdb's argument list and what follows it. It returns s itself
// when there is none.
func cutArgs(s string) (name, rest string) {
	for from := 1; from < len(s); from++ {
		if s[from] != '(' || s[from-1] != ' ' {
			continue
		}
		to := closing(s, from)
		if to < 0 {
			return strings.TrimSpace(s[:from]), "" // wrapped onto the next line
		}
		after := s[to+1:]
		if strings.TrimSpace(after) == "" || strings.HasPrefix(after, " at ") || strings.HasPrefix(after, " from ") {
			return strings.TrimSpace(s[:from]), after
		}
	}
	return s, ""
}

// closing returns the index of the parenthesis that closes the one at from, or -1.
func closing(s string, from int) int {
	depth := 0
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}
