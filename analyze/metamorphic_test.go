package analyze

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/source"
)

// story is a history whose telling is changed without changing what happened.
type story struct{ loggen.Scenario }

func stories() []story {
	var out []story
	for i, cause := range []string{"gpu-memory-exhaustion", "gpu-device-access-lost", "fd-exhaustion", "wayland-socket-leak", "gpu-xid", "host-oom", "docker-mount-config", "config-invalid", "network-ping-timeout", "nvenc-session-limit"} {
		out = append(out, story{loggen.Scenario{Seed: uint64(i + 1), Cause: cause, Lifetimes: 2, ExitCode: -1}})
	}
	return out
}

func (s story) lines(t *testing.T) []loggen.Line {
	t.Helper()
	lines, _, err := loggen.Play(s.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestMetamorphic retells histories: coloured, compressed, at another time, in
// between other services, in several files, with more that is harmless. The
// diagnosis stays.
func TestMetamorphic(t *testing.T) {
	t.Parallel()
	for _, s := range stories() {
		t.Run(s.Cause, func(t *testing.T) {
			lines := s.lines(t)
			plain := []byte(loggen.Wrap(loggen.Compose, lines))
			want := read(t, Options{}, named{"wolf.log", plain})
			if len(want.Causes) == 0 || want.Causes[0].ID != s.Cause {
				t.Fatalf("causes %s", causeList(want))
			}
			check := func(what string, r *Report) {
				t.Helper()
				sameDiagnosis(t, what, want, r)
				if got, was := lives(r), lives(want); got != was {
					t.Errorf("%s: lives %s, want %s", what, got, was)
				}
			}
			check("coloured", read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.ComposeColour, lines))}))
			check("gzipped", read(t, Options{}, named{"wolf.log.gz", gzipped(t, plain)}))
			check("with carriage returns", read(t, Options{}, named{"wolf.log", bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))}))
			check("without its last newline", read(t, Options{}, named{"wolf.log", bytes.TrimRight(plain, "\n")}))
			check("with a byte order mark", read(t, Options{}, named{"wolf.log", append([]byte("\xef\xbb\xbf"), plain...)}))
			check("in UTF-16", read(t, Options{}, named{"wolf.log", utf16(plain)}))
			check("at another time", retold(t, s, func(s *loggen.Scenario) { s.Start = time.Date(2026, 3, 28, 21, 50, 3, 0, time.UTC) }))
			check("in another zone", retold(t, s, func(s *loggen.Scenario) { s.Zone = time.FixedZone("", -5*3600) }))
			check("among other services", read(t, Options{}, named{"all.log", []byte(loggen.Wrap(loggen.Compose, interleaved(lines, false)))}))
			check("diluted", read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.Compose, diluted(lines)))}))
			check("in a paste", read(t, Options{}, named{"paste.md", []byte("Here is my log:\n\n```\n" + string(plain) + "```\n")}))
			check("in files", inFiles(t, plain, 3))
		})
	}
}

// retold plays the same history with something changed.
func retold(t *testing.T, s story, change func(*loggen.Scenario)) *Report {
	t.Helper()
	change(&s.Scenario)
	return read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.Compose, s.lines(t)))})
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// utf16 is what PowerShell's > makes of a log.
func utf16(data []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, c := range data {
		out = append(out, c, 0)
	}
	return out
}

// interleaved puts the lines of other services in between: a web server and a
// database, and when troubled, ones that complain themselves.
func interleaved(lines []loggen.Line, troubled bool) []loggen.Line {
	var out []loggen.Line
	for i, l := range lines {
		out = append(out, l)
		if i%3 == 0 {
			out = append(out, loggen.Line{Time: l.Time, Service: "proxy", Text: fmt.Sprintf("172.18.0.%d - - [%s] \"GET /healthz HTTP/1.1\" 200 2", 2+i%9, l.Time.Format("02/Jan/2006:15:04:05 -0700"))})
		}
		if i%7 == 0 {
			text := l.Time.Format("2006-01-02 15:04:05.000 MST") + " [31] LOG:  checkpoint complete: wrote 12 buffers"
			if troubled {
				text = l.Time.Format("2006-01-02 15:04:05,000") + " ERROR worker: relation \"sessions\" does not exist at character 15"
			}
			out = append(out, loggen.Line{Time: l.Time, Service: "db", Text: text})
		}
	}
	return out
}

// diluted adds much that means nothing.
func diluted(lines []loggen.Line) []loggen.Line {
	var out []loggen.Line
	var started time.Time
	for i, l := range lines {
		out = append(out, l)
		if strings.Contains(l.Text, "running as root") {
			started = l.Time
		}
		if l.Service == "" || openEnded.MatchString(l.Text) || l.Time.Sub(started) < time.Second {
			continue // not into the lines of a panic, nor before Wolf is up
		}
		for k := range 5 {
			out = append(out, loggen.Line{Time: l.Time, Service: l.Service, Text: fmt.Sprintf("%s TRACE | [ENET] Received %d bytes from 192.168.1.%d", l.Time.Format("15:04:05.000000000"), 8+(i*31+k)%300, 2+k)})
		}
	}
	return out
}

var openEnded = regexp.MustCompile(`panicked at|^called |what\(\)|^terminate|^$`)

// inFiles cuts a log into a rotated set, each time after a container has
// stopped, and reads the folder.
func inFiles(t *testing.T, data []byte, n int) *Report {
	t.Helper()
	dir := t.TempDir()
	lines := bytes.SplitAfter(data, []byte("\n"))
	from, per := 0, len(lines)/n
	for i := range n {
		to := (i + 1) * per
		for to < len(lines) && !bytes.Contains(lines[to-1], []byte("Stopped container")) && !bytes.Contains(lines[to], []byte("running as root")) {
			to++
		}
		if i == n-1 {
			to = len(lines)
		}
		name := filepath.Join(dir, "wolf.log")
		if i < n-1 {
			name += fmt.Sprintf(".%d", n-1-i)
		}
		if err := os.WriteFile(name, bytes.Join(lines[from:to], nil), 0o644); err != nil {
			t.Fatal(err)
		}
		from = to
	}
	inputs, problems := source.Expand([]string{dir}, source.ExpandOptions{})
	if len(problems) > 0 || len(inputs) != n {
		t.Fatalf("%d inputs, problems %v", len(inputs), problems)
	}
	a := newAnalyzer(t, Options{})
	for _, in := range inputs {
		if err := a.Read(context.Background(), in, nil); err != nil {
			t.Fatal(err)
		}
	}
	return a.Report()
}

// TestTroubledNeighbour: another service's errors are counted, not diagnosed.
func TestTroubledNeighbour(t *testing.T) {
	for _, s := range stories()[:4] {
		lines := s.lines(t)
		want := read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.Compose, lines))})
		got := read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.Compose, interleaved(lines, true)))})
		sameDiagnosis(t, s.Cause, want, got)
		if got.Coverage.Unexplained <= want.Coverage.Unexplained {
			t.Errorf("%s: the neighbour's errors are missing from the account: %+v", s.Cause, got.Coverage)
		}
	}
}

// TestCutOff removes the last lifetime: the lives before it stay as they were,
// and the causes too.
func TestCutOff(t *testing.T) {
	for _, s := range stories() {
		s.Lifetimes = 3
		lines := s.lines(t)
		last := 0
		for i, l := range lines {
			if strings.Contains(l.Text, "Container running as root") {
				last = i
			}
		}
		whole := read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.ComposeTimes, lines))})
		cut := read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.ComposeTimes, lines[:last]))})
		if len(whole.Lifetimes) != 3 || len(cut.Lifetimes) != 2 {
			t.Errorf("%s: %d and %d lifetimes, want 3 and 2", s.Cause, len(whole.Lifetimes), len(cut.Lifetimes))
			continue
		}
		for i := range 2 {
			a, b := whole.Lifetimes[i], cut.Lifetimes[i]
			if i == 1 { // its end was the start of the third
				a.End, a.EndKind, b.End, b.EndKind = nil, "", nil, ""
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("%s: lifetime %d (-with +without the third):\n%s", s.Cause, i+1, diff)
			}
		}
		if !slices.Equal(ids(whole)[:1], ids(cut)[:1]) {
			t.Errorf("%s: causes %s, were %s", s.Cause, causeList(cut), causeList(whole))
		}
	}
}

// TestCutStart drops the start of a log, as `docker compose logs --tail` does:
// the cause stays first as long as its lines are there.
func TestCutStart(t *testing.T) {
	for _, s := range stories() {
		if s.Cause == "config-invalid" {
			continue // its lines are the start
		}
		s.Lifetimes = 1
		lines := s.lines(t)
		for _, keep := range []int{40, 25} {
			from := max(0, len(lines)-keep)
			r := read(t, Options{}, named{"wolf.log", []byte(loggen.Wrap(loggen.Compose, lines[from:]))})
			if got := ids(r); len(got) == 0 || got[0] != s.Cause {
				t.Errorf("%s, last %d lines: causes %s", s.Cause, keep, causeList(r))
			}
		}
	}
}

// TestSameTwice reads a log and its copy: lifetimes are not counted twice, and
// the diagnosis stays.
func TestSameTwice(t *testing.T) {
	for _, s := range stories()[:3] {
		data := []byte(loggen.Wrap(loggen.ComposeTimes, s.lines(t)))
		want := read(t, Options{}, named{"wolf.log", data})
		got := read(t, Options{}, named{"wolf.log", data}, named{"copy.log", data})
		if lives(want) != lives(got) {
			t.Errorf("%s: lives %s, want %s", s.Cause, lives(got), lives(want))
		}
		if !slices.Equal(ids(want), ids(got)) {
			t.Errorf("%s: causes %s, want %s", s.Cause, causeList(got), causeList(want))
		}
	}
}
