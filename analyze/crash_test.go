package analyze

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/dump/dumptest"
)

func analyzer(t *testing.T, o Options) *Analyzer {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func readAll(t *testing.T, a *Analyzer, text string) *Report {
	t.Helper()
	if err := a.Read(context.Background(), source.Input{Name: "-", Kind: source.KindStdin, Size: -1}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return a.Report()
}

// TestTraceVerdicts: a text with a crash in it is never healthy, and the verdict
// says who crashed. WOLFDIAG_UPDATE=1 rewrites the list.
func TestTraceVerdicts(t *testing.T) {
	folder := filepath.Join("..", "testdata", "traces")
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d traces, %v", len(files), err)
	}
	var got strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r := readAll(t, analyzer(t, Options{}), string(b))
		if name := filepath.Base(f); name == "lsan.txt" || name == "gjs-error.txt" {
			if len(r.Crashes) != 0 {
				t.Errorf("%s: what a program reports and survives counts as a crash", f)
			}
			continue
		}
		if r.Verdict == report.Healthy || len(r.Crashes) == 0 {
			t.Errorf("%s: verdict %s with %d crashes", f, r.Verdict, len(r.Crashes))
			continue
		}
		c, first := r.Crashes[0], "-"
		if len(r.Causes) > 0 {
			first = r.Causes[0].ID
		} else if !strings.Contains(r.Summary, "crashed") {
			t.Errorf("%s: the summary does not say that something crashed: %s", f, r.Summary)
		}
		fmt.Fprintf(&got, "%s: %s, %s of %q: %s\n", filepath.Base(f), first, c.Owner, c.Program, c.What)
	}
	golden := filepath.Join(folder, "verdicts")
	if os.Getenv("WOLFDIAG_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const quietLog = `12:00:00.000000000 INFO  | Wolf started, version v1
12:00:01.000000000 INFO  | HTTP server listening on port: 47989
12:10:00.000000000 INFO  | RTSP server started on port: 48010
`

// TestDumpsDecide: a dump within the log's time makes Wolf's crash the verdict; one
// of long before does not.
func TestDumpsDecide(t *testing.T) {
	for _, tc := range []struct {
		name    string
		crash   time.Time
		verdict report.Verdict
	}{
		{"within", time.Date(2025, 9, 30, 12, 5, 0, 0, time.UTC), report.CauseFound},
		{"long before", time.Date(2025, 6, 1, 12, 5, 0, 0, time.UTC), report.Healthy},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "backtrace."+tc.crash.Add(20*time.Second).Format("2006-01-02-15-04-05")+".000000001.dump")
			if err := os.WriteFile(path, dumptest.Cpptrace(dumptest.NewProcess(3).Segv(0x100, 0x200, 0x300)), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, tc.crash, tc.crash); err != nil {
				t.Fatal(err)
			}
			a := analyzer(t, Options{Date: time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC), Zone: time.UTC})
			if err := a.AddDumps(dir, nil); err != nil {
				t.Fatal(err)
			}
			r := readAll(t, a, quietLog)
			if r.Verdict != tc.verdict || len(r.Crashes) != 1 {
				t.Errorf("verdict %s (%s), %d crashes, period %v to %v; want %s", r.Verdict, r.Summary, len(r.Crashes), r.Period.From, r.Period.To, tc.verdict)
			}
			if tc.verdict == report.CauseFound && (len(r.Causes) == 0 || r.Causes[0].ID != "wolf-crash" || r.Causes[0].Evidence[0].First.Input != path) {
				t.Errorf("causes %+v, want wolf-crash by the dump", r.Causes)
			}
		})
	}
}

// TestWhoseTrace: a trace in a log with Wolf is not Wolf's for that; its own lines
// say whose it is.
func TestWhoseTrace(t *testing.T) {
	const trace = "Program received signal SIGSEGV, Segmentation fault.\n" +
		"#0  0x000055d0c3aa1b2c in hoard::weigh (i=2) at hoard.cpp:19\n#1  0x000055d0c3aa1c2c in hoard::tick (n=2) at hoard.cpp:23\n#2  0x000055d0c3aa1d2c in main (argc=2) at hoard.cpp:35\n"
	prefixed := func(prefix, text string) string {
		return prefix + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+prefix) + "\n"
	}
	for _, tc := range []struct{ name, prefix, owner, program string }{
		{"of Wolf's service", "wolf-1   | ", "wolf", "wolf"},
		{"of another service", "hoard-1  | ", "", "hoard-1"},
		{"of an app's service", "steam-1  | ", "app", "steam"},
		{"pasted between the lines", "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			log := prefixed("wolf-1   | ", quietLog)
			r := readAll(t, analyzer(t, Options{}), log+prefixed(tc.prefix, trace)+log)
			if len(r.Crashes) != 1 || r.Crashes[0].Owner != tc.owner || r.Crashes[0].Program != tc.program {
				t.Fatalf("crashes %+v, want one of %q, %q", r.Crashes, tc.owner, tc.program)
			}
			if byWolf := len(r.Causes) > 0 && r.Causes[0].ID == "wolf-crash"; byWolf != (tc.owner == "wolf") || r.Verdict == report.Healthy {
				t.Errorf("verdict %s: %s", r.Verdict, r.Summary)
			}
		})
	}
}

// TestHandledExceptionIsNoCrash: programs log what they caught and go on.
func TestHandledExceptionIsNoCrash(t *testing.T) {
	log := strings.Repeat(quietLog, 20) + "Traceback (most recent call last):\n  File \"/srv/app.py\", line 12, in poll\n    fetch()\nTimeoutError: timed out\n" + strings.Repeat(quietLog, 20)
	if r := readAll(t, analyzer(t, Options{}), log); len(r.Crashes) != 0 {
		t.Errorf("%d crashes, want none: %+v", len(r.Crashes), r.Crashes)
	}
}
