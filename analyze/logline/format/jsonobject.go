package format

import (
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// jsonObject reads one JSON object a line: zerolog, zap, logrus, slog, pino, bunyan.
//
//	{"level":"info","node_id":48,"time":"2025-09-10T04:19:03+01:00","message":"[SHARED_VIDEO] Created new source"}
//	{"level":50,"time":1759387211752,"msg":"…"}
func jsonObject(x *Context, t []byte, r *record.Record) bool {
	o, ok := jsonscan.Open(t)
	if !ok {
		return false
	}
	var msg, extra, errorText []byte
	level, message, severe := record.LevelNone, false, false
	var stamp record.Stamp
	var name []byte
	for f, ok := o.Next(); ok; f, ok = o.Next() {
		switch fieldOf(f.Key) {
		case fieldLevel:
			severe = true
			if level = levelWord(f.Value); level == record.LevelNone && !f.Str && lex.DigitRun(f.Value) == len(f.Value) {
				level = numericLevel(lex.Number(f.Value))
			}
		case fieldMessage:
			if f.Str && !message {
				msg, message = jsonscan.Text(x.Arena, f.Value), true
			}
		case fieldTime:
			if stamp.Kind == record.ClockNone {
				stamp = structuredTime(f.Value)
			}
		case fieldError:
			if string(f.Value) != "null" && len(f.Value) > 0 && errorText == nil {
				errorText = f.Value
				if f.Str {
					errorText = jsonscan.Text(x.Arena, f.Value)
				}
				extra = f.Key
			}
		case fieldName:
			if f.Str {
				name = f.Value
			}
		}
	}
	if !message && !severe && (stamp.Kind == record.ClockNone || errorText == nil) {
		return false
	}
	r.Format, r.Level, r.Inner, r.Component, r.Text = lineformat.JSON, level, stamp, name, msg
	if errorText != nil {
		dst, from := x.Arena.Open()
		if len(msg) > 0 {
			dst = append(append(dst, msg...), ' ')
		}
		r.Text = x.Arena.Keep(append(append(append(dst, extra...), '='), errorText...), from)
	}
	if len(r.Text) == 0 {
		r.Text = t
	}
	if escape.First(r.Text) >= 0 {
		r.Text = escape.Stripped(x.Arena, r.Text)
	}
	return true
}
