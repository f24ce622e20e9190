package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

type gdbRegexps struct {
	// #0  0x00007ffff7a8b9fc in raise () from /lib/x86_64-linux-gnu/libc.so.6
	// #1  main (argc=1, argv=0x7ffe) at main.cpp:10
	// #2  <signal handler called>
	// #3  0x00007f0c1a2b3c4d in  () at /usr/lib/libQt5Core.so.5
	frame *regexp.Regexp
	// Thread 3 (Thread 0x7f0c (LWP 4713) "gst-worker"):
	// Thread 1 (LWP 6):
	thread *regexp.Regexp
	// Thread 3 "gst-worker" received signal SIGSEGV, Segmentation fault.
	received *regexp.Regexp
	// [Current thread is 1 (Thread 0x7f0c (LWP 4711))]
	current *regexp.Regexp
}

var gdbRes = sync.OnceValue(func() *gdbRegexps {
	return &gdbRegexps{
		frame:    regexp.MustCompile(`(?:^|[\s|])#(\d{1,4})\s+(?:0x([0-9a-fA-F]{1,16}) in )?\s*(\S.*)$`),
		thread:   regexp.MustCompile(`^\s*Thread (\d+)(?: \((.*)\))?:?\s*$|^\s*Thread (\d+) "([^"]*)"`),
		received: regexp.MustCompile(`Thread (\d+)(?: "[^"]*")? (?:received signal|hit)`),
		current:  regexp.MustCompile(`\[Current thread is (\d+) \((.*)\)\]`),
	}
})

// gdbForm is gdb's `bt`, also of all threads, and what KDE's DrKonqi makes of it.
func gdbForm() *form {
	f := &form{name: "gdb", bare: true, shows: append(numbers("#."), append(numbers("Thread ."), "Current thread is ", "[KCrash Handler]")...)}
	f.open = func(r *reader, line string) bool {
		if strings.Contains(line, "[KCrash Handler]") {
			r.begin(f)
			r.cur.trace.Entries++
			r.cur.trace.Frames = append(r.cur.trace.Frames, trace.Frame{Role: trace.RoleTrampoline})
			return true
		}
		if strings.Contains(line, "[Current thread is ") {
			if m := gdbRes().current.FindStringSubmatch(line); m != nil {
				r.current = m[1]
				return true
			}
		}
		if !strings.Contains(line, "Thread ") {
			return false
		}
		if m := gdbRes().received.FindStringSubmatch(line); m != nil {
			r.current = m[1]
			return true
		}
		m := gdbRes().thread.FindStringSubmatch(line)
		if m == nil || strings.Contains(line, "panicked") || strings.Contains(line, "received signal") {
			return false
		}
		number, name := m[1]+m[3], m[4]
		if i := strings.LastIndexByte(m[2], '"'); i > 0 {
			name = strings.Trim(m[2][strings.IndexByte(m[2], '"'):i+1], `"`)
		}
		crashed := number == r.current && r.current != "" || strings.Contains(line, "crashed")
		if name != "" {
			number += " (" + name + ")"
		}
		r.sibling(f, number, crashed)
		return true
	}
	f.frame = func(r *reader, line string) bool {
		if strings.IndexByte(line, '#') < 0 {
			return false
		}
		m := gdbRes().frame.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		fr, ok := gdbFrame(m)
		if !ok || !r.number(f, m[1]) {
			return false
		}
		r.cur.trace.Frames = append(r.cur.trace.Frames, fr)
		return true
	}
	f.again = func(line string) (trace.Frame, bool) {
		m := gdbRes().frame.FindStringSubmatch(line)
		if m == nil {
			return trace.Frame{}, false
		}
		return gdbFrame(m)
	}
	return f
}

func gdbFrame(m []string) (f trace.Frame, ok bool) {
	rest := strings.TrimSpace(m[3])
	f.Raw = hexadecimal(m[2])
	switch {
	case strings.HasPrefix(rest, "<signal handler called>"):
		f.Role = trace.RoleTrampoline
		return f, true
	case m[2] != "" && strings.HasPrefix(rest, "()"):
		// A frame without a name.
		_, f.File, f.Line, f.Module = splitGDB("?? " + rest)
		if i := strings.LastIndex(rest, " at "); i > 0 && f.Line == 0 {
			f.Module, f.File = strings.TrimSpace(rest[i+4:]), ""
		}
		return f, true
	case m[2] == "" && !gdbShape(rest), m[2] != "" && !strings.Contains(rest, "("):
		return f, false
	}
	f.Function, f.File, f.Line, f.Module = splitGDB(rest)
	f.Function = cleanName(f.Function)
	return f, true
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
	if i := strings.LastIndex(s, " at /"); i >= 0 && file == "" && module == "" && looksLikeModule(s[i+4:]) {
		s, module = s[:i], s[i+4:] // KCrash
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
		if strings.TrimSpace(after) == "" || strings.HasPrefix(after+" ", " at ") || strings.HasPrefix(after+" ", " from ") {
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
