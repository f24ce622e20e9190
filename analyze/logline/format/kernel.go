package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// kernelText reads a kernel message whose clock, if any, is taken off.
func kernelText(t []byte, r *record.Record) {
	if len(t) > 0 && t[0] == '[' && r.Inner.Kind == record.ClockNone {
		if s, n := clock.Boot(t); n > 0 { // journald shows it when the ring buffer was replayed
			r.Inner, t = s, t[n:]
		}
	}
	r.Format, r.Text = lineformat.Kernel, t
	switch {
	case bytes.Contains(t, []byte("*ERROR*")):
		r.Level = record.LevelError
	case bytes.HasPrefix(t, []byte("WARNING: ")):
		r.Level = record.LevelWarning
	case bytes.HasPrefix(t, []byte("BUG: ")) || bytes.HasPrefix(t, []byte("Oops: ")):
		r.Level = record.LevelError
	case bytes.HasPrefix(t, []byte("Kernel panic")):
		r.Level = record.LevelFatal
	}
	if bytes.HasPrefix(t, []byte("NVRM: API mismatch")) {
		r.Continues = record.ContinuesText
	}
}

// pciDriver reports whether a line starts with a driver and the PCI address of
// its device: "amdgpu 0000:03:00.0: [drm] *ERROR* …".
func pciDriver(t []byte) bool {
	n := lex.NameRun(t[:min(len(t), 24)])
	if n == 0 || len(t) < n+15 || t[n] != ' ' || t[n+5] != ':' || t[n+8] != ':' || t[n+11] != '.' || t[n+13] != ':' || t[n+14] != ' ' {
		return false
	}
	for _, c := range t[n+1 : n+13] {
		if !lex.IsDigit(c) && (c < 'a' || c > 'f') && c != ':' && c != '.' {
			return false
		}
	}
	return true
}

// kernelBare reads kernel lines without a clock: of drivers, which name
// themselves, and of dmesg -x:
//
//	kern  :err   : [    9.424670] NVRM: Xid (PCI:0000:01:00): 79, …
func kernelBare(_ *Context, t []byte, r *record.Record) bool {
	if bytes.HasPrefix(t, []byte("NVRM: ")) || pciDriver(t) {
		kernelText(t, r)
		return true
	}
	facility, rest, ok := bytes.Cut(t[:min(len(t), 24)], []byte(":"))
	if !ok {
		return false
	}
	switch string(bytes.TrimRight(facility, " ")) {
	case "kern", "user", "daemon", "syslog":
	default:
		return false
	}
	w := lex.WordRun(rest)
	level := levelWord(rest[:w])
	colon := w + lex.SpaceRun(rest[w:])
	if level == record.LevelNone || colon >= len(rest) || rest[colon] != ':' {
		return false
	}
	text := bytes.TrimPrefix(t[len(facility)+1+colon+1:], []byte(" "))
	if len(text) > 1 && text[0] == '[' {
		if s, n := clock.Boot(text); n > 0 {
			r.Inner, text = s, text[n:]
		}
	}
	kernelText(text, r)
	r.Level = max(r.Level, level)
	return true
}
