package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/report"
)

func guideLog(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "logs", "guide-incident.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestFollowFormats follows a pipe to its end in every format.
func TestFollowFormats(t *testing.T) {
	for _, tt := range []struct {
		format string
		args   []string
		want   []string
		not    []string
	}{
		{"text", nil, []string{"incident 1  the container may no longer open", "CAUSE FOUND", "now  "}, []string{"\x1b", "open incident"}},
		{"markdown", nil, []string{"# "}, []string{"\x1b"}},
		{"html", nil, []string{"<html"}, []string{"\x1b"}},
		{"text", []string{"--no-report"}, []string{"incident 1 "}, []string{"CAUSE FOUND"}},
		{"text", []string{"--color", "always"}, []string{"\x1b[31;1m"}, nil},
	} {
		t.Run(strings.Join(append([]string{tt.format}, tt.args...), " "), func(t *testing.T) {
			e, out, errs := testEnv(guideLog(t))
			args := append([]string{"wolfdiag", "follow", "--format", tt.format}, tt.args...)
			if code := run(context.Background(), args, e); code != 0 {
				t.Fatalf("exit %d: %s", code, errs)
			}
			for _, w := range tt.want {
				if !strings.Contains(out.String(), w) {
					t.Errorf("output lacks %q:\n%s", w, out)
				}
			}
			for _, w := range tt.not {
				if strings.Contains(out.String(), w) {
					t.Errorf("output holds %q:\n%s", w, out)
				}
			}
		})
	}
}

// TestFollowJSON wants one object a line, the report last.
func TestFollowJSON(t *testing.T) {
	for _, redact := range []bool{false, true} {
		e, out, errs := testEnv(guideLog(t))
		args := []string{"wolfdiag", "follow", "--format", "json", "--exit-code"}
		if redact {
			args = append(args, "--redact")
		}
		if code := run(context.Background(), args, e); code != exitFound {
			t.Fatalf("exit %d: %s", code, errs)
		}
		var kinds []string
		for line := range bytes.Lines(out.Bytes()) {
			var ev struct {
				Event  string
				Cause  *struct{ ID string }
				Report *struct{ Schema, Verdict string }
			}
			if err := json.Unmarshal(line, &ev); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			kinds = append(kinds, ev.Event)
			switch ev.Event {
			case "incident":
				if ev.Cause == nil || ev.Cause.ID == "" {
					t.Errorf("incident without a cause: %s", line)
				}
			case "report":
				if ev.Report == nil || ev.Report.Schema != "wolfdiag/report/v1" || ev.Report.Verdict != "cause-found" {
					t.Errorf("report: %.200s", line)
				}
			}
		}
		if len(kinds) < 2 || kinds[0] != "incident" || kinds[len(kinds)-1] != "report" || strings.Count(strings.Join(kinds, " "), "report") != 1 {
			t.Errorf("events %q", kinds)
		}
	}
}

// TestFollowUsage names the flag that is wrong.
func TestFollowUsage(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"--from middle x", `--from "middle"`},
		{"--from checkpoint x", "--checkpoint FILE"},
		{"--on no-such-cause --exec true x", `--on "no-such-cause"`},
		{"--on gpu-dark x", "--exec"},
		{"--exec /no/such/program x", "/no/such/program"},
		{"--cooldown -1s x", "--cooldown"},
		{"--settle -1s x", "--settle"},
		{"--min-probability 2 x", "--min-probability"},
		{"--gpu-warn 0 x", "--gpu-warn"},
		{"--snapshot-max-bytes 5x x", "--snapshot-max-bytes"},
		{"--snapshot-max-age -1h x", "--snapshot-max-age"},
		{"--format yaml x", "--format"},
		{"--snapshot follow_test.go/below x", "snapshots cannot be written"},
		{"follow_test.go --checkpoint follow_test.go", "will not be replaced by a checkpoint"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			e, _, errs := testEnv("")
			code := run(context.Background(), append([]string{"wolfdiag", "follow"}, strings.Fields(tt.args)...), e)
			if code != exitUsage || !strings.Contains(errs.String(), tt.want) {
				t.Errorf("exit %d, %q; want exit 2 and %q", code, errs, tt.want)
			}
		})
	}
}

// stuckWriter blocks for good at the first write.
type stuckWriter struct{ stuck chan struct{} }

func (w stuckWriter) Write(p []byte) (int, error) { <-w.stuck; return len(p), nil }

// TestFollowStuckOutput ends within a second though nobody reads its output.
func TestFollowStuckOutput(t *testing.T) {
	e, _, _ := testEnv("")
	w := stuckWriter{make(chan struct{})}
	defer close(w.stuck)
	e.stdout = w
	name := filepath.Join(t.TempDir(), "wolf.log")
	if err := os.WriteFile(name, []byte(guideLog(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	done := make(chan int, 1)
	go func() { done <- run(ctx, []string{"wolfdiag", "follow", "--from", "start", name}, e) }()
	select {
	case code := <-done:
		if code != exitPartial {
			t.Errorf("exit %d, want %d", code, exitPartial)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("does not end")
	}
}

// TestFollowMetrics writes figures that add up with what was told, and never
// over a log.
func TestFollowMetrics(t *testing.T) {
	dir := t.TempDir()
	log, figures := filepath.Join(dir, "wolf.log"), filepath.Join(dir, "wolf.prom")
	if err := os.WriteFile(log, []byte(guideLog(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	e, out, errs := testEnv(guideLog(t))
	if code := run(context.Background(), []string{"wolfdiag", "follow", "--format", "json", "--metrics", figures}, e); code != exitOK {
		t.Fatalf("exit %d, %s", code, errs)
	}
	b, err := os.ReadFile(figures)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for l := range strings.Lines(string(b)) {
		if i := strings.LastIndexByte(l, ' '); !strings.HasPrefix(l, "#") {
			values[l[:i]] = strings.TrimSpace(l[i:])
		}
	}
	for series, want := range map[string]string{
		`wolfdiag_lines_total{file="-"}`:                           "19",
		`wolfdiag_bytes_total{file="-"}`:                           strconv.Itoa(len(guideLog(t))),
		`wolfdiag_gaps_total{file="-",reason="gone"}`:              "0",
		`wolfdiag_incidents_total{cause="gpu-device-access-lost"}`: incidentsOf(t, out.String(), "gpu-device-access-lost"),
		`wolfdiag_incidents_total{cause="audio-pulse"}`:            "0",
		`wolfdiag_actions_total{outcome="done"}`:                   "0",
		`wolfdiag_verdict{verdict="cause-found"}`:                  "1",
		`wolfdiag_sessions_total`:                                  "10",
		`wolfdiag_restarts_total`:                                  "0",
	} {
		if values[series] != want {
			t.Errorf("%s is %q, want %q", series, values[series], want)
		}
	}
	for _, tt := range []struct{ file, want string }{
		{log, "is not replaced"},
		{filepath.Join(dir, "none", "wolf.prom"), "no such file"},
	} {
		e, _, errs := testEnv("")
		if code := run(context.Background(), []string{"wolfdiag", "follow", "--metrics", tt.file, log}, e); code != exitUsage || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("--metrics %s: exit %d, %q, want %q", tt.file, code, errs, tt.want)
		}
	}
	if b, err := os.ReadFile(log); err != nil || string(b) != guideLog(t) {
		t.Errorf("the log was changed: %v", err)
	}
}

// incidentsOf counts the incidents of a cause among events.
func incidentsOf(t *testing.T, events, cause string) string {
	t.Helper()
	n := 0
	for l := range strings.Lines(events) {
		var ev event.Event
		if err := json.Unmarshal([]byte(l), &ev); err != nil {
			t.Fatal(err)
		}
		if ev.Kind == event.KindIncident && ev.Cause.ID == cause {
			n++
		}
	}
	if n == 0 {
		t.Errorf("no incident of %s", cause)
	}
	return strconv.Itoa(n)
}

// TestSnapshotLimits turns the flags into what the follower keeps.
func TestSnapshotLimits(t *testing.T) {
	for _, tt := range []struct {
		bytes string
		age   time.Duration
		want  action.Options
	}{
		{"10MiB", time.Hour, action.Options{SnapshotBytes: 10 << 20, SnapshotAge: time.Hour}},
		{"0", 0, action.Options{SnapshotBytes: -1, SnapshotAge: -1}},
	} {
		var got action.Options
		o := actionOptions{keepBytes: tt.bytes, keepFor: tt.age}
		if err := o.limitSnapshots(&got); err != nil || got.SnapshotBytes != tt.want.SnapshotBytes || got.SnapshotAge != tt.want.SnapshotAge {
			t.Errorf("%s and %s: %d bytes, %s, %v", tt.bytes, tt.age, got.SnapshotBytes, got.SnapshotAge, err)
		}
	}
}

// TestCheck looks at the end of logs.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	bad, calm := filepath.Join(dir, "bad.log"), filepath.Join(dir, "calm.log")
	now := time.Date(2025, 10, 2, 6, 42, 0, 0, time.UTC) // two minutes after the incident
	for name, text := range map[string]string{bad: guideLog(t), calm: "06:41:00.000000000 INFO  | all is well\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, now, now); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, args string
		code       int
		want       string
	}{
		{"recent", bad, exitFound, "unhealthy: the container may no longer open the GPU's device nodes (74 %): "},
		{"over", "--last 30s " + bad, exitOK, "no data: nothing of Wolf in the last 30s (0 lines"},
		{"healthy", calm, exitOK, "ok: nothing known found in the last 5m (1 line, 0 unexplained complaints)"},
		{"json", "--format json " + bad, exitFound, `{"event":"check","healthy":false,"verdict":"cause-found",`},
		{"one of two", calm + " " + dir + "/none", exitPartial, "ok: "},
		{"none", dir + "/none", exitNoInput, ""},
		{"no argument", "", exitUsage, ""},
		{"hard to please", "--min-probability 0.99 " + bad, exitOK, "ok: no cause of 99 % or more: the container may"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, out, errs := testEnv("")
			e.now = func() time.Time { return now }
			code := run(context.Background(), append([]string{"wolfdiag", "check"}, strings.Fields(tt.args)...), e)
			if code != tt.code || !strings.HasPrefix(out.String(), tt.want) || strings.Count(out.String(), "\n") > 1 {
				t.Errorf("exit %d, %q (%s); want exit %d and %q on one line", code, out, errs, tt.code, tt.want)
			}
		})
	}
}

// TestCheckLine wants one line of at most 160 columns, whatever the evidence
// is, and nothing of an address that masking and cutting share.
func TestCheckLine(t *testing.T) {
	for _, tt := range []struct {
		name, text, note string
		redact           bool
		want             string // prefix
	}{
		{"short", "said no", "", false, "unhealthy: it broke (75 %): some-pattern ×3: said no"},
		{"no text", "", "; no clock", false, "unhealthy: it broke (75 %): some-pattern ×3; no clock"},
		{"lines", "one\n\ttwo\r\n three\x1b[31m", "", false, "unhealthy: it broke (75 %): some-pattern ×3: one two three [31m"},
		{"long", strings.Repeat("long ", 100), "", false, "unhealthy: it broke (75 %): some-pattern ×3: long long"},
		{"wide", strings.Repeat("幅", 200), "; no clock", false, "unhealthy: it broke (75 %): some-pattern ×3: 幅幅"},
		{"not UTF-8", "a\xff\xfeb", "", false, "unhealthy: it broke (75 %): some-pattern ×3: a·b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := &checkOptions{minProb: 0.5, redact: tt.redact}
			r := &report.Report{Causes: []report.Cause{{Title: "it broke", Probability: 0.75,
				Evidence: []report.Evidence{{Pattern: "some-pattern", Count: 3, First: report.Where{Text: tt.text}}}}}}
			got := o.judge(r, tt.note).Text
			if !strings.HasPrefix(got, tt.want) || !strings.HasSuffix(got, tt.note) || strings.ContainsAny(got, "\n\r\t\x1b") || runewidth.StringWidth(got) > checkColumns {
				t.Errorf("%d columns: %q, want %q…%q", runewidth.StringWidth(got), got, tt.want, tt.note)
			}
		})
	}
	for pad := range 60 { // the cut falls on every byte of the address
		o := &checkOptions{minProb: 0.5, redact: true}
		r := &report.Report{Causes: []report.Cause{{Title: "it broke", Probability: 0.75,
			Evidence: []report.Evidence{{Pattern: "p", Count: 1, First: report.Where{Text: strings.Repeat("x ", 40) + strings.Repeat("y", pad) + " 203.0.113.77 end"}}}}}}
		if got := o.judge(r, "").Text; strings.Contains(got, "203.0") {
			t.Fatalf("not masked: %q", got)
		}
	}
}

// TestFollowIncomplete says what was not read, at once, in the report, in JSON
// and by its exit code.
func TestFollowIncomplete(t *testing.T) {
	dir := t.TempDir()
	name, place := filepath.Join(dir, "wolf.log"), filepath.Join(dir, "place")
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	follow := func(format string) (int, string, string) {
		e, out, errs := testEnv("")
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		code := run(ctx, []string{"wolfdiag", "follow", "--format", format, "--checkpoint", place, name}, e)
		return code, out.String(), errs.String()
	}
	write(name, guideLog(t))
	if code, out, errs := follow("text"); code != exitOK {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	for range 2 { // rotated twice while nobody looks, and one file is kept
		if err := os.Rename(name, name+".1"); err != nil {
			t.Fatal(err)
		}
		write(name, "06:42:00.000000000 INFO  | another file\n")
	}
	code, out, errs := follow("json")
	if code != exitPartial || !strings.Contains(out, `"event":"gap"`) || !strings.Contains(out, `"bytes":null,"reason":"gone"`) {
		t.Errorf("exit %d, want %d and a gap: %s%s", code, exitPartial, out, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct {
		Files  []struct{ Gaps int }
		Report struct{ Inputs []struct{ Warnings []string } }
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if len(last.Files) != 1 || last.Files[0].Gaps != 1 {
		t.Errorf("files %+v, want one gap", last.Files)
	}
	if len(last.Report.Inputs) == 0 || !strings.Contains(strings.Join(last.Report.Inputs[0].Warnings, ""), "1 gap of unknown size") {
		t.Errorf("the report does not warn: %+v", last.Report.Inputs)
	}
}
