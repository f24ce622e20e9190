package format

import (
	"wolfdiag/analyze/logline/record"
)

// xorg reads the marks of an X server, "(EE) msg".
func xorg(_ *Context, t []byte, r *record.Record) bool {
	level, ok := xorgMark(t)
	if !ok {
		return false
	}
	r.Level, r.Text = level, t
	return true
}

func xorgMark(t []byte) (record.Level, bool) {
	if len(t) < 5 || t[0] != '(' || t[3] != ')' || t[4] != ' ' {
		return record.LevelNone, false
	}
	switch string(t[1:3]) {
	case "EE":
		return record.LevelError, true
	case "WW":
		return record.LevelWarning, true
	case "II", "**", "==", "--", "++":
		return record.LevelInfo, true
	}
	return record.LevelNone, false
}
