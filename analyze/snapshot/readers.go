package snapshot

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"time"
)

// A reader knows one kind of state file: how to tell it, and what it says.
type reader struct {
	kind Kind
	// is tells the kind by the beginning of a file.
	is   func(*sample) bool
	read func(*Snapshot, []byte) error
	// own reports whether a line belongs to the output of the tool; nil where the
	// whole file does. What lies around it is read as a log.
	own func(line string) bool
}

// sample is the beginning of a file.
type sample struct {
	name  string   // base name in lower case, "" when unknown
	head  []byte   // without a byte order mark
	lines []string // the first that are not blank and no Markdown fence, trimmed
	all   bool     // head is the whole file
	json  Kind     // what it is by its keys, if it is JSON
}

// readers are all the kinds, the most telling first.
func readers() []reader {
	return []reader{
		{kind: WolfSessions, is: jsonKind(WolfSessions), read: (*Snapshot).wolfAPI},
		{kind: WolfApps, is: jsonKind(WolfApps), read: (*Snapshot).wolfAPI},
		{kind: WolfLobbies, is: jsonKind(WolfLobbies), read: (*Snapshot).wolfAPI},
		{kind: WolfClients, is: jsonKind(WolfClients), read: (*Snapshot).wolfAPI},
		{kind: DockerInspect, is: jsonKind(DockerInspect), read: (*Snapshot).dockerInspect},
		{kind: NotCollected, is: isNotCollected, read: (*Snapshot).notCollected},
		{kind: NvidiaFailed, is: first(isNvidiaFailed), read: (*Snapshot).nvidiaFailed},
		{kind: NvidiaTable, is: first(isNvidiaTable), read: (*Snapshot).nvidiaTable, own: ownsNvidia},
		{kind: NvidiaQuery, is: first(isNvidiaQuery), read: (*Snapshot).nvidiaQuery},
		{kind: NvidiaXML, is: isNvidiaXML, read: (*Snapshot).nvidiaXML},
		{kind: NvidiaList, is: first(isNvidiaList), read: (*Snapshot).nvidiaList, own: ownsNvidiaList},
		{kind: NvidiaMonitor, is: first(isNvidiaMonitor), read: (*Snapshot).nvidiaMonitor, own: ownsMonitor},
		{kind: NvidiaCSV, is: first(isNvidiaCSV), read: (*Snapshot).nvidiaCSV, own: ownsCSV},
		{kind: EncoderSessions, is: first(isEncoderSessions), read: (*Snapshot).encoderSessions},
		{kind: PCIList, is: first(isPCIList), read: (*Snapshot).pciList},
		{kind: VAInfo, is: isVAInfo, read: (*Snapshot).vaInfo},
		{kind: VulkanInfo, is: isVulkanInfo, read: (*Snapshot).vulkanInfo},
		{kind: EGLInfo, is: isEGLInfo, read: (*Snapshot).eglInfo},
		{kind: DockerStats, is: first(isDockerStats), read: (*Snapshot).dockerStats, own: ownsStats},
		{kind: DockerPs, is: first(isDockerPs), read: (*Snapshot).dockerPs},
		{kind: ComposeConfig, is: isComposeConfig, read: (*Snapshot).composeConfig},
		{kind: WolfConfig, is: isWolfConfig, read: (*Snapshot).wolfConfig},
		{kind: DiskFree, is: first(isDiskFree), read: (*Snapshot).diskFree},
		{kind: DumpListing, is: first(isDumpListing), read: readElsewhere},
		{kind: Listing, is: first(isListing), read: (*Snapshot).listing, own: ownsListing},
	}
}

// readElsewhere: the listing of dumps is read by package dump.
func readElsewhere(*Snapshot, []byte) error { return nil }

func readerOf(kind Kind) *reader {
	for _, r := range readers() {
		if r.kind == kind {
			return &r
		}
	}
	return nil
}

func first(is func([]string) bool) func(*sample) bool {
	return func(s *sample) bool { return is(s.lines) }
}

func jsonKind(k Kind) func(*sample) bool {
	return func(s *sample) bool { return s.json == k }
}

// sniffSize is how much of a file tells its kind.
const sniffSize = 4096

// Sniff tells a snapshot by its content; head is the beginning of the file, a
// few KiB are enough. name is the file's, "" when there is none: it only helps to
// tell what a tool said when it was to collect something from what a log quotes.
// None means it is to be read as a log. It costs a look at the first lines.
func Sniff(name string, head []byte) Kind {
	s := &sample{name: strings.ToLower(path.Base(name)), head: bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), all: len(head) < sniffSize}
	if s.lines = firstLines(s.head, 12); len(s.lines) == 0 {
		return None
	}
	s.json = sniffJSON(s.head)
	for _, r := range readers() {
		if r.is(s) {
			return r.kind
		}
	}
	return None
}

// Beside returns the text of a file of a known kind with the tool's own lines
// blanked, byte for byte as long as data; nil when nothing else is in it.
func Beside(kind Kind, data []byte) []byte {
	if r := readerOf(kind); r != nil && r.own != nil {
		return rest(data, r.own)
	}
	return nil
}

// rest blanks the lines that are the tool's own, so that the others keep their
// numbers. Nil when nothing is left but blank lines and fences.
func rest(data []byte, own func(string) bool) []byte {
	out := bytes.Clone(data)
	left := false
	for pos := 0; pos < len(out); {
		end := len(out)
		if i := bytes.IndexByte(out[pos:], '\n'); i >= 0 {
			end = pos + i
		}
		line := bytes.TrimSpace(out[pos:end])
		switch {
		case len(line) == 0:
		case bytes.HasPrefix(line, []byte("```")), own(string(line)):
			for i := pos; i < end; i++ {
				if out[i] != '\r' {
					out[i] = ' '
				}
			}
		default:
			left = true
		}
		pos = end + 1
	}
	if !left {
		return nil
	}
	return out
}

// Parse reads a snapshot of a known kind. modTime is the file's, zero when
// unknown. The error says what was expected and where; what could be read is
// returned with it.
func Parse(kind Kind, name string, modTime time.Time, data []byte) (*Snapshot, error) {
	r := readerOf(kind)
	if r == nil {
		return nil, fmt.Errorf("%s: not a snapshot", name)
	}
	s := &Snapshot{Kind: kind, Name: name, Time: modTime, Lobbies: -1}
	err := r.read(s, data)
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
