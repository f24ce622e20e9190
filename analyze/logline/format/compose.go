package format

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// composeStatus reads compose's own lines (compose:pkg/compose/printer.go):
//
//	wolf-1 exited with code 11      wolf-1 exited with code 11 (restarting)
//	Attaching to wolf-1             Container wolf-1  Started
func composeStatus(_ *Context, t []byte, r *record.Record) bool {
	var name []byte
	switch {
	case bytes.HasPrefix(t, []byte("Attaching to ")), bytes.HasPrefix(t, []byte("Gracefully stopping...")),
		bytes.HasPrefix(t, []byte("Gracefully Stopping...")), bytes.HasPrefix(t, []byte("Aborting on container exit...")):
	case bytes.HasPrefix(bytes.TrimPrefix(t, []byte("✔ ")), []byte("Container ")):
		rest := bytes.TrimPrefix(t, []byte("✔ "))[len("Container "):]
		name = rest[:lex.NameRun(rest)]
		state := bytes.TrimLeft(rest[len(name):], " ")
		if w := state[:lex.WordRun(state)]; len(name) == 0 || !containerState(w) {
			return false
		}
	case bytes.HasPrefix(t, []byte("container ")): // container wolf-1 exited (11)
		rest := t[len("container "):]
		name = rest[:lex.NameRun(rest)]
		if len(name) == 0 || !bytes.HasPrefix(rest[len(name):], []byte(" exited (")) {
			return false
		}
	default:
		n := lex.NameRun(t)
		if n == 0 || n == len(t) || t[n] != ' ' {
			return false
		}
		rest := bytes.TrimLeft(t[n:], " ")
		if !bytes.HasPrefix(rest, []byte("exited with code ")) || len(rest) < 18 || !lex.IsDigit(rest[17]) {
			return false
		}
		name = t[:n]
	}
	r.Format, r.Text = lineformat.Compose, t
	if len(name) > 0 {
		r.Service = name
	}
	return true
}

func containerState(w []byte) bool {
	switch string(w) {
	case "Starting", "Started", "Stopping", "Stopped", "Creating", "Created", "Recreate", "Recreated",
		"Removing", "Removed", "Running", "Waiting", "Healthy", "Unhealthy", "Restarting", "Killed", "Killing", "Error", "Exited":
		return true
	}
	return false
}
