package format

import (
	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

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

// structuredTime reads a date, or seconds, milliseconds, microseconds or
// nanoseconds since the epoch as their size tells.
func structuredTime(b []byte) record.Stamp {
	if d, ok := clock.DatedAt(b); ok {
		return d.Stamp
	}
	n := lex.DigitRun(b)
	if n < 9 || n > 19 {
		return record.Stamp{}
	}
	v := lex.Number(b[:min(n, 18)])
	switch {
	case n <= 10:
		s := record.Stamp{Kind: record.ClockUTC, Nanos: v * clock.Second, Resolution: 1e9}
		if n+1 < len(b) && b[n] == '.' { // zap: 1696228811.7521763
			f := lex.DigitRun(b[n+1:])
			frac := lex.Number(b[n+1 : n+1+min(f, 9)])
			for range 9 - min(f, 9) {
				frac *= 10
			}
			s.Nanos += frac
			s.Resolution = clock.Resolution(f)
		}
		return s
	case n == 13:
		return record.Stamp{Kind: record.ClockUTC, Nanos: v * 1e6, Resolution: 1e6}
	case n == 16:
		return record.Stamp{Kind: record.ClockUTC, Nanos: v * 1e3, Resolution: 1e3}
	case n == 19:
		return record.Stamp{Kind: record.ClockUTC, Nanos: v*10 + int64(b[18]-'0'), Resolution: 1}
	}
	return record.Stamp{}
}
