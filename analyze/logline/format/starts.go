package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// Starts reports whether b starts with a header that settles a doubt about what
// stands before it: a clock, Wolf's level, the head of a Rust panic.
func Starts(b []byte) bool {
	if len(b) < 9 {
		return false
	}
	if lex.IsDigit(b[0]) {
		if _, ok := clock.At(b); ok {
			return true
		}
		_, ok := clock.DatedAt(b)
		return ok
	}
	return startsBare(b)
}

// StartsStrongly reports whether t starts with a header that is no accident, so
// that indentation before it is damage and not meaning.
func StartsStrongly(t []byte) bool {
	if lex.IsDigit(t[0]) {
		if c, ok := clock.At(t); ok {
			return c.Len < len(t) && t[c.Len] == ' '
		}
		d, ok := clock.DatedAt(t)
		return ok && d.Len < len(t)
	}
	if t[0] == '[' {
		if len(t) < 12 {
			return false
		}
		if _, ok := clock.DatedAt(t[1:]); ok {
			return true
		}
		_, n := clock.Boot(t)
		return n > 0
	}
	return startsBare(t)
}

// startsBare knows the heads that have no clock.
func startsBare(b []byte) bool {
	return len(b) > 7 && wolfLevel(b) != record.LevelNone && string(b[5:8]) == " | " || bytes.HasPrefix(b, []byte("thread '"))
}
