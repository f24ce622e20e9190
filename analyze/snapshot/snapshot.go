// Package snapshot recognises the state files that come with a log (what
// nvidia-smi, lspci, vainfo, vulkaninfo, eglinfo, docker, Wolf's API and ls
// print, compose files, Wolf's config.toml) and turns them into facts that bear
// on the diagnosis, and into statements about the deployment. Each kind has a
// reader; the table of readers is in readers.go.
//
// A tool that could not do its work (not installed, refused, not running) tells
// nothing of the failure: NotCollected.
//
// A snapshot speaks only of its own time: taken after a restart it proves
// nothing about the life that failed, and the analyzer says so.
package snapshot

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"wolfdiag/analyze/setup"
)

// Kind says what a file is.
type Kind string

// The kinds of snapshot. None is a file that is no snapshot: a log.
const (
	None            Kind = ""
	NotCollected    Kind = "not-collected" // a tool's words that it could not do its work
	NvidiaCSV       Kind = "nvidia-smi-csv"
	NvidiaTable     Kind = "nvidia-smi"
	NvidiaQuery     Kind = "nvidia-smi-q"
	NvidiaXML       Kind = "nvidia-smi-xml"
	NvidiaList      Kind = "nvidia-smi-list"
	NvidiaMonitor   Kind = "nvidia-smi-dmon"
	NvidiaFailed    Kind = "nvidia-smi-failed"
	EncoderSessions Kind = "encoder-sessions"
	PCIList         Kind = "lspci"
	VAInfo          Kind = "vainfo"
	VulkanInfo      Kind = "vulkaninfo"
	EGLInfo         Kind = "eglinfo"
	DockerStats     Kind = "docker-stats"
	DockerInspect   Kind = "docker-inspect"
	DockerPs        Kind = "docker-ps"
	ComposeConfig   Kind = "compose-config"
	WolfConfig      Kind = "wolf-config"
	WolfSessions    Kind = "wolf-sessions"
	WolfApps        Kind = "wolf-apps"
	WolfLobbies     Kind = "wolf-lobbies"
	WolfClients     Kind = "wolf-clients"
	DiskFree        Kind = "df"
	DumpListing     Kind = "dumps-listing"
	Listing         Kind = "listing"
)

// MaxSize is the largest file that is taken for a snapshot; a bigger one is a log.
const MaxSize = 16 << 20

// A file of any size gives at most maxFacts facts of at most maxText bytes.
const (
	maxFacts = 256
	maxText  = 300
	maxSaid  = 1024 // things it says of the deployment
)

// Fact is one thing a snapshot says.
type Fact struct {
	ID    string // pseudo-pattern that the causes know (fact-…), "" when it only informs
	Line  int64  // 1-based line in the file
	Time  time.Time
	Text  string
	Bears string // what it raises, lowers or cannot say
	// Local: Time is the row's own, read off the clock of the machine and kept
	// as if it were UTC. Otherwise Time is the file's, or one with a zone.
	Local   bool
	Series  bool // judged from rows: Snapshot.Series does it anew for some of them
	Lasting bool // holds whenever it was taken: the hardware
}

// Memory is one reading of GPU memory.
type Memory struct {
	Time        time.Time // zero when the row has none
	Used, Total float64   // MiB
	Line        int       // 1-based line in the file; 0 for a reading of a live monitor
}

// Snapshot is what one file says.
type Snapshot struct {
	Kind     Kind
	Name     string
	Time     time.Time // the file's; zero when unknown. What has a time of its own carries it
	Facts    []Fact
	Memory   []Memory        // series of GPU memory, oldest first
	RAM      []Memory        // of Wolf's container, of docker stats; without times of their own
	Encoders []Encoders      // series of encoder sessions, oldest first
	Starts   []time.Time     // times at which a container is known to have started
	Sessions []Session       // of Wolf's API
	Lobbies  int             // -1 when the file does not say
	Exits    map[string]int  // container → exit code, of docker ps and inspect
	OOM      map[string]bool // container → OOMKilled
	Wolf     string          // name of Wolf's own container, "" when the file does not say
	Warnings []string
	Setup    []setup.Statement // what it says of the deployment
	Missing  string            // of NotCollected: why there is nothing, for a sentence "could not be collected because …"

	boards  map[string]bool // GPUs and drivers that were noted
	classed bool            // the class of the GPU was told
	full    bool            // facts were left out
	cut     bool            // the end is missing: numbers are lower bounds
}

// Session is one live session of Wolf's API.
type Session struct {
	ID, AppID     string
	Width, Height int
	FPS           int
}

// says notes what the file says of the deployment, at a line of it.
func (s *Snapshot) says(line int, about setup.About, of, value string) {
	if len(s.Setup) < maxSaid {
		s.Setup = append(s.Setup, setup.Statement{About: about, Of: of, Value: value, Place: setup.Place{Input: s.Name, Line: int64(line)}})
	}
}

// fact adds a fact, as long as there are not too many, and returns it for the
// caller to qualify.
func (s *Snapshot) fact(line int, id, text, bears string) *Fact {
	f := Fact{ID: id, Line: int64(line), Text: clip(text), Bears: bears}
	if len(s.Facts) >= maxFacts {
		if !s.full {
			s.full = true
			s.Warnings = append(s.Warnings, fmt.Sprintf("says more than %d things; what comes from line %d on is left out", maxFacts, line))
		}
		return &f
	}
	s.Facts = append(s.Facts, f)
	return &s.Facts[len(s.Facts)-1]
}

// clip shortens a text that was made of outside bytes.
func clip(s string) string {
	if len(s) > maxText {
		s = s[:maxText-len("…")] + "…"
	}
	return strings.ToValidUTF8(s, "")
}

// firstLines returns up to n lines that are not blank and no Markdown fence.
func firstLines(b []byte, n int) []string {
	var out []string
	for len(b) > 0 && len(out) < n {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(line, []byte("```")) {
			continue
		}
		out = append(out, string(line))
	}
	return out
}

// eachLine calls f for every line that is not blank and no fence, with its
// number from 1.
func eachLine(data []byte, f func(n int, line string)) {
	for n := 1; len(data) > 0; n++ {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		t := bytes.TrimSpace(line)
		if len(t) > 0 && !bytes.HasPrefix(t, []byte("```")) {
			f(n, string(t))
		}
	}
}

// eachRaw is eachLine with the blanks at the beginning of a line.
func eachRaw(data []byte, f func(n int, line string)) {
	for n := 1; len(data) > 0; n++ {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		if len(bytes.TrimSpace(line)) > 0 {
			f(n, string(bytes.TrimRight(line, " \t\r")))
		}
	}
}

// isWolf reports whether a container's name is that of Wolf itself and not of
// an app it started (WolfSway_246801357924680135, WolfPulseAudio).
func isWolf(name string) bool {
	return strings.Contains(strings.ToLower(name), "wolf") && !strings.Contains(name, "Wolf")
}
