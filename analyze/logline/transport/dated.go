package transport

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/record"
)

// dated reads what starts with an RFC 3339 time and is not a tracing event:
//
//	2025-10-02T06:40:11.752176123Z 06:40:11…                docker logs -t, compose --timestamps, kubectl --timestamps
//	2025-10-02T06:40:11.752176123Z stderr F 06:40:11…       CRI
//	2025-10-02T06:40:11+0200 host wolf[1381]: 06:40:11…     journalctl -o short-iso, rsyslog
func dated(st *State, b []byte, r *record.Record) ([]byte, bool) {
	if len(b) < 19 || b[10] != 'T' { // the many times of day
		return b, false
	}
	d, ok := clock.DatedAt(b)
	if !ok || !d.Zoned {
		return b, false
	}
	rest := b[d.Len:]
	if len(rest) == 0 {
		st.Wraps |= Timestamps
		setOuter(r, d.Stamp)
		return rest, true
	}
	if rest[0] != ' ' {
		return b, false
	}
	if line, partial, stream, ok := criTag(rest[1:]); ok {
		st.Wraps |= CRI
		setOuter(r, d.Stamp)
		r.Partial, r.Stream = partial, stream
		st.Cut, st.CutTag = line, rest[8:9]
		return line, true
	}
	if format.TracingHead(rest, d) {
		return b, false
	}
	var m SyslogHead
	if (!d.UTC || bytes.IndexByte(rest[:min(len(rest), 80)], '[') > 0) && hostIdent(rest[1:], &m) && m.host && (!d.UTC || m.PID > 0) {
		setIdent(st, r, &m)
		setOuter(r, d.Stamp)
		return rest[1+m.Len:], true
	}
	st.Wraps |= Timestamps
	setOuter(r, d.Stamp)
	return rest[1:], true
}
