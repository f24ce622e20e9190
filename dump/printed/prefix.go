package printed

import (
	"regexp"
	"strings"
	"sync"
)

// What collectors and people put before a line:
//
//	wolf-1  | #0 …                                      docker compose logs
//	2025-09-30T12:40:36.123456789Z …                    docker logs -t
//	[  123.456789] …                                    kernel, Xorg
//	Sep 30 12:40:36 box systemd-coredump[4711]: Process …   journalctl -o short
//	2025-09-30T12:40:36.123456+0000 box sway[99]: …         journalctl -o short-iso, rsyslog
var syslog = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)) [\w.-]+ ([\w./@()-]+?)(?:\[(\d+)\])?: ?`)
})

// maySyslog reports whether a line can begin as syslog's do: with a month and a day,
// or with a date and a time.
func maySyslog(line string) bool {
	return len(line) > 16 && (line[3] == ' ' && line[6] == ' ' || line[4] == '-' && line[10] == 'T')
}

// dockerStamp is how long the time of `docker logs -t` before a line is; 0: there is none.
func dockerStamp(line string) int {
	const seconds = "dddd-dd-ddTdd:dd:dd."
	if len(line) < len(seconds) {
		return 0
	}
	for i := range len(seconds) {
		if c := seconds[i]; c == 'd' && !digit(line[i]) || c != 'd' && c != line[i] {
			return 0
		}
	}
	n := digits(line[len(seconds):])
	if rest := line[len(seconds)+n:]; n < 3 || n > 9 || !strings.HasPrefix(rest, "Z ") {
		return 0
	}
	return len(seconds) + n + len("Z ")
}

// uptime is how long an uptime before a line is; 0: there is none.
func uptime(line string) int {
	rest, ok := strings.CutPrefix(line, "[")
	rest = strings.TrimLeft(rest, " ")
	n := digits(rest)
	if !ok || n == 0 || !strings.HasPrefix(rest[n:], ".") {
		return 0
	}
	rest = rest[n+1:]
	n = digits(rest)
	if n < 3 || n > 6 || !strings.HasPrefix(rest[n:], "]") {
		return 0
	}
	return len(line) - len(strings.TrimPrefix(rest[n+1:], " "))
}

// compose cuts the service off that `docker compose logs` puts before a line.
func compose(line string) (service, rest string, ok bool) {
	n := 0
	for n < len(line) && (letter(line[n]) || digit(line[n]) || n > 0 && (line[n] == '_' || line[n] == '.' || line[n] == '-')) {
		n++
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(line[n:], " \t\n\f\r"), "|")
	return line[:n], strings.TrimPrefix(rest, " "), ok && n > 0
}

func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}

func digit(b byte) bool  { return b >= '0' && b <= '9' }
func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// prefix is what was taken off a line.
type prefix struct {
	service string // compose service
	program string // syslog identifier
}

// ownProgram returns the program that printed the line itself; "" where it is one
// that passes on what others print.
func (p prefix) ownProgram() string {
	switch {
	case strings.HasPrefix(p.program, "systemd"), strings.HasPrefix(p.program, "("), p.program == "kernel", p.program == "docker", p.program == "dockerd":
		return ""
	}
	return p.program
}

// withoutPrefix takes collectors' prefixes, quotation marks of mails and Markdown
// off a line, innermost last. Indentation that belongs to the trace is kept.
func withoutPrefix(line string) (string, prefix) {
	var p prefix
	for range 4 {
		switch {
		case strings.HasPrefix(line, "> "):
			line = line[2:]
			continue
		case line == "" || line[0] == ' ' || line[0] == '#' || line[0] == '\t':
			return line, p
		case digit(line[0]):
			if n := dockerStamp(line); n > 0 {
				line = line[n:]
				continue
			}
		case line[0] == '[':
			if n := uptime(line); n > 0 {
				line = line[n:]
				continue
			}
		}
		if maySyslog(line) {
			if m := syslog().FindStringSubmatch(line); m != nil {
				p.program = m[1]
				line = line[len(m[0]):]
				continue
			}
		}
		if service, rest, ok := compose(line); ok {
			p.service, line = service, rest
			continue
		}
		return line, p
	}
	return line, p
}
