package logline

import "bytes"

// field is what a key of a structured line means.
type field uint8

const (
	fieldOther field = iota
	fieldLevel
	fieldMessage
	fieldTime
	fieldError
	fieldName
)

func fieldOf(key []byte) field {
	switch string(key) {
	case "level", "lvl", "severity", "levelname", "log.level", "@l", "loglevel", "LEVEL", "Level", "severity_text":
		return fieldLevel
	case "msg", "message", "@m", "event", "text", "Message", "body", "short_message":
		return fieldMessage
	case "time", "ts", "timestamp", "@timestamp", "t", "asctime", "@t", "datetime", "Time":
		return fieldTime
	case "err", "error", "reason", "exception", "stderr", "cause", "errorVerbose", "exc_info":
		return fieldError
	case "logger", "module", "component", "name", "caller", "target":
		return fieldName
	}
	return fieldOther
}

// logfmt reads key=value lines that start with a time, a level or a message:
//
//	time="2025-10-02T06:40:11.752176123Z" level=error msg="Handler for POST … returned error" error="…"
//	level=INFO msg="stream connected" remote=[::1]:54526
//
// Text is the message, with the fields that tell of an error behind it as they
// stand.
func (p *Parser) logfmt(t []byte, r *Record) bool {
	eq := bytes.IndexByte(t[:min(len(t), 16)], '=')
	if eq < 1 {
		return false
	}
	if f := fieldOf(t[:eq]); f == fieldOther || f == fieldName || f == fieldError {
		return false
	}
	var msg []byte
	level, message := LevelNone, false
	var stamp Stamp
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
					msg = p.hold(value)
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
	if level == LevelNone && (!message || stamp.Kind == ClockNone) {
		return false
	}
	r.Format, r.Level, r.Inner, r.Text = FormatLogfmt, level, stamp, msg
	if from >= 0 {
		r.Text = p.withExtra(msg, t[from:to])
	}
	return true
}

// withExtra returns message and extra with a space between.
func (p *Parser) withExtra(msg, extra []byte) []byte {
	if len(extra) == 0 {
		return msg
	}
	if len(msg) == 0 {
		return extra
	}
	a := p.arena[p.cur]
	n := len(a)
	a = append(append(append(a, msg...), ' '), extra...)
	p.arena[p.cur] = a
	return a[n:len(a):len(a)]
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
		end, _ := stringEnd(v, 1)
		next := min(end+1, len(v))
		return key, v[1:end], b[:eq+1+next], v[next:]
	}
	end := bytes.IndexByte(v, ' ')
	if end < 0 {
		end = len(v)
	}
	return key, v[:end], b[:eq+1+end], v[end:]
}

// structuredTime reads a date, or seconds, milliseconds, microseconds or
// nanoseconds since the epoch as their size tells.
func structuredTime(b []byte) Stamp {
	if d, ok := datedAt(b); ok {
		return d.stamp
	}
	n := digitRun(b)
	if n < 9 || n > 19 {
		return Stamp{}
	}
	v := number(b[:min(n, 18)])
	switch {
	case n <= 10:
		s := Stamp{Kind: ClockUTC, Nanos: v * second, Resolution: second}
		if n+1 < len(b) && b[n] == '.' { // zap: 1696228811.7521763
			f := digitRun(b[n+1:])
			frac := number(b[n+1 : n+1+min(f, 9)])
			for range 9 - min(f, 9) {
				frac *= 10
			}
			s.Nanos += frac
			s.Resolution = resolutionOf(f)
		}
		return s
	case n == 13:
		return Stamp{Kind: ClockUTC, Nanos: v * 1e6, Resolution: 1e6}
	case n == 16:
		return Stamp{Kind: ClockUTC, Nanos: v * 1e3, Resolution: 1e3}
	case n == 19:
		return Stamp{Kind: ClockUTC, Nanos: v*10 + int64(b[18]-'0'), Resolution: 1}
	}
	return Stamp{}
}

// jsonLine reads one JSON object a line: zerolog, zap, logrus, slog, pino, bunyan.
//
//	{"level":"info","node_id":48,"time":"2025-09-10T04:19:03+01:00","message":"[SHARED_VIDEO] Created new source"}
//	{"level":50,"time":1759387211752,"msg":"…"}
func (p *Parser) jsonLine(t []byte, r *Record) bool {
	o, ok := openObject(t)
	if !ok {
		return false
	}
	var msg, extra, errorText []byte
	level, message, severe := LevelNone, false, false
	var stamp Stamp
	var name []byte
	for f, ok := o.next(); ok; f, ok = o.next() {
		switch fieldOf(f.key) {
		case fieldLevel:
			severe = true
			if level = levelWord(f.value); level == LevelNone && !f.str && digitRun(f.value) == len(f.value) {
				level = numericLevel(number(f.value))
			}
		case fieldMessage:
			if f.str && !message {
				msg, message = p.hold(f.value), true
			}
		case fieldTime:
			if stamp.Kind == ClockNone {
				stamp = structuredTime(f.value)
			}
		case fieldError:
			if string(f.value) != "null" && len(f.value) > 0 && errorText == nil {
				errorText = f.value
				if f.str {
					errorText = p.hold(f.value)
				}
				extra = f.key
			}
		case fieldName:
			if f.str {
				name = f.value
			}
		}
	}
	if !message && !severe && (stamp.Kind == ClockNone || errorText == nil) {
		return false
	}
	r.Format, r.Level, r.Inner, r.Component, r.Text = FormatJSON, level, stamp, name, msg
	if errorText != nil {
		a := p.arena[p.cur]
		n := len(a)
		if len(msg) > 0 {
			a = append(append(a, msg...), ' ')
		}
		a = append(append(append(a, extra...), '='), errorText...)
		p.arena[p.cur] = a
		r.Text = a[n:len(a):len(a)]
	}
	if len(r.Text) == 0 {
		r.Text = t
	}
	if dirty(r.Text) >= 0 {
		a := p.arena[p.cur]
		n := len(a)
		a = strip(a, r.Text)
		p.arena[p.cur] = a
		r.Text = a[n:len(a):len(a)]
	}
	return true
}
