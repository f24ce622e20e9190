package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// numberedForm is a form with one regular expression for its lines: the number of
// the frame is its first group, read makes the frame of the groups.
func numberedForm(name, holds, expression string, read func(m []string) (trace.Frame, bool)) *form {
	re := regexp.MustCompile(expression)
	f := &form{name: name}
	match := func(line string) (m []string, fr trace.Frame, ok bool) {
		if !strings.Contains(line, holds) {
			return nil, fr, false
		}
		if m = re.FindStringSubmatch(line); m == nil {
			return nil, fr, false
		}
		fr, ok = read(m)
		return m, fr, ok
	}
	f.frame = func(r *reader, line string) bool {
		m, fr, ok := match(line)
		if !ok || !r.number(f, m[1]) {
			return false
		}
		r.cur.trace.Frames = append(r.cur.trace.Frames, fr)
		return true
	}
	f.again = func(line string) (trace.Frame, bool) {
		_, fr, ok := match(line)
		return fr, ok
	}
	return f
}

// coredumpForm is systemd-coredump's, in the journal and in `coredumpctl info`:
//
//	Stack trace of thread 4711:
//	#0  0x00007f9c1a8a53f4 pthread_kill@@GLIBC_2.34 (libc.so.6 + 0xa53f4)
//	#1  0x000055d0c3aa1b2c n/a (sway + 0x1fb2c)
//	#2  0x00007f9c1a8a53f4 n/a (/usr/lib/libwlroots.so.11 (deleted) + 0x1234)
//
// What stands in brackets is the module and the offset in it. Return addresses
// are those of the stack, not decremented; frame 0 is where the thread was.
func coredumpForm() *form {
	f := numberedForm("coredumpctl", "#", `(?:^|[\s|])#(\d{1,4})\s+0x([0-9a-f]{8,16}) (\S.*?) \((\S+?)(?: \(deleted\))?(?: \+ 0x([0-9a-f]+))?\)\s*$`,
		func(m []string) (trace.Frame, bool) {
			if strings.HasSuffix(m[3], ")") && m[5] == "" || m[5] == "" && !looksLikeModule(m[4]) {
				return trace.Frame{}, false // gdb's argument list
			}
			if m[3] == "in" || strings.HasPrefix(m[3], "in ") {
				return trace.Frame{}, false
			}
			fr := trace.Frame{Raw: hexadecimal(m[2]), Function: cleanName(withoutVersion(m[3])), Module: m[4]}
			if m[5] != "" {
				fr.Object, fr.HasObject = hexadecimal(m[5]), true
				if m[1] != "0" && fr.Object > 0 {
					fr.Object-- // as everywhere else: inside the call
				}
			}
			return fr, true
		})
	f.bare, f.sure = true, true
	f.shows = append(numbers("#."), "Stack trace of thread ")
	inner := f.frame
	f.frame = func(r *reader, line string) bool {
		if inner(r, line) {
			return true
		}
		if r.form != f {
			return false
		}
		m := cutFrame().FindStringSubmatch(line)
		if m == nil || !r.number(f, m[1]) {
			return false
		}
		r.cur.trace.Frames = append(r.cur.trace.Frames, trace.Frame{Raw: hexadecimal(m[2])})
		return true
	}
	f.open = func(r *reader, line string) bool {
		_, thread, ok := strings.Cut(line, "Stack trace of thread ")
		if !ok {
			return false
		}
		first := r.form != f || !r.join && r.cur == nil && (len(r.out) == 0 || r.out[len(r.out)-1].group != r.group)
		r.sibling(f, strings.TrimSuffix(strings.TrimSpace(thread), ":"), first)
		return true
	}
	return f
}

// cutFrame is a frame's line that a paste ended in.
var cutFrame = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*#(\d{1,4})\s+0x([0-9a-f]{6,16})(?: [^()]*)?$`) })

// withoutVersion cuts a symbol's version: pthread_kill@@GLIBC_2.34.
func withoutVersion(s string) string {
	if i := strings.IndexByte(s, '@'); i > 0 && !strings.ContainsAny(s, " (<") {
		return s[:i]
	}
	return s
}

// xorgForm is the X server's, Xwayland's too:
//
//	(EE) Backtrace:
//	(EE) 0: /usr/lib/xorg/Xorg (OsLookupColor+0x13c) [0x55d0c3aa1b2c]
//	(EE) 1: /lib/x86_64-linux-gnu/libc.so.6 (__sigaction+0x50) [0x7f9c1a8a5050]
//	(EE) 4: ?? (?+0x0) [0x0]
func xorgForm() *form {
	f := numberedForm("xorg", "(EE)", `\(EE\) +(\d{1,3}): (\S+) \(([^()]*?(?:\([^()]*\))?[^()]*?)(?:\+(0x[0-9a-f]+))?\)(?: \[(0x[0-9a-f]+)\])?\s*$`,
		func(m []string) (trace.Frame, bool) {
			fr := trace.Frame{Raw: hexadecimal(m[5]), Function: cleanName(m[3])}
			if m[2] != "??" {
				fr.Module = m[2]
			}
			if m[3] == "" && m[4] != "" {
				fr.Object, fr.HasObject = hexadecimal(m[4]), true
			}
			return fr, true
		})
	f.bare = true
	f.shows = []string{"(EE)"}
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "(EE) Backtrace:") {
			return false
		}
		r.expect(f)
		return true
	}
	return f
}

// godotForm is Godot's crash handler's, 3 and 4:
//
//	Dumping the backtrace. Please include this when reporting the bug on …
//	[1] /lib/x86_64-linux-gnu/libc.so.6(+0x3c050) [0x7f9c1a83c050] (??:0)
//	[2] Node::_notification(int) (scene/main/node.cpp:112)
//	-- END OF BACKTRACE --
func godotForm() *form {
	f := numberedForm("godot", "[", `^\s*\[(\d{1,3})\] (\S.*?) ?\(([^()]*):(\d+|\?)\)\s*$|^\s*\[(\d{1,3})\] (\S.*)$`,
		func(m []string) (trace.Frame, bool) {
			name := m[2]
			if m[1] == "" {
				m[1], name = m[5], m[6]
			}
			var fr trace.Frame
			if g, ok := glibcFrame(name); ok {
				fr = g
			} else {
				fr.Function = cleanName(name)
			}
			if m[3] != "" && m[3] != "??" {
				fr.File, fr.Line = m[3], small(m[4])
			}
			return fr, true
		})
	f.first, f.loose = 1, true
	f.shows = []string{"-- END OF ", "Dumping the backtrace."}
	f.open = func(r *reader, line string) bool {
		if strings.Contains(line, "-- END OF ") && r.form == f {
			r.finish()
			r.form = nil
			return true
		}
		if !strings.Contains(line, "Dumping the backtrace.") {
			return false
		}
		r.expect(f)
		return true
	}
	return f
}

// sanitizerForm is AddressSanitizer's and its siblings', with symbols and without:
//
//	#0 0x55d0c3aa1b2c in clamp(int) /src/a.cpp:12:3
//	#1 0x7f9c1a8a53f4  (/usr/lib/libfoo.so.1+0x1234) (BuildId: 93d4…)
//	#2 clamp(int) /src/a.cpp:12 (wolf+0x4b5a)                     ThreadSanitizer
func sanitizerForm() *form {
	f := numberedForm("sanitizer", "#", `^\s+#(\d{1,3}) (?:0x([0-9a-f]{6,16}) )?(?:in )?(.*?)\s*$`, hashFrame)
	f.atLeast = 1
	f.shows = append(append(numbers("#."), "Sanitizer: ", ": runtime error: ", "SUMMARY: "), sanitizerStacks...)
	f.open = func(r *reader, line string) bool {
		t := strings.TrimSpace(line)
		switch {
		case strings.Contains(t, "Sanitizer: ") && (strings.Contains(t, "ERROR: ") || strings.Contains(t, "WARNING: ")), strings.Contains(t, ": runtime error: "):
			r.expect(f)
			r.join, r.crashed = false, true
			if name, msg, ok := strings.Cut(t, ": runtime error: "); ok && msg != "" {
				r.place(f, name)
			}
		case r.form == f && strings.HasSuffix(t, ":") && sanitizerStack(t):
			r.sibling(f, strings.TrimSuffix(t, ":"), false)
		case strings.HasPrefix(t, "SUMMARY: ") && r.form == f:
			r.finish()
			r.form = nil
		default:
			return false
		}
		return true
	}
	return f
}

var sanitizerStacks = []string{"freed by thread", "previously allocated by", "allocated by thread", "created by", "Previous ", "As if synchronized", "Location is ", "was stored to memory", "Uninitialized value was created", "Thread T", "Mutex M"}

// sanitizerStack tells the headings of a report's further stacks.
func sanitizerStack(t string) bool {
	for _, s := range sanitizerStacks {
		if strings.HasPrefix(t, s) {
			return true
		}
	}
	return false
}

// place makes a stack of the one place that UBSan names; a stack that follows
// takes its stead.
func (r *reader) place(f *form, at string) {
	file, line, column := splitPlace(at)
	if line == 0 {
		return
	}
	r.begin(f)
	r.cur.trace.Frames = []trace.Frame{{File: file, Line: line, Column: column}}
	r.cur.trace.Entries = 1
	r.last = -1
	r.provisional = true
}

// hashFrame reads what sanitizers, LLVM and Chromium print behind the number:
// groups are number, address, rest.
func hashFrame(m []string) (trace.Frame, bool) {
	fr := trace.Frame{Raw: hexadecimal(m[2])}
	rest := strings.TrimSpace(m[3])
	if i := strings.Index(rest, " (BuildId: "); i >= 0 {
		rest = rest[:i]
	} else if strings.HasPrefix(rest, "(BuildId: ") {
		rest = ""
	}
	rest = strings.TrimPrefix(rest, "in ")
	if strings.HasSuffix(rest, ")") {
		if i := strings.LastIndexByte(rest, '('); i >= 0 {
			if module, offset, ok := strings.Cut(rest[i+1:len(rest)-1], "+0x"); ok && module != "" && !strings.Contains(module, " ") {
				fr.Module, fr.Object, fr.HasObject = module, hexadecimal(offset), true
				rest = strings.TrimSpace(rest[:i])
			}
		}
	}
	if i := strings.LastIndexByte(rest, ' '); i >= 0 {
		if file, line, column := splitPlace(rest[i+1:]); line > 0 {
			fr.File, fr.Line, fr.Column = file, line, column
			rest = rest[:i]
		} else if strings.HasPrefix(rest[i+1:], "/") {
			fr.File, rest = rest[i+1:], rest[:i]
		}
	} else if file, line, column := splitPlace(rest); line > 0 && strings.ContainsAny(file, "/.") {
		fr.File, fr.Line, fr.Column, rest = file, line, column, ""
	}
	fr.Function = cleanName(rest)
	if fr.Function == "<null>" {
		fr.Function = ""
	}
	return fr, fr.Function != "" || fr.File != "" || fr.Module != "" || fr.Raw != 0
}

// llvmForm is LLVM's "Stack dump":
//
//	#0 0x00007f9c1a8a53f4 llvm::sys::PrintStackTrace(llvm::raw_ostream&, int) (/lib/libLLVM-14.so.1+0xe3f5a1)
func llvmForm() *form {
	return hashForm("llvm", []string{"Stack dump:", "PLEASE submit a bug report"}, func(line string) bool {
		return strings.HasPrefix(strings.TrimSpace(line), "Stack dump:") || strings.HasPrefix(line, "PLEASE submit a bug report")
	})
}

// chromiumForm is Chromium's and Electron's:
//
//	#0 0x55d0c3aa1b2c base::debug::CollectStackTrace()
//	[end of stack trace]
func chromiumForm() *form {
	return hashForm("chromium", []string{"Received signal "}, func(line string) bool { return chromiumSignal().MatchString(line) })
}

var chromiumSignal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`Received signal \d+ [A-Z]\w* [0-9a-f]+`) })

func hashForm(name string, heads []string, announced func(line string) bool) *form {
	f := numberedForm(name, "#", `^\s*#(\d{1,3}) 0x([0-9a-f]{8,16})(?: (\S.*?))?\s*$`, func(m []string) (trace.Frame, bool) {
		if strings.HasPrefix(m[3], "in ") {
			return trace.Frame{}, false // cpptrace or gdb
		}
		return hashFrame(m)
	})
	f.shows = append(append(numbers("#."), "[end of stack trace]"), heads...)
	f.open = func(r *reader, line string) bool {
		switch {
		case announced(line):
			if r.form != f || r.cur != nil {
				r.expect(f)
			}
		case r.form == f && strings.Contains(line, "[end of stack trace]"):
			r.finish()
			r.form = nil
		default:
			return false
		}
		return true
	}
	return f
}

// lldbForm is lldb's `bt`:
//
//   - thread #1, name = 'wolf', stop reason = signal SIGSEGV: invalid address
//   - frame #0: 0x000055d0c3aa1b2c wolf`clamp(int) at a.cpp:12:3
//     frame #1: 0x00007f9c1a8a53f4 libc.so.6`raise + 203
func lldbForm() *form {
	f := numberedForm("lldb", "frame #", "frame #(\\d{1,4}): 0x([0-9a-f]{8,16}) ?(?:([^`\\s]+)`)?(.*?)\\s*$", func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Raw: hexadecimal(m[2]), Module: m[3]}
		name := m[4]
		if i := strings.LastIndex(name, " at "); i >= 0 {
			fr.File, fr.Line, fr.Column = splitPlace(strings.TrimSpace(name[i+4:]))
			name = name[:i]
		}
		if i := strings.LastIndex(name, " + "); i > 0 {
			name = name[:i]
		}
		fr.Function = cleanName(strings.TrimSuffix(name, " [inlined]"))
		return fr, true
	})
	f.bare = true
	f.shows = numbers("#.")
	thread := regexp.MustCompile(`^\s*(\*)? thread #(\d+)(?:.*name = '([^']*)')?`)
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "thread #") {
			return false
		}
		m := thread.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		name := m[2]
		if m[3] != "" {
			name += " (" + m[3] + ")"
		}
		r.sibling(f, name, m[1] == "*")
		return true
	}
	return f
}

// wineForm is winedbg's:
//
//	=>0 0x00000140001530 in game (+0x1530) (0x00000000c812d0)
//	  5 0x0000007b627e49 BaseThreadInitThunk+0x9(entry=…) [Z:\build\dlls\kernel32\thread.c:61] in kernel32 (0000000000000000)
func wineForm() *form {
	f := numberedForm("wine", " 0x", `^\s*(?:=>)?\s*(\d{1,3}) 0x([0-9a-fA-F]{8,16})(?: ([^\s(]\S*?)(?:\+0x[0-9a-f]+)?(?:\(.*?\))?)?(?: \[((?:[A-Za-z]:|/)[^\]]+)\])?(?: in ([^\s()]+))?(?: \(\+0x([0-9a-f]+)\))?(?: \((?:0x)?[0-9a-fA-F]+\))?\s*$`,
		func(m []string) (trace.Frame, bool) {
			fr := trace.Frame{Raw: hexadecimal(strings.ToLower(m[2])), Module: m[5]}
			if m[3] != "in" {
				fr.Function = cleanName(m[3])
			}
			if m[4] != "" {
				fr.File, fr.Line, fr.Column = splitPlace(strings.ReplaceAll(m[4], `\`, "/"))
			}
			if m[6] != "" {
				fr.Object, fr.HasObject = hexadecimal(m[6]), true
			}
			return fr, true
		})
	f.loose = true
	f.shows = []string{"Backtrace:", "Backtracing for thread", "Modules:"}
	f.open = func(r *reader, line string) bool {
		switch t := strings.TrimSpace(line); {
		case t == "Backtrace:" || strings.HasPrefix(t, "Backtracing for thread"):
			if strings.HasPrefix(t, "Backtracing") {
				r.sibling(f, strings.TrimSuffix(strings.TrimPrefix(t, "Backtracing for thread "), ":"), false)
			} else {
				r.expect(f)
				r.crashed = true
			}
		case strings.HasPrefix(t, "Modules:") && r.form == f:
			r.finish()
			r.form = nil
		default:
			return false
		}
		return true
	}
	return f
}

// gjsForm is what the GNOME Shell prints of its scripts when it crashes:
//
//	== Stack trace for context 0x55d0c3aa1b2c ==
//	#0   7ffd4b5bd5b0 b   resource:///org/gnome/shell/ui/panel.js:123 (5567a0 @ 12)
func gjsForm() *form {
	f := numberedForm("gjs", "#", `^\s*#(\d{1,3}) +([0-9a-f]{6,16}) [a-zA-Z] +(\S+?):(\d+) \(`, func(m []string) (trace.Frame, bool) {
		return trace.Frame{File: m[3], Line: small(m[4]), Function: m[3][strings.LastIndexByte(m[3], '/')+1:]}, true
	})
	f.shows = append(numbers("#."), "== Stack trace for context ")
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "== Stack trace for context ") {
			return false
		}
		r.expect(f)
		return true
	}
	return f
}
