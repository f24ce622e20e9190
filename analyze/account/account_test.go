package account

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

const catalogue = `
[[pattern]]
id = "t-failed"
title = "a driver failed"
role = "cause"
regex = 'test driver failed with (?P<code>CUDA_ERROR_[A-Z_]+)'
codes = "cuda"
severity = "error"
why = "It is tried."
samples = ["test driver failed with CUDA_ERROR_OUT_OF_MEMORY", "test driver failed with CUDA_ERROR_UNKNOWN"]

[[pattern]]
id = "t-works"
title = "a driver works"
role = "lifecycle"
regex = 'test driver works'
why = "It says so."
samples = ["test driver works"]

[[pattern]]
id = "t-harmless"
title = "a driver chatters"
role = "benign"
regex = 'test driver chatters'
why = "It always does."
unless = "never"
samples = ["test driver chatters"]

[[cause]]
id = "t-driver"
title = "no driver"
prior = 0.01
explanation = "None works."
evidence = [{ pattern = "t-failed", strength = 0.9, why = "it failed" }]
`

// books reads blocks of lines into an account, each record as the merger does.
func books(t *testing.T, blocks ...string) *Account {
	t.Helper()
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(catalogue)})
	if err != nil {
		t.Fatal(err)
	}
	m := cat.Matcher()
	a := New(cat, m)
	in := a.Inputs.Add("log", "file")
	w := recognise.New(m, cat.Patterns(), recognise.Options{}).NewWorker()
	line := int64(1)
	for epoch, data := range blocks {
		var b recognise.Batch
		w.Block([]byte(data), nil, line, &b)
		line += int64(strings.Count(data, "\n"))
		for i := range b.Hits {
			h := &b.Hits[i]
			a.Seen(in, h)
			if h.Sample {
				continue
			}
			r := a.Reading(in, h)
			for _, p := range h.Match.Patterns {
				a.Matched(r, h, p)
			}
			a.Record(r, h, int32(epoch), -1)
		}
		a.EndBlock(in)
	}
	return a
}

// TestCoverage: every complaint is explained, benign or unexplained.
func TestCoverage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line string
		want       report.Coverage
		errors     int64
	}{
		{"a complaint that is known", "ERROR test driver failed with CUDA_ERROR_UNKNOWN", report.Coverage{ErrorLines: 1, Explained: 1}, 0},
		{"known, without a level", "test driver failed with CUDA_ERROR_UNKNOWN", report.Coverage{ErrorLines: 1, Explained: 1}, 0},
		{"harmless", "06:40:11.750123456 INFO  | test driver chatters", report.Coverage{ErrorLines: 1, Benign: 1}, 0},
		{"lifecycle is no complaint", "06:40:11.750123456 INFO  | test driver works", report.Coverage{}, 0},
		{"lifecycle at a warning's level", "06:40:11.750123456 WARN  | test driver works", report.Coverage{ErrorLines: 1, Explained: 1}, 0},
		{"an unknown warning", "06:40:11.750123456 WARN  | nobody has seen this", report.Coverage{ErrorLines: 1, Unexplained: 1}, 0},
		{"an unknown error", "06:40:11.750123456 ERROR | nobody has seen this", report.Coverage{ErrorLines: 1, Unexplained: 1}, 1},
		{"nothing of interest", "06:40:11.750123456 INFO  | nobody has seen this", report.Coverage{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := books(t, tt.line+"\n")
			if d := cmp.Diff(tt.want, a.Coverage); d != "" || a.Errors != tt.errors {
				t.Errorf("%d errors, want %d; coverage (-want +got):\n%s", a.Errors, tt.errors, d)
			}
		})
	}
}

// TestPattern: what is kept of a pattern's matches over several blocks.
func TestPattern(t *testing.T) {
	t.Parallel()
	a := books(t,
		"06:40:11.000000000 ERROR | test driver failed with CUDA_ERROR_OUT_OF_MEMORY\n06:40:12.000000000 ERROR | test driver failed with CUDA_ERROR_UNKNOWN\n",
		"06:40:13.000000000 ERROR | test driver failed with CUDA_ERROR_UNKNOWN again\n")
	p := a.Pattern(a.cat.Pattern("t-failed"))
	first, last := a.Inputs.Where(nil, &p.First), a.Inputs.Where(nil, &p.Last)
	got := fmt.Sprintf("%d, %s %d %q, %d %q, %s", p.Count, first.Input, first.Line, first.Text, last.Line, last.Text, p.Decoded)
	if want := `3, log 1 "test driver failed with CUDA_ERROR_OUT_OF_MEMORY", 3 "test driver failed with CUDA_ERROR_UNKNOWN again", `; !strings.HasPrefix(got, want) || p.Decoded == "" {
		t.Errorf("got  %s\nwant %s… and a decoded code", got, want)
	}
	if n := a.Pattern(a.cat.Pattern("t-works")).Count; n != 0 {
		t.Errorf("%d matches of a pattern that does not match", n)
	}
}

// TestTemplates: messages that differ in their variable parts are of one kind,
// which knows between which starts of Wolf it was seen.
func TestTemplates(t *testing.T) {
	t.Parallel()
	a := books(t, "06:40:11.0 ERROR | lost buffer 17\n06:40:11.1 ERROR | lost buffer 18\n", "06:40:12.0 ERROR | lost buffer 19\n06:40:12.1 WARN  | other words\n")
	var got []string
	for s, text := range a.Templates {
		got = append(got, fmt.Sprintf("%s: %d %s error=%v, lines %d to %d, seen in %d", text, s.Count, s.Level, s.Error, s.First.Reading.Line, s.Last.Reading.Line, len(s.SeenIn)))
	}
	want := []string{"lost buffer <n>: 3 error error=true, lines 1 to 3, seen in 2", "other words: 1 warning error=false, lines 4 to 4, seen in 1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("templates (-want +got):\n%s", d)
	}
}

// TestTraces: stack traces in the log are kept, so many.
func TestTraces(t *testing.T) {
	t.Parallel()
	const trace = "Traceback (most recent call last):\n" +
		"  File \"/usr/local/bin/screencast.py\", line 57, in start_pipeline\n" +
		"RuntimeError: it failed\n"
	a := books(t, strings.Repeat(trace+"06:40:11.000000000 INFO  | Running\n", maxTraces+3))
	if len(a.Traces) != maxTraces {
		t.Fatalf("%d traces are kept, want %d", len(a.Traces), maxTraces)
	}
	if last := a.Traces[maxTraces-1]; string(last.Text)+"\n" != trace || last.At.Line != 4*(maxTraces-1)+1 {
		t.Errorf("line %d: %q", last.At.Line, last.Text)
	}
}

// TestNames: a bounded set without empty names.
func TestNames(t *testing.T) {
	t.Parallel()
	var s Names
	s.Add("a", "", "b", "a")
	if d := cmp.Diff(Names{"a", "b"}, s); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
	for i := range 2 * maxNames {
		s.Add(fmt.Sprint(i))
	}
	if len(s) != maxNames {
		t.Errorf("%d names, want %d", len(s), maxNames)
	}
}

// TestWindow: what lies in a window, and how it reads.
func TestWindow(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2025, 12, n, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name     string
		w        Window
		set      bool
		from, to time.Time // of a log from the 2nd to the 8th, what is left
		words    string
	}{
		{"none", Window{}, false, day(2), day(8), ""},
		{"since", Window{Since: day(4)}, true, day(4), day(8), "at or after 2025-12-04T00:00:00Z"},
		{"until", Window{Until: day(4)}, true, day(2), day(4), "at or before 2025-12-04T00:00:00Z"},
		{"both", Window{Since: day(3), Until: day(4)}, true, day(3), day(4), "between 2025-12-03T00:00:00Z and 2025-12-04T00:00:00Z"},
		{"behind the log", Window{Since: day(9)}, true, time.Time{}, time.Time{}, "at or after 2025-12-09T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tt.w.Clip(day(2), day(8))
			if tt.from.IsZero() != (p.From == nil) || p.From != nil && (!p.From.Equal(tt.from) || !p.To.Equal(tt.to)) {
				t.Errorf("left: %v to %v, want %v to %v", p.From, p.To, tt.from, tt.to)
			}
			if tt.w.Set() != tt.set || tt.set && tt.w.String() != tt.words {
				t.Errorf("set %v, %q; want %v, %q", tt.w.Set(), tt.w, tt.set, tt.words)
			}
			if tt.w.Outside(nil, timeline.Reading{}) {
				t.Error("a record without a time is outside")
			}
			if out := tt.w.beyond(day(2)); out != (!tt.w.Since.IsZero() && tt.w.Since.After(day(2))) {
				t.Errorf("the 2nd is outside: %v", out)
			}
		})
	}
}
