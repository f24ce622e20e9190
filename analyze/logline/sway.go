package logline

import "bytes"

// Components that no line names itself. Read only.
var (
	swayName = []byte("sway")
	xorgName = []byte("Xorg")
)

// sway reads the log of sway (sway:common/log.c:sway_log_stderr) and, through
// it, of wlroots and libwayland:
//
//	00:00:00.002 [ERROR] [sway/main.c:62] !!! Proprietary Nvidia drivers are in use !!!
//	00:00:00.200 [ERROR] [wlr] [backend/wayland/backend.c:60] Failed to read from remote Wayland display
//	00:00:00.010 [wlr] [libinput] …          the level was a colour on a terminal
func sway(t []byte, c clock, colour Level, r *Record) bool {
	if c.fraction != 3 || c.n+2 >= len(t) || t[c.n] != ' ' || t[c.n+1] != '[' {
		return false
	}
	if !swayBody(t[c.n+1:], r, false) {
		return false
	}
	if r.Level == LevelNone {
		r.Level = colour
	}
	r.Inner = Stamp{Kind: ClockSway, Nanos: c.nanos, Resolution: 1e6}
	return true
}

// swayBody reads from the first bracket on. strict asks for a source file, as
// is needed where no clock stands before.
func swayBody(b []byte, r *Record, strict bool) bool {
	level := LevelNone
	tag, rest := bracket(b)
	if tag == nil {
		return false
	}
	if l := levelWord(tag); l != LevelNone {
		level = l
		if tag, rest = bracket(rest); tag == nil {
			return false
		}
	}
	component := swayName
	if string(tag) == "wlr" {
		component = tag
		inner, after := bracket(rest)
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
	r.Format, r.Level, r.Component, r.Function, r.Text = FormatSway, level, component, file, rest
	return true
}

// bracket reads "[tag] " and returns the tag, nil when there is none.
func bracket(b []byte) (tag, rest []byte) {
	if len(b) < 3 || b[0] != '[' {
		return nil, b
	}
	end := bytes.IndexByte(b[:min(len(b), 200)], ']')
	if end < 2 {
		return nil, b
	}
	return b[1:end], bytes.TrimPrefix(b[end+1:], []byte(" "))
}

// sourceFile returns the file of "backend/wayland/backend.c:60", nil when b is
// something else.
func sourceFile(b []byte) []byte {
	i := bytes.LastIndexByte(b, ':')
	if i < 3 || digitRun(b[i+1:]) != len(b)-i-1 || i+1 == len(b) || bytes.IndexByte(b, ' ') >= 0 {
		return nil
	}
	if file := b[:i]; bytes.HasSuffix(file, []byte(".c")) || bytes.HasSuffix(file, []byte(".h")) || bytes.HasSuffix(file, []byte(".cpp")) {
		return file
	}
	return nil
}

// swayColour reads the level from the colour that stands for it on a terminal
// (sway:common/log.c:verbosity_colors).
func swayColour(b []byte) Level {
	for rest := b; ; {
		i := bytes.IndexByte(rest, esc)
		if i < 0 || i > 64 {
			return LevelNone
		}
		s := rest[i:]
		switch {
		case bytes.HasPrefix(s, []byte("\x1b[1;31m")):
			return LevelError
		case bytes.HasPrefix(s, []byte("\x1b[1;34m")):
			return LevelInfo
		case bytes.HasPrefix(s, []byte("\x1b[1;90m")):
			return LevelDebug
		}
		rest = s[1:]
	}
}
