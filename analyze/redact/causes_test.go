package redact_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze"
	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// TestCausesSurvive: a masked log has the same causes as the original, as sure
// as there, the same lifetimes, and the same account of its complaints.
func TestCausesSurvive(t *testing.T) {
	t.Parallel()
	var names []string
	for _, pattern := range []string{"../../testdata/logs/*.log", "../../testdata/guide/*.log", "../../../shared/corpus/*.log", "../../../shared/cases-2/*.log", "../../../shared/ordinary/*.log"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 20 {
		t.Fatalf("only %d logs", len(names))
	}
	if testing.Short() {
		names = names[:27]
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			log, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			masked := redact.ForLogs().Lines(nil, log)
			if a, b := bytes.Count(log, []byte("\n")), bytes.Count(masked, []byte("\n")); a != b {
				t.Errorf("%d lines became %d", a, b)
			}
			if d := cmp.Diff(gist(t, log), gist(t, masked)); d != "" {
				t.Errorf("what is told of the log (-original +masked):\n%s", d)
			}
		})
	}
}

// gist is what a report says without quoting the log.
func gist(t *testing.T, log []byte) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "wolf.log")
	if err := os.WriteFile(name, log, 0o600); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	if err := os.Chtimes(name, now(), now()); err != nil {
		t.Fatal(err)
	}
	a, err := analyze.New(analyze.Options{Version: "test", Now: now, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	inputs, problems := source.Expand([]string{name}, source.ExpandOptions{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, in := range inputs {
		if err := a.Read(context.Background(), in, nil); err != nil {
			t.Fatal(err)
		}
	}
	return describe(a.Report())
}

func describe(r *report.Report) []string {
	out := []string{"verdict " + string(r.Verdict), fmt.Sprintf("coverage %+v", r.Coverage)}
	for i := range r.Causes {
		c := &r.Causes[i]
		ids := make([]string, 0, len(c.Evidence))
		for j := range c.Evidence {
			ids = append(ids, fmt.Sprintf("%s×%d", c.Evidence[j].Pattern, c.Evidence[j].Count))
		}
		out = append(out, fmt.Sprintf("cause %s %.2f %s", c.ID, c.Probability, strings.Join(ids, " ")))
	}
	for i := range r.Lifetimes {
		l := &r.Lifetimes[i]
		sessions := -1
		if l.Sessions != nil {
			sessions = *l.Sessions
		}
		out = append(out, fmt.Sprintf("lifetime %s, %d sessions, %d failures", l.EndKind, sessions, l.Failures))
	}
	return out
}
