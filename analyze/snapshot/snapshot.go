// Package snapshot recognises the state files that come with a log (the output
// of nvidia-smi, docker stats, docker inspect, Wolf's API, ls of crash dumps)
// and turns them into facts that bear on the diagnosis.
//
// A snapshot speaks only of its own time: taken after a restart it proves
// nothing about the life that failed, and the analyzer says so.
package snapshot

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Kind says what a file is.
type Kind string

// The kinds of snapshot. None is a file that is no snapshot: a log.
const (
	None            Kind = ""
	NvidiaCSV       Kind = "nvidia-smi-csv"
	NvidiaTable     Kind = "nvidia-smi"
	NvidiaFailed    Kind = "nvidia-smi-failed"
	EncoderSessions Kind = "encoder-sessions"
	DockerStats     Kind = "docker-stats"
	DockerInspect   Kind = "docker-inspect"
	DockerPs        Kind = "docker-ps"
	WolfSessions    Kind = "wolf-sessions"
	WolfApps        Kind = "wolf-apps"
	WolfLobbies     Kind = "wolf-lobbies"
	WolfClients     Kind = "wolf-clients"
	DumpListing     Kind = "dumps-listing"
)

// MaxSize is the largest file that is taken for a snapshot; a bigger one is a log.
const MaxSize = 16 << 20

// A file of any size gives at most maxFacts facts of at most maxText bytes.
const (
	maxFacts = 256
	maxText  = 300
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
	Encoders []Encoders      // series of encoder sessions, oldest first
	Starts   []time.Time     // times at which a container is known to have started
	Sessions []Session       // of Wolf's API
	Lobbies  int             // -1 when the file does not say
	Exits    map[string]int  // container → exit code, of docker ps and inspect
	OOM      map[string]bool // container → OOMKilled
	Wolf     string          // name of Wolf's own container, "" when the file does not say
	Warnings []string

	full bool // facts were left out
	cut  bool // the end is missing: numbers are lower bounds
}

// Session is one live session of Wolf's API.
type Session struct {
	ID, AppID     string
	Width, Height int
	FPS           int
}

// Sniff tells a snapshot by its content; head is the beginning of the file, a
// few KiB are enough. None means it is to be read as a log.
func Sniff(head []byte) Kind {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if k := sniffJSON(head); k != None {
		return k
	}
	lines := firstLines(head, 12)
	if len(lines) == 0 {
		return None
	}
	for _, k := range []struct {
		kind Kind
		is   func([]string) bool
	}{
		{NvidiaFailed, isNvidiaFailed}, {NvidiaTable, isNvidiaTable}, {NvidiaCSV, isNvidiaCSV}, {EncoderSessions, isEncoderSessions},
		{DockerStats, isDockerStats}, {DockerPs, isDockerPs}, {DumpListing, isDumpListing},
	} {
		if k.is(lines) {
			return k.kind
		}
	}
	return None
}

// Parse reads a snapshot of a known kind. modTime is the file's, zero when
// unknown. The error says what was expected and where; what could be read is
// returned with it.
func Parse(kind Kind, name string, modTime time.Time, data []byte) (*Snapshot, error) {
	s := &Snapshot{Kind: kind, Name: name, Time: modTime, Lobbies: -1}
	var err error
	switch kind {
	case NvidiaCSV:
		err = s.nvidiaCSV(data)
	case NvidiaTable:
		err = s.nvidiaTable(data)
	case NvidiaFailed:
		s.nvidiaFailed(data)
	case EncoderSessions:
		s.encoderSessions(data)
	case DockerStats:
		err = s.dockerStats(data)
	case DockerPs:
		err = s.dockerPs(data)
	case DockerInspect:
		err = s.dockerInspect(data)
	case WolfSessions, WolfApps, WolfLobbies, WolfClients:
		err = s.wolfAPI(data)
	case DumpListing:
		// The listing is read by package dump; here it is only recognised.
	default:
		return nil, fmt.Errorf("%s: not a snapshot", name)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	for i := range s.Facts {
		if s.Facts[i].Time.IsZero() {
			s.Facts[i].Time = s.Time
		}
	}
	return s, err
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

// isWolf reports whether a container's name is that of Wolf itself and not of
// an app it started (WolfSway_246801357924680135, WolfPulseAudio).
func isWolf(name string) bool {
	return strings.Contains(strings.ToLower(name), "wolf") && !strings.Contains(name, "Wolf")
}
