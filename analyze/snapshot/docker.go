package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func isDockerStats(lines []string) bool {
	return strings.Contains(lines[0], "MEM USAGE / LIMIT") || (len(lines) > 0 && statsMemory.MatchString(lines[0]) && strings.Contains(lines[0], "%"))
}

// statsMemory: helix-wolf-1   3.67%     410MiB / 503.6GiB   0.08%
var statsMemory = regexp.MustCompile(`(\d+(?:\.\d+)?\s*[KMGT]?i?B)\s*/\s*(\d+(?:\.\d+)?\s*[KMGT]?i?B)`)

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
	if rows == 0 {
		return fmt.Errorf("expected rows such as 410MiB / 503.6GiB")
	}
	return nil
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
	return strings.HasPrefix(lines[0], "CONTAINER ID") && strings.Contains(lines[0], "STATUS") ||
		strings.HasPrefix(lines[0], "NAME") && strings.Contains(lines[0], "STATUS") && strings.Contains(lines[0], "IMAGE")
}

// psStatus: Restarting (11) 5 seconds ago · Exited (137) 2 hours ago · Up 41 hours
var psStatus = regexp.MustCompile(`\b(Restarting|Exited) \((\d+)\)|\bUp (\S+ \S+|\S+)`)

func (s *Snapshot) dockerPs(data []byte) error {
	s.Exits = map[string]int{}
	header := true
	eachLine(data, func(n int, line string) {
		if header {
			header = false
			return
		}
		m := psStatus.FindStringSubmatch(line)
		if m == nil {
			return
		}
		f := strings.Fields(line)
		name := f[len(f)-1]
		s.named(name)
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

// container is the part of docker inspect that matters here.
type container struct {
	Name  string
	State *struct {
		Status     string
		Running    bool
		OOMKilled  bool
		ExitCode   int
		StartedAt  time.Time
		FinishedAt time.Time
	}
	RestartCount int
	HostConfig   struct {
		Devices []struct{ PathOnHost string }
	}
}

func (s *Snapshot) dockerInspect(data []byte) error {
	list, err := s.containers(data)
	if err != nil {
		return fmt.Errorf("docker inspect: %w", err)
	}
	s.Exits, s.OOM = map[string]int{}, map[string]bool{}
	for _, c := range list {
		name := strings.TrimPrefix(c.Name, "/")
		if c.State == nil {
			continue
		}
		wolf := s.named(name)
		if wolf && !c.State.StartedAt.IsZero() && c.State.StartedAt.Year() > 1 {
			s.Starts = append(s.Starts, c.State.StartedAt.UTC())
			s.fact(1, "", fmt.Sprintf("%s started at %s", name, c.State.StartedAt.UTC().Format(time.RFC3339)), "anchors the clocks that count from a start")
		}
		if c.State.OOMKilled {
			s.OOM[name] = true
			s.fact(1, "fact-oom-killed", name+" was killed for memory", "supports host-oom")
		}
		if !c.State.Running && c.State.Status != "created" {
			s.Exits[name] = c.State.ExitCode
			s.fact(1, exitFact(name, c.State.ExitCode), fmt.Sprintf("%s ended with exit code %d", name, c.State.ExitCode), "")
		}
		if c.RestartCount > 0 {
			s.fact(1, "", fmt.Sprintf("%s was restarted %d times by Docker", name, c.RestartCount), "")
		}
	}
	return nil
}

// containers reads the list that docker inspect prints, or one object of it.
// Of a list that is cut off, the whole objects are kept.
func (s *Snapshot) containers(data []byte) ([]container, error) {
	raw, base := jsonPart(data)
	dec := json.NewDecoder(bytes.NewReader(raw))
	var list []container
	if bytes.HasPrefix(raw, []byte("{")) {
		list = make([]container, 1)
		return list, dec.Decode(&list[0])
	}
	err := expect(dec, '[')
	for err == nil && dec.More() {
		var c container
		if err = dec.Decode(&c); err == nil {
			list = append(list, c)
		}
	}
	if err == nil {
		err = expect(dec, ']')
	}
	if err == nil || len(list) == 0 {
		return list, err
	}
	s.Warnings = append(s.Warnings, fmt.Sprintf("cannot be read from byte %d on (%v): %s before it", int64(base)+dec.InputOffset(), err, quantity(len(list), "container", "containers")))
	return list, nil
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
