package merge

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/recognise"
)

// batches reads blocks of one input.
func batches(t *testing.T, m *Merger, blocks ...string) []recognise.Batch {
	t.Helper()
	worker := recognise.New(m.matcher, cat(t).Patterns(), recognise.Options{}).NewWorker()
	out := make([]recognise.Batch, len(blocks))
	line := int64(1)
	for i, data := range blocks {
		worker.Block([]byte(data), []byte(strings.Join(blocks[i+1:], "")), line, &out[i])
		line += int64(strings.Count(data, "\n"))
	}
	return out
}

func newMerger(t *testing.T) (m *Merger, input int32) {
	t.Helper()
	c := cat(t)
	m = New(c, c.Matcher(), Options{})
	input = m.Account.Inputs.Add("log", "file")
	m.Clock.StartInput(input, "log", time.Time{})
	return m, input
}

// TestTelling: what a record tells, the first of all inputs too.
func TestTelling(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		log  string
		want []subject
	}{
		"start of Wolf":              {start, []subject{tellWolf, tellForm, tellSaid, tellEvent, tellBoundary}},
		"complaint with a session":   {failed, []subject{tellForm, tellProcess, tellClock, tellElement, tellRun}},
		"the same again":             {failed + failed, []subject{tellForm, tellProcess, tellClock, tellElement, tellRun, tellProcess, tellClock, tellElement, tellRun}},
		"a program that is not Wolf": {"2025-10-02T06:40:12.000000Z ERROR other: nobody knows this\n", []subject{tellForm, tellStrange}},
		"an event within a lifetime": {"06:40:12.000000000 INFO  | Using H264 encoder: nvcodec\n", []subject{tellWolf, tellForm, tellSaid, tellEvent}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, in := newMerger(t)
			var covered int64
			var telling Telling
			m.Ahead(in, batches(t, m, tc.log)[0].Hits, &covered, &telling)
			var got []subject
			for _, told := range telling.list {
				got = append(got, told.what)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestAhead: what is told when the next blocks are merged already is told as well as
// block by block.
func TestAhead(t *testing.T) {
	t.Parallel()
	blocks := []string{start + failed, plain + failed, start + plain, failed}
	at, in := newMerger(t)
	behind, _ := newMerger(t)
	var covered [2]int64
	var told []*Telling
	for i, b := range batches(t, at, blocks...) {
		at.Block(in, b.Hits, &covered[0])
		told = append(told, &Telling{})
		behind.Ahead(in, b.Hits, &covered[1], told[i])
	}
	for _, q := range told {
		q.Tell()
		if len(q.list) > 0 {
			t.Error("told, and still there")
		}
	}
	want, got := at.Clock.Resolve().Lifetimes, behind.Clock.Resolve().Lifetimes
	if d := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); len(want) != 2 || d != "" {
		t.Errorf("lifetimes of 2 (-want +got):\n%s", d)
	}
	runs := func(m *Merger) (out []correlate.Run) {
		for _, p := range m.Runs.Judge(&correlate.Circumstances{Times: m.Clock.Resolve()}).Ordered() {
			out = append(out, *p.Run)
		}
		return out
	}
	if d := cmp.Diff(runs(at), runs(behind), cmp.Exporter(func(reflect.Type) bool { return true })); d != "" || len(runs(at)) == 0 {
		t.Errorf("%d runs (-want +got):\n%s", len(runs(at)), d)
	}
	if d := cmp.Diff(at.Setup.Setup(), behind.Setup.Setup(), cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Errorf("setup (-want +got):\n%s", d)
	}
}

// TestBursts: how often complaints came in bursts does not depend on where blocks end,
// also where some of a kind have a clock that goes on by more than a burst may pause.
func TestBursts(t *testing.T) {
	t.Parallel()
	const said = "Failed to initialize NVML: Unknown Error\n"
	var lines []string
	for i := range 40 {
		for step := range 2 {
			at := time.Date(2025, 10, 2, 6, i, 50*step, 0, time.UTC).Format("15:04:05.000000000")
			lines = append(lines, at+" INFO  | Running\n", at+" WARN  | "+said, at+" INFO  | Running\n")
		}
		lines = append(lines, said)
	}
	p := cat(t).Pattern("nvml-unknown")
	bursts := func(linesAtOnce int) int64 {
		m, in := newMerger(t)
		worker := recognise.New(m.matcher, cat(t).Patterns(), recognise.Options{CacheFrom: 1}).NewWorker()
		var covered int64
		for at, piece := range slices.Collect(slices.Chunk(lines, linesAtOnce)) {
			var b recognise.Batch
			worker.Block([]byte(strings.Join(piece, "")), []byte(strings.Join(lines[min(len(lines), (at+1)*linesAtOnce):], "")), int64(at*linesAtOnce+1), &b)
			m.Block(in, b.Hits, &covered)
		}
		return m.Account.Pattern(p).Bursts()
	}
	want := bursts(1)
	if want < 40 {
		t.Fatalf("%d bursts, want one a minute at least", want)
	}
	for _, n := range []int{2, 5, 30, len(lines)} {
		if got := bursts(n); got != want {
			t.Errorf("%d lines a block: %d bursts, line by line %d", n, got, want)
		}
	}
}
