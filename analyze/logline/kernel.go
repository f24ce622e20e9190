package logline

import "bytes"

// bootClock reads the kernel's "[    9.424670] ", seconds since boot. n is 0
// when b starts otherwise.
func bootClock(b []byte) (s Stamp, n int) {
	i := 1 + spaceRun(b[1:])
	d := digitRun(b[i:])
	if d == 0 || d > 9 || i+d+8 > len(b) || b[i+d] != '.' || digitRun(b[i+d+1:i+d+8]) < 3 {
		return s, 0
	}
	f := digitRun(b[i+d+1:])
	end := i + d + 1 + f
	if f > 6 || end >= len(b) {
		return s, 0
	}
	if b[end] == '@' || bytes.HasPrefix(b[end:], []byte(" T")) { // caller id: [ 9.424670][ T12]
		if e := bytes.IndexByte(b[end:], ']'); e > 0 && e < 12 {
			end += e
		}
	}
	if b[end] != ']' {
		return s, 0
	}
	frac := number(b[i+d+1 : i+d+1+f])
	for range 9 - f {
		frac *= 10
	}
	s = Stamp{Kind: ClockBoot, Nanos: number(b[i:i+d])*second + frac, Resolution: resolutionOf(f)}
	return s, min(len(b), end+1+spaceRun(b[end+1:min(len(b), end+2)]))
}

// dmesgDate reads the bracket that dmesg -T writes, in the language of the host:
//
//	[Thu Oct  2 06:40:11 2025] NVRM: Xid …
//	[二 9月  3 04:19:57 2024] Memory cgroup out of memory: …
func dmesgDate(b []byte) (s Stamp, n int) {
	end := bytes.IndexByte(b[:min(len(b), 64)], ']')
	if end < 18 {
		return s, 0
	}
	in := b[1:end]
	at := len(in) - len("06:40:11 2025")
	c, ok := clockAt(in[at:])
	if !ok || c.n != 8 || at < 5 || in[at-1] != ' ' || in[at+8] != ' ' || digitRun(in[at+9:]) != 4 {
		return s, 0
	}
	words := bytes.TrimRight(in[:at], " ")
	dayAt := bytes.LastIndexByte(words, ' ') + 1
	d := words[dayAt:]
	if digitRun(d) != len(d) || len(d) == 0 || len(d) > 2 {
		return s, 0
	}
	words = bytes.TrimRight(words[:dayAt], " ")
	mon := monthNumber(words[bytes.LastIndexByte(words, ' ')+1:])
	if mon > 0 {
		days := dayNumber(number(in[at+9:]), mon, number(d))
		s = Stamp{Kind: ClockLocal, Nanos: days*86400*second + c.nanos, Resolution: second}
	}
	return s, min(len(b), end+1+spaceRun(b[end+1:min(len(b), end+2)]))
}

// kernelText reads a kernel message whose clock, if any, is taken off.
func kernelText(t []byte, r *Record) {
	if len(t) > 0 && t[0] == '[' && r.Inner.Kind == ClockNone {
		if s, n := bootClock(t); n > 0 { // journald shows it when the ring buffer was replayed
			r.Inner, t = s, t[n:]
		}
	}
	r.Format, r.Text = FormatKernel, t
	switch {
	case bytes.Contains(t, []byte("*ERROR*")):
		r.Level = LevelError
	case bytes.HasPrefix(t, []byte("WARNING: ")):
		r.Level = LevelWarning
	case bytes.HasPrefix(t, []byte("BUG: ")) || bytes.HasPrefix(t, []byte("Oops: ")):
		r.Level = LevelError
	case bytes.HasPrefix(t, []byte("Kernel panic")):
		r.Level = LevelFatal
	}
	if bytes.HasPrefix(t, []byte("NVRM: API mismatch")) {
		r.Continues = ContinuesText
	}
}

// pciDriver reports whether a line starts with a driver and the PCI address of
// its device: "amdgpu 0000:03:00.0: [drm] *ERROR* …".
func pciDriver(t []byte) bool {
	n := nameRun(t[:min(len(t), 24)])
	if n == 0 || len(t) < n+15 || t[n] != ' ' || t[n+5] != ':' || t[n+8] != ':' || t[n+11] != '.' || t[n+13] != ':' || t[n+14] != ' ' {
		return false
	}
	for _, c := range t[n+1 : n+13] {
		if !isDigit(c) && (c < 'a' || c > 'f') && c != ':' && c != '.' {
			return false
		}
	}
	return true
}

// kernelBare reads kernel lines without a clock: of drivers, which name
// themselves, and of dmesg -x:
//
//	kern  :err   : [    9.424670] NVRM: Xid (PCI:0000:01:00): 79, …
func kernelBare(t []byte, r *Record) bool {
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
	w := wordRun(rest)
	level := levelWord(rest[:w])
	colon := w + spaceRun(rest[w:])
	if level == LevelNone || colon >= len(rest) || rest[colon] != ':' {
		return false
	}
	text := bytes.TrimPrefix(t[len(facility)+1+colon+1:], []byte(" "))
	if len(text) > 1 && text[0] == '[' {
		if s, n := bootClock(text); n > 0 {
			r.Inner, text = s, text[n:]
		}
	}
	kernelText(text, r)
	r.Level = max(r.Level, level)
	return true
}
