package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// glib reads what g_log prints (glib:glib/gmessages.c), with and without
// program, domain and clock:
//
//	(waybar:132): Gtk-WARNING **: 07:40:13.036: cannot open display: :0
//	(gnome-shell:362): Mtk-ERROR **: Received an X Window System error.
//	(steam:9): Gtk-Message: 07:40:13.036: Failed to load module "canberra-gtk-module"
//	** (prog:12): WARNING **: 07:40:13.036: msg
//	** Message: 07:40:13.036: msg
func glib(_ *Context, t []byte, r *record.Record) bool {
	b := bytes.TrimPrefix(t, []byte("** "))
	starred := len(b) < len(t)
	var prog []byte
	pid := int64(0)
	if len(b) > 0 && b[0] == '(' {
		end := bytes.Index(b[:min(len(b), 160)], []byte("): "))
		if end < 0 {
			return false
		}
		in := b[1:end]
		colon := bytes.LastIndexByte(in, ':')
		if colon < 1 || colon+1 == len(in) || lex.DigitRun(in[colon+1:]) != len(in)-colon-1 {
			return false
		}
		prog, pid = in[:colon], lex.Number(in[colon+1:])
		b = b[end+3:]
	} else if !starred {
		return false
	}
	if !glibMessage(b, r) {
		return false
	}
	r.Function, r.PID = prog, int(min(pid, 1<<31-1))
	return true
}

// glibDomain reads what g_log prints of levels that do not show the program (by
// default those below a warning; G_MESSAGES_PREFIXED says which do):
//
//	Gdk-Message: 07:40:13.036: Error reading events from display: Broken pipe
//	xfce4-session-Message: 07:40:13.036: SSH authentication agent is already running
//	dconf-WARNING **: 07:40:13.036: msg
func glibDomain(_ *Context, t []byte, r *record.Record) bool {
	n := 0
	for n < len(t) && n < 64 && (t[n]|0x20 >= 'a' && t[n]|0x20 <= 'z' || lex.IsDigit(t[n]) || t[n] == '-' || t[n] == '_' || t[n] == '.') {
		n++
	}
	dash := bytes.LastIndexByte(t[:n], '-')
	if dash < 1 || n == len(t) || glibLevel(t[dash+1:n]) == record.LevelNone {
		return false
	}
	// Only what GLib itself puts behind the level tells it from a name of the program's own.
	if rest := t[n:]; rest[0] == ':' && string(t[dash+1:n]) != "Message" {
		if c, ok := clock.At(bytes.TrimPrefix(rest[1:], []byte(" "))); !ok || c.HourWidth != 2 {
			return false
		}
	} else if rest[0] != ':' && !bytes.HasPrefix(rest, []byte(" **: ")) {
		return false
	}
	return glibMessage(t, r)
}

// glibMessage reads what stands behind the program: domain, level, clock, text.
func glibMessage(b []byte, r *record.Record) bool {
	colon := bytes.IndexByte(b[:min(len(b), 100)], ':')
	if colon < 0 {
		return false
	}
	name := bytes.TrimSuffix(b[:colon], []byte(" **"))
	var domain []byte
	if dash := bytes.LastIndexByte(name, '-'); dash > 0 {
		domain, name = name[:dash], name[dash+1:]
	}
	level := glibLevel(name)
	if level == record.LevelNone {
		return false
	}
	rest := bytes.TrimPrefix(b[colon+1:], []byte(" "))
	r.Format, r.Level, r.Component = lineformat.GLib, level, domain
	if c, ok := clock.At(rest); ok && c.HourWidth == 2 && c.Len < len(rest) && rest[c.Len] == ':' {
		if c.Nanos < 86401*clock.Second {
			r.Inner = record.Stamp{Kind: record.ClockLocalTimeOfDay, Nanos: c.Nanos, Resolution: c.Resolution()}
		}
		rest = bytes.TrimPrefix(rest[c.Len+1:], []byte(" "))
	}
	r.Text = rest
	if level == record.LevelFatal {
		r.Continues = record.ContinuesText
	}
	return true
}

func glibLevel(b []byte) record.Level {
	switch string(b) {
	case "ERROR":
		return record.LevelFatal // g_error aborts
	case "CRITICAL":
		return record.LevelError
	case "WARNING":
		return record.LevelWarning
	case "Message", "INFO":
		return record.LevelInfo
	case "DEBUG":
		return record.LevelDebug
	}
	return record.LevelNone
}
