package logline

import "bytes"

// glib reads what g_log prints (glib:glib/gmessages.c), with and without
// program, domain and clock:
//
//	(waybar:132): Gtk-WARNING **: 07:40:13.036: cannot open display: :0
//	(gnome-shell:362): Mtk-ERROR **: Received an X Window System error.
//	(steam:9): Gtk-Message: 07:40:13.036: Failed to load module "canberra-gtk-module"
//	** (prog:12): WARNING **: 07:40:13.036: msg
//	** Message: 07:40:13.036: msg
func glib(t []byte, r *Record) bool {
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
		if colon < 1 || colon+1 == len(in) || digitRun(in[colon+1:]) != len(in)-colon-1 {
			return false
		}
		prog, pid = in[:colon], number(in[colon+1:])
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
	if level == LevelNone {
		return false
	}
	rest := bytes.TrimPrefix(b[colon+1:], []byte(" "))
	r.Format, r.Level, r.Component, r.Function, r.PID = FormatGLib, level, domain, prog, int(min(pid, 1<<31-1))
	if c, ok := clockAt(rest); ok && c.hourWidth == 2 && c.n < len(rest) && rest[c.n] == ':' {
		if c.nanos < 86401*second {
			r.Inner = Stamp{Kind: ClockLocalTimeOfDay, Nanos: c.nanos, Resolution: c.resolution()}
		}
		rest = bytes.TrimPrefix(rest[c.n+1:], []byte(" "))
	}
	r.Text = rest
	if level == LevelFatal {
		r.Continues = ContinuesText
	}
	return true
}

func glibLevel(b []byte) Level {
	switch string(b) {
	case "ERROR":
		return LevelFatal // g_error aborts
	case "CRITICAL":
		return LevelError
	case "WARNING":
		return LevelWarning
	case "Message", "INFO":
		return LevelInfo
	case "DEBUG":
		return LevelDebug
	}
	return LevelNone
}

// xorg reads the marks of an X server, "(EE) msg".
func xorg(t []byte, r *Record) bool {
	level, ok := xorgMark(t)
	if !ok {
		return false
	}
	r.Level, r.Text = level, t
	return true
}

func xorgMark(t []byte) (Level, bool) {
	if len(t) < 5 || t[0] != '(' || t[3] != ')' || t[4] != ' ' {
		return LevelNone, false
	}
	switch string(t[1:3]) {
	case "EE":
		return LevelError, true
	case "WW":
		return LevelWarning, true
	case "II", "**", "==", "--", "++":
		return LevelInfo, true
	}
	return LevelNone, false
}
