package format

import (
	"bytes"

	"wolfdiag/analyze/logline/record"
)

// levelWord reads a level's name in any of the usual spellings and cases,
// LevelNone when b is none: a whole word, not a prefix.
func levelWord(b []byte) record.Level {
	if len(b) < 3 || len(b) > 9 {
		return record.LevelNone
	}
	var low [9]byte
	for i, c := range b {
		low[i] = c | 0x20
	}
	switch string(low[:len(b)]) {
	case "trace", "trac", "trc", "verbose", "log", "memdump", "blat", "silly", "finest", "finer":
		return record.LevelTrace
	case "debug", "dbg", "debg", "fine":
		return record.LevelDebug
	case "info", "inf", "notice", "message", "fixme", "config":
		return record.LevelInfo
	case "warn", "warning", "wrn":
		return record.LevelWarning
	case "error", "err", "erro", "eror", "severe", "critical", "crit", "crt", "failure":
		return record.LevelError
	case "fatal", "ftl", "panic", "dpanic", "emerg", "emergency", "alert", "pnc":
		return record.LevelFatal
	}
	return record.LevelNone
}

// tagLevel reads the level that a tag in brackets names: [error], [E], and
// behind the name of a thread or a module, as in [Server thread/ERROR] and
// [core:error].
func tagLevel(b []byte) record.Level {
	b = bytes.TrimSpace(b)
	if i := bytes.LastIndexAny(b, "/:"); i > 0 {
		b = b[i+1:]
	}
	if len(b) == 1 {
		return letterLevel(b[0])
	}
	return levelWord(b)
}

// letterLevel reads a level of one letter.
func letterLevel(c byte) record.Level {
	switch c {
	case 'F':
		return record.LevelFatal
	case 'E':
		return record.LevelError
	case 'W':
		return record.LevelWarning
	case 'I', 'N':
		return record.LevelInfo
	case 'D':
		return record.LevelDebug
	}
	return record.LevelNone
}

// wolfLevel reads Wolf's five-column level at the start of b, which has at
// least five bytes.
func wolfLevel(b []byte) record.Level {
	switch string(b[:5]) {
	case "INFO ":
		return record.LevelInfo
	case "DEBUG":
		return record.LevelDebug
	case "TRACE":
		return record.LevelTrace
	case "WARN ":
		return record.LevelWarning
	case "ERROR":
		return record.LevelError
	case "FATAL":
		return record.LevelFatal
	}
	return record.LevelNone
}

func IsWolfLevel(name []byte) bool {
	switch string(name) {
	case "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL":
		return true
	}
	return false
}

// tracingLevel reads tracing's level, right-aligned to five columns.
func tracingLevel(b []byte) record.Level {
	switch string(b[:5]) {
	case " INFO":
		return record.LevelInfo
	case "DEBUG":
		return record.LevelDebug
	case "TRACE":
		return record.LevelTrace
	case " WARN":
		return record.LevelWarning
	case "ERROR":
		return record.LevelError
	}
	return record.LevelNone
}

// SyslogLevel maps a syslog priority, which is also journald's.
func SyslogLevel(p int) record.Level {
	switch {
	case p < 0 || p > 7:
		return record.LevelNone
	case p <= 2:
		return record.LevelFatal
	case p == 3:
		return record.LevelError
	case p == 4:
		return record.LevelWarning
	case p <= 6:
		return record.LevelInfo
	}
	return record.LevelDebug
}

// numericLevel maps the levels that pino and bunyan write as numbers.
func numericLevel(n int64) record.Level {
	switch {
	case n < 10 || n > 100:
		return record.LevelNone
	case n < 20:
		return record.LevelTrace
	case n < 30:
		return record.LevelDebug
	case n < 40:
		return record.LevelInfo
	case n < 50:
		return record.LevelWarning
	case n < 60:
		return record.LevelError
	}
	return record.LevelFatal
}
