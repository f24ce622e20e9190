package transport

import (
	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/record"
)

// dockerKey: docker writes log first; other daemons and options sort the keys.
func dockerKey(key []byte) bool {
	switch string(key) {
	case "log", "stream", "time", "attrs", "tag", "partial_message":
		return true
	}
	return false
}

// dockerJSON reads a line of docker's json-file driver:
//
//	{"log":"06:40:11.752176123 WARN  | …\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}
func dockerJSON(st *State, b []byte, o jsonscan.Object, f jsonscan.Field, r *record.Record) ([]byte, bool) {
	var log []byte
	var stamp record.Stamp
	var stream uint8
	first, found, open, docker := string(f.Key) == "log", false, false, false
	for ok := true; ok; f, ok = o.Next() {
		switch string(f.Key) {
		case "log":
			if !f.Str || found {
				continue
			}
			if !first && !docker {
				return b, false
			}
			log, found, open = f.Value, true, f.Open
		case "stream":
			docker = true
			switch string(f.Value) {
			case "stdout":
				stream = 1
			case "stderr":
				stream = 2
			}
		case "time":
			if d, ok := clock.DatedAt(f.Value); ok && d.Len == len(f.Value) && d.Sep == 'T' {
				stamp, docker = d.Stamp, true
			}
		}
	}
	if !found {
		return b, false
	}
	st.Wraps |= DockerJSON
	setOuter(r, stamp)
	r.Stream = stream
	st.Cut = log
	text := jsonscan.Text(st.Arena, log)
	// The newline is part of the message; a part of a long line has none.
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	} else if !open && docker && n > 0 {
		r.Partial = true
	}
	return text, true
}
