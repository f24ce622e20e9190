package metrics

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

func TestWrite(t *testing.T) {
	lines := Family{Name: "wolfdiag_lines_total", Kind: Counter, Help: "Lines \\ read,\nof each."}
	lines.Add(12, "file", `C:\logs "old"`+"\nwolf.log")
	lines.Add(1<<53, "file", "b\xff.log", "kind", "file")
	var b strings.Builder
	if err := Write(&b, []Family{lines, {Name: "wolfdiag_nothing", Kind: Gauge}, One("wolfdiag_share", Gauge, "A share.", 0.25)}); err != nil {
		t.Fatal(err)
	}
	want := `# HELP wolfdiag_lines_total Lines \\ read,\nof each.
# TYPE wolfdiag_lines_total counter
wolfdiag_lines_total{file="C:\\logs \"old\"\nwolf.log"} 12
wolfdiag_lines_total{file="b` + "\uFFFD" + `.log",kind="file"} 9.007199254740992e+15
# HELP wolfdiag_share A share.
# TYPE wolfdiag_share gauge
wolfdiag_share 0.25
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestWriteFile replaces its own files, and no others.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "wolf.prom")
	for _, v := range []float64{1, 2} {
		if err := Replaceable(name); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(name, []Family{One("wolfdiag_a", Gauge, "A.", v)}); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil || !strings.HasSuffix(string(b), "\nwolfdiag_a 2\n") {
		t.Errorf("holds %q, %v", b, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o444 != 0o444 {
		t.Errorf("not everybody may read it: %v, %v", info.Mode(), err)
	}
	log := filepath.Join(dir, "wolf.log")
	if err := os.WriteFile(log, []byte("a log"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{log, dir} {
		if err := Replaceable(n); !errors.Is(err, ErrNotOurs) {
			t.Errorf("%s: %v", n, err)
		}
	}
	if err := WriteFile(filepath.Join(dir, "none", "wolf.prom"), nil); err == nil {
		t.Error("written into a folder that is not there")
	}
	if err := WriteFile(dir, nil); err == nil {
		t.Error("a folder was replaced")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestOfReport has a series for everything, found or not.
func TestOfReport(t *testing.T) {
	ten, two := 10, 2
	r := &report.Report{Verdict: report.CauseFound, Coverage: report.Coverage{Lines: 100, ErrorLines: 7, Unexplained: 3},
		Causes:    []report.Cause{{ID: "b-cause", Probability: 0.75}, {ID: "z-unlisted", Probability: 0.125}},
		Lifetimes: []report.Lifetime{{Sessions: &ten, Failures: 1, EndKind: "crash"}, {Sessions: &two, Failures: 2, EndKind: "running"}, {EndKind: "unknown"}}}
	causes := []string{"c-cause", "a-cause", "b-cause"}
	var b strings.Builder
	if err := Write(&b, OfReport("wolfdiag_check_", Gauge, r, causes)); err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(b.String(), "")
	want := `wolfdiag_check_verdict{verdict="cause-found"} 1
wolfdiag_check_verdict{verdict="possible-cause"} 0
wolfdiag_check_verdict{verdict="unexplained-errors"} 0
wolfdiag_check_verdict{verdict="nothing-known"} 0
wolfdiag_check_verdict{verdict="no-data"} 0
wolfdiag_check_verdict{verdict="healthy"} 0
wolfdiag_check_cause_probability{cause="a-cause"} 0
wolfdiag_check_cause_probability{cause="b-cause"} 0.75
wolfdiag_check_cause_probability{cause="c-cause"} 0
wolfdiag_check_cause_probability{cause="z-unlisted"} 0.125
wolfdiag_check_sessions 12
wolfdiag_check_failures 3
wolfdiag_check_restarts 2
wolfdiag_check_crashes 1
wolfdiag_check_error_lines 7
wolfdiag_check_unexplained_lines 3
`
	if diff := cmp.Diff(want, values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"c-cause", "a-cause", "b-cause"}, causes); diff != "" {
		t.Errorf("the caller's list was changed:\n%s", diff)
	}
	for _, f := range OfReport("wolfdiag_", Counter, &report.Report{}, nil) {
		if (f.Kind == Counter) != strings.HasSuffix(f.Name, "_total") {
			t.Errorf("%s is a %s", f.Name, f.Kind)
		}
	}
}
