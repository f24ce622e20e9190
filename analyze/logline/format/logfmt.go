package format

import (
	"bytes"

	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// logfmt reads key=value lines that start with a time, a level or a message:
//
//	time="2025-10-02T06:40:11.752176123Z" level=error msg="Handler for POST … returned error" error="…"
//	level=INFO msg="stream connected" remote=[::1]:54526
//
// Text is the message, with the fields that tell of an error behind it as they
// stand.
func logfmt(x *Context, t []byte, r *record.Record) bool {
	eq := bytes.IndexByte(t[:min(len(t), 16)], '=')
	if eq < 1 {
		return false
	}
	if f := fieldOf(t[:eq]); f == fieldOther || f == fieldName || f == fieldError {
		return false
	}
	var msg []byte
	level, message := record.LevelNone, false
	var stamp record.Stamp
	from, to := -1, 0 // from the first to the last field that tells of an error
	for rest := t; len(rest) > 0; {
		key, value, whole, after := logfmtField(rest)
		if key == nil {
			break
		}
		rest = after
		switch fieldOf(key) {
		case fieldLevel:
			level = levelWord(value)
		case fieldMessage:
			if !message {
				msg, message = value, true
				if bytes.HasSuffix(whole, []byte(`"`)) {
					msg = jsonscan.Text(x.Arena, value)
				}
			}
		case fieldTime:
			stamp = structuredTime(value)
		case fieldError:
			to = len(t) - len(after)
			if from < 0 {
				from = to - len(whole)
			}
		}
	}
	if level == record.LevelNone && (!message || stamp.Kind == record.ClockNone) {
		return false
	}
	r.Format, r.Level, r.Inner, r.Text = lineformat.Logfmt, level, stamp, msg
	if from >= 0 {
		r.Text = withExtra(x, msg, t[from:to])
	}
	return true
}

// withExtra returns message and extra with a space between.
func withExtra(x *Context, msg, extra []byte) []byte {
	if len(extra) == 0 {
		return msg
	}
	if len(msg) == 0 {
		return extra
	}
	dst, from := x.Arena.Open()
	return x.Arena.Keep(append(append(append(dst, msg...), ' '), extra...), from)
}

// logfmtField reads one key=value; value is without its quotes, whole as it stands.
func logfmtField(b []byte) (key, value, whole, after []byte) {
	b = bytes.TrimLeft(b, " ")
	eq := bytes.IndexByte(b, '=')
	if eq < 1 || bytes.IndexByte(b[:eq], ' ') >= 0 {
		if eq < 1 {
			return nil, nil, nil, nil
		}
		// Words without a value: skip them.
		sp := bytes.LastIndexByte(b[:eq], ' ')
		if sp+1 == eq {
			return nil, nil, nil, nil
		}
		b, eq = b[sp+1:], eq-sp-1
	}
	key = b[:eq]
	v := b[eq+1:]
	if len(v) > 0 && v[0] == '"' {
		end, _ := jsonscan.StringEnd(v, 1)
		next := min(end+1, len(v))
		return key, v[1:end], b[:eq+1+next], v[next:]
	}
	end := bytes.IndexByte(v, ' ')
	if end < 0 {
		end = len(v)
	}
	return key, v[:end], b[:eq+1+end], v[end:]
}
