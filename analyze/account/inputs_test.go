package account

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
)

// TestInputs registers a log, a live input and a state file, and reads back
// what a report says of them.
func TestInputs(t *testing.T) {
	t.Parallel()
	var in Inputs
	log := in.Add("wolf\x1b[31m.log", "file")
	for _, name := range []string{"compose", "", "compose", "journald"} {
		in.Transport(log, name)
	}
	in.AddLines(log, 3)
	in.AddLines(log, 4)
	in.Warn(log, "a note of the reader")
	in.Finish(log, source.Stats{Bytes: 99, Compression: "gzip", CutLines: 2})
	live := in.Add("live", "stdin")
	in.AddLines(live, 5)
	in.Update(live, source.Stats{Bytes: 10, NUL: true})
	in.Update(live, source.Stats{Bytes: 20})
	in.Snapshot("state", "nvidia-smi", 7, 70)

	list, lines := in.Reports()
	want := []report.Input{
		{Name: "wolf.log", Kind: "file", Format: "gzip+compose+journald", Lines: 7, Bytes: 99, Warnings: []string{"a note of the reader", "2 lines were too long and were cut"}},
		{Name: "live", Kind: "stdin", Format: "plain", Lines: 5, Bytes: 20, Warnings: []string{}},
		{Name: "state", Kind: "snapshot", Format: "nvidia-smi", Lines: 7, Bytes: 70, Warnings: []string{}},
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Errorf("inputs (-want +got):\n%s", d)
	}
	if lines != 12 {
		t.Errorf("%d lines of logs, want 12: a state file is none", lines)
	}
	if in.Name(live) != "live" || in.Name(9) != "" || in.Name(-1) != "" {
		t.Errorf("names %q %q %q", in.Name(live), in.Name(9), in.Name(-1))
	}
}

// TestSpans: the first and last line with a clock, in whatever order they come.
func TestSpans(t *testing.T) {
	t.Parallel()
	var in Inputs
	in.Add("without clocks", "file")
	at := in.Add("with", "file")
	reading := func(line int64, kind logline.ClockKind) timeline.Reading {
		return timeline.Reading{Pos: timeline.Pos{Input: at, Line: line}, Outer: logline.Stamp{Kind: kind}}
	}
	for _, line := range []int64{7, 3, 9, 8} {
		in.Clocked(reading(line, logline.ClockUTC))
	}
	in.Clocked(reading(1, logline.ClockNone))
	in.Clocked(reading(20, logline.ClockNone))
	var got [][2]int64
	for first, last := range in.Spans {
		got = append(got, [2]int64{first.Line, last.Line})
	}
	if d := cmp.Diff([][2]int64{{3, 9}}, got); d != "" {
		t.Errorf("spans (-want +got):\n%s", d)
	}
}
