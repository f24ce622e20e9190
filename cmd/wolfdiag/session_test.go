package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/report"
)

// TestSession narrows a report to one session: its failure, its lines, nothing of
// other days.
func TestSession(t *testing.T) {
	log := filepath.Join(projectRoot(t), "testdata", "logs", "gpu-memory-three-lifetimes.compose-timestamps.log")
	read := func(args ...string) *report.Report {
		t.Helper()
		var r report.Report
		if err := json.Unmarshal([]byte(mustRun(t, append([]string{"analyze", "--format", "json", log}, args...)...)), &r); err != nil {
			t.Fatal(err)
		}
		return &r
	}
	whole := read()
	if len(whole.Sessions) != 15 {
		t.Fatalf("%d sessions, want 15: %+v", len(whole.Sessions), whole.Sessions)
	}
	for i, want := range map[int]report.Session{
		3: {App: "sway", Client: "192.168.20.44", Outcome: report.Worked},
		4: {App: "sway", Client: "10.11.0.9", Outcome: report.Failed, Cause: "gpu-memory-exhaustion"},
	} {
		s := whole.Sessions[i]
		if s.App != want.App || s.Client != want.Client || s.Outcome != want.Outcome || s.Cause != want.Cause || s.Lifetime != 0 || s.Number != i+1 {
			t.Errorf("session %d: %+v, want %+v", i, s, want)
		}
	}
	s := whole.Sessions[4]
	one := read("--session", s.ID)
	if len(one.Sessions) != 1 || one.Sessions[0] != s && one.Sessions[0].Lines != s.Lines || one.Verdict != report.CauseFound || one.Causes[0].ID != s.Cause || one.Causes[0].Occurrences != 1 {
		t.Errorf("narrowed to %s: %s, sessions %+v", s.ID, one.Summary, one.Sessions)
	}
	for _, p := range one.Patterns {
		if p.First.Line < s.Lines.From-20 || p.Last.Line > s.Lines.To+20 {
			t.Errorf("%s stands in lines %d to %d, the session in %+v", p.ID, p.First.Line, p.Last.Line, s.Lines)
		}
	}
	worked := read("--session", whole.Sessions[0].ID)
	if len(worked.Causes) > 0 || worked.Sessions[0].Outcome != report.Worked {
		t.Errorf("a session that worked: %s", worked.Summary)
	}
	for args, want := range map[string]string{
		"--session 12345678":                    "no such session in the log; the newest are ",
		"--session " + s.ID[:len(s.ID)-1] + "9": "did you mean ",
		"--session 1 --since 2h":                "without --since and --until",
	} {
		e, _, errs := testEnv("")
		if code := run(context.Background(), append([]string{"wolfdiag", "analyze", log}, strings.Fields(args)...), e); code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: exit %d, %s; want %q", args, code, errs, want)
		}
	}
	e, _, errs := testEnv("x")
	if code := run(context.Background(), []string{"wolfdiag", "analyze", "--session", "1"}, e); code != exitUsage || !strings.Contains(errs.String(), "save it to a file") {
		t.Errorf("a pipe: exit %d, %s", code, errs)
	}
}
