package snapshot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

func isDockerStats(lines []string) bool {
	return strings.Contains(lines[0], "MEM USAGE / LIMIT") || strings.Contains(lines[0], "%") && statsMemory.MatchString(lines[0])
}

// statsMemory: helix-wolf-1   3.67%     410MiB / 503.6GiB   0.08%
var statsMemory = lazyregexp.NewIf(func(l string) bool { return strings.Contains(l, "B") && strings.Contains(l, "/") }, `(\d+(?:\.\d+)?\s*[KMGT]?i?B)\s*/\s*(\d+(?:\.\d+)?\s*[KMGT]?i?B)`)

func (s *Snapshot) dockerStats(data []byte) error {
	rows := 0
	eachLine(data, func(n int, line string) {
		m := statsMemory.FindStringSubmatch(line)
		if m == nil {
			return
		}
		used, limit := bytesOf(m[1]), bytesOf(m[2])
		name := statsName(line)
		if limit <= 0 {
			return
		}
		rows++
		s.named(name)
		s.says(n, setup.AboutContainer, "", name)
		if name == s.Wolf {
			s.RAM = append(s.RAM[:0], Memory{Used: used / mebi, Total: limit / mebi, Line: n}) // of a list that is printed over and over, the last
		}
		share := used / limit
		text := fmt.Sprintf("%s uses %s of %s RAM (%.2f %%)", name, m[1], m[2], 100*share)
		switch {
		case share >= 0.95:
			s.fact(n, "fact-container-ram-high", text, "close to its limit: supports host-oom")
		case share < 0.5:
			s.fact(n, "fact-host-ram-low-use", text, "rules host-oom out at that time; says nothing about GPU memory")
		default:
			s.fact(n, "", text, "")
		}
	})
	if rows == 0 && !headOnly(data) {
		return fmt.Errorf("expected rows such as 410MiB / 503.6GiB")
	}
	return nil
}

const mebi = 1 << 20

// headOnly: nothing but the header, as where no container runs.
func headOnly(data []byte) bool {
	lines := firstLines(data, 2)
	return len(lines) == 1 && strings.Contains(lines[0], "MEM USAGE")
}

// ownsStats: the header or a row.
func ownsStats(l string) bool {
	return strings.Contains(l, "MEM USAGE / LIMIT") || statsMemory.MatchString(l)
}

// statsName is the container's name: the first column, or the second after a
// hexadecimal id.
func statsName(line string) string {
	f := strings.Fields(line)
	if len(f) > 1 && len(f[0]) == 12 && strings.Trim(f[0], "0123456789abcdef") == "" {
		return f[1]
	}
	return f[0]
}

func bytesOf(s string) float64 {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if i <= 0 {
		return 0
	}
	v, err := strconv.ParseFloat(s[:i], 64)
	if err != nil {
		return 0
	}
	unit := strings.TrimSpace(s[i:])
	base := 1000.0
	if strings.Contains(unit, "i") {
		base = 1024
	}
	for _, c := range "KMGT" {
		v *= base
		if strings.HasPrefix(strings.ToUpper(unit), string(c)) {
			return v
		}
	}
	return bytesPlain(s[:i])
}

func bytesPlain(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}

func isDockerPs(lines []string) bool {
	return slices.ContainsFunc(lines[:min(len(lines), 3)], isPsHead)
}

func isPsHead(l string) bool {
	return strings.HasPrefix(l, "CONTAINER ID") && strings.Contains(l, "STATUS") ||
		strings.HasPrefix(l, "NAME") && strings.Contains(l, "STATUS") && strings.Contains(l, "IMAGE")
}

// psStatus: Restarting (11) 5 seconds ago · Exited (137) 2 hours ago · Up 41 hours
var psStatus = lazyregexp.New(`\b(Restarting|Exited) \((\d+)\)|\bUp (\S+ \S+|\S+)`)

func (s *Snapshot) dockerPs(data []byte) error {
	s.Exits = map[string]int{}
	header := false
	eachLine(data, func(n int, line string) {
		if !header {
			header = isPsHead(line) // podman warns of its own before it
			return
		}
		m := psStatus.FindStringSubmatch(line)
		if m == nil {
			return
		}
		f := strings.Fields(line)
		name := f[len(f)-1]
		s.named(name)
		s.says(n, setup.AboutContainer, psImage(f), name)
		if m[1] == "" {
			s.fact(n, "", fmt.Sprintf("%s is up %s", name, m[3]), "")
			return
		}
		code, _ := strconv.Atoi(m[2])
		s.Exits[name] = code
		id := exitFact(name, code)
		if m[1] == "Restarting" {
			id = "fact-restarting"
		}
		s.fact(n, id, fmt.Sprintf("%s: %s (%d)", name, strings.ToLower(m[1]), code), "")
	})
	return nil
}

// psImage is the image of a row of docker ps, the second column.
func psImage(f []string) string {
	if len(f) > 2 && len(f[0]) == 12 && strings.Trim(f[0], "0123456789abcdef") == "" {
		return f[1]
	}
	return ""
}

// exitFact is what an exit code of Wolf's own container says.
func exitFact(name string, code int) string {
	if !isWolf(name) {
		return ""
	}
	switch code {
	case 11:
		return "fact-exit-sigsegv"
	case 6:
		return "fact-exit-sigabrt"
	}
	return ""
}

// named notes the name of Wolf's own container and reports whether it is one.
func (s *Snapshot) named(name string) bool {
	if !isWolf(name) {
		return false
	}
	if s.Wolf == "" {
		s.Wolf = name
	}
	return true
}
