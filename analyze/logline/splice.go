package logline

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/format"
)

// splice looks for a second record inside the line: the time and level of a
// tracing event, which is written without regard to what stands on the line.
//
//	…hb5d3b27aa9f6dcda2024-09-15T17:11:59.231787Z ERROR waylanddisplaycore: Compositor thread panic'ed!
func splice(r *Record) {
	const width = len("2024-09-15T17:11:59.231787Z")
	text := r.Text
	if len(text) < width+8 {
		return
	}
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("Z "))
		if i < 0 {
			return
		}
		i += from
		from = i + 2
		start := i + 1 - width
		if start <= 0 || len(text) < i+8 || text[start+4] != '-' || text[start+10] != 'T' || text[i-7] != '.' {
			continue
		}
		d, ok := clock.DatedAt(text[start:])
		if !ok || d.Len != width || !format.TracingHead(text[i+1:], d) {
			continue
		}
		if c := text[start-1]; c == '"' || c == '=' || c == '\'' || c == '(' {
			continue // quoted by the message itself
		}
		r.Splice, r.Text = text[start:], text[:start]
		return
	}
}

// SpliceMarks returns the strings one of which occurs in every line whose
// middle starts a tracing event of warning level or above, for a scanner that
// looks at lines QuickLevel would pass over. The slice is new on every call.
func SpliceMarks() []string { return []string{"Z ERROR ", "Z  WARN "} }
