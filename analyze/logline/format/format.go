// Package format reads a message whose transport is gone: which program's way of
// writing a line it is, and what stands where in it.
//
// A format is a function in a file named after it and an entry in one of the
// tables below: byClock when it begins with a time of day, byDate when with a
// date, byFirst for all others. The function returns false at the first byte
// that does not fit; it fills the Record with parts of the line and allocates
// nothing.
package format

import (
	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// Context is what a message's format may depend on beside its text.
type Context struct {
	Arena  *arena.Arena
	Kernel bool         // the transport says that the kernel wrote it
	Colour record.Level // what a colour after the clock stands for (sway on a terminal)

	tags int // [tags] that stand in front of the message
}

// byFirst are the formats by what their lines begin with, in the order in which
// they are tried: the more particular first. It is set in init, since what
// follows a tag is read by the same table.
var byFirst [lex.Classes][]func(x *Context, t []byte, r *record.Record) bool

func init() {
	small := []func(x *Context, t []byte, r *record.Record) bool{glibDomain, rustPanic, traceLine, logfmt, composeStatus, kernelBare, gstTail}
	byFirst = [lex.Classes][]func(x *Context, t []byte, r *record.Record) bool{
		lex.Square:  {bracketed},
		lex.Brace:   {jsonObject},
		lex.Paren:   {glib, xorg},
		lex.Star:    {glib, gowHeading, traceLine},
		lex.Mark:    {traceLine},
		lex.Digit:   {traceLine, composeStatus}, // neither a clock nor a date
		lex.Capital: {wolfBare, glibDomain, klog, traceLine, composeStatus, pythonBasic, kernelBare, gstTail},
		lex.Small:   small,
		lex.Beyond:  small,
		lex.Angle:   {composeStatus},
		lex.Other:   {composeStatus},
	}
}

// byClock are the formats that begin with a time of day or an uptime.
var byClock = [...]func(x *Context, t []byte, c clock.Reading, r *record.Record) bool{wolf, gstreamer, sway, clockOnly}

// byDate are the formats that begin with a date.
var byDate = [...]func(x *Context, t []byte, d clock.Dated, r *record.Record) bool{tracing, generic}

// Read reads the message b, which has no transport and no escapes left, into r.
// A message without a known header is Plain, with all of b as its text. The cost
// is linear in the length of b.
func Read(x *Context, b []byte, r *record.Record) {
	r.Text = b
	t := lex.TrimSpace(b)
	switch {
	case len(t) == 0:
	case x.Kernel:
		kernelText(t, r)
	case !headed(x, t, r):
		plain(b, t, r)
	}
}

// headed reads a message that starts with a header of a known format.
func headed(x *Context, t []byte, r *record.Record) bool {
	if lex.IsDigit(t[0]) {
		if c, ok := clock.At(t); ok {
			for _, read := range byClock {
				if read(x, t, c, r) {
					return true
				}
			}
			return false
		}
		if d, ok := clock.DatedAt(t); ok {
			for _, read := range byDate {
				if read(x, t, d, r) {
					return true
				}
			}
			return false
		}
	}
	for _, read := range byFirst[lex.ClassOf(t[0])] {
		if read(x, t, r) {
			return true
		}
	}
	return false
}
