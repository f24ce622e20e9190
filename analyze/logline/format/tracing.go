package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// TracingHead reports whether what follows a dated time is a tracing level in
// its five columns and not a message behind docker's time (nine digits).
func TracingHead(rest []byte, d clock.Dated) bool {
	return len(rest) > 7 && d.Fraction != 9 && rest[0] == ' ' && rest[6] == ' ' && tracingLevel(rest[1:]) != record.LevelNone &&
		rest[7] != '|' && rest[7] != ' '
}

// tracing reads the "full" format of tracing_subscriber
// (tracing:tracing-subscriber/src/fmt/format/mod.rs):
//
//	2025-10-02T06:40:11.784607Z ERROR waylanddisplaycore::comp: Rendering failed. err=MappingError
//	2025-…Z DEBUG egl{native="/dev/dri/renderD128" version=(1, 5)}:egl_context{ptr=1398}:renderer_gles2: smithay::backend: msg
//	2025-…Z  INFO main ThreadId(01) target: msg
func tracing(_ *Context, t []byte, d clock.Dated, r *record.Record) bool {
	rest := t[d.Len:]
	if d.Sep != 'T' || !d.Zoned || !TracingHead(rest, d) {
		return false
	}
	r.Format, r.Level, r.Inner = lineformat.Tracing, tracingLevel(rest[1:]), d.Stamp
	tracingBody(rest[7:], r)
	return true
}

// tracingBody splits spans, target and message.
func tracingBody(b []byte, r *record.Record) {
	r.Text = b
	head, rest, spans := tracingPath(b)
	if head == nil {
		return
	}
	if next, after, more := tracingPath(rest); next != nil && !more && bytes.Contains(next, []byte("::")) &&
		(spans || !bytes.Contains(head, []byte("::"))) {
		r.Spans, r.Component, r.Text = head, next, after
		return
	}
	if spans {
		r.Spans, r.Text = head, rest
		return
	}
	r.Component, r.Text = head, rest
}

// tracingPath reads up to the ": " that ends a target or a span list; spans
// tells that it has fields in braces.
func tracingPath(b []byte) (head, rest []byte, spans bool) {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == ':':
			if i > 0 && (i+1 == len(b) || b[i+1] == ' ') {
				return b[:i], b[min(i+2, len(b)):], spans
			}
		case c == '{':
			end := bracesEnd(b, i)
			if end < 0 || i == 0 {
				return nil, nil, false
			}
			spans = true
			i = end
		case c|0x20 >= 'a' && c|0x20 <= 'z' || lex.IsDigit(c) || c == '_' || c == '.' || c == '-':
		default:
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// bracesEnd returns the index of the brace that closes the one at i, -1 if none.
func bracesEnd(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, closed := jsonscan.StringEnd(b, i+1)
			if !closed {
				return -1
			}
			i = end
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
