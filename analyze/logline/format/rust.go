package format

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// rustPanic reads the first line of a Rust panic:
//
//	thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:374:34:
//	thread '<unnamed>' (184) panicked at wayland-display-core/src/comp/mod.rs:374:34:
//	thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: …', src/main.rs:10:5
//	thread caused non-unwinding panic. aborting.
func rustPanic(_ *Context, t []byte, r *record.Record) bool {
	if t[0] != 't' && t[0] != 'f' {
		return false
	}
	if bytes.HasPrefix(t, []byte("thread '")) {
		return rustThread(t, r)
	}
	if bytes.HasPrefix(t, []byte("thread caused non-unwinding panic")) || bytes.HasPrefix(t, []byte("thread panicked while ")) ||
		bytes.HasPrefix(t, []byte("fatal runtime error: ")) {
		r.Format, r.Level, r.Text = lineformat.Panic, record.LevelFatal, t
		return true
	}
	return false
}

func rustThread(t []byte, r *record.Record) bool {
	end := bytes.Index(t[8:], []byte("' "))
	if end < 0 {
		return false
	}
	rest := t[8+end+2:]
	if n := lex.DigitRun(bytes.TrimPrefix(rest, []byte("("))); n > 0 && rest[0] == '(' {
		if after, ok := bytes.CutPrefix(rest[1+n:], []byte(") ")); ok {
			rest = after
		}
	}
	where, ok := bytes.CutPrefix(rest, []byte("panicked at "))
	if !ok {
		if !bytes.HasPrefix(rest, []byte("has overflowed its stack")) {
			return false
		}
		r.Format, r.Level, r.Text = lineformat.Panic, record.LevelFatal, t
		return true
	}
	r.Format, r.Level, r.Thread, r.Text = lineformat.Panic, record.LevelFatal, t[8:8+end], t
	r.Continues = record.ContinuesPanic
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
