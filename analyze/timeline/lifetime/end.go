package lifetime

import (
	"strings"

	"wolfdiag/analyze/timeline/clock"
)

// exit takes the end of the process.
func (b *builder) exit(e *Event, m clock.Moment) {
	l := b.current()
	if l == nil {
		l = b.begin(&e.Reading, m, true)
	}
	code := exitCode(e.Code, e.Extra)
	if l.ended {
		signalled := strings.Contains(l.exitBy, "signal") && e.Pattern != l.exitBy
		if near(l.endAt, m, l.end.Line, e.Line, startWindow) || signalled && near(l.endAt, m, l.end.Line, e.Line, stopWindow) {
			// A signal asked for the end; the container's code says how it came.
			if code >= 0 && (l.code < 0 || signalled) {
				l.code, l.exitBy = code, e.Pattern
				l.kind, _ = decodeExit(code)
				l.end, l.endAt = e.Reading, m
			}
			return
		}
		l = b.begin(&e.Reading, m, true)
	}
	l.ended, l.traceOpen, l.end, l.endAt = true, false, e.Reading, m
	l.last, l.exit, l.exitBy = e.Pos, e.Pos, e.Pattern
	if l.code = code; code >= 0 {
		l.kind, _ = decodeExit(code)
	}
}
