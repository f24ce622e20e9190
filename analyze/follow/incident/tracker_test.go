package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// TestTracker walks an incident through its life by a clock of its own.
func TestTracker(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
	tr := New(Options{})
	rep := func(p float64, n int64) *report.Report {
		return &report.Report{Causes: []report.Cause{{ID: "x", Probability: p, Evidence: []report.Evidence{{Pattern: "p", Count: n}}}}}
	}
	start := func(r *report.Report, lives int) *report.Report {
		for i := range lives {
			at := now.Add(-time.Hour * time.Duration(lives-i))
			r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: &at, EndKind: "running"})
		}
		return r
	}
	for _, s := range []struct {
		name  string
		after time.Duration
		r     *report.Report
		want  string
	}{
		{"too improbable", 0, rep(0.1, 1), ""},
		{"begins", time.Second, rep(0.5, 1), "incident 1"},
		{"nothing new", time.Second, rep(0.5, 1), ""},
		{"more, too soon", time.Second, rep(0.5, 5), ""},
		{"more", 11 * time.Second, rep(0.5, 9), "update 1 more"},
		{"surer", time.Second, rep(0.8, 10), "update 1 escalation"},
		{"quiet", 6 * time.Minute, rep(0.8, 10), "update 1 recovery"},
		{"still there", time.Second, rep(0.8, 10), ""},
		{"gone from the report", time.Second, &report.Report{}, ""},
		{"again", time.Second, rep(0.8, 11), "incident 2"},
		{"gone again, quiet", 6 * time.Minute, &report.Report{}, "update 2 recovery"},
		{"third", time.Second, start(rep(0.8, 12), 1), "incident 3"},
		{"restart", time.Minute, start(rep(0.8, 12), 2), "lifetime 0 started, update 3 recovery"},
	} {
		now = now.Add(s.after)
		var got []string
		for _, e := range tr.Observe(now, s.r) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", e.Kind, e.Number, e.Change)))
		}
		if diff := cmp.Diff(s.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s:\n%s", s.name, diff)
		}
	}
	again := New(Options{})
	again.Restore(tr.State())
	if ev := again.Observe(now, rep(0.8, 3)); len(ev) != 1 || ev[0].Number != 4 || ev[0].More != 3 {
		t.Errorf("after a restart: %+v, want incident 4 with 3 records", ev)
	}
}

// TestBaseline walks a tracker through a restart.
func TestBaseline(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
	rep := func(lives int, counts ...int64) *report.Report {
		r := &report.Report{}
		for i, n := range counts {
			if n > 0 {
				r.Causes = append(r.Causes, report.Cause{ID: string(rune('a' + i)), Probability: 0.8, Evidence: []report.Evidence{{Pattern: "p", Count: n}}})
			}
		}
		for range lives {
			r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: &now, EndKind: "running"})
		}
		return r
	}
	first := New(Options{UpdateEvery: time.Second})
	first.Observe(now, rep(1, 5))
	tr := New(Options{UpdateEvery: time.Second})
	tr.Restore(first.State())
	tr.Baseline(now, rep(1, 3, 2)) // two records are out of reach; b was never told
	for _, s := range []struct {
		r    *report.Report
		want string
	}{
		{rep(1, 3, 2), ""},
		{rep(1, 4, 2), "incident 1 a: ×1 more, 6 in all"},
		{rep(1, 4, 3), "incident 2 b (80 %): "},
		{rep(2, 4, 3), "Wolf started|incident 1 a: recovered (Wolf was restarted)|incident 2 b: recovered (Wolf was restarted)"},
	} {
		now = now.Add(2 * time.Second)
		var got []string
		for _, ev := range tr.Observe(now, s.r) {
			got = append(got, ev.Text)
		}
		if strings.Join(got, "|") != s.want {
			t.Errorf("told %q, want %q", got, s.want)
		}
	}
}
