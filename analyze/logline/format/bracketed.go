package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// bracketed reads a message that starts with '['.
func bracketed(x *Context, t []byte, r *record.Record) bool {
	if len(t) < 4 {
		return false
	}
	if d, ok := clock.DatedAt(t[1:]); ok && 1+d.Len < len(t) {
		return bracketDate(t, d, r)
	}
	if stamp, n := clock.Boot(t); n > 0 {
		r.Inner = stamp
		if level, ok := xorgMark(t[n:]); ok {
			r.Level, r.Text, r.Component = level, t[n:], xorgName
			return true
		}
		kernelText(t[n:], r)
		return true
	}
	if stamp, n := clock.Dmesg(t); n > 0 {
		r.Inner = stamp
		if !apacheText(t[n:], r) {
			kernelText(t[n:], r)
		}
		return true
	}
	if c, ok := clock.At(t[1:]); ok && 1+c.Len < len(t) && t[1+c.Len] == ']' { // [06:40:11.752] [error] msg
		r.Inner = record.Stamp{Kind: record.ClockLocalTimeOfDay, Nanos: c.Nanos, Resolution: c.Resolution()}
		r.Format, r.Text = lineformat.Spdlog, bytes.TrimPrefix(t[c.Len+2:], []byte(" "))
		spdlogFields(r.Text, r)
		return true
	}
	if c, ok := clock.At(t[1:]); ok && c.Fraction == 0 && 1+c.Len < len(t) && t[1+c.Len] == ' ' { // [06:40:11 ERROR]: msg
		if tag, rest := lex.Bracket(t); tag != nil && levelWord(tag[c.Len+1:]) != record.LevelNone {
			r.Inner = record.Stamp{Kind: record.ClockLocalTimeOfDay, Nanos: c.Nanos, Resolution: c.Resolution()}
			r.Format, r.Level, r.Text = lineformat.Spdlog, levelWord(tag[c.Len+1:]), bytes.TrimLeft(rest, ": ")
			return true
		}
	}
	if bytes.HasPrefix(t, []byte("[ /etc/cont-init")) {
		r.Format, r.Text = lineformat.Gow, t
		return true
	}
	if bytes.HasPrefix(t, []byte("[drm:")) || bytes.HasPrefix(t, []byte("[drm] ")) { // the clock is lost
		kernelText(t, r)
		return true
	}
	if swayBody(t, r, true) {
		return true
	}
	return tagged(x, t, r)
}

var apacheName = []byte("apache")

// apacheText reads what follows the clock in an error log of Apache's httpd
// (server/log.c): "[core:error] [pid 12:tid 34] …", "[error] …" before 2.4.
func apacheText(t []byte, r *record.Record) bool {
	tag, rest := lex.Bracket(t)
	if tag == nil {
		return false
	}
	level := levelWord(tag[bytes.LastIndexByte(tag, ':')+1:])
	if level == record.LevelNone {
		return false
	}
	if next := bytes.TrimLeft(rest, " "); bytes.HasPrefix(next, []byte("[pid ")) {
		_, rest = lex.Bracket(next)
	}
	r.Level, r.Text, r.Component = level, bytes.TrimLeft(rest, " "), apacheName
	return true
}

// bracketDate reads the formats that put a date in brackets:
//
//	[2025-12-04 19:12:27] Configure default user             gow (bash-lib/utils.sh:gow_log)
//	[2025-10-02 06:40:11.752] [error] msg                    spdlog
//	[2025-08-04 06:38:59.367]: Info: Sunshine version: …     Sunshine
//	[2025:10:02:06:40:11]: Error: …                          Sunshine before 2025
//	[2025-10-02T06:40:11Z ERROR wolf::net] msg               env_logger
func bracketDate(t []byte, d clock.Dated, r *record.Record) bool {
	end := bytes.IndexByte(t[1+d.Len:], ']')
	if end < 0 {
		return false
	}
	in, rest := t[1+d.Len:1+d.Len+end], t[2+d.Len+end:]
	r.Inner = d.Stamp
	if len(in) > 0 { // a level and a target share the brackets
		word := bytes.TrimLeft(in, " :")
		n := lex.WordRun(word)
		if r.Level = levelWord(word[:n]); r.Level != record.LevelNone {
			r.Component = bytes.Trim(word[n:], " /:")
		}
		r.Format, r.Text = lineformat.Spdlog, bytes.TrimPrefix(rest, []byte(" "))
		return true
	}
	if after, ok := bytes.CutPrefix(rest, []byte(": ")); ok { // Sunshine
		r.Format, r.Text = lineformat.Spdlog, after
		if n := lex.WordRun(after); n > 0 && n+1 < len(after) && after[n] == ':' {
			if r.Level = levelWord(after[:n]); r.Level != record.LevelNone {
				r.Text = bytes.TrimPrefix(after[n+1:], []byte(" "))
			}
		}
		return true
	}
	text := bytes.TrimPrefix(rest, []byte(" "))
	r.Text = text
	if spdlogFields(text, r) {
		r.Format = lineformat.Spdlog
		return true
	}
	r.Format = lineformat.Gow
	if d.Fraction > 0 || d.Sep != ' ' {
		r.Format = lineformat.Spdlog
	}
	r.Level = startLevel(text)
	return true
}

// spdlogFields reads "[level] msg" and "[logger] [level] msg".
func spdlogFields(b []byte, r *record.Record) bool {
	tag, rest := lex.Bracket(b)
	if tag == nil {
		return false
	}
	if l := tagLevel(tag); l != record.LevelNone {
		r.Level, r.Text = l, bytes.TrimLeft(bytes.TrimPrefix(rest, []byte(":")), " ")
		return true
	}
	inner, after := lex.Bracket(rest)
	if l := tagLevel(inner); l != record.LevelNone {
		r.Component, r.Level, r.Text = tag, l, bytes.TrimLeft(after, " ")
		return true
	}
	return false
}

// tagged reads "[error] msg", "[gamescope] [Error] msg", and a tag in front of
// a format of its own: [desktop-bridge] time=… level=ERROR msg="…".
func tagged(x *Context, t []byte, r *record.Record) bool {
	if spdlogFields(t, r) {
		r.Format = lineformat.Spdlog
		if OpensText(bytes.TrimRight(r.Text, " ")) && r.Level >= record.LevelWarning {
			r.Continues, r.Joined.Open = record.ContinuesText, true
		}
		return true
	}
	tag, rest := lex.Bracket(t)
	if tag == nil || len(rest) == 0 || x.tags >= 2 || lex.NameRun(tag) != len(tag) {
		return false
	}
	// Only formats that nobody writes by accident.
	switch c := rest[0]; {
	case c == '{' || lex.IsDigit(c) || c == '[' && len(rest) > 20 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
	default:
		return false
	}
	saved := *r
	x.tags++
	ok := headed(x, rest, r)
	x.tags--
	if !ok {
		*r = saved
		return false
	}
	if r.Format == lineformat.Compose || r.Format == lineformat.Trace { // words that mean it only at the start of a line
		*r = saved
		return false
	}
	if len(r.Component) == 0 {
		r.Component = tag
	}
	return true
}
