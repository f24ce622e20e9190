package transport

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// SyslogHead is what stands before the message of a syslog line.
type SyslogHead struct {
	Stamp record.Stamp
	Ident []byte
	PID   int
	Len   int // bytes up to the message

	host bool // a host name stands before it
}

// setIdent takes over who wrote the line.
func setIdent(st *State, r *record.Record, m *SyslogHead) {
	st.Wraps |= Journald
	r.Service, r.PID = m.Ident, m.PID
	st.Kernel = string(m.Ident) == "kernel"
}

// syslog takes off what journalctl and rsyslog write before a message.
func syslog(st *State, b []byte, r *record.Record) ([]byte, bool) {
	var m SyslogHead
	if !ReadSyslog(b, &m) {
		return b, false
	}
	setIdent(st, r, &m)
	setOuter(r, m.Stamp)
	return b[m.Len:], true
}

// ReadSyslog reads, with months in many languages:
//
//	Oct 02 06:40:11 rig wolf[1381]: msg           journalctl
//	Okt  6 13:52:20.000120 balrog kernel: msg     short-precise, rsyslog's padded day
//	10月 02 06:40:11 rig wolf[1381]: msg
//	Thu 2025-10-02 06:40:11 CEST rig wolf[1381]: msg     short-full
func ReadSyslog(b []byte, m *SyslogHead) bool {
	sp := bytes.IndexByte(b[:min(len(b), 25)], ' ')
	if sp < 2 || sp+10 > len(b) {
		return false
	}
	rest := b[sp+1:]
	if lex.IsDigit(b[0]) && b[sp-1] < 0x80 {
		return false
	}
	if lex.IsDigit(rest[0]) && len(rest) > 20 && rest[4] == '-' {
		return shortFull(b, sp+1, m)
	}
	pad := 0
	for pad < 2 && rest[pad] == ' ' {
		pad++
	}
	day := lex.DigitRun(rest[pad:min(len(rest), pad+3)])
	if day == 0 || day > 2 || pad+day >= len(rest) || rest[pad+day] != ' ' {
		return false
	}
	t := rest[pad+day+1:]
	c, ok := clock.At(t)
	if !ok || c.HourWidth != 2 || c.Len >= len(t) || t[c.Len] != ' ' {
		return false
	}
	d := lex.Number(rest[pad : pad+day])
	mon := clock.Month(b[:sp])
	if mon > 0 && d >= 1 && d <= 31 {
		m.Stamp = record.Stamp{Kind: record.ClockLocalNoYear, Nanos: clock.Yearless(mon, d) + c.Nanos, Resolution: c.Resolution()}
	}
	if !hostIdent(t[c.Len+1:], m) {
		return false
	}
	m.Len += len(b) - len(t) + c.Len + 1
	return true
}

func shortFull(b []byte, at int, m *SyslogHead) bool {
	d, ok := clock.DatedAt(b[at:])
	if !ok || d.Sep != ' ' {
		return false
	}
	rest := b[at+d.Len:]
	if len(rest) < 6 || rest[0] != ' ' {
		return false
	}
	zone := bytes.IndexByte(rest[1:], ' ')
	if zone < 1 || zone > 6 || !hostIdent(rest[zone+2:], m) {
		return false
	}
	m.Stamp = d.Stamp
	if z := string(rest[1 : zone+1]); (z == "UTC" || z == "GMT") && m.Stamp.Kind == record.ClockLocal {
		m.Stamp.Kind = record.ClockUTC
	}
	m.Len += at + d.Len + zone + 2
	return true
}

// hostIdent reads "rig wolf[1381]: ", also without the host (--no-hostname).
func hostIdent(b []byte, m *SyslogHead) bool {
	sp := bytes.IndexByte(b[:min(len(b), 256)], ' ')
	start := 0
	switch {
	case sp < 0 && len(b) > 1 && b[len(b)-1] == ':': // an empty message, its space trimmed
		sp = len(b)
	case sp <= 0:
		return false
	}
	if b[sp-1] != ':' {
		start = sp + 1
		if start >= len(b) || lex.NameRun(b) != sp {
			return false
		}
		sp = bytes.IndexByte(b[start:min(len(b), start+256)], ' ')
		if sp < 0 {
			if b[len(b)-1] != ':' {
				return false
			}
			sp = len(b)
		} else {
			sp += start
		}
		if sp-start < 2 || b[sp-1] != ':' {
			return false
		}
	}
	ident := b[start : sp-1]
	if len(ident) == 0 || ident[0] == '[' || ident[0] == '<' || ident[0] == '"' || bytes.Contains(ident, []byte("::")) {
		return false // a tag, an element, a tracing target
	}
	if n := len(ident); n > 2 && ident[n-1] == ']' {
		open := bytes.LastIndexByte(ident, '[')
		if open > 0 && lex.DigitRun(ident[open+1:n-1]) == n-2-open {
			m.PID = int(min(lex.Number(ident[open+1:n-1]), 1<<31-1))
			ident = ident[:open]
		}
	}
	m.Ident, m.host = ident, start > 0
	m.Len = min(sp+1, len(b))
	return true
}

// priority reads the <3> of dmesg -r and of syslog.
func priority(st *State, b []byte, _ *record.Record) ([]byte, bool) {
	n := lex.DigitRun(b[1:])
	if n == 0 || n > 3 || len(b) < n+3 || b[n+1] != '>' {
		return b, false
	}
	st.Claim = format.SyslogLevel(int(lex.Number(b[1:1+n])) & 7)
	st.Wraps |= Syslog
	return b[n+2:], true
}
