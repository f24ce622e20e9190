package logline

import "bytes"

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
func generic(t []byte, d dated, r *Record) bool {
	if d.n < len(t) && t[d.n] != ' ' && t[d.n] != ':' && t[d.n] != '\t' && t[d.n] != ',' && t[d.n] != '|' {
		return false
	}
	rest := bytes.TrimLeft(t[d.n:], " :\t,|")
	r.Format, r.Inner, r.Text = FormatSpdlog, d.stamp, rest
	if r.Inner.Kind == ClockLocal && (bytes.HasPrefix(rest, []byte("UTC ")) || bytes.HasPrefix(rest, []byte("GMT "))) {
		r.Inner.Kind = ClockUTC
	}
	if !genericLevel(rest, r) {
		r.Level = startLevel(rest)
		return true
	}
	if d.fraction == 3 && d.dateSep == '-' && supervisorText(r.Text) {
		r.Format = FormatSupervisord
	}
	return true
}

// genericLevel finds the level among the first fields of a header.
func genericLevel(b []byte, r *Record) bool {
	rest := b
	for range 4 {
		rest = bytes.TrimLeft(rest, " -")
		if len(rest) == 0 {
			return false
		}
		var word, after []byte
		bracketed := rest[0] == '['
		if bracketed {
			if word, after = bracket(rest); word == nil {
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
		if l := level(word); l != LevelNone && (bracketed || upper(word) || rest[0] != b[0]) {
			r.Level = l
			r.Text = genericText(bytes.TrimLeft(after, " :|-"), r)
			return true
		}
		// Another field may stand first: [main], name -, 4711, UTC, T:4711.
		dashed := bytes.HasPrefix(after, []byte(" - "))
		zone := len(rest) == len(b) && len(word) <= 5 && upper(word)
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
func genericText(b []byte, r *Record) []byte {
	rest := b
	if tag, after := bracket(b); tag != nil && bytes.IndexByte(tag, ' ') < 0 {
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
	if i := bytes.IndexAny(b, ":="); i > 0 && wordRun(b) == i {
		b = b[i+1:]
	}
	return len(b) > 0 && digitRun(b) == len(b)
}

func upper(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(b) > 0
}

// supervisorText reports whether a message is one of supervisord's
// (supervisor:supervisor/process.py, supervisord.py).
func supervisorText(b []byte) bool {
	for _, s := range [...]string{"spawned: ", "exited: ", "success: ", "stopped: ", "gave up: ", "killing ", "reaped ",
		"waiting for ", "received SIG", "supervisord ", "Set uid", "Included extra", "RPC interface", "daemonizing ",
		"spawnerr: ", "fatal: ", "stopping ", "Supervisor is running", "Supervisor running", "Increased ", "Server "} {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}

// clockOnly reads a time of day and a level: 06:40:11 ERROR msg.
func clockOnly(t []byte, c clock, r *Record) bool {
	if c.hourWidth > 2 || c.n >= len(t) || t[c.n] != ' ' {
		return false
	}
	rest := bytes.TrimLeft(t[c.n:], " |")
	if !genericLevel(rest, r) {
		return false
	}
	r.Format = FormatSpdlog
	if c.nanos < 86401*second {
		r.Inner = Stamp{Kind: ClockLocalTimeOfDay, Nanos: c.nanos, Resolution: c.resolution()}
	}
	return true
}

// klog reads Kubernetes' log (klog:klog.go:formatHeader):
//
//	E1002 06:40:11.752176       1 file.go:12] msg
func klog(t []byte, r *Record) bool {
	if len(t) < 30 || digitRun(t[1:]) != 4 || t[5] != ' ' {
		return false
	}
	var level Level
	switch t[0] {
	case 'I':
		level = LevelInfo
	case 'W':
		level = LevelWarning
	case 'E':
		level = LevelError
	case 'F':
		level = LevelFatal
	default:
		return false
	}
	c, ok := clockAt(t[6:])
	if !ok || c.hourWidth != 2 || c.fraction != 6 {
		return false
	}
	end := bytes.Index(t[6+c.n:min(len(t), 160)], []byte("] "))
	if end < 0 {
		return false
	}
	r.Format, r.Level = FormatSpdlog, level
	if m, d := two(t[1:]), two(t[3:]); m >= 1 && m <= 12 && d >= 1 && d <= 31 {
		r.Inner = Stamp{Kind: ClockLocalNoYear, Nanos: yearless(m, d) + c.nanos, Resolution: 1000}
	}
	at := bytes.TrimLeft(t[6+c.n:6+c.n+end], " ")
	if i := bytes.LastIndexByte(at, ' '); i >= 0 {
		r.Component = at[i+1:]
	}
	if i := bytes.LastIndexByte(r.Component, ':'); i > 0 {
		r.Component = r.Component[:i]
	}
	r.Text = t[6+c.n+end+2:]
	return true
}

// pythonBasic reads the default of Python's logging: ERROR:root:msg.
func pythonBasic(t []byte, r *Record) bool {
	n := wordRun(t)
	if n < 4 || n+2 > len(t) || t[n] != ':' || t[n+1] == ' ' || !upper(t[:n]) {
		return false
	}
	level := levelWord(t[:n])
	name := nameRun(t[n+1:])
	if level == LevelNone || name == 0 || n+1+name >= len(t) || t[n+1+name] != ':' {
		return false
	}
	r.Format, r.Level, r.Component, r.Text = FormatSpdlog, level, t[n+1:n+1+name], t[n+2+name:]
	return true
}
