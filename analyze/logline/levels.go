package logline

import "bytes"

// levelWord reads a level's name in any of the usual spellings and cases,
// LevelNone when b is none: a whole word, not a prefix.
func levelWord(b []byte) Level {
	if len(b) < 3 || len(b) > 9 {
		return LevelNone
	}
	var low [9]byte
	for i, c := range b {
		low[i] = c | 0x20
	}
	switch string(low[:len(b)]) {
	case "trace", "trac", "trc", "verbose", "log", "memdump", "blat", "silly", "finest", "finer":
		return LevelTrace
	case "debug", "dbg", "debg", "fine":
		return LevelDebug
	case "info", "inf", "notice", "message", "fixme", "config":
		return LevelInfo
	case "warn", "warning", "wrn":
		return LevelWarning
	case "error", "err", "erro", "eror", "severe", "critical", "crit", "crt", "failure":
		return LevelError
	case "fatal", "ftl", "panic", "dpanic", "emerg", "emergency", "alert", "pnc":
		return LevelFatal
	}
	return LevelNone
}

// tagLevel reads the level that a tag in brackets names: [error], [E], and
// behind the name of a thread or a module, as in [Server thread/ERROR] and
// [core:error].
func tagLevel(b []byte) Level {
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
func letterLevel(c byte) Level {
	switch c {
	case 'F':
		return LevelFatal
	case 'E':
		return LevelError
	case 'W':
		return LevelWarning
	case 'I', 'N':
		return LevelInfo
	case 'D':
		return LevelDebug
	}
	return LevelNone
}

// wolfLevel reads Wolf's five-column level at the start of b, which has at
// least five bytes.
func wolfLevel(b []byte) Level {
	switch string(b[:5]) {
	case "INFO ":
		return LevelInfo
	case "DEBUG":
		return LevelDebug
	case "TRACE":
		return LevelTrace
	case "WARN ":
		return LevelWarning
	case "ERROR":
		return LevelError
	case "FATAL":
		return LevelFatal
	}
	return LevelNone
}

// tracingLevel reads tracing's level, right-aligned to five columns.
func tracingLevel(b []byte) Level {
	switch string(b[:5]) {
	case " INFO":
		return LevelInfo
	case "DEBUG":
		return LevelDebug
	case "TRACE":
		return LevelTrace
	case " WARN":
		return LevelWarning
	case "ERROR":
		return LevelError
	}
	return LevelNone
}

// syslogLevel maps a syslog priority, which is also journald's.
func syslogLevel(p int) Level {
	switch {
	case p < 0 || p > 7:
		return LevelNone
	case p <= 2:
		return LevelFatal
	case p == 3:
		return LevelError
	case p == 4:
		return LevelWarning
	case p <= 6:
		return LevelInfo
	}
	return LevelDebug
}

// numericLevel maps the levels that pino and bunyan write as numbers.
func numericLevel(n int64) Level {
	switch {
	case n < 10 || n > 100:
		return LevelNone
	case n < 20:
		return LevelTrace
	case n < 30:
		return LevelDebug
	case n < 40:
		return LevelInfo
	case n < 50:
		return LevelWarning
	case n < 60:
		return LevelError
	}
	return LevelFatal
}
