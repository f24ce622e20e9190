package printed

import (
	"regexp"
	"strings"
	"sync"
)

// prefixRegexps match what collectors and people put before a line.
type prefixRegexps struct {
	// wolf-1  | #0 …                                      docker compose logs
	compose *regexp.Regexp
	// Sep 30 12:40:36 box systemd-coredump[4711]: Process …   journalctl -o short
	// 2025-09-30T12:40:36.123456+0000 box sway[99]: …          journalctl -o short-iso, rsyslog
	syslog *regexp.Regexp
	// 2025-09-30T12:40:36.123456789Z …                    docker logs -t
	docker *regexp.Regexp
	// [  123.456789] …                                     kernel, Xorg
	uptime *regexp.Regexp
}

var prefixRes = sync.OnceValue(func() *prefixRegexps {
	return &prefixRegexps{
		compose: regexp.MustCompile(`^([A-Za-z0-9][\w.-]*)\s*\| ?`),
		syslog:  regexp.MustCompile(`^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)) [\w.-]+ ([\w./@()-]+?)(?:\[(\d+)\])?: ?`),
		docker:  regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z `),
		uptime:  regexp.MustCompile(`^\[ *\d+\.\d{3,6}\] ?`),
	}
})

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
	re := prefixRes()
	for range 4 {
		switch {
		case strings.HasPrefix(line, "> "):
			line = line[2:]
			continue
		case line == "" || line[0] == ' ' || line[0] == '#' || line[0] == '\t':
			return line, p
		case line[0] >= '0' && line[0] <= '9':
			if m := re.docker.FindStringIndex(line); m != nil {
				line = line[m[1]:]
				continue
			}
		case line[0] == '[':
			if m := re.uptime.FindStringIndex(line); m != nil {
				line = line[m[1]:]
				continue
			}
		}
		if m := re.syslog.FindStringSubmatch(line); m != nil {
			p.program = m[1]
			line = line[len(m[0]):]
			continue
		}
		if strings.IndexByte(line, '|') > 0 {
			if m := re.compose.FindStringSubmatch(line); m != nil {
				p.service = m[1]
				line = line[len(m[0]):]
				continue
			}
		}
		return line, p
	}
	return line, p
}
