package format

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// opener is the first line of a trace or of an abort.
type opener struct {
	prefix    string
	level     record.Level
	continues record.Continues
}

// traceOpeners by their first bytes.
var traceOpeners = [...]opener{
	{"terminate called", record.LevelFatal, record.ContinuesText},
	{"  what():", record.LevelFatal, record.ContinuesNot},
	{"what():", record.LevelFatal, record.ContinuesNot},
	{"Stack trace (most recent", record.LevelFatal, record.ContinuesTrace}, // cpptrace
	{"Previous run crashed", record.LevelFatal, record.ContinuesTrace},     // Wolf of 2023
	{"stack backtrace:", record.LevelNone, record.ContinuesTrace},          // Rust, when its head is lost
	{"Traceback (most recent call last):", record.LevelError, record.ContinuesTrace},
	{"panic: ", record.LevelFatal, record.ContinuesTrace}, // Go
	{"fatal error: ", record.LevelFatal, record.ContinuesTrace},
	{"goroutine ", record.LevelNone, record.ContinuesTrace},
	{"SIGSEGV: ", record.LevelFatal, record.ContinuesTrace},
	{"Exception in thread ", record.LevelError, record.ContinuesTrace}, // Java
	{"*** stack smashing detected ***", record.LevelFatal, record.ContinuesNot},
	{"*** buffer overflow detected ***", record.LevelFatal, record.ContinuesNot},
	{"double free or corruption", record.LevelFatal, record.ContinuesNot},
	{"free(): ", record.LevelFatal, record.ContinuesNot},
	{"malloc(): ", record.LevelFatal, record.ContinuesNot},
	{"realloc(): ", record.LevelFatal, record.ContinuesNot},
	{"munmap_chunk(): ", record.LevelFatal, record.ContinuesNot},
	{"corrupted size vs. prev_size", record.LevelFatal, record.ContinuesNot},
	{"malloc_consolidate(): ", record.LevelFatal, record.ContinuesNot},
	{"Segmentation fault", record.LevelFatal, record.ContinuesNot},
	{"Aborted", record.LevelFatal, record.ContinuesNot},
	{"Bus error", record.LevelFatal, record.ContinuesNot},
	{"Illegal instruction", record.LevelFatal, record.ContinuesNot},
	{"Trace/breakpoint trap", record.LevelFatal, record.ContinuesNot},
	{"Floating point exception", record.LevelFatal, record.ContinuesNot},
	{"pure virtual method called", record.LevelFatal, record.ContinuesNot},
	{"X Error of failed request:", record.LevelError, record.ContinuesText},
}

// traceLine reads the lines of printed traces and aborts: C++, boost, Rust,
// Python, Go, Java, glibc, sanitizers.
func traceLine(_ *Context, t []byte, r *record.Record) bool {
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
			r.Format, r.Level, r.Text, r.Continues = lineformat.Trace, o.level, t, o.continues
			return true
		}
	case '=':
		// ==1==ERROR: AddressSanitizer: heap-use-after-free on address …
		if len(t) > 12 && t[1] == '=' && bytes.Contains(t[:min(len(t), 24)], []byte("==ERROR: ")) {
			r.Format, r.Level, r.Text, r.Continues = lineformat.Trace, record.LevelFatal, t, record.ContinuesTrace
			return true
		}
	}
	if IsFrame(t) {
		r.Format, r.Text = lineformat.Trace, t
		return true
	}
	// wolf: file.c:12: func: Assertion `x' failed.
	if n := len(t); n > 30 && bytes.HasSuffix(bytes.TrimRight(t, "."), []byte("' failed")) && bytes.Contains(t, []byte(": Assertion `")) {
		r.Format, r.Level, r.Text = lineformat.Trace, record.LevelFatal, t
		return true
	}
	return false
}

// IsFrame reports whether a line (without indentation) is an entry of a trace:
//
//	#4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32
//	#3 (inlined)          in negotiate<H264> at /wolf/src/streaming.cpp:39:102
//	 0# 0x0000555BE1CD1A49
//	   0:     0x7f64f11fd575 - <std::sys_common::…::fmt::hd736fd5964392270
//	   4: core::option::unwrap_failed
//	             at /rustc/…/library/…:97:9
func IsFrame(t []byte) bool {
	if len(t) < 4 {
		return false
	}
	if t[0] == '#' {
		n := lex.DigitRun(t[1:])
		return n > 0 && n < 4 && len(t) > n+2 && t[n+1] == ' '
	}
	if lex.IsDigit(t[0]) {
		n := lex.DigitRun(t)
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

// MayBeFrame reports whether with other digits a line might be an entry of a trace
// that it is not, or the other way round: "4: 0x7f…", "4: 1x7f…".
func MayBeFrame(b []byte) bool {
	t := lex.TrimSpace(b)
	n := lex.DigitRun(t)
	if n == 0 || n == len(t) || t[n] != ':' {
		return false
	}
	rest := bytes.TrimLeft(t[n+1:], " ")
	return len(rest) > 1 && lex.IsDigit(rest[0]) && rest[1] == 'x'
}

// rustSymbol reports whether b is one symbol: no spaces but those in <…>.
func rustSymbol(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	return b[0] == '<' || b[0] == '_' || bytes.Contains(b, []byte("::")) && bytes.IndexByte(b, ' ') < 0 ||
		bytes.IndexByte(b, ' ') < 0 && bytes.IndexByte(b, '_') >= 0 || string(b) == "main" || string(b) == "clone" || string(b) == "clone3"
}
