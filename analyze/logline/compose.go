package logline

import "bytes"

// nameRun returns how much of b is made of the characters of a container name.
func nameRun(b []byte) int {
	n := 0
	for n < len(b) {
		c := b[n]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) || c == '_' || n > 0 && (c == '-' || c == '.' || c == '@' || c == '/') {
			n++
			continue
		}
		break
	}
	return n
}

// compose takes a compose prefix off (compose:cmd/formatter/logs.go:setPrefix):
//
//	wolf-1  | 11:51:41.536639098 WARN  | Received …
//	gamesonwhales-wolf  | …
//	wolf_1  |ESC[0m 11:51:41…
func (p *Parser) compose(b []byte, r *Record) ([]byte, bool) {
	name, inner, n := composePrefix(b)
	if n == 0 {
		return b, false
	}
	p.wraps |= wrapCompose
	r.Service = name
	return inner, true
}

// composePrefix returns the name, what follows, and how long the prefix is, 0
// when it is none. Wolf's own "INFO  | " is none.
func composePrefix(b []byte) (name, inner []byte, n int) {
	run := nameRun(b[:min(len(b), 160)])
	if run == 0 || run+2 > len(b) {
		return nil, nil, 0
	}
	if c := b[run]; c != ' ' && c != esc {
		return nil, nil, 0
	}
	name = b[:run]
	rest := b[run:]
	spaces := 0
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == esc) {
		if rest[0] == esc {
			rest = rest[sequence(rest):]
			continue
		}
		spaces++
		rest = rest[1:]
	}
	if spaces == 0 || len(rest) == 0 || rest[0] != '|' {
		return nil, nil, 0
	}
	rest = skipColours(rest[1:])
	if len(rest) > 0 {
		if rest[0] != ' ' {
			return nil, nil, 0
		}
		rest = rest[1:]
	}
	if isWolfLevel(name) || digitRun(name) == run && run < 12 {
		return nil, nil, 0
	}
	if spaces == 1 && !numbered(name) && !startsMessage(skipColours(rest)) {
		return nil, nil, 0 // "cat | grep" of a shell script, more likely
	}
	return name, rest, len(b) - len(rest)
}

func skipColours(b []byte) []byte {
	for len(b) > 0 {
		n := 0
		if b[0] == esc {
			n = sequence(b)
		} else if b[0] == '[' || b[0] == '^' {
			n = lostSGR(b)
		}
		if n == 0 {
			break
		}
		b = b[n:]
	}
	return b
}

func isWolfLevel(name []byte) bool {
	switch string(name) {
	case "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL":
		return true
	}
	return false
}

// numbered reports whether a name ends like wolf-1 or wolf_1.
func numbered(name []byte) bool {
	i := len(name)
	for i > 0 && isDigit(name[i-1]) {
		i--
	}
	return i < len(name) && i > 1 && (name[i-1] == '-' || name[i-1] == '_')
}

// startsMessage reports whether b starts with a header that settles a doubt
// about what stands before it.
func startsMessage(b []byte) bool {
	if len(b) < 9 {
		return false
	}
	if isDigit(b[0]) {
		if _, ok := clockAt(b); ok {
			return true
		}
		_, ok := datedAt(b)
		return ok
	}
	return wolfLevel(b) != LevelNone && string(b[5:8]) == " | " || bytes.HasPrefix(b, []byte("thread '"))
}

// composeStatus reads compose's own lines (compose:pkg/compose/printer.go):
//
//	wolf-1 exited with code 11      wolf-1 exited with code 11 (restarting)
//	Attaching to wolf-1             Container wolf-1  Started
func composeStatus(t []byte, r *Record) bool {
	var name []byte
	switch {
	case bytes.HasPrefix(t, []byte("Attaching to ")), bytes.HasPrefix(t, []byte("Gracefully stopping...")),
		bytes.HasPrefix(t, []byte("Gracefully Stopping...")), bytes.HasPrefix(t, []byte("Aborting on container exit...")):
	case bytes.HasPrefix(bytes.TrimPrefix(t, []byte("✔ ")), []byte("Container ")):
		rest := bytes.TrimPrefix(t, []byte("✔ "))[len("Container "):]
		name = rest[:nameRun(rest)]
		state := bytes.TrimLeft(rest[len(name):], " ")
		if w := state[:wordRun(state)]; len(name) == 0 || !containerState(w) {
			return false
		}
	case bytes.HasPrefix(t, []byte("container ")): // container wolf-1 exited (11)
		rest := t[len("container "):]
		name = rest[:nameRun(rest)]
		if len(name) == 0 || !bytes.HasPrefix(rest[len(name):], []byte(" exited (")) {
			return false
		}
	default:
		n := nameRun(t)
		if n == 0 || n == len(t) || t[n] != ' ' {
			return false
		}
		rest := bytes.TrimLeft(t[n:], " ")
		if !bytes.HasPrefix(rest, []byte("exited with code ")) || len(rest) < 18 || !isDigit(rest[17]) {
			return false
		}
		name = t[:n]
	}
	r.Format, r.Text = FormatCompose, t
	if len(name) > 0 {
		r.Service = name
	}
	return true
}

func wordRun(b []byte) int {
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z') {
		n++
	}
	return n
}

func containerState(w []byte) bool {
	switch string(w) {
	case "Starting", "Started", "Stopping", "Stopped", "Creating", "Created", "Recreate", "Recreated",
		"Removing", "Removed", "Running", "Waiting", "Healthy", "Unhealthy", "Restarting", "Killed", "Killing", "Error", "Exited":
		return true
	}
	return false
}
