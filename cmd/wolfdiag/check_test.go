package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCheckPipe reads standard input: only the last minutes count, silence is no
// failure, nothing at all is one.
func TestCheckPipe(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 42, 0, 0, time.UTC) // two minutes after the incident
	for _, tt := range []struct {
		name, args, stdin string
		now               time.Time
		code              int
		want              string
	}{
		{"recent", "-", guideLog(t), now, exitFound, "unhealthy: the container may no longer open the GPU's device nodes"},
		{"over", "-", guideLog(t), now.Add(time.Hour), exitOK, "no data: nothing of Wolf in the last 5m (19 lines)"},
		{"healthy", "-", "2025-10-02T06:41:00.000000000Z 06:41:00.000000000 INFO  | HTTP server listening on port: 47989\n", now, exitOK, "ok: "},
		{"nothing", "-", "", now, exitNoInput, "no data: nothing of Wolf in the last 5m (0 lines)"},
		{"no log", "-", "hello\nworld\n", now, exitNoInput, "no data: "},
		{"bad wait", "--wait 0s -", "", now, exitUsage, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, out, errs := testEnv(tt.stdin)
			e.now = func() time.Time { return tt.now }
			code := run(context.Background(), append([]string{"wolfdiag", "check"}, strings.Fields(tt.args)...), e)
			if code != tt.code || !strings.HasPrefix(out.String(), tt.want) || strings.Count(out.String(), "\n") > 1 {
				t.Errorf("exit %d, %q (%s); want exit %d and %q on one line", code, out, errs, tt.code, tt.want)
			}
		})
	}
}

// TestCheckWaits: a pipe that does not end is not waited for.
func TestCheckWaits(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	defer r.Close()
	if _, err := io.WriteString(w, guideLog(t)); err != nil {
		t.Fatal(err)
	}
	e, out, errs := testEnv("")
	e.stdin, e.now = r, func() time.Time { return time.Date(2025, 10, 2, 6, 42, 0, 0, time.UTC) }
	if code := run(context.Background(), []string{"wolfdiag", "check", "--wait", "300ms", "-"}, e); code != exitFound || !strings.Contains(out.String(), "did not end within 300ms") {
		t.Errorf("exit %d, %q (%s)", code, out, errs)
	}
}

// TestCheckQuiet: a log that has said nothing for a while is silent; an empty one
// is no data, unless the log was rotated.
func TestCheckQuiet(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2025, 10, 2, 6, 42, 0, 0, time.UTC)
	write := func(name, text string, at time.Time) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("empty.log", "", now)
	write("rotated.log", "", now)
	write("rotated.log.1", "06:00:00.000000000 INFO  | all is well\n", now.Add(-42*time.Minute))
	for name, want := range map[string]int{"empty.log": exitNoInput, "rotated.log": exitOK} {
		e, out, errs := testEnv("")
		e.now = func() time.Time { return now }
		figures := filepath.Join(dir, name+".prom")
		code := run(context.Background(), []string{"wolfdiag", "check", "--metrics", figures, filepath.Join(dir, name)}, e)
		if code != want || !strings.HasPrefix(out.String(), "no data: ") {
			t.Errorf("%s: exit %d, %q (%s); want exit %d", name, code, out, errs, want)
		}
		b, err := os.ReadFile(figures)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"wolfdiag_check_healthy 0\n", "wolfdiag_check_time_seconds 1.75938732e+09\n", "wolfdiag_check_verdict{verdict=\"no-data\"} 1\n", "wolfdiag_check_cause_probability{cause=\"host-oom\"} 0\n"} {
			if !strings.Contains(string(b), line) {
				t.Errorf("%s: the figures lack %s", name, line)
			}
		}
	}
}

// TestRefusals: what a collecting command says when it fails is a note, and names
// no cause; the short form says so.
func TestRefusals(t *testing.T) {
	for _, says := range []string{
		"bash: line 1: nvidia-smi: command not found",
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
		"no configuration file provided: not found",
		`service "wolf" is not running`,
	} {
		name := filepath.Join(t.TempDir(), "collected.txt")
		if err := os.WriteFile(name, []byte(says+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		out := mustRun(t, "analyze", "--short", name)
		if !strings.HasPrefix(out, "NO DATA") || !strings.Contains(strings.Join(strings.Fields(out), " "), "could not be collected because") || strings.Contains(out, "run this") {
			t.Errorf("%s:\n%s", says, out)
		}
	}
}
