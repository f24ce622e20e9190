package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// listForm is a form whose frames have no number.
func listForm(name, holds, expression string, read func(m []string) (trace.Frame, bool)) *form {
	re := regexp.MustCompile(expression)
	f := &form{name: name}
	f.frame = func(r *reader, line string) bool {
		if !strings.Contains(line, holds) {
			return false
		}
		m := re.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		fr, ok := read(m)
		if !ok {
			return false
		}
		r.add(f, fr)
		return true
	}
	return f
}

// glibcLine is a line of backtrace_symbols:
//
//	/usr/bin/prog(crash+0x1d) [0x55d0c3aa1b2c]
//	./prog(+0x11a9) [0x55d0c3aa11a9]
//	/lib/x86_64-linux-gnu/libc.so.6(__libc_start_main+0x85) [0x7f9c1a827285]
var glibcLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s|])((?:\./|/)?[\w./+@:~-]*[\w.+~-])\(((?:[^()\s]|\([^()]*\))*?)(?:\+(0x[0-9a-f]+))?\) ?\[(0x[0-9a-f]+)\]`)
})

func glibcFrame(s string) (trace.Frame, bool) {
	m := glibcLine().FindStringSubmatch(s)
	if m == nil {
		return trace.Frame{}, false
	}
	fr := trace.Frame{Raw: hexadecimal(m[4]), Module: m[1], Function: cleanName(m[2])}
	if m[2] == "" && m[3] != "" {
		fr.Object, fr.HasObject = hexadecimal(m[3]), true
	}
	return fr, true
}

// glibcForm is backtrace_symbols' (glibc:debug/backtracesyms.c), which many
// programs print in a handler of their own.
func glibcForm() *form {
	f := &form{name: "backtrace_symbols", bare: true, atLeast: 2, shows: []string{"[0x"}}
	f.frame = func(r *reader, line string) bool {
		if !strings.Contains(line, "[0x") {
			return false
		}
		fr, ok := glibcFrame(line)
		if !ok {
			return false
		}
		r.add(f, fr)
		return true
	}
	f.blank = func(r *reader) { r.finish() }
	return f
}

// failureForm is that of abseil's and glog's failure handlers:
//
//	PC: @     0x55d0c3aa1b2c  (unknown)  crash()
//	    @     0x7f9c1a83c050      12384  (unknown)
//	    @     0x55d0c3aa1b2c crash()
func failureForm() *form {
	f := listForm("failure-handler", "@", `^(PC: )?\s*@\s+0x([0-9a-f]{6,16}) (?: *(?:\(unknown\)|\d+)  )? *(\S.*?)\s*$`, func(m []string) (trace.Frame, bool) {
		return trace.Frame{Raw: hexadecimal(m[2]), Function: cleanName(m[3])}, m[1] == ""
	})
	f.bare, f.atLeast = true, 2
	f.shows = append(blanks("@."), "PC: @", "*** SIG")
	f.open = func(r *reader, line string) bool {
		if strings.HasPrefix(line, "PC: @") || strings.Contains(line, "*** SIG") {
			if r.form != f {
				r.expect(f)
			}
			return true
		}
		return false
	}
	return f
}

// gjsErrorForm is what gjs logs of an exception that reached it, as Firefox writes it:
//
//	(gjs:4327): Gjs-CRITICAL **: 08:21:56.296: JS ERROR: TypeError: x is null
//	close@resource:///org/gnome/shell/ui/layout.js:1169:64
//	@main.js:1:120
func gjsErrorForm() *form {
	re := regexp.MustCompile(`^\s*([\w$./<>\[\] ]*)@(\S+?):(\d+):(\d+)\s*$`)
	f := &form{name: "gjs", sure: true, loose: true, shows: []string{"JS ERROR: "}}
	f.frame = func(r *reader, line string) bool {
		m := re.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		r.add(f, trace.Frame{Function: m[1], File: m[2], Line: small(m[3]), Column: small(m[4])})
		return true
	}
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "JS ERROR: ") {
			return false
		}
		r.expect(f)
		return true
	}
	return f
}

// valgrindForm is memcheck's:
//
//	==7== Invalid read of size 4
//	==7==    at 0x1091A5: clamp(int) (a.cpp:12)
//	==7==    by 0x48A1D8F: ??? (in /usr/lib/libfoo.so.1)
func valgrindForm() *form {
	f := listForm("valgrind", "==", `^==(\d+)==\s+(at|by) 0x([0-9A-F]+): (.*?)(?: \((?:in )?([^()]+)\))?\s*$`, func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Raw: hexadecimal(strings.ToLower(m[3])), Function: cleanName(m[4])}
		if file, line, _ := splitPlace(m[5]); line > 0 {
			fr.File, fr.Line = file, line
		} else {
			fr.Module = m[5]
		}
		return fr, true
	})
	inner := f.frame
	f.frame = func(r *reader, line string) bool {
		if r.cur != nil && strings.Contains(line, "== ") && strings.Contains(line, " at 0x") {
			r.finish()
			r.join = true // the first stack is the fault; what follows explains it
		}
		return inner(r, line)
	}
	f.bare = true
	f.shows = numbers(".==")
	f.open = func(r *reader, line string) bool {
		if m := valgrindError().FindStringSubmatch(line); m != nil {
			if strings.HasPrefix(m[1], "Process terminating") {
				r.sibling(f, "end of the process", false)
				return true
			}
			r.expect(f)
			if r.notes.used {
				r.notes = r.notes.fresh()
			}
			set(&r.notes.Message, m[1])
			return true
		}
		return false
	}
	return f
}

var valgrindError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^==\d+== ((?:Invalid (?:read|write|free)|Jump to the invalid|Use of uninitialised|Conditional jump or move|Mismatched free|Process terminating).*)`)
})

// kernelFaultForm is the line that the kernel logs for a program without a handler:
//
//	sway[4711]: segfault at 18 ip 00007f9c1a8a53f4 sp 00007ffd4b5bd5b0 error 4 in libwlroots.so.11[7f9c1a880000+5c000]
//	traps: wolf[4711] trap invalid opcode ip:55d0c3aa1b2c sp:7ffd4b5bd5b0 error:0 in wolf[55d0c3a80000+400000]
//
// The base is that of the mapping with the code, so the offset is not that of a dump.
func kernelFaultForm() *form {
	f := listForm("kernel", " in ", `(\S+)\[(\d+)\](?:: segfault at [0-9a-f]+| (?:general protection fault|general protection|trap \w+(?: \w+)?)) ip[ :]([0-9a-f]+) .* in (\S+?)\[([0-9a-f]+,)?([0-9a-f]+)\+([0-9a-f]+)\]`, func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Raw: hexadecimal(m[3]), Module: m[4]}
		if m[5] != "" { // since Linux 6.6 the offset in the object is printed first
			fr.Object, fr.HasObject = hexadecimal(strings.TrimSuffix(m[5], ",")), true
		}
		return fr, true
	})
	inner := f.frame
	f.frame = func(r *reader, line string) bool {
		if !strings.Contains(line, " ip") {
			return false
		}
		if r.form == f {
			r.finish()
		}
		if !inner(r, line) {
			return false
		}
		r.finish()
		r.form = nil
		return true
	}
	f.bare, f.sure = true, true
	f.shows = []string{" ip ", " ip:"}
	return f
}

// kernelOopsForm is a crash in the kernel itself:
//
//	RIP: 0010:nv_drm_atomic_commit+0x12/0x50 [nvidia_drm]
//	Call Trace:
//	 <TASK>
//	 drm_atomic_commit+0x9b/0xd0
//	 ? __pfx_worker+0x10/0x10
func kernelOopsForm() *form {
	f := listForm("kernel-oops", "+0x", `^\s*(\? )?([A-Za-z_][\w.]*)\+0x([0-9a-f]+)/0x[0-9a-f]+(?: \[(\w+)[^\]]*\])?\s*$`, func(m []string) (trace.Frame, bool) {
		return trace.Frame{Function: kernelName(m[2], m[4])}, m[1] == ""
	})
	rip := regexp.MustCompile(`RIP: 0010:([A-Za-z_][\w.]*)\+0x([0-9a-f]+)/0x[0-9a-f]+(?: \[(\w+)[^\]]*\])?`)
	f.sure = true
	f.shows = []string{"+0x", "RIP: 0010:", "Call Trace:"}
	f.open = func(r *reader, line string) bool {
		if m := rip.FindStringSubmatch(line); m != nil {
			if r.form == f && r.cur != nil {
				return true // the registers are printed once more at the end
			}
			r.expect(f)
			r.add(f, trace.Frame{Function: kernelName(m[1], m[3])})
			return true
		}
		return strings.HasPrefix(strings.TrimSpace(line), "Call Trace:") && r.form == f
	}
	return f
}

// kernelName keeps the kernel's module with the name.
func kernelName(function, module string) string {
	if module == "" {
		return function
	}
	return function + " [" + module + "]"
}
