package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

var noon = time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)

// after is a time so many minutes after noon.
func after(minutes float64) *time.Time {
	t := noon.Add(time.Duration(minutes * float64(time.Minute)))
	return &t
}

// hour is a report on an hour from noon.
func hour() *report.Report {
	return &report.Report{Period: report.Period{From: after(0), To: after(60)}}
}

func lane(t *testing.T, p *Picture, title string) *Lane {
	t.Helper()
	for i := range p.Lanes {
		if p.Lanes[i].Title == title {
			return &p.Lanes[i]
		}
	}
	t.Fatalf("no lane %q in %+v", title, p)
	return nil
}

func TestSessions(t *testing.T) {
	t.Parallel()
	r := hour()
	r.Causes = []report.Cause{{ID: "other", Title: "another"}, {ID: "gpu-memory-exhaustion", Title: "the GPU's memory is used up"}}
	r.Sessions = []report.Session{
		{Number: 1, Start: after(0), End: after(20), Outcome: report.Worked},
		{Number: 2, App: "steam", ID: "4000700000000000001", Start: after(10), End: after(30), Outcome: report.Failed, Cause: "gpu-memory-exhaustion", First: report.Where{Input: "wolf.log", Line: 7}},
		{Number: 3, Start: after(25), Outcome: report.Running},
		{Number: 4, Outcome: report.Unclear},
	}
	l := lane(t, Of(r), "Sessions")
	var got []string
	for _, m := range l.Marks {
		got = append(got, fmt.Sprintf("%d %s %.0f+%.0f %s %s", m.Row, m.Class, m.X, m.Width, m.Title, m.Where))
	}
	want := []string{
		"0 worked 2+32 Session 1: worked ",
		"1 failed 18+32 Session 2 of steam (4000700000000000001): failed, the GPU's memory is used up wolf.log:7",
		"0 running 42+56 Session 3: running ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if l.Unplaced != 1 || l.Rows != 2 || l.Binned {
		t.Errorf("%d unplaced, %d rows, binned %v", l.Unplaced, l.Rows, l.Binned)
	}
	if want := "2025-10-02 12:10:00 – 12:30:00"; l.Marks[1].When != want {
		t.Errorf("when: %q, want %q", l.Marks[1].When, want)
	}
}

// TestLifetimes: a life that began long before the log is cut, and does not
// squeeze the log into a hair.
func TestLifetimes(t *testing.T) {
	t.Parallel()
	r := hour()
	three := 3
	r.Lifetimes = []report.Lifetime{
		{Start: after(-4000), End: after(20), EndKind: "crash", ExitMeaning: "11: SIGSEGV in Wolf", Sessions: &three, Failures: 1},
		{Start: after(21), EndKind: "running"},
		{End: after(10), EndKind: "killed"},
	}
	p := Of(r)
	l := lane(t, p, "Lifetimes of Wolf")
	if m := l.Marks[0]; m.X != 0 || !m.CutLeft || m.Class != Crash || m.Title != "Wolf, crash (exit 11: SIGSEGV in Wolf): 3 sessions, 1 failure" {
		t.Errorf("%+v", m)
	}
	if p.To.Sub(p.From) > 2*time.Hour || len(p.Starts) != 1 {
		t.Errorf("from %v to %v, starts %v", p.From, p.To, p.Starts)
	}
}

// TestBins: thousands of sessions give no more than so many marks, which stand for
// all of them.
func TestBins(t *testing.T) {
	t.Parallel()
	r := hour()
	for i := range 5000 {
		s := report.Session{Number: i, Start: after(60 * float64(i) / 5000), Outcome: report.Worked}
		if i%10 == 3 {
			s.Outcome = report.Failed
		}
		r.Sessions = append(r.Sessions, s)
	}
	l := lane(t, Of(r), "Sessions")
	count, bad := 0, 0.0
	for _, m := range l.Marks {
		count += m.Count
		bad += m.Share * float64(m.Count)
		if m.Class != Failed || m.X < 0 || m.X+m.Width > 100.01 {
			t.Errorf("%+v", m)
		}
	}
	if !l.Binned || len(l.Marks) > bins || count != 5000 || math.Round(bad) != 500 {
		t.Errorf("binned %v, %d marks for %d sessions, %.1f failed", l.Binned, len(l.Marks), count, bad)
	}
	if want := " worked; Session 3: failed"; !strings.HasSuffix(l.Marks[0].Title, want) {
		t.Errorf("title %q, want …%s", l.Marks[0].Title, want)
	}
}

func TestCurve(t *testing.T) {
	t.Parallel()
	r := hour()
	s := report.Series{Name: "GPU memory", Unit: "MiB", Limit: 8000}
	for i := range 1000 {
		s.Points = append(s.Points, report.Point{Time: *after(60 * float64(i) / 1000), Value: 1000})
	}
	s.Points[700].Value = 7000 // a peak is not thinned away
	s.Points = append(s.Points, report.Point{Time: *after(9000), Value: 8000})
	r.Timeline.Series = []report.Series{s, {Name: "elsewhere", Points: []report.Point{{Time: *after(-9000), Value: 1}}}}
	p := Of(r)
	if len(p.Curves) != 1 || len(p.Curves[0].Points) > maxCurve || p.Curves[0].High != 7000 || p.Curves[0].Top != 8000 {
		t.Fatalf("%+v", p.Curves)
	}
	if !slices.ContainsFunc(p.Curves[0].Points, func(d Dot) bool { return d.Y == 87.5 }) {
		t.Error("the peak is not there")
	}
	if diff := cmp.Diff([]string{"GPU memory: 1 reading off this axis", "elsewhere: 1 reading off this axis"}, p.Off); diff != "" {
		t.Error(diff)
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		span time.Duration
		want string
	}{
		{0, "12:00:00"}, {16 * time.Second, "12:00:05"}, {time.Hour, "12:30"}, {40 * time.Hour, "3 Oct 00:00"}, {20 * 24 * time.Hour, "6 Oct"}, {900 * 24 * time.Hour, "2026"},
	} {
		ticks := newAxis(noon, noon.Add(tc.span)).ticks()
		if len(ticks) == 0 || len(ticks) > maxTicks+1 || !slices.ContainsFunc(ticks, func(k Tick) bool { return strings.HasPrefix(k.Text, tc.want) || strings.HasSuffix(k.Text, tc.want) }) {
			t.Errorf("%v: %v, want %s among them", tc.span, ticks, tc.want)
		}
	}
}

// TestNothing: what has no time has no picture, and times from another world do no
// harm.
func TestNothing(t *testing.T) {
	t.Parallel()
	if p := Of(&report.Report{Lifetimes: []report.Lifetime{{}}, Sessions: []report.Session{{}}, Crashes: []report.Crash{{Count: 2}}}); p != nil || !p.Empty() {
		t.Errorf("%+v", p)
	}
	if p := Of(hour()); p != nil {
		t.Errorf("a log without anything in it: %+v", p)
	}
	first, last := time.Time{}.Add(time.Hour), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	r := &report.Report{Sessions: []report.Session{{Start: &last, End: &first}, {Start: &first, End: &last}}}
	for _, l := range Of(r).Lanes {
		for _, m := range l.Marks {
			if !(m.X >= 0 && m.X+m.Width <= 100.5) {
				t.Errorf("%+v", m)
			}
		}
	}
}

func TestDumps(t *testing.T) {
	t.Parallel()
	r := &dump.Report{}
	for i := range 9 {
		id := fmt.Sprint("c", i)
		r.Clusters = append(r.Clusters, dump.ClusterReport{ID: id, Signature: "at " + id})
		r.Files = append(r.Files, dump.FileReport{Path: id + ".dump", Cluster: id, CrashTime: after(float64(i)), UpperBound: i == 0})
	}
	r.Files = append(r.Files, dump.FileReport{Path: "torn.dump", Status: dump.StatusEmpty, CrashTime: after(3)}, dump.FileReport{Path: "undated.dump"})
	p := OfDumps(r)
	if len(p.Lanes) != maxClusters+1 || p.Lanes[0].Title != "1. at c0" || p.Marks() != 10 {
		t.Fatalf("%+v", p)
	}
	other := lane(t, p, "Other crashes")
	if len(other.Marks) != 4 || !slices.Equal(other.Classes, []Class{Crash, Unclear}) {
		t.Errorf("%+v", other)
	}
	if OfDumps(&dump.Report{}) != nil {
		t.Error("a picture of nothing")
	}
}
