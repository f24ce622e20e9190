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
	r.Format, r.Level, r.Component, r.Function, r.PID = lineformat.GLib, level, domain, prog, int(min(pid, 1<<31-1))
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
