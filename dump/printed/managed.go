package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// goForm is the Go run-time's, two lines a frame:
//
//	goroutine 1 [running]:
//	main.(*Server).handle(0xc000012345, {0x0, 0x0})
//		/src/main.go:12 +0x1d
//	created by main.main in goroutine 1
func goForm() *form {
	f := &form{name: "go", sure: true, loose: true, shows: []string{"goroutine "}}
	start := regexp.MustCompile(`^\s*goroutine (\d+)(?: gp=\S+.*)? \[([^\]]+)\]:\s*$`)
	call := regexp.MustCompile(`^\s*(?:created by )?((?:[\w.~%-]+/)*[\w%-]+\.[^\s].*?)(?:\((?:[^()]|\([^()]*\))*\)| in goroutine \d+)?\s*$`)
	place := regexp.MustCompile(`^\s*(\S.*\.(?:go|s)):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=.*)?\s*$`)
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "goroutine ") {
			return false
		}
		m := start.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		first := r.form != f
		r.sibling(f, m[1], first)
		return true
	}
	f.frame = func(r *reader, line string) bool {
		if m := place.FindStringSubmatch(line); m != nil {
			if fr := r.lastFrame(); fr != nil && fr.File == "" {
				fr.File, fr.Line = m[1], small(m[2])
				r.open = false
			}
			return true
		}
		if m := call.FindStringSubmatch(line); m != nil && !r.open && !strings.HasPrefix(strings.TrimSpace(line), "exit status") {
			r.add(f, trace.Frame{Function: goName(m[1])})
			r.open = true
			return true
		}
		if strings.HasPrefix(strings.TrimSpace(line), "panic(") {
			r.add(f, trace.Frame{Function: "runtime.gopanic"})
			r.open = true
			return true
		}
		return false
	}
	return f
}

// goName writes main.(*Server).handle[...] as main.Server.handle.
func goName(s string) string {
	s = strings.NewReplacer("(*", "", ")", "", "(", "", "[...]", "").Replace(s)
	return strings.TrimSpace(s)
}

var pythonFrame = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*File "([^"]+)", line (\d+|\?\?\?)(?:,)? in (.+?)\s*$`)
})

// pythonForm is a traceback: most recent call last, the code below each place,
// the exception at the end.
//
//	Traceback (most recent call last):
//	  File "/srv/app.py", line 12, in start
//	    raise ValueError("nope")
//	ValueError: nope
func pythonForm() *form {
	f := &form{name: "python", sure: true, loose: true, outermostFirst: true, shows: []string{"Traceback (most recent call last):"}}
	exception := regexp.MustCompile(`^((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Warning|Iteration|Fault|Timeout)?)(?:: (.*))?$`)
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "Traceback (most recent call last):") {
			return false
		}
		r.expect(f)
		if r.notes.used {
			r.notes = r.notes.fresh()
		}
		return true
	}
	f.frame = func(r *reader, line string) bool {
		if m := pythonFrame().FindStringSubmatch(line); m != nil {
			r.add(f, trace.Frame{Function: m[3], File: m[1], Line: small(m[2])})
			return true
		}
		if r.cur == nil || strings.HasPrefix(line, " ") {
			return strings.HasPrefix(line, "    ") && r.cur != nil // the code
		}
		m := exception.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			return false
		}
		set(&r.notes.Exception, m[1])
		set(&r.notes.Message, m[2])
		if n := len(r.cur.trace.Frames); n > 0 {
			set(&r.notes.Program, r.cur.trace.Frames[0].File)
		}
		r.finish()
		r.form = nil
		return true
	}
	return f
}

// faulthandlerForm is Python's for signals: most recent call first.
//
//	Fatal Python error: Segmentation fault
//	Current thread 0x00007f9c1a8a5740 (most recent call first):
//	  File "/srv/app.py", line 3 in crash
func faulthandlerForm() *form {
	f := &form{name: "faulthandler", sure: true, shows: []string{"(most recent call first):", `File "`}}
	thread := regexp.MustCompile(`^(Current thread|Thread) (0x[0-9a-f]+)(?: \[([^\]]+)\])? \(most recent call first\):`)
	f.open = func(r *reader, line string) bool {
		if strings.HasPrefix(line, "Stack (most recent call first):") {
			r.expect(f)
			return true
		}
		m := thread.FindStringSubmatch(line)
		if m == nil {
			return false
		}
		r.sibling(f, m[2], m[1] == "Current thread")
		if m[1] == "Current thread" && len(r.out) > 0 && r.out[len(r.out)-1].group == r.group && !r.out[len(r.out)-1].crashed {
			r.join = true
		}
		return true
	}
	f.frame = func(r *reader, line string) bool {
		m := pythonFrame().FindStringSubmatch(line)
		if m == nil {
			return false
		}
		r.add(f, trace.Frame{Function: m[3], File: m[1], Line: small(m[2])})
		if r.crashedNow() {
			r.notes.Program = m[1]
		}
		return true
	}
	return f
}

// crashedNow reports whether the stack under way is that of the crashed thread.
func (r *reader) crashedNow() bool { return r.cur != nil && r.cur.crashed }

// hotspotForm is the Java machine's fatal error log (hs_err):
//
//	# Problematic frame:
//	# C  [libfoo.so+0x1234]  crash+0x1d
//	Native frames: (J=compiled Java code, …)
//	V  [libjvm.so+0x8a53f4]  JavaCalls::call_helper(JavaValue*, …)+0x3a1
//	j  app.Main.crash()V+12
func hotspotForm() *form {
	f := listForm("hs_err", "", `^(?:# )?([CVjJvA])\s+(?:\[([^\]+]+)(?:\+0x([0-9a-f]+))?\](?:\s+(\S.*?))?|(\S.*?))\s*$`, func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Module: m[2], Function: hotspotName(m[4])}
		if m[3] != "" {
			fr.Object, fr.HasObject = hexadecimal(m[3]), true
		}
		if m[5] != "" {
			fr.Function = hotspotName(m[5])
		}
		return fr, fr.Function != "" || fr.Module != ""
	})
	f.sure, f.loose = true, true
	f.shows = []string{"# Problematic frame:", "Native frames:", "Java frames:"}
	f.open = func(r *reader, line string) bool {
		switch t := strings.TrimSpace(line); {
		case strings.HasPrefix(t, "# Problematic frame:"):
			r.expect(f)
			r.thread = "problematic frame"
		case strings.HasPrefix(t, "Native frames:"):
			r.sibling(f, "", true)
		case strings.HasPrefix(t, "Java frames:"):
			r.sibling(f, "Java frames", false)
		case r.form == f && (strings.HasPrefix(t, "---") || strings.HasPrefix(t, "siginfo:") || strings.HasPrefix(t, "# No core dump") || strings.HasPrefix(t, "# Core dump") || strings.HasPrefix(t, "# If you would like")):
			r.finish()
			return false
		default:
			return false
		}
		return true
	}
	inner := f.frame
	f.frame = func(r *reader, line string) bool {
		if len(line) < 3 || !strings.ContainsRune("#CVjJvA", rune(line[0])) {
			return false
		}
		return inner(r, line)
	}
	return f
}

// hotspotName cuts offsets, signatures and compiler notes: "j  app.Main.crash()V+12",
// "J 123 c1 app.Main.f(I)I (7 bytes) @ 0x…".
func hotspotName(s string) string {
	if i := strings.LastIndex(s, "+0x"); i > 0 {
		s = s[:i]
	}
	if strings.HasPrefix(s, "~") {
		return strings.TrimPrefix(s, "~")
	}
	for _, w := range strings.Fields(s) {
		if i := strings.IndexByte(w, '('); i > 0 && strings.Contains(w[:i], ".") && !strings.Contains(w, "::") {
			return w[:i]
		}
	}
	return cleanName(s)
}

// javaForm is Throwable.printStackTrace's:
//
//	Exception in thread "main" java.lang.IllegalStateException: nope
//		at app.Main.crash(Main.java:12)
//		at java.base/java.lang.Thread.run(Thread.java:829)
//	Caused by: java.lang.NullPointerException
func javaForm() *form {
	f := listForm("java", "at ", `^\s+at ((?:[\w.@$-]+/)*[\w.$<>]+\.[\w$<>]+)\(([^()]*)\)\s*$`, func(m []string) (trace.Frame, bool) {
		name := m[1][strings.LastIndexByte(m[1], '/')+1:]
		fr := trace.Frame{Function: strings.NewReplacer("<init>", "new", "<clinit>", "static").Replace(name)}
		if file, line, _ := splitPlace(m[2]); line > 0 {
			fr.File, fr.Line = file, line
		}
		return fr, strings.HasSuffix(fr.File, ".java") || strings.HasSuffix(fr.File, ".kt") || strings.HasSuffix(fr.File, ".scala") || m[2] == "Native Method" || m[2] == "Unknown Source"
	})
	f.bare = true
	f.shows = []string{"Caused by: "}
	f.starts = []string{"at "}
	f.open = func(r *reader, line string) bool {
		if strings.HasPrefix(strings.TrimSpace(line), "Caused by: ") && r.form == f && r.cur != nil {
			r.sibling(f, strings.TrimSpace(line), false)
			return true
		}
		return false
	}
	return f
}

// dotnetForm is that of .NET and Mono:
//
//	Unhandled exception. System.InvalidOperationException: nope
//	   at App.Program.Crash(String s) in /src/Program.cs:line 12
//	  at App.Program.Crash (System.String s) [0x00000] in <5f3a…>:0
func dotnetForm() *form {
	f := listForm("dotnet", "at ", `^\s+at ((?:[\w<>`+"`"+`$|+\[\],]+\.)+[\w<>`+"`"+`$|.+\[\],]+) ?\((.*?)\)(?: \[0x[0-9a-f]+\])?(?: in (\S.*?)(?::line (\d+)|:(\d+))?)?\s*$`, func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Function: dotnetName(m[1])}
		if m[3] != "" && !strings.HasPrefix(m[3], "<") {
			fr.File, fr.Line = m[3], small(m[4]+m[5])
		}
		return fr, true
	})
	f.sure = true
	f.shows = []string{"Unhandled exception. ", "FATAL UNHANDLED EXCEPTION:", "Unhandled Exception:", "--- End of inner exception stack trace ---"}
	f.starts = []string{"at "}
	f.open = func(r *reader, line string) bool {
		switch {
		case strings.Contains(line, "Unhandled exception. "), strings.Contains(line, "FATAL UNHANDLED EXCEPTION:"), strings.HasPrefix(strings.TrimSpace(line), "Unhandled Exception:"):
			r.expect(f)
		case strings.Contains(line, "--- End of inner exception stack trace ---") && r.form == f:
			r.sibling(f, "outer exception", false)
		default:
			return false
		}
		return true
	}
	return f
}

func dotnetName(s string) string {
	if i := strings.IndexAny(s, "`["); i > 0 {
		s = s[:i]
	}
	return strings.NewReplacer("<", "", ">", ".").Replace(s)
}

// nodeForm is V8's, in Node and Electron:
//
//	TypeError: Cannot read properties of undefined (reading 'x')
//	    at crash (/srv/app.js:3:9)
//	    at node:internal/main/run_main_module:23:47
func nodeForm() *form {
	f := listForm("node", "at ", `^\s+at (?:async )?(?:(.+?) \()?((?:file://|node:|/|[A-Za-z]:\\|\w+/|internal/)[^()\s]*:\d+:\d+)\)?\s*$`, func(m []string) (trace.Frame, bool) {
		fr := trace.Frame{Function: strings.NewReplacer("<anonymous>", "{anonymous}", "new ", "").Replace(m[1])}
		fr.File, fr.Line, fr.Column = splitPlace(m[2])
		if fr.Function == "" {
			fr.Function = "{anonymous} in " + trace.BaseName(fr.File)
		}
		return fr, true
	})
	f.bare = true
	f.shows = []string{"Error: ", "Error [", "Exception: ", "Exception ["}
	f.starts, f.ends = []string{"at "}, []string{"Error", "Exception"}
	exception := regexp.MustCompile(`^\s*(?:Uncaught )?((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception))(?: \[\w+\])?(?:: (.*))?$`)
	f.open = func(r *reader, line string) bool {
		if strings.HasPrefix(line, " ") || r.form != nil && r.form != f && r.cur != nil {
			return false
		}
		if m := exception.FindStringSubmatch(line); m != nil {
			if r.notes.used {
				r.notes = r.notes.fresh()
			}
			if r.notes.Exception == "" {
				r.notes.Exception, r.notes.Message = m[1], m[2]
			}
			if r.form == f {
				r.finish()
			}
		}
		return false
	}
	return f
}
