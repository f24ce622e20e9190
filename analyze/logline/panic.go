package logline

import "bytes"

// rustPanic reads the first line of a Rust panic:
//
//	thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:374:34:
//	thread '<unnamed>' (184) panicked at wayland-display-core/src/comp/mod.rs:374:34:
//	thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: …', src/main.rs:10:5
//	thread caused non-unwinding panic. aborting.
func rustPanic(t []byte, r *Record) bool {
	if t[0] != 't' && t[0] != 'f' {
		return false
	}
	if bytes.HasPrefix(t, []byte("thread '")) {
		return rustThread(t, r)
	}
	if bytes.HasPrefix(t, []byte("thread caused non-unwinding panic")) || bytes.HasPrefix(t, []byte("thread panicked while ")) ||
		bytes.HasPrefix(t, []byte("fatal runtime error: ")) {
		r.Format, r.Level, r.Text = FormatPanic, LevelFatal, t
		return true
	}
	return false
}

func rustThread(t []byte, r *Record) bool {
	end := bytes.Index(t[8:], []byte("' "))
	if end < 0 {
		return false
	}
	rest := t[8+end+2:]
	if n := digitRun(bytes.TrimPrefix(rest, []byte("("))); n > 0 && rest[0] == '(' {
		if after, ok := bytes.CutPrefix(rest[1+n:], []byte(") ")); ok {
			rest = after
		}
	}
	where, ok := bytes.CutPrefix(rest, []byte("panicked at "))
	if !ok {
		if !bytes.HasPrefix(rest, []byte("has overflowed its stack")) {
			return false
		}
		r.Format, r.Level, r.Text = FormatPanic, LevelFatal, t
		return true
	}
	r.Format, r.Level, r.Thread, r.Text = FormatPanic, LevelFatal, t[8:8+end], t
	r.Continues = ContinuesPanic
	if len(where) > 0 && where[0] == '\'' { // before Rust 1.73: 'message', file:line:col
		if i := bytes.LastIndex(where, []byte("', ")); i > 0 {
			r.Function = rustFile(where[i+3:])
			r.Joined.Lines = 1 // the message is here
		}
		return true
	}
	r.Function = rustFile(where)
	return true
}

// rustFile returns the file of "path/mod.rs:374:34:".
func rustFile(b []byte) []byte {
	if i := bytes.Index(b, []byte(".rs:")); i >= 0 {
		return b[:i+3]
	}
	return nil
}

// opener is the first line of a trace or of an abort.
type opener struct {
	prefix    string
	level     Level
	continues Continues
}

// traceOpeners by their first bytes.
var traceOpeners = [...]opener{
	{"terminate called", LevelFatal, ContinuesText},
	{"  what():", LevelFatal, ContinuesNot},
	{"what():", LevelFatal, ContinuesNot},
	{"Stack trace (most recent", LevelFatal, ContinuesTrace}, // cpptrace
	{"Previous run crashed", LevelFatal, ContinuesTrace},     // Wolf of 2023
	{"stack backtrace:", LevelNone, ContinuesTrace},          // Rust, when its head is lost
	{"Traceback (most recent call last):", LevelError, ContinuesTrace},
	{"panic: ", LevelFatal, ContinuesTrace}, // Go
	{"fatal error: ", LevelFatal, ContinuesTrace},
	{"goroutine ", LevelNone, ContinuesTrace},
	{"SIGSEGV: ", LevelFatal, ContinuesTrace},
	{"Exception in thread ", LevelError, ContinuesTrace}, // Java
	{"*** stack smashing detected ***", LevelFatal, ContinuesNot},
	{"*** buffer overflow detected ***", LevelFatal, ContinuesNot},
	{"double free or corruption", LevelFatal, ContinuesNot},
	{"free(): ", LevelFatal, ContinuesNot},
	{"malloc(): ", LevelFatal, ContinuesNot},
	{"realloc(): ", LevelFatal, ContinuesNot},
	{"munmap_chunk(): ", LevelFatal, ContinuesNot},
	{"corrupted size vs. prev_size", LevelFatal, ContinuesNot},
	{"malloc_consolidate(): ", LevelFatal, ContinuesNot},
	{"Segmentation fault", LevelFatal, ContinuesNot},
	{"Aborted", LevelFatal, ContinuesNot},
	{"Bus error", LevelFatal, ContinuesNot},
	{"Illegal instruction", LevelFatal, ContinuesNot},
	{"Trace/breakpoint trap", LevelFatal, ContinuesNot},
	{"Floating point exception", LevelFatal, ContinuesNot},
	{"pure virtual method called", LevelFatal, ContinuesNot},
	{"X Error of failed request:", LevelError, ContinuesText},
}

// traceLine reads the lines of printed traces and aborts: C++, boost, Rust,
// Python, Go, Java, glibc, sanitizers.
func traceLine(t []byte, r *Record) bool {
	switch t[0] {
	case 't', 'w', 'S', 'P', 's', 'T', 'p', 'f', 'g', 'E', '*', 'd', 'm', 'r', 'c', 'A', 'B', 'I', 'F', 'X':
		for i := range traceOpeners {
			o := &traceOpeners[i]
			if o.prefix[0] != t[0] || !bytes.HasPrefix(t, []byte(o.prefix)) {
				continue
			}
			if o.prefix == "goroutine " && !bytes.HasSuffix(t, []byte("]:")) ||
				o.prefix == "Aborted" && len(t) > 7 && t[7] != ' ' {
				continue
			}
			r.Format, r.Level, r.Text, r.Continues = FormatTrace, o.level, t, o.continues
			return true
		}
	case '=':
		// ==1==ERROR: AddressSanitizer: heap-use-after-free on address …
		if len(t) > 12 && t[1] == '=' && bytes.Contains(t[:min(len(t), 24)], []byte("==ERROR: ")) {
			r.Format, r.Level, r.Text, r.Continues = FormatTrace, LevelFatal, t, ContinuesTrace
			return true
		}
	}
	if isFrame(t) {
		r.Format, r.Text = FormatTrace, t
		return true
	}
	// wolf: file.c:12: func: Assertion `x' failed.
	if n := len(t); n > 30 && bytes.HasSuffix(bytes.TrimRight(t, "."), []byte("' failed")) && bytes.Contains(t, []byte(": Assertion `")) {
		r.Format, r.Level, r.Text = FormatTrace, LevelFatal, t
		return true
	}
	return false
}

// isFrame reports whether a line (without indentation) is an entry of a trace:
//
//	#4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32
//	#3 (inlined)          in negotiate<H264> at /wolf/src/streaming.cpp:39:102
//	 0# 0x0000555BE1CD1A49
//	   0:     0x7f64f11fd575 - <std::sys_common::…::fmt::hd736fd5964392270
//	   4: core::option::unwrap_failed
//	             at /rustc/…/library/…:97:9
func isFrame(t []byte) bool {
	if len(t) < 4 {
		return false
	}
	if t[0] == '#' {
		n := digitRun(t[1:])
		return n > 0 && n < 4 && len(t) > n+2 && t[n+1] == ' '
	}
	if isDigit(t[0]) {
		n := digitRun(t)
		if n > 4 || n+2 >= len(t) || t[n+1] != ' ' {
			return false
		}
		rest := bytes.TrimLeft(t[n+1:], " ")
		if t[n] == '#' {
			return true
		}
		return t[n] == ':' && (bytes.HasPrefix(rest, []byte("0x")) || rustSymbol(rest))
	}
	return bytes.HasPrefix(t, []byte("at ")) && bytes.IndexByte(t[3:], ':') > 0 && (t[3] == '/' || t[3] == '.' || bytes.Contains(t, []byte(".rs:")))
}

// rustSymbol reports whether b is one symbol: no spaces but those in <…>.
func rustSymbol(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	return b[0] == '<' || b[0] == '_' || bytes.Contains(b, []byte("::")) && bytes.IndexByte(b, ' ') < 0 ||
		bytes.IndexByte(b, ' ') < 0 && bytes.IndexByte(b, '_') >= 0 || string(b) == "main" || string(b) == "clone" || string(b) == "clone3"
}
