package analyze

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// threeLives is the log of three lifetimes, each of which runs out of GPU
// memory in its fifth session, as three transports print it.
func threeLives(t *testing.T) []named {
	t.Helper()
	name := "gpu-memory-three-lifetimes.compose-timestamps.log"
	data, err := os.ReadFile(filepath.Join("..", "testdata", "logs", name))
	if err != nil {
		t.Fatal(err)
	}
	// wolf-1  | 2025-12-02T08:00:04.503034238Z 08:00:04.503034867 INFO  | Gstreamer version: 1.26.2-0
	stamped := regexp.MustCompile(`^(wolf-1  \| )(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d*Z (.*)$`)
	var compose, journal bytes.Buffer
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		m := stamped.FindStringSubmatch(line)
		if m == nil { // what compose says itself, which the journal does not hear
			fmt.Fprintln(&compose, line)
			continue
		}
		fmt.Fprintf(&compose, "%s%s\n", m[1], m[3])
		fmt.Fprintf(&journal, "%s+0000 host wolf[912]: %s\n", m[2], m[3])
	}
	return []named{{"compose with timestamps", data}, {"compose", compose.Bytes()}, {"journald", journal.Bytes()}}
}

// life is what a test looks at of a lifetime.
type life struct {
	Start    string
	Sessions int
	Failures int
	Session  int // of the first failure
}

func livesOf(r *Report) []life {
	out := []life{}
	number := func(n *int) int {
		if n == nil {
			return -1
		}
		return *n
	}
	for _, l := range r.Lifetimes {
		start := ""
		if l.Start != nil {
			start = l.Start.Format("02 15:04")
		}
		out = append(out, life{start, number(l.Sessions), l.Failures, number(l.FirstFailureSession)})
	}
	return out
}

// TestWindow reads the same log through windows: lifetimes stay those of the
// whole log, evidence comes from inside the window alone.
func TestWindow(t *testing.T) {
	t.Parallel()
	day := func(d, h, m int) time.Time { return time.Date(2025, 12, d, h, m, 0, 0, time.UTC) }
	a := life{"02 08:00", 5, 1, 5}
	b := life{"03 07:58", 5, 1, 5}
	c := life{"04 08:03", 5, 1, 5}
	healthy := func(l life) life { return life{l.Start, l.Sessions, 0, -1} }
	for _, tt := range []struct {
		name         string
		since, until time.Time
		lives        []life
		leak         string
		verdict      report.Verdict
		note         string
	}{
		{name: "all of it", since: day(1, 0, 0), until: day(9, 0, 0), lives: []life{a, b, c}, leak: "likely", verdict: report.CauseFound},
		{name: "since the second start", since: day(3, 7, 58), lives: []life{b, c}, leak: "insufficient-data", verdict: report.CauseFound, note: "1 lifetime of Wolf not shown"},
		{name: "since the middle of a life", since: day(2, 10, 0), lives: []life{a, b, c}, leak: "insufficient-data", verdict: report.CauseFound, note: "left out"},
		{name: "since after a failure", since: day(4, 11, 0), until: day(4, 12, 0), lives: []life{healthy(c)}, leak: "insufficient-data", verdict: report.Healthy, note: "2 lifetimes of Wolf not shown"},
		{name: "until before the last failure", until: day(4, 10, 0), lives: []life{a, b, healthy(c)}, leak: "insufficient-data", verdict: report.CauseFound, note: "left out"},
		{name: "the second day", since: day(3, 0, 0), until: day(4, 0, 0), lives: []life{b}, leak: "insufficient-data", verdict: report.CauseFound, note: "2 lifetimes of Wolf not shown"},
		{name: "after the end", since: day(20, 0, 0), lives: []life{}, leak: "insufficient-data", verdict: report.NoData, note: "nothing of note lies at or after 2025-12-20T00:00:00Z"},
		{name: "between two lives", since: day(3, 23, 0), until: day(4, 1, 0), lives: []life{}, leak: "insufficient-data", verdict: report.NoData, note: "nothing of note lies between"},
	} {
		for _, log := range threeLives(t) {
			t.Run(tt.name+"/"+log.name, func(t *testing.T) {
				r := read(t, Options{Since: tt.since, Until: tt.until}, log)
				if d := cmp.Diff(tt.lives, livesOf(r)); d != "" {
					t.Errorf("lifetimes (-want +got):\n%s", d)
				}
				if r.Leak.Verdict != tt.leak || r.Verdict != tt.verdict {
					t.Errorf("leak %s, verdict %s; want %s, %s (%s)", r.Leak.Verdict, r.Verdict, tt.leak, tt.verdict, r.Leak.Why)
				}
				notes := strings.Join(r.Notes, "\n")
				if tt.note == "" && notes != "" || !strings.Contains(notes, tt.note) {
					t.Errorf("notes %q, want %q in them", notes, tt.note)
				}
				if len(tt.lives) == 0 && (r.Period.From != nil || !strings.HasPrefix(r.Summary, "Nothing of note")) {
					t.Errorf("nothing is inside, but the period is %v and the summary %q", r.Period, r.Summary)
				}
				if p := r.Period; p.From != nil && (p.From.Before(tt.since) || !tt.until.IsZero() && p.To.After(tt.until)) {
					t.Errorf("period %v to %v reaches out of the window", p.From, p.To)
				}
				for _, p := range r.Patterns {
					for _, w := range []report.Where{p.First, p.Last} {
						if w.Time != nil && (w.Time.Before(tt.since) || !tt.until.IsZero() && w.Time.After(tt.until)) {
							t.Errorf("%s at %v lies outside the window", p.ID, w.Time)
						}
					}
				}
			})
		}
	}
}

// TestWholeWindow compares a window that holds everything with none.
func TestWholeWindow(t *testing.T) {
	t.Parallel()
	for _, log := range threeLives(t) {
		for _, size := range []int{0, 4096} { // blocks of the reader
			want := read(t, Options{BlockSize: size}, log)
			got := read(t, Options{BlockSize: size, Since: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}, log)
			if d := cmp.Diff(livesOf(want), livesOf(got)); d != "" {
				t.Errorf("%s, blocks of %d: lifetimes (-want +got):\n%s", log.name, size, d)
			}
			if d := cmp.Diff(want.Coverage, got.Coverage); d != "" {
				t.Errorf("%s, blocks of %d: coverage (-want +got):\n%s", log.name, size, d)
			}
			if d := cmp.Diff(ids(want), ids(got)); d != "" {
				t.Errorf("%s, blocks of %d: causes (-want +got):\n%s", log.name, size, d)
			}
		}
	}
}

// TestBackwards reads a log from its last line to its first.
func TestBackwards(t *testing.T) {
	t.Parallel()
	for _, log := range threeLives(t) {
		t.Run(log.name, func(t *testing.T) {
			lines := strings.SplitAfter(string(log.data), "\n")
			slices.Reverse(lines)
			want := read(t, Options{}, log)
			got := read(t, Options{}, named{log.name, []byte(strings.Join(lines, ""))})
			if said := strings.Join(got.Clocks, "\n"); !strings.Contains(said, "the log runs backwards (newest line first)") {
				t.Errorf("clocks do not say so: %s", said)
			}
			if len(got.Lifetimes) != len(want.Lifetimes) {
				t.Errorf("%d lifetimes, want %d", len(got.Lifetimes), len(want.Lifetimes))
			}
			for i, l := range got.Lifetimes {
				if l.Start != nil && l.End != nil && l.End.Before(*l.Start) {
					t.Errorf("lifetime %d ends at %v before it starts at %v", i+1, l.End, l.Start)
				}
			}
			if log.name == "compose" { // times of day: their dates cannot be known
				if got.Leak.Verdict != "insufficient-data" {
					t.Errorf("leak %s, want insufficient-data", got.Leak.Verdict)
				}
				return
			}
			if d := cmp.Diff(livesOf(want), livesOf(got)); d != "" {
				t.Errorf("lifetimes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(ids(want), ids(got)); d != "" {
				t.Errorf("causes (-want +got):\n%s", d)
			}
			if got.Leak.Verdict != want.Leak.Verdict {
				t.Errorf("leak %s, want %s", got.Leak.Verdict, want.Leak.Verdict)
			}
		})
	}
}
