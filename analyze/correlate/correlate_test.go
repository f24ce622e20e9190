package correlate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

const catalogue = `
[[pattern]]
id = "t-failed"
title = "a driver failed"
role = "cause"
regex = 'test driver [ab] failed'
severity = "error"
why = "It is tried."
samples = ["test driver a failed", "test driver b failed"]

[[pattern]]
id = "t-works"
title = "a driver works"
role = "lifecycle"
regex = 'test driver works'
why = "The last one fits."
resolves = ["t-failed"]
samples = ["test driver works"]

[[pattern]]
id = "t-works-too"
title = "another driver works"
role = "lifecycle"
regex = 'test driver c works'
why = "One of several that fit."
resolves = ["t-failed"]
samples = ["test driver c works"]

[[pattern]]
id = "t-lost"
title = "the display went away"
role = "cause"
regex = 'test display lost'
severity = "error"
why = "It is gone."
samples = ["test display lost"]

[[pattern]]
id = "t-ended"
title = "the app ended"
role = "lifecycle"
regex = 'test app ended'
why = "As it should."
excuses = ["t-lost"]
samples = ["test app ended"]

[[cause]]
id = "t-driver"
title = "no driver"
prior = 0.01
explanation = "None works."
evidence = [{ pattern = "t-failed", strength = 0.9, why = "it failed" }, { pattern = "t-lost", strength = 0.1, why = "it went away" }]
`

func testCatalogue(t testing.TB) *patterns.Catalogue {
	t.Helper()
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(catalogue)})
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// match is one line that a pattern recognised, or a start of Wolf ("boundary").
type match struct {
	pattern string
	line    int64
	second  float64 // on the line's clock; 0: no clock
	input   int32
}

func (m match) reading() timeline.Reading {
	r := timeline.Reading{Pos: timeline.Pos{Input: m.input, Line: m.line}}
	if m.second > 0 {
		r.Outer = logline.Stamp{Kind: logline.ClockUTC, Nanos: 1_760_000_000e9 + int64(m.second*1e9)}
	}
	return r
}

// added hands matches to a fresh memory.
func added(t testing.TB, matches []match) *Runs {
	t.Helper()
	runs := New(testCatalogue(t).Patterns())
	for _, m := range matches {
		if m.pattern == "boundary" {
			runs.Boundary(m.input)
			continue
		}
		runs.Add(runs.byID[m.pattern], m.reading())
	}
	return runs
}

// TestRuns: which matches are of one run.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		matches []match
		want    string // count@first-last of each run
	}{
		{"within the gap", []match{{"t-lost", 1, 10, 0}, {"t-lost", 9, 40, 0}}, "2@1-9"},
		{"beyond the gap", []match{{"t-lost", 1, 10, 0}, {"t-lost", 2, 41, 0}}, "1@1-1 1@2-2"},
		{"near the newest of two", []match{{"t-lost", 1, 10, 0}, {"t-lost", 2, 41, 0}, {"t-lost", 3, 42, 0}}, "1@1-1 2@2-3"},
		{"backwards, within the gap", []match{{"t-lost", 1, 40, 0}, {"t-lost", 2, 10, 0}}, "2@1-2"},
		{"backwards, beyond the gap", []match{{"t-lost", 1, 41, 0}, {"t-lost", 2, 10, 0}}, "1@1-1 1@2-2"},
		{"no clock, near", []match{{"t-lost", 1, 0, 0}, {"t-lost", 5001, 0, 0}}, "2@1-5001"},
		{"no clock, far", []match{{"t-lost", 1, 0, 0}, {"t-lost", 5002, 0, 0}}, "1@1-1 1@5002-5002"},
		{"Wolf started between", []match{{"t-lost", 1, 10, 0}, {"boundary", 0, 0, 0}, {"t-lost", 3, 11, 0}}, "1@1-1 1@3-3"},
		{"another input's Wolf started", []match{{"t-lost", 1, 10, 0}, {"boundary", 0, 0, 1}, {"t-lost", 3, 11, 0}}, "2@1-3"},
		{"Wolf started twice in another input", []match{{"t-lost", 1, 10, 0}, {"boundary", 0, 0, 0}, {"t-lost", 2, 11, 0}, {"t-lost", 1, 12, 1}, {"boundary", 0, 0, 0}, {"t-lost", 2, 13, 1}}, "1@1-1 1@2-2 2@1-2"},
		{"another pattern between", []match{{"t-lost", 1, 10, 0}, {"t-failed", 2, 11, 0}, {"t-lost", 3, 12, 0}}, "2@1-3 1@2-2"},
		{"inputs side by side", []match{{"t-lost", 1, 10, 0}, {"t-lost", 1, 11, 1}, {"t-lost", 2, 12, 0}, {"t-lost", 2, 13, 1}}, "2@1-2 2@1-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, q := range added(t, tt.matches).list {
				got = append(got, fmt.Sprintf("%d@%d-%d", q.Count, q.First.Line, q.Last.Line))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("runs %q, want %q", s, tt.want)
			}
		})
	}
}

// TestClockStartsAgain: GStreamer's clock near zero again is a start of Wolf.
func TestClockStartsAgain(t *testing.T) {
	t.Parallel()
	gst := func(pid int, at time.Duration) timeline.Reading {
		return timeline.Reading{PID: pid, Inner: logline.Stamp{Kind: logline.ClockGStreamer, Nanos: int64(at)}}
	}
	for _, tt := range []struct {
		name          string
		before, after timeline.Reading
		want          int32
	}{
		{"goes on", gst(1, time.Minute), gst(1, 2*time.Minute), 0},
		{"threads out of order", gst(1, 2*time.Second), gst(1, time.Second), 0},
		{"starts again", gst(1, time.Minute), gst(1, time.Second), 1},
		{"another process", gst(1, time.Minute), gst(2, time.Second), 0},
		{"back, and not near zero", gst(1, time.Hour), gst(1, timeline.JustStarted), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			runs := New(testCatalogue(t).Patterns())
			runs.Clock(tt.before)
			runs.Clock(tt.after)
			if got := runs.epochs.Count(); got != tt.want {
				t.Errorf("%d starts seen, want %d", got, tt.want)
			}
		})
	}
}

// TestCompact: a full memory joins neighbours and loses no match.
func TestCompact(t *testing.T) {
	t.Parallel()
	runs := New(testCatalogue(t).Patterns())
	runs.limit = 100
	const n = 2500
	for i := range int64(n) {
		runs.Add(int32(i%2), match{line: i + 1, second: float64(1 + i*60), input: int32(i % 3)}.reading())
	}
	var count int64
	for _, q := range runs.list {
		count += q.Count
	}
	if count != n || len(runs.list) > 100 || runs.Merged() == 0 {
		t.Errorf("%d matches in %d runs, %d merged; want %d in at most 100, and some merged", count, len(runs.list), runs.Merged(), n)
	}
	// Many inputs with a run each cannot be joined: the limit gives way.
	runs = New(testCatalogue(t).Patterns())
	runs.limit = 4
	for i := range int32(50) {
		runs.Add(0, match{line: 1, second: float64(1 + i*60), input: i}.reading())
	}
	if len(runs.list) != 50 || runs.Merged() != 0 || runs.limit != 64 {
		t.Errorf("%d runs of 50 inputs, %d merged, limit %d", len(runs.list), runs.Merged(), runs.limit)
	}
}

// TestCompactJoins: what a full memory joins, and that matches go on being added to
// the right runs.
func TestCompactJoins(t *testing.T) {
	t.Parallel()
	const boundary = "boundary"
	for _, tt := range []struct {
		name    string
		matches []match
		want    string // pattern count@first-last of each run
		merged  int64
	}{
		{"a minute apart", []match{{"t-lost", 1, 1, 0}, {"t-lost", 2, 61, 0}, {"t-lost", 3, 121, 0}, {"t-lost", 4, 181, 0}, {"t-lost", 5, 241, 0}},
			"t-lost 4@1-4, t-lost 1@5-5", 3},
		{"in two places", []match{{"t-lost", 1, 1, 0}, {"t-lost", 2, 61, 0}, {"t-lost", 3, 9001, 0}, {"t-lost", 4, 9061, 0}, {"t-lost", 5, 19000, 0}},
			"t-lost 2@1-2, t-lost 2@3-4, t-lost 1@5-5", 2},
		{"not over a start of Wolf", []match{{"t-lost", 1, 1, 0}, {"t-lost", 2, 61, 0}, {boundary, 0, 0, 0}, {"t-lost", 3, 121, 0}, {"t-lost", 4, 181, 0}, {boundary, 0, 0, 0}, {"t-lost", 5, 241, 0}},
			"t-lost 2@1-2, t-lost 2@3-4, t-lost 1@5-5", 2},
		{"over starts of Wolf when all else fails", []match{{"t-lost", 1, 1, 0}, {boundary, 0, 0, 0}, {"t-lost", 2, 61, 0}, {boundary, 0, 0, 0}, {"t-lost", 3, 121, 0}, {boundary, 0, 0, 0}, {"t-lost", 4, 181, 0}, {boundary, 0, 0, 0}, {"t-lost", 5, 241, 0}},
			"t-lost 4@1-4, t-lost 1@5-5", 3},
		{"each pattern by itself", []match{{"t-lost", 1, 1, 0}, {"t-failed", 2, 2, 0}, {"t-lost", 3, 61, 0}, {"t-failed", 4, 62, 0}, {"t-works", 5, 63, 0}, {"t-failed", 6, 70, 0}, {"t-lost", 7, 71, 0}},
			"t-lost 3@1-7, t-failed 3@2-6, t-works 1@5-5", 2},
		{"each input by itself", []match{{"t-lost", 1, 1, 0}, {"t-lost", 1, 2, 1}, {"t-lost", 2, 61, 0}, {"t-lost", 2, 62, 1}, {"t-works", 3, 63, 0}, {"t-lost", 3, 70, 1}, {"t-lost", 4, 71, 0}},
			"t-lost 3@1-4, t-lost 3@1-3, t-works 1@3-3", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			runs := New(testCatalogue(t).Patterns())
			runs.limit = 4
			for _, m := range tt.matches {
				if m.pattern == boundary {
					runs.Boundary(m.input)
					continue
				}
				runs.Add(runs.byID[m.pattern], m.reading())
			}
			var got []string
			for _, q := range runs.list {
				got = append(got, fmt.Sprintf("%s %d@%d-%d", runs.all[q.Pattern].ID, q.Count, q.First.Line, q.Last.Line))
			}
			if s := strings.Join(got, ", "); s != tt.want || runs.Merged() != tt.merged {
				t.Errorf("%s, %d merged; want %s, %d merged", s, runs.Merged(), tt.want, tt.merged)
			}
		})
	}
}

// TestCompactKeepsSpeakers: a joined run is of all who said one of its parts.
func TestCompactKeepsSpeakers(t *testing.T) {
	t.Parallel()
	runs := New(testCatalogue(t).Patterns())
	runs.limit = 4
	for i, by := range []speaker.Class{1, 2, 2, 3, 4} {
		run, _ := runs.Add(runs.byID["t-lost"], match{line: int64(i + 1), second: float64(1 + i*60)}.reading())
		run.SaidBy(by)
		run.OfStack = i == 1
	}
	if first := runs.list[0]; first.Count != 4 || first.Speakers != 1<<1|1<<2|1<<3 || !first.OfStack {
		t.Errorf("%d matches of speakers %b, of Wolf's stack %v; want 4 of 1110, true", first.Count, first.Speakers, first.OfStack)
	}
	if last := runs.list[1]; last.Speakers != 1<<4 || last.OfStack {
		t.Errorf("the last: speakers %b, of Wolf's stack %v; want 10000, false", last.Speakers, last.OfStack)
	}
}

// TestBetween: two readings are compared by a clock that both have.
func TestBetween(t *testing.T) {
	t.Parallel()
	stamp := func(k logline.ClockKind, seconds int64) logline.Stamp {
		return logline.Stamp{Kind: k, Nanos: seconds * 1e9}
	}
	utc, gst, none := logline.ClockUTC, logline.ClockGStreamer, logline.ClockNone
	for _, tt := range []struct {
		name string
		a, b timeline.Reading
		want time.Duration
		ok   bool
	}{
		{"outer", timeline.Reading{Outer: stamp(utc, 10)}, timeline.Reading{Outer: stamp(utc, 15)}, 5 * time.Second, true},
		{"outer before inner", timeline.Reading{Outer: stamp(utc, 10), Inner: stamp(gst, 1)}, timeline.Reading{Outer: stamp(utc, 15), Inner: stamp(gst, 2)}, 5 * time.Second, true},
		{"inner", timeline.Reading{Inner: stamp(gst, 7)}, timeline.Reading{Inner: stamp(gst, 4)}, -3 * time.Second, true},
		{"one has no outer", timeline.Reading{Outer: stamp(utc, 10), Inner: stamp(gst, 1)}, timeline.Reading{Inner: stamp(gst, 2)}, time.Second, true},
		{"different inner", timeline.Reading{Inner: stamp(gst, 7)}, timeline.Reading{Inner: stamp(utc, 9)}, 0, false},
		{"none", timeline.Reading{Outer: stamp(none, 1), Inner: stamp(none, 1)}, timeline.Reading{Outer: stamp(none, 9), Inner: stamp(none, 9)}, 0, false},
	} {
		if d, ok := tt.b.Since(&tt.a); d != tt.want || ok != tt.ok {
			t.Errorf("%s: %v, %v; want %v, %v", tt.name, d, ok, tt.want, tt.ok)
		}
	}
}

// TestInhibit: which complaints are none because of what stands beside them.
func TestInhibit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		matches []match
		want    string // first lines of the runs that stay
	}{
		{"a complaint", []match{{"t-failed", 1, 0, 0}}, "1"},
		{"a success follows", []match{{"t-failed", 1, 0, 0}, {"t-works", 3, 0, 0}}, ""},
		{"a success before", []match{{"t-works", 1, 0, 0}, {"t-failed", 2, 0, 0}}, "2"},
		{"it fails again after the success", []match{{"t-failed", 1, 0, 0}, {"t-works", 2, 0, 0}, {"t-failed", 3, 0, 0}}, "1"},
		{"the success goes on over it", []match{{"t-works", 1, 0, 0}, {"t-failed", 2, 0, 0}, {"t-works", 3, 0, 0}}, ""},
		{"a success in the last line that counts", []match{{"t-failed", 1, 0, 0}, {"t-works", 1 + resolvedWithinLines, 0, 0}}, ""},
		{"a success a line too late", []match{{"t-failed", 1, 0, 0}, {"t-works", 2 + resolvedWithinLines, 0, 0}}, "1"},
		{"a success within the minute", []match{{"t-failed", 1, 1, 0}, {"t-works", 900, 61, 0}}, ""},
		{"a success too late", []match{{"t-failed", 1, 1, 0}, {"t-works", 2, 61.1, 0}}, "1"},
		{"newest line first, within the minute", []match{{"t-failed", 1, 61, 0}, {"t-works", 2, 1, 0}}, ""},
		{"newest line first, too early", []match{{"t-failed", 1, 61.1, 0}, {"t-works", 2, 1, 0}}, "1"},
		{"a success in another input", []match{{"t-failed", 1, 1, 0}, {"t-works", 2, 2, 1}}, "1"},
		{"a success of the next Wolf", []match{{"t-failed", 1, 0, 0}, {"boundary", 0, 0, 0}, {"t-works", 2, 0, 0}}, "1"},
		{"what works excuses nothing else", []match{{"t-lost", 1, 0, 0}, {"t-works", 2, 0, 0}}, "1"},
		{"the app ended before", []match{{"t-ended", 1, 0, 0}, {"t-lost", 2, 0, 0}}, ""},
		{"the app ended afterwards", []match{{"t-lost", 1, 0, 0}, {"t-ended", 2, 0, 0}}, "1"},
		{"the display went in the last line that counts", []match{{"t-ended", 1, 0, 0}, {"t-lost", 1 + excusedWithinLines, 0, 0}}, ""},
		{"the display went a line too late", []match{{"t-ended", 1, 0, 0}, {"t-lost", 2 + excusedWithinLines, 0, 0}}, "42"},
		{"the display went in time", []match{{"t-ended", 1, 1, 0}, {"t-lost", 900, 11, 0}}, ""},
		{"the display went seconds later", []match{{"t-ended", 1, 1, 0}, {"t-lost", 2, 11.1, 0}}, "2"},
		{"newest line first, seconds earlier", []match{{"t-ended", 1, 11.1, 0}, {"t-lost", 2, 1, 0}}, "2"},
		{"one of two successes goes on over it", []match{{"t-works", 1, 0, 0}, {"t-works-too", 2, 0, 0}, {"t-works-too", 3, 0, 0}, {"t-failed", 10, 0, 0}, {"t-works", 50, 0, 0}}, ""},
		{"newest line first, seconds earlier, just in time", []match{{"t-ended", 1, 11, 0}, {"t-lost", 2, 1, 0}}, ""},
		{"it goes on being lost", []match{{"t-ended", 1, 0, 0}, {"t-lost", 2, 0, 0}, {"t-lost", 43, 0, 0}}, "2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, q := range added(t, tt.matches).Judge(&Circumstances{Times: timeline.New(timeline.Options{}).Resolve()}).Ordered() {
				got = append(got, fmt.Sprint(q.First.Line))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("runs at %q stay, want %q", s, tt.want)
			}
		})
	}
}

// TestOrdered: by time, whatever input they stand in; without one, in their
// place: the clocks around line 0:2 place it, and nothing places 2:5. A run that reads backwards begins at its last line.
func TestOrdered(t *testing.T) {
	t.Parallel()
	matches := []match{
		{"t-lost", 1, 100, 0}, {"t-failed", 2, 0, 0}, {"t-lost", 3, 300, 0},
		{"t-failed", 1, 199, 1}, {"t-failed", 2, 195, 1}, {"t-failed", 5, 0, 2},
	}
	clock := timeline.New(timeline.Options{})
	for _, m := range matches {
		if m.second > 0 {
			clock.Clock(m.reading())
		}
	}
	runs, times := added(t, matches), clock.Resolve()
	list := func(outside func(timeline.Reading) bool) (out []string) {
		for _, q := range runs.Judge(&Circumstances{Times: times, Outside: outside}).Ordered() {
			s := fmt.Sprintf("%d:%d", q.Begin.Input, q.Begin.Line)
			if !q.Start.IsZero() {
				s += fmt.Sprintf(" %d-%d", q.Start.Unix()-1_760_000_000, q.End.Unix()-1_760_000_000)
			}
			out = append(out, s)
		}
		return out
	}
	if d := cmp.Diff([]string{"2:5", "0:1 100-100", "1:2 195-199", "0:2 200-200", "0:3 300-300"}, list(nil)); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
	// Threads write out of order by a second: that is no log that runs backwards.
	apart := func(d float64) string {
		m := []match{{"t-lost", 1, 100 + d, 3}, {"t-lost", 2, 100, 3}}
		clock := timeline.New(timeline.Options{})
		for _, m := range m {
			clock.Clock(m.reading())
		}
		return fmt.Sprint(added(t, m).Judge(&Circumstances{Times: clock.Resolve()}).Ordered()[0].Begin.Line)
	}
	if got := apart(1) + apart(1.1); got != "12" {
		t.Errorf("runs that read backwards by 1 s and 1.1 s begin at lines %q, want 1 and 2", got)
	}
	first := func(r timeline.Reading) bool { return r.Input == 0 && r.Line == 1 }
	if got := list(first); len(got) != 4 {
		t.Errorf("with one outside: %q", got)
	}
	oneEnd := func(r timeline.Reading) bool { return r.Input == 1 && r.Line == 1 }
	if got := list(oneEnd); len(got) != 5 {
		t.Errorf("one of two ends outside: %q, want all", got)
	}
}
