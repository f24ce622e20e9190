package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
)

// goldenCase is a log of testdata/logs with what a reader should be told.
// The golden files hold the whole output; what stands here survives -update.
type goldenCase struct {
	log      string
	verdict  report.Verdict
	first    string   // id of the first cause, "" when none
	lists    []string // must be among the causes, in any order
	not      []string // must not be among the causes
	markdown bool     // golden files in these formats too
	html     bool
	letters  bool // with letters for colours
	short    bool // on one screen
}

var goldenCases = []goldenCase{
	{log: "healthy-nvidia.compose.log", verdict: report.NothingKnown, letters: true},
	{log: "healthy-amd.plain.log", verdict: report.Healthy, short: true},
	{log: "unexplained.compose.log", verdict: report.UnexplainedErrors, short: true},
	{log: "guide-incident.compose.log", verdict: report.CauseFound, first: "gpu-device-access-lost", lists: []string{"gpu-memory-exhaustion"}, not: []string{"host-oom", "cuda-context-failure"}, markdown: true, html: true, letters: true, short: true},
	{log: "guide-incident.json-file.log", verdict: report.CauseFound, first: "gpu-device-access-lost", lists: []string{"gpu-memory-exhaustion"}},
	{log: "guide-incident.journald.log", verdict: report.CauseFound, first: "gpu-device-access-lost", lists: []string{"gpu-memory-exhaustion"}},
	{log: "guide-incident.cri.log", verdict: report.CauseFound, first: "gpu-device-access-lost", lists: []string{"gpu-memory-exhaustion"}},
	{log: "gpu-memory-three-lifetimes.compose-timestamps.log", verdict: report.CauseFound, first: "gpu-memory-exhaustion", not: []string{"gpu-device-access-lost", "wayland-display-lost"}},
	{log: "descriptors.docker-timestamps.log", verdict: report.CauseFound, first: "fd-exhaustion"},
	{log: "xid-79.journald.log", verdict: report.CauseFound, first: "gpu-xid", not: []string{"cuda-context-failure"}},
	{log: "driver-mismatch.compose.log", verdict: report.CauseFound, first: "gpu-driver-mismatch", not: []string{"egl-init-failure"}},
	{log: "wayland-sockets.plain.log", verdict: report.CauseFound, first: "wayland-socket-leak", not: []string{"compositor-panic"}},
	{log: "pulse-promise-crash.compose.log", verdict: report.CauseFound, first: "wolf-crash", lists: []string{"audio-pulse"}, short: true},
	{log: "gpu-runtime-missing.compose-v1.log", verdict: report.CauseFound, first: "nvidia-container-runtime", not: []string{"docker-api"}},
	{log: "mount-not-a-directory.json-file.log", verdict: report.CauseFound, first: "docker-mount-config"},
	{log: "uinput-missing.compose-colour.log", verdict: report.CauseFound, first: "uinput-permission"},
	{log: "ping-timeout.plain.log", verdict: report.CauseFound, first: "network-ping-timeout"},
	{log: "pairing-after-config-loss.compose.log", verdict: report.CauseFound, first: "pairing-cert"},
	{log: "config-toml-restart-loop.supervisord.log", verdict: report.CauseFound, first: "config-invalid", not: []string{"wolf-crash"}},
	{log: "sway-no-socket.compose.log", verdict: report.CauseFound, first: "xdg-runtime-dir", not: []string{"wayland-display-lost"}},
	{log: "caps-zero-copy.compose.log", verdict: report.CauseFound, first: "gst-caps-negotiation"},
	{log: "mfx-unsupported.plain.log", verdict: report.CauseFound, first: "encoder-unsupported"},
	{log: "amd-ring-timeout.journald.log", verdict: report.CauseFound, first: "gpu-hang-reset", not: []string{"wolf-crash"}},
	{log: "host-oom.journald.log", verdict: report.CauseFound, first: "host-oom"},
	{log: "name-conflict.cri.log", verdict: report.CauseFound, first: "docker-name-conflict"},
	{log: "nvenc-limit.compose.log", verdict: report.CauseFound, lists: []string{"nvenc-session-limit", "gpu-memory-exhaustion"}},
}

// projectRoot is the folder of go.mod.
func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// copyInput copies a file to dir with a fixed modification time: undated logs
// take their date from it, and a checkout's is arbitrary.
func copyInput(t *testing.T, from, dir string, when time.Time) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, filepath.Base(from))
	if err := os.WriteFile(to, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(to, when, when); err != nil {
		t.Fatal(err)
	}
}

// written is the modification time that test logs get.
var written = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// mustRun runs a command line that must succeed and returns its output.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	e, out, errs := testEnv("")
	if code := run(context.Background(), append([]string{"wolfdiag"}, args...), e); code != exitOK {
		t.Fatalf("wolfdiag %s: exit %d: %s", strings.Join(args, " "), code, errs)
	}
	return out.String()
}

var catalogueVersion = regexp.MustCompile(`("catalogue": )"[^"]*"|(catalogue )[0-9a-f]{8,}`)

// compareGolden compares got with a file of testdata/golden, or rewrites it.
func compareGolden(t *testing.T, root, name, got string) {
	t.Helper()
	got = catalogueVersion.ReplaceAllString(got, `$1$2"…"`)
	file := filepath.Join(root, "testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./cmd/wolfdiag -run Golden -update makes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test ./cmd/wolfdiag -run Golden -update rewrites it):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	root := projectRoot(t)
	for _, c := range goldenCases {
		t.Run(c.log, func(t *testing.T) {
			dir := t.TempDir()
			copyInput(t, filepath.Join(root, "testdata", "logs", c.log), dir, written)
			t.Chdir(dir)
			raw := mustRun(t, "analyze", "--format", "json", c.log)
			r := checkContract(t, raw)
			c.check(t, r)
			checkPlaces(t, dir, r)
			name := strings.TrimSuffix(c.log, ".log")
			compareGolden(t, root, name+".json", raw)
			compareGolden(t, root, name+".txt", mustRun(t, "analyze", c.log))
			checkScreen(t, r)
			if c.short {
				compareGolden(t, root, name+".short.txt", mustRun(t, "analyze", "--short", c.log))
			}
			if c.letters {
				var b strings.Builder
				if err := render.Report(&b, r, render.Text, render.Options{Palette: render.LetterPalette()}); err != nil {
					t.Fatal(err)
				}
				compareGolden(t, root, name+".letters.txt", b.String())
			}
			if c.markdown {
				compareGolden(t, root, name+".md", mustRun(t, "analyze", "--format", "markdown", c.log))
			}
			if c.html {
				compareGolden(t, root, name+".html", mustRun(t, "analyze", "--format", "html", c.log))
			}
		})
	}
}

// checkScreen wants the short form on 24 rows, whatever the terminal's width, no
// row wider than it but for commands, and the deciding command whole.
func checkScreen(t *testing.T, r *report.Report) {
	t.Helper()
	for _, columns := range []int{80, 100, 132, 200} {
		for _, ascii := range []bool{false, true} {
			var b strings.Builder
			if err := render.Report(&b, r, render.Text, render.Options{Short: true, Width: columns, ASCII: ascii, Palette: render.ColorPalette()}); err != nil {
				t.Fatal(err)
			}
			if n := render.Rows(b.String(), columns); n > 24 {
				t.Errorf("%d rows of %d columns:\n%s", n, columns, b.String())
			}
			for line := range strings.Lines(b.String()) {
				if render.Rows(line, columns) > 1 && !strings.Contains(line, "$ ") {
					t.Errorf("wider than %d columns: %s", columns, line)
				}
			}
			if r.Decide != nil && !strings.Contains(b.String(), "$ "+r.Decide.Command) {
				t.Errorf("does not show the command %s", r.Decide.Command)
			}
		}
	}
}

func (c *goldenCase) check(t *testing.T, r *report.Report) {
	t.Helper()
	var ids []string
	for _, k := range r.Causes {
		ids = append(ids, k.ID)
	}
	if r.Verdict != c.verdict {
		t.Errorf("verdict %s, want %s (causes %v)", r.Verdict, c.verdict, ids)
	}
	if c.first != "" && (len(ids) == 0 || ids[0] != c.first) {
		t.Errorf("causes %v, want %s first", ids, c.first)
	}
	for _, id := range c.lists {
		if !slices.Contains(ids, id) {
			t.Errorf("causes %v lack %s", ids, id)
		}
	}
	for _, id := range c.not {
		if slices.Contains(ids, id) {
			t.Errorf("causes %v hold %s", ids, id)
		}
	}
}

// TestGoldenLogsAreAllTested fails when a log is added without an expectation.
func TestGoldenLogsAreAllTested(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join(projectRoot(t), "testdata", "logs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.ContainsFunc(goldenCases, func(c goldenCase) bool { return c.log == e.Name() }) {
			t.Errorf("testdata/logs/%s has no row in goldenCases", e.Name())
		}
	}
}

// TestGoldenGuide analyses the guide's incident the way an operator would have
// collected it: the log, Wolf's sessions, docker stats and an ls of the dumps.
func TestGoldenGuide(t *testing.T) {
	root := projectRoot(t)
	dir := filepath.Join(t.TempDir(), "guide")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	collected := time.Date(2025, 10, 2, 6, 45, 0, 0, time.UTC)
	for _, f := range []string{"wolf.log", "sessions.json", "docker-stats.txt", "dumps-listing.txt"} {
		copyInput(t, filepath.Join(root, "testdata", "guide", f), dir, collected)
	}
	t.Chdir(filepath.Dir(dir))
	raw := mustRun(t, "analyze", "--format", "json", "guide")
	r := checkContract(t, raw)
	checkScreen(t, r)
	checkPlaces(t, ".", r)
	if len(r.Causes) < 2 || r.Causes[0].ID != "gpu-device-access-lost" || r.Causes[1].ID != "gpu-memory-exhaustion" {
		t.Fatalf("causes %v, want lost access and memory first and second", r.Causes)
	}
	for _, c := range r.Causes {
		if c.ID == "host-oom" {
			t.Error("host-oom is listed although docker stats shows 0.08 % of the memory in use")
		}
	}
	ruledOut := slices.ContainsFunc(r.Facts, func(f report.Fact) bool {
		return f.Kind == "docker-stats" && strings.Contains(f.Text, "410MiB of 503.6GiB") && strings.Contains(f.Bears, "rules host-oom out")
	})
	if !ruledOut {
		t.Errorf("docker stats does not rule host-oom out: %+v", r.Facts)
	}
	var cuda *time.Time
	for _, e := range r.Causes[0].Evidence {
		if e.Pattern == "cuda-error-not-permitted" {
			cuda = e.First.Time
		}
	}
	// The newest dump's name is the start of the life that failed; GStreamer
	// counts from there: 2025-09-30 13:43:42.817138220 + 40:56:30.661481638.
	want := time.Date(2025, 10, 2, 6, 40, 13, 478_619_858, time.UTC)
	if cuda == nil || !cuda.Equal(want) {
		t.Errorf("CUDA line at %v, want %v", cuda, want)
	}
	if len(r.Crashes) != 4 {
		t.Errorf("%d clusters of dumps, want 4 (by size): %+v", len(r.Crashes), r.Crashes)
	}
	dumps := 0
	for _, c := range r.Crashes {
		dumps += c.Count
		if !regexp.MustCompile(`4[0-9] h before the failure: a separate problem`).MatchString(c.Related) {
			t.Errorf("cluster %s: %q does not call the crashes a separate problem", c.Cluster, c.Related)
		}
	}
	if dumps != 7 {
		t.Errorf("%d dumps, want 7 (one row of the listing is damaged and still counts)", dumps)
	}
	compareGolden(t, root, "guide.json", raw)
	compareGolden(t, root, "guide.txt", mustRun(t, "analyze", "guide"))
	compareGolden(t, root, "guide.short.txt", mustRun(t, "analyze", "--short", "guide"))
}
