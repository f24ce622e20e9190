package transport

import (
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// compose takes a compose prefix off (compose:cmd/formatter/logs.go:setPrefix):
//
//	wolf-1  | 11:51:41.536639098 WARN  | Received …
//	gamesonwhales-wolf  | …
//	wolf_1  |ESC[0m 11:51:41…
func compose(st *State, b []byte, r *record.Record) ([]byte, bool) {
	name, inner, n := composePrefix(b)
	if n == 0 {
		return b, false
	}
	st.Wraps |= Compose
	r.Service = name
	return inner, true
}

// composePrefix returns the name, what follows, and how long the prefix is, 0
// when it is none. Wolf's own "INFO  | " is none.
func composePrefix(b []byte) (name, inner []byte, n int) {
	run := lex.NameRun(b[:min(len(b), 160)])
	if run == 0 || run+2 > len(b) {
		return nil, nil, 0
	}
	if c := b[run]; c != ' ' && c != escape.ESC {
		return nil, nil, 0
	}
	name = b[:run]
	rest := b[run:]
	spaces := 0
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == escape.ESC) {
		if rest[0] == escape.ESC {
			rest = rest[escape.Len(rest):]
			continue
		}
		spaces++
		rest = rest[1:]
	}
	if spaces == 0 || len(rest) == 0 || rest[0] != '|' {
		return nil, nil, 0
	}
	rest = escape.Skip(rest[1:])
	if len(rest) > 0 {
		if rest[0] != ' ' {
			return nil, nil, 0
		}
		rest = rest[1:]
	}
	if format.IsWolfLevel(name) || lex.DigitRun(name) == run && run < 12 {
		return nil, nil, 0
	}
	if spaces == 1 && !numbered(name) && !format.Starts(escape.Skip(rest)) {
		return nil, nil, 0 // "cat | grep" of a shell script, more likely
	}
	return name, rest, len(b) - len(rest)
}

// numbered reports whether a name ends like wolf-1 or wolf_1.
func numbered(name []byte) bool {
	i := len(name)
	for i > 0 && lex.IsDigit(name[i-1]) {
		i--
	}
	return i < len(name) && i > 1 && (name[i-1] == '-' || name[i-1] == '_')
}
