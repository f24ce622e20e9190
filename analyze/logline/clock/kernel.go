package clock

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// Boot reads the kernel's "[    9.424670] ", seconds since boot. n is 0
// when b starts otherwise.
func Boot(b []byte) (s record.Stamp, n int) {
	i := 1 + lex.SpaceRun(b[1:])
	d := lex.DigitRun(b[i:])
	if d == 0 || d > 9 || i+d+8 > len(b) || b[i+d] != '.' || lex.DigitRun(b[i+d+1:i+d+8]) < 3 {
		return s, 0
	}
	f := lex.DigitRun(b[i+d+1:])
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
	frac := lex.Number(b[i+d+1 : i+d+1+f])
	for range 9 - f {
		frac *= 10
	}
	s = record.Stamp{Kind: record.ClockBoot, Nanos: lex.Number(b[i:i+d])*Second + frac, Resolution: Resolution(f)}
	return s, min(len(b), end+1+lex.SpaceRun(b[end+1:min(len(b), end+2)]))
}

// Dmesg reads the bracket that dmesg -T writes, in the language of the host, and
// that Apache's error log begins with:
//
//	[Thu Oct  2 06:40:11 2025] NVRM: Xid …
//	[Thu Oct 02 06:40:11.752198 2025] [core:error] …
//	[二 9月  3 04:19:57 2024] Memory cgroup out of memory: …
func Dmesg(b []byte) (s record.Stamp, n int) {
	end := bytes.IndexByte(b[:min(len(b), 64)], ']')
	if end < 18 {
		return s, 0
	}
	in := b[1:end]
	year := len(in) - len("2025")
	at := bytes.LastIndexByte(in[:year-1], ' ') + 1
	c, ok := At(in[at:])
	if !ok || c.Len < 8 || at < 5 || at+c.Len != year-1 || in[year-1] != ' ' || lex.DigitRun(in[year:]) != 4 {
		return s, 0
	}
	words := bytes.TrimRight(in[:at], " ")
	dayAt := bytes.LastIndexByte(words, ' ') + 1
	d := words[dayAt:]
	if lex.DigitRun(d) != len(d) || len(d) == 0 || len(d) > 2 {
		return s, 0
	}
	words = bytes.TrimRight(words[:dayAt], " ")
	mon := Month(words[bytes.LastIndexByte(words, ' ')+1:])
	if mon > 0 {
		days := dayNumber(lex.Number(in[year:]), mon, lex.Number(d))
		s = record.Stamp{Kind: record.ClockLocal, Nanos: days*86400*Second + c.Nanos, Resolution: c.Resolution()}
	}
	return s, min(len(b), end+1+lex.SpaceRun(b[end+1:min(len(b), end+2)]))
}
