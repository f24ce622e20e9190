package follow

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze"
	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/clock/clocktest"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/follow/gpu"
	"wolfdiag/analyze/follow/incident"
)

func analyzed(t testing.TB, names ...string) *report.Report {
	t.Helper()
	a := newAnalyzer(t)
	for _, n := range names {
		if err := a.Read(context.Background(), source.Input{Name: n, Path: n, Kind: source.KindFile, Size: -1}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return a.Report()
}

func asJSON(t testing.TB, r *report.Report) string { return asText(t, r) }

func asText(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func played(t testing.TB, cause string, transport loggen.Transport, seed uint64) string {
	t.Helper()
	lines, _, err := loggen.Play(loggen.Scenario{Seed: seed, Cause: cause, Lifetimes: 3, FailAt: []int{4, 0, 3}, Sessions: 5, ExitCode: 11})
	if err != nil {
		t.Fatal(err)
	}
	return loggen.Wrap(transport, lines)
}

func guide(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../../testdata/logs/guide-incident.compose.log")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSameReport grows logs line by line under a follower and wants the report
// that analyze gives for the same bytes.
func TestSameReport(t *testing.T) {
	for _, tt := range []struct {
		name string
		text string
	}{
		{"guide", guide(t)},
		{"compose", played(t, "gpu-memory-exhaustion", loggen.Compose, 1)},
		{"json file", played(t, "gpu-device-access-lost", loggen.JSONFile, 2)},
		{"plain, healthy", played(t, "", loggen.Plain, 3)},
		{"cri", played(t, "nvenc-session-limit", loggen.CRI, 4)},
		{"no newline at the end", strings.TrimSuffix(guide(t), "\n")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "wolf.log")
			write(t, name, "")
			f := start(t, Options{Clock: clocktest.NewPatient(), Paths: []string{name}, From: FromStart})
			w := filestest.OpenWriter(t, name)
			for text := tt.text; text != ""; { // pieces that end anywhere
				n := min(len(text), 1+len(text)*7919%3001)
				w.Raw(text[:n])
				text = text[n:]
			}
			f.lines(t, int64(strings.Count(tt.text, "\n")))
			got := f.stop()
			if diff := cmp.Diff(asJSON(t, analyzed(t, name)), asJSON(t, got)); diff != "" {
				t.Errorf("the report of a followed log differs from analyze's (-analyze +follow):\n%s", diff)
			}
		})
	}
}

// TestSameReportSeveral follows several files that are there.
func TestSameReportSeveral(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var names []string
	total := 0
	for i, cause := range []string{"gpu-memory-exhaustion", "", "gpu-device-access-lost"} {
		n := filepath.Join(dir, fmt.Sprintf("wolf%c.log", 'a'+i))
		text := played(t, cause, loggen.JSONFile, uint64(i))
		total += strings.Count(text, "\n")
		write(t, n, text)
		names = append(names, n)
	}
	f := start(t, Options{Clock: clocktest.NewPatient(), Paths: []string{filepath.Join(dir, "*.log")}, From: FromStart})
	f.lines(t, int64(total))
	got := f.stop()
	if diff := cmp.Diff(asJSON(t, analyzed(t, names...)), asJSON(t, got)); diff != "" {
		t.Errorf("-analyze +follow:\n%s", diff)
	}
}

// TestSameReportInterleaved takes three files that grow side by side, some
// lines of each in turn.
func TestSameReportInterleaved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, _, _ := byHand(t, action.Options{})
	f.sources = nil
	var names []string
	var texts [][]string
	var mods []time.Time
	for i, cause := range []string{"gpu-memory-exhaustion", "nvenc-session-limit", "gpu-device-access-lost"} {
		n := filepath.Join(dir, fmt.Sprintf("wolf%c.log", 'a'+i))
		text := played(t, cause, loggen.JSONFile, uint64(i))
		write(t, n, text)
		info, err := os.Stat(n)
		if err != nil {
			t.Fatal(err)
		}
		names, texts, mods = append(names, n), append(texts, strings.SplitAfter(text, "\n")), append(mods, info.ModTime())
		f.register(&origin{name: n, kind: "file", stats: &account.File{}})
	}
	for len(texts[0])+len(texts[1])+len(texts[2]) > 0 {
		for i := range texts {
			n := min(10, len(texts[i]))
			f.take(files.Piece{Source: i, Data: []byte(strings.Join(texts[i][:n], "")), Mod: mods[i]})
			texts[i] = texts[i][n:]
		}
	}
	got, want := f.end(), analyzed(t, names...)
	// Which message stands for a template depends on what came first, and so does
	// what comes in one burst.
	got.Unexplained, want.Unexplained = nil, nil
	bursts := regexp.MustCompile(`"bursts": \d+`)
	text := func(r *report.Report) string { return bursts.ReplaceAllString(asJSON(t, r), "") }
	if diff := cmp.Diff(text(want), text(got)); diff != "" {
		t.Errorf("-analyze +follow:\n%s", diff)
	}
}

// TestGlob takes files that appear, each once, whatever they are renamed to.
func TestGlob(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := start(t, Options{Paths: []string{filepath.Join(dir, "*.log*")}, From: FromEnd})
	name := filepath.Join(dir, "wolf.log")
	f.lines(t, 0) // it has begun: what comes now is new
	w := filestest.OpenWriter(t, name)
	w.Lines(10)
	f.lines(t, 10)
	filestest.Rename(t, name, name+".old")
	w.Open(name)
	w.Lines(10)
	filestest.Rotate(t, name, 3)
	w.Open(name)
	w.Lines(10)
	if err := os.Symlink(name, filepath.Join(dir, "link.log")); err != nil {
		t.Fatal(err)
	}
	other := filestest.OpenWriter(t, filepath.Join(dir, "other.log"))
	other.Lines(5)
	f.lines(t, 35)
	<-time.After(2 * scanEvery) // a second reading would come now
	f.stop()
	got := map[string]int64{}
	for _, s := range f.f.Files() {
		got[filepath.Base(s.Name)] = s.Lines
	}
	if diff := cmp.Diff(map[string]int64{"wolf.log": 30, "other.log": 5}, got); diff != "" {
		t.Error(diff)
	}
}

// TestStdin follows a pipe until it ends; the last line has no newline.
func TestStdin(t *testing.T) {
	t.Parallel()
	text := strings.TrimSuffix(guide(t), "\n")
	r, w := io.Pipe()
	f := start(t, Options{Paths: []string{"-"}, Stdin: r})
	for i := 0; i < len(text); i += 100 {
		if _, err := io.WriteString(w, text[i:min(i+100, len(text))]); err != nil {
			t.Fatal(err)
		}
	}
	f.until(t, "an incident while the pipe is open", isIncident)
	w.Close()
	f.until(t, "the end", func(ev event.Event) bool { return ev.Kind == event.KindReport })
	a := newAnalyzer(t)
	if err := a.Read(context.Background(), source.Input{Name: "-", Kind: source.KindStdin, Size: -1}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asJSON(t, a.Report()), asJSON(t, f.stop())); diff != "" {
		t.Errorf("-analyze +follow:\n%s", diff)
	}
}

// TestStdinLongLine reads a gigantic line in bounded memory and counts it.
func TestStdinLongLine(t *testing.T) {
	t.Parallel()
	const size = 64 << 20
	f := start(t, Options{Paths: []string{"-"}, Stdin: io.MultiReader(io.LimitReader(zeros{}, size), strings.NewReader("\n"+guide(t)))})
	f.until(t, "the end", func(ev event.Event) bool { return ev.Kind == event.KindReport })
	f.stop()
	st := f.f.Files()[0]
	if st.Cut != 1 || st.Skipped != size-files.MaxLine {
		t.Errorf("cut %d, skipped %d, want 1 and %d", st.Cut, st.Skipped, size-files.MaxLine)
	}
	if f.count(isIncident) == 0 {
		t.Errorf("no incident after the long line; events:\n%s", f)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestIncidentOnce wants one incident, then updates, and the report as the
// last event.
func TestIncidentOnce(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	f := start(t, Options{Paths: []string{name}, From: FromStart, Incidents: incident.Options{UpdateEvery: time.Millisecond}})
	w.Raw(guide(t))
	ev := f.until(t, "an incident", isIncident)
	if ev.Cause == nil || len(ev.Cause.Evidence) == 0 || ev.Number != 1 {
		t.Errorf("incident without cause or evidence: %+v", ev)
	}
	w.Raw(guide(t))
	f.until(t, "an update", func(ev event.Event) bool { return ev.Kind == event.KindUpdate })
	f.stop()
	perCause := map[string]int{}
	for _, ev := range f.events {
		if ev.Kind == event.KindIncident {
			perCause[ev.Cause.ID]++
		}
	}
	for id, n := range perCause {
		if n > 1 {
			t.Errorf("%s told %d times", id, n)
		}
	}
	if last := f.events[len(f.events)-1]; last.Kind != event.KindReport || last.Report == nil {
		t.Errorf("the last event is %s", last.Kind)
	}
}

// TestNothingLeft counts goroutines and descriptors after an end, also while
// nobody takes what was read.
func TestNothingLeft(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.log", i)), guide(t))
	}
	cycle := func() {
		f := start(t, Options{Paths: []string{filepath.Join(dir, "*.log")}, From: FromStart,
			GPU: gpu.Options{Source: "sleep 100"}, Checkpoint: filepath.Join(dir, "place")})
		f.lines(t, 20*19)
		f.stop()
		os.Remove(filepath.Join(dir, "place"))
	}
	cycle() // what starts once for all has started
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	for range 5 { // more than what of the first one may not have ended yet
		cycle()
	}
	settled(t, goroutines)
	for end := time.Now().Add(deadline); descriptors(t) > files; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d descriptors open, %d before", descriptors(t), files)
		}
	}
}

func descriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("descriptors cannot be counted here")
	}
	return len(entries)
}

// TestStopBlocked ends while the reader's box is full and nobody takes from it.
func TestStopBlocked(t *testing.T) {
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	w.Block(100_000)
	out := make(chan files.Piece)
	r := &files.Path{Shared: files.Shared{Clock: clock.System{}, Out: out}, Name: name, Kick: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	hard, kill := context.WithCancel(context.Background())
	stats := make(chan account.File, 1)
	go func() { stats <- r.Run(ctx, hard) }()
	<-out
	cancel()
	kill()
	select {
	case st := <-stats:
		if st.Unread == 0 {
			t.Error("what was left is not counted")
		}
	case <-time.After(deadline):
		t.Fatal("the reader does not end")
	}
}

// TestRotationReport rotates under the follower: nothing is missing.
func TestRotationReport(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	text := played(t, "gpu-memory-exhaustion", loggen.Compose, 9)
	lines := strings.SplitAfter(text, "\n")
	w := filestest.OpenWriter(t, name)
	w.Raw(lines[0])
	f := start(t, Options{Clock: clocktest.NewPatient(), Paths: []string{name}, From: FromStart})
	f.lines(t, 1)
	for i, l := range lines[1:] {
		w.Raw(l)
		if i%97 == 96 {
			filestest.Rotate(t, name, 50)
			w.Open(name)
		}
	}
	f.lines(t, int64(len(lines)-1))
	got := f.stop()
	write(t, name, text)
	want := analyzed(t, name)
	if diff := cmp.Diff(want.Causes, got.Causes); diff != "" {
		t.Errorf("-analyze +follow:\n%s", diff)
	}
	if got.Coverage != want.Coverage {
		t.Errorf("coverage %+v, want %+v", got.Coverage, want.Coverage)
	}
}

// BenchmarkFeed is the whole way of a line in a followed log, but for the disk.
func BenchmarkFeed(b *testing.B) {
	var buf bytes.Buffer
	if err := loggen.Bulk(&buf, loggen.Benign, 8<<20, 1); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		a, err := analyze.New(analyze.Options{})
		if err != nil {
			b.Fatal(err)
		}
		f, err := New(Options{Paths: []string{"-"}, Stdin: bytes.NewReader(buf.Bytes()), Analyzer: a, Emit: func(event.Event) {}})
		if err != nil {
			b.Fatal(err)
		}
		if r := f.Run(context.Background()); r.Coverage.Lines == 0 {
			b.Fatal("nothing read")
		}
	}
}
