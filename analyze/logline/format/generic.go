package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// generic reads the many formats that start with a date, a time and a level:
//
//	2026-06-17 18:27:03,431 INFO success: wolf entered RUNNING state, …      supervisord
//	2025-10-02 06:40:11,752 ERROR [main] x.y.Z - msg                         log4j
//	2025-10-02 06:40:11.752 [main] ERROR x.y.Z - msg                         logback
//	2025-10-02 06:40:11,752 - name - ERROR - msg                             python
//	2025/10/02 06:40:11 [error] 12#0: msg                                    nginx
//	2025-10-02T06:40:11.752+0200 [WARN] msg
//	2025-10-02 06:40:11.752 UTC [31] ERROR:  msg                             PostgreSQL
//	2025-10-02 06:40:11.752 T:4711   ERROR <general>: msg                    Kodi
func generic(_ *Context, t []byte, d clock.Dated, r *record.Record) bool {
	if d.Len < len(t) && t[d.Len] != ' ' && t[d.Len] != ':' && t[d.Len] != '\t' && t[d.Len] != ',' && t[d.Len] != '|' {
		return false
	}
	rest := bytes.TrimLeft(t[d.Len:], " :\t,|")
	r.Format, r.Inner, r.Text = lineformat.Spdlog, d.Stamp, rest
	if r.Inner.Kind == record.ClockLocal && (bytes.HasPrefix(rest, []byte("UTC ")) || bytes.HasPrefix(rest, []byte("GMT "))) {
		r.Inner.Kind = record.ClockUTC
	}
	if !genericLevel(rest, r) {
		r.Level = startLevel(rest)
		return true
	}
	if d.Fraction == 3 && d.DateSep == '-' && supervisorText(r.Text) {
		r.Format = lineformat.Supervisord
	}
	return true
}

// genericLevel finds the level among the first fields of a header.
func genericLevel(b []byte, r *record.Record) bool {
	rest := b
	for range 4 {
		rest = bytes.TrimLeft(rest, " -")
		if len(rest) == 0 {
			return false
		}
		var word, after []byte
		bracketed := rest[0] == '['
		if bracketed {
			if word, after = lex.Bracket(rest); word == nil {
				return false
			}
			word = bytes.TrimSpace(word)
		} else {
			n := bytes.IndexByte(rest, ' ')
			if n < 0 {
				n = len(rest)
			}
			word, after = rest[:n], rest[n:]
			if c := bytes.TrimRight(word, ":"); len(c) < len(word) {
				word, bracketed = c, true
			}
		}
		level := levelWord
		if rest[0] == '[' {
			level = tagLevel
		}
		if l := level(word); l != record.LevelNone && (bracketed || lex.Capitals(word) || rest[0] != b[0]) {
			r.Level = l
			r.Text = genericText(bytes.TrimLeft(after, " :|-"), r)
			return true
		}
		// Another field may stand first: [main], name -, 4711, UTC, T:4711.
		dashed := bytes.HasPrefix(after, []byte(" - "))
		zone := len(rest) == len(b) && len(word) <= 5 && lex.Capitals(word)
		if rest[0] != '[' && !dashed && !zone && !numberField(word) {
			return false
		}
		if dashed && len(r.Component) == 0 {
			r.Component = word
		}
		rest = after
	}
	return false
}

// genericText takes "[main] x.y.Z - " off, where Java names its logger.
func genericText(b []byte, r *record.Record) []byte {
	rest := b
	if tag, after := lex.Bracket(b); tag != nil && bytes.IndexByte(tag, ' ') < 0 {
		rest = after
	}
	n := bytes.IndexByte(rest, ' ')
	if n > 0 && bytes.HasPrefix(rest[n:], []byte(" - ")) && bytes.IndexByte(rest[:n], '.') > 0 {
		r.Component = rest[:n]
		return rest[n+3:]
	}
	return b
}

// numberField reports whether a field is a number, or a number behind its name:
// 4711, T:4711, tid=4711.
func numberField(b []byte) bool {
	if i := bytes.IndexAny(b, ":="); i > 0 && lex.WordRun(b) == i {
		b = b[i+1:]
	}
	return len(b) > 0 && lex.DigitRun(b) == len(b)
}

// clockOnly reads a time of day and a level: 06:40:11 ERROR msg.
func clockOnly(_ *Context, t []byte, c clock.Reading, r *record.Record) bool {
	if c.HourWidth > 2 || c.Len >= len(t) || t[c.Len] != ' ' {
		return false
	}
	rest := bytes.TrimLeft(t[c.Len:], " |")
	if !genericLevel(rest, r) {
		return false
	}
	r.Format = lineformat.Spdlog
	if c.Nanos < 86401*clock.Second {
		r.Inner = record.Stamp{Kind: record.ClockLocalTimeOfDay, Nanos: c.Nanos, Resolution: c.Resolution()}
	}
	return true
}

// klog reads Kubernetes' log (klog:klog.go:formatHeader):
//
//	E1002 06:40:11.752176       1 file.go:12] msg
func klog(_ *Context, t []byte, r *record.Record) bool {
	if len(t) < 30 || lex.DigitRun(t[1:]) != 4 || t[5] != ' ' {
		return false
	}
	var level record.Level
	switch t[0] {
	case 'I':
		level = record.LevelInfo
	case 'W':
		level = record.LevelWarning
	case 'E':
		level = record.LevelError
	case 'F':
		level = record.LevelFatal
	default:
		return false
	}
	c, ok := clock.At(t[6:])
	if !ok || c.HourWidth != 2 || c.Fraction != 6 {
		return false
	}
	end := bytes.Index(t[6+c.Len:min(len(t), 160)], []byte("] "))
	if end < 0 {
		return false
	}
	r.Format, r.Level = lineformat.Spdlog, level
	if m, d := lex.Two(t[1:]), lex.Two(t[3:]); m >= 1 && m <= 12 && d >= 1 && d <= 31 {
		r.Inner = record.Stamp{Kind: record.ClockLocalNoYear, Nanos: clock.Yearless(m, d) + c.Nanos, Resolution: 1000}
	}
	at := bytes.TrimLeft(t[6+c.Len:6+c.Len+end], " ")
	if i := bytes.LastIndexByte(at, ' '); i >= 0 {
		r.Component = at[i+1:]
	}
	if i := bytes.LastIndexByte(r.Component, ':'); i > 0 {
		r.Component = r.Component[:i]
	}
	r.Text = t[6+c.Len+end+2:]
	return true
}

// pythonBasic reads the default of Python's logging: ERROR:root:msg.
func pythonBasic(_ *Context, t []byte, r *record.Record) bool {
	n := lex.WordRun(t)
	if n < 4 || n+2 > len(t) || t[n] != ':' || t[n+1] == ' ' || !lex.Capitals(t[:n]) {
		return false
	}
	level := levelWord(t[:n])
	name := lex.NameRun(t[n+1:])
	if level == record.LevelNone || name == 0 || n+1+name >= len(t) || t[n+1+name] != ':' {
		return false
	}
	r.Format, r.Level, r.Component, r.Text = lineformat.Spdlog, level, t[n+1:n+1+name], t[n+2+name:]
	return true
}
