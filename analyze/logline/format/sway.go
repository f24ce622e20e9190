package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// Components that no line names itself. Read only.
var (
	swayName = []byte("sway")
	xorgName = []byte("Xorg")
)

// Implied reports whether a record's component is one that its line does not
// name: sway's, whose lines have no component but wlroots' ones.
func Implied(component []byte) bool {
	return len(component) > 0 && &component[0] == &swayName[0]
}

// sway reads the log of sway (sway:common/log.c:sway_log_stderr) and, through
// it, of wlroots and libwayland:
//
//	00:00:00.002 [ERROR] [sway/main.c:62] !!! Proprietary Nvidia drivers are in use !!!
//	00:00:00.200 [ERROR] [wlr] [backend/wayland/backend.c:60] Failed to read from remote Wayland display
//	00:00:00.010 [wlr] [libinput] …          the level was a colour on a terminal
func sway(x *Context, t []byte, c clock.Reading, r *record.Record) bool {
	if c.Fraction != 3 || c.Len+2 >= len(t) || t[c.Len] != ' ' || t[c.Len+1] != '[' {
		return false
	}
	if !swayBody(t[c.Len+1:], r, false) {
		return false
	}
	if r.Level == record.LevelNone {
		r.Level = x.Colour
	}
	r.Inner = record.Stamp{Kind: record.ClockSway, Nanos: c.Nanos, Resolution: 1e6}
	return true
}

// swayBody reads from the first bracket on. strict asks for a source file, as
// is needed where no clock stands before.
func swayBody(b []byte, r *record.Record, strict bool) bool {
	level := record.LevelNone
	tag, rest := lex.Bracket(b)
	if tag == nil {
		return false
	}
	if l := levelWord(tag); l != record.LevelNone {
		level = l
		if tag, rest = lex.Bracket(rest); tag == nil {
			return false
		}
	}
	component := swayName
	if string(tag) == "wlr" {
		component = tag
		inner, after := lex.Bracket(rest)
		switch {
		case inner != nil && sourceFile(inner) != nil:
			tag, rest = inner, after
		case inner != nil: // [wlr] [wayland] msg, [wlr] [libinput] msg
			component, rest, tag = inner, after, nil
		case strict:
			return false
		default:
			tag = nil
		}
	}
	file := sourceFile(tag)
	if file == nil && (strict && string(component) == "sway" || tag != nil) {
		return false
	}
	r.Format, r.Level, r.Component, r.Function, r.Text = lineformat.Sway, level, component, file, rest
	return true
}

// sourceFile returns the file of "backend/wayland/backend.c:60", nil when b is
// something else.
func sourceFile(b []byte) []byte {
	i := bytes.LastIndexByte(b, ':')
	if i < 3 || lex.DigitRun(b[i+1:]) != len(b)-i-1 || i+1 == len(b) || bytes.IndexByte(b, ' ') >= 0 {
		return nil
	}
	if file := b[:i]; bytes.HasSuffix(file, []byte(".c")) || bytes.HasSuffix(file, []byte(".h")) || bytes.HasSuffix(file, []byte(".cpp")) {
		return file
	}
	return nil
}

// SwayColour reads the level from the colour that stands for it on a terminal
// (sway:common/log.c:verbosity_colors).
func SwayColour(b []byte) record.Level {
	for rest := b; ; {
		i := bytes.IndexByte(rest, escape.ESC)
		if i < 0 || i > 64 {
			return record.LevelNone
		}
		s := rest[i:]
		switch {
		case bytes.HasPrefix(s, []byte("\x1b[1;31m")):
			return record.LevelError
		case bytes.HasPrefix(s, []byte("\x1b[1;34m")):
			return record.LevelInfo
		case bytes.HasPrefix(s, []byte("\x1b[1;90m")):
			return record.LevelDebug
		}
		rest = s[1:]
	}
}
