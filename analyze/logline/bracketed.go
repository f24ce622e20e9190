package logline

import "bytes"

// bracketed reads a message that starts with '['.
func (p *Parser) bracketed(t []byte, r *Record, depth int) bool {
	if len(t) < 4 {
		return false
	}
	if d, ok := datedAt(t[1:]); ok && 1+d.n < len(t) {
		return p.bracketDate(t, d, r)
	}
	if stamp, n := bootClock(t); n > 0 {
		r.Inner = stamp
		if level, ok := xorgMark(t[n:]); ok {
			r.Level, r.Text, r.Component = level, t[n:], xorgName
			return true
		}
		kernelText(t[n:], r)
		return true
	}
	if stamp, n := dmesgDate(t); n > 0 {
		r.Inner = stamp
		kernelText(t[n:], r)
		return true
	}
	if c, ok := clockAt(t[1:]); ok && 1+c.n < len(t) && t[1+c.n] == ']' { // [06:40:11.752] [error] msg
		r.Inner = Stamp{Kind: ClockLocalTimeOfDay, Nanos: c.nanos, Resolution: c.resolution()}
		r.Format, r.Text = FormatSpdlog, bytes.TrimPrefix(t[c.n+2:], []byte(" "))
		spdlogFields(r.Text, r)
		return true
	}
	if c, ok := clockAt(t[1:]); ok && c.fraction == 0 && 1+c.n < len(t) && t[1+c.n] == ' ' { // [06:40:11 ERROR]: msg
		if tag, rest := bracket(t); tag != nil && levelWord(tag[c.n+1:]) != LevelNone {
			r.Inner = Stamp{Kind: ClockLocalTimeOfDay, Nanos: c.nanos, Resolution: c.resolution()}
			r.Format, r.Level, r.Text = FormatSpdlog, levelWord(tag[c.n+1:]), bytes.TrimLeft(rest, ": ")
			return true
		}
	}
	if bytes.HasPrefix(t, []byte("[ /etc/cont-init")) {
		r.Format, r.Text = FormatGow, t
		return true
	}
	if bytes.HasPrefix(t, []byte("[drm:")) || bytes.HasPrefix(t, []byte("[drm] ")) { // the clock is lost
		kernelText(t, r)
		return true
	}
	if swayBody(t, r, true) {
		return true
	}
	return p.tagged(t, r, depth)
}

// bracketDate reads the formats that put a date in brackets:
//
//	[2025-12-04 19:12:27] Configure default user             gow (bash-lib/utils.sh:gow_log)
//	[2025-10-02 06:40:11.752] [error] msg                    spdlog
//	[2025-08-04 06:38:59.367]: Info: Sunshine version: …     Sunshine
//	[2025:10:02:06:40:11]: Error: …                          Sunshine before 2025
//	[2025-10-02T06:40:11Z ERROR wolf::net] msg               env_logger
func (p *Parser) bracketDate(t []byte, d dated, r *Record) bool {
	end := bytes.IndexByte(t[1+d.n:], ']')
	if end < 0 {
		return false
	}
	in, rest := t[1+d.n:1+d.n+end], t[2+d.n+end:]
	r.Inner = d.stamp
	if len(in) > 0 { // a level and a target share the brackets
		word := bytes.TrimLeft(in, " :")
		n := wordRun(word)
		if r.Level = levelWord(word[:n]); r.Level != LevelNone {
			r.Component = bytes.Trim(word[n:], " /:")
		}
		r.Format, r.Text = FormatSpdlog, bytes.TrimPrefix(rest, []byte(" "))
		return true
	}
	if after, ok := bytes.CutPrefix(rest, []byte(": ")); ok { // Sunshine
		r.Format, r.Text = FormatSpdlog, after
		if n := wordRun(after); n > 0 && n+1 < len(after) && after[n] == ':' {
			if r.Level = levelWord(after[:n]); r.Level != LevelNone {
				r.Text = bytes.TrimPrefix(after[n+1:], []byte(" "))
			}
		}
		return true
	}
	text := bytes.TrimPrefix(rest, []byte(" "))
	r.Text = text
	if spdlogFields(text, r) {
		r.Format = FormatSpdlog
		return true
	}
	r.Format = FormatGow
	if d.fraction > 0 || d.sep != ' ' {
		r.Format = FormatSpdlog
	}
	r.Level = startLevel(text)
	return true
}

// spdlogFields reads "[level] msg" and "[logger] [level] msg".
func spdlogFields(b []byte, r *Record) bool {
	tag, rest := bracket(b)
	if tag == nil {
		return false
	}
	if l := tagLevel(tag); l != LevelNone {
		r.Level, r.Text = l, bytes.TrimLeft(bytes.TrimPrefix(rest, []byte(":")), " ")
		return true
	}
	second, after := bracket(rest)
	if l := tagLevel(second); l != LevelNone {
		r.Component, r.Level, r.Text = tag, l, bytes.TrimLeft(after, " ")
		return true
	}
	return false
}

// tagged reads "[error] msg", "[gamescope] [Error] msg", and a tag in front of
// a format of its own: [desktop-bridge] time=… level=ERROR msg="…".
func (p *Parser) tagged(t []byte, r *Record, depth int) bool {
	if spdlogFields(t, r) {
		r.Format = FormatSpdlog
		if opensText(bytes.TrimRight(r.Text, " ")) && r.Level >= LevelWarning {
			r.Continues, r.Joined.Open = ContinuesText, true
		}
		return true
	}
	tag, rest := bracket(t)
	if tag == nil || len(rest) == 0 || depth >= 2 || nameRun(tag) != len(tag) {
		return false
	}
	// Only formats that nobody writes by accident.
	switch c := rest[0]; {
	case c == '{' || isDigit(c) || c == '[' && len(rest) > 20 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
	default:
		return false
	}
	saved := *r
	if !p.headed(rest, r, depth+1) {
		*r = saved
		return false
	}
	if r.Format == FormatCompose || r.Format == FormatTrace { // words that mean it only at the start of a line
		*r = saved
		return false
	}
	if len(r.Component) == 0 {
		r.Component = tag
	}
	return true
}

// gowMark reads the headings of the init scripts, "**** Configure devices ****".
func gowMark(t []byte, r *Record) bool {
	if !bytes.HasPrefix(t, []byte("**** ")) {
		return false
	}
	r.Format, r.Text = FormatGow, t
	return true
}
