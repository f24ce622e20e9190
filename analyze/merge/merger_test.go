package merge

import (
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/recognise"
	"wolfdiag/patterns"
)

const (
	start  = "06:40:11.000000000 INFO  | Gstreamer version: 1.26.2-0\n"
	failed = `0:00:02.094658276     1 0x201fdf94cc75 ERROR   GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<16509540347718230936_video> Failed to create CUDA context with device-id 0` + "\n"
	plain  = "06:40:12.000000000 INFO  | Running\n"
)

func cat(t *testing.T) *patterns.Catalogue {
	t.Helper()
	c, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// merged reads blocks of one input.
func merged(t *testing.T, w account.Window, blocks ...string) *Merger {
	t.Helper()
	c := cat(t)
	matcher := c.Matcher()
	m := New(c, matcher, Options{Window: w})
	in := m.Account.Inputs.Add("log", "file")
	m.Clock.StartInput(in, "log", time.Time{})
	worker := recognise.New(matcher, c.Patterns(), recognise.Options{Windowed: w.Set()}).NewWorker()
	line, covered := int64(1), int64(0)
	for i, data := range blocks {
		var b recognise.Batch
		worker.Block([]byte(data), []byte(strings.Join(blocks[i+1:], "")), line, &b)
		m.Block(in, b.Hits, &covered)
		line += int64(strings.Count(data, "\n"))
	}
	return m
}

// TestBlock: a complaint becomes a run that knows its session, and counts.
func TestBlock(t *testing.T) {
	t.Parallel()
	m := merged(t, account.Window{}, start+failed, failed)
	placed := m.Runs.Judge(&correlate.Circumstances{Times: m.Clock.Resolve()}).Ordered()
	if len(placed) != 1 || placed[0].Count != 2 || placed[0].Session != "16509540347718230936" {
		t.Fatalf("runs %+v, want one of two matches in session 16509540347718230936", placed)
	}
	p := m.Account.Pattern(cat(t).Patterns()[placed[0].Pattern])
	whom := m.Account.Reads.Whom(cat(t).Patterns()[placed[0].Pattern])
	if p.Count != 2 || len(whom.Elements) != 1 || whom.Elements[0] != "16509540347718230936_video" {
		t.Errorf("pattern: %+v", p)
	}
	if c := m.Account.Coverage; c.ErrorLines != 2 || c.Explained != 2 {
		t.Errorf("coverage %+v", c)
	}
	if m.epochs.Count() != 1 {
		t.Errorf("%d starts of Wolf, want 1", m.epochs.Count())
	}
}

// TestRevision: it changes with what causes may rest on, and not with the rest.
func TestRevision(t *testing.T) {
	t.Parallel()
	calm := merged(t, account.Window{}, plain, plain).Revision()
	if calm != 0 {
		t.Errorf("revision %d of lines that say nothing", calm)
	}
	one, two := merged(t, account.Window{}, failed).Revision(), merged(t, account.Window{}, failed, failed).Revision()
	if one == 0 || two <= one {
		t.Errorf("revision %d after a complaint, %d after two", one, two)
	}
}

// TestAcrossBlocks: a record of several lines is one, wherever a block ends.
func TestAcrossBlocks(t *testing.T) {
	t.Parallel()
	trace := strings.SplitAfter("Traceback (most recent call last):\n  File \"/usr/local/bin/x.py\", line 57, in start\nRuntimeError: it failed\n", "\n")
	for cut := range trace {
		m := merged(t, account.Window{}, plain+strings.Join(trace[:cut], ""), strings.Join(trace[cut:], "")+plain)
		if c := m.Account.Coverage; c.ErrorLines != 1 || len(m.Account.Traces) != 1 {
			t.Errorf("cut behind line %d: %d records that complain, %d traces; want one", cut, c.ErrorLines, len(m.Account.Traces))
		}
	}
}

// TestWindow: what lies outside is counted and left out; what has no time stays.
func TestWindow(t *testing.T) {
	t.Parallel()
	const undated = "WARN nobody knows that either\n"
	line := func(clock, level, text string) string {
		return "2025-10-02T" + clock + "Z " + level + " wolf: " + text + "\n"
	}
	since := time.Date(2025, 10, 2, 7, 0, 0, 0, time.UTC)
	m := merged(t, account.Window{Since: since}, line("06:00:00", "ERROR", "nobody knows this"), line("07:00:01", "ERROR", "nobody knows this"), undated)
	a := m.Account
	if a.Excluded != 1 || a.Inside != 2 || a.Coverage.Unexplained != 2 {
		t.Errorf("%d excluded, %d inside, coverage %+v; want 1, and 2 that count", a.Excluded, a.Inside, a.Coverage)
	}
}

// TestSessionIn: session ids in names of elements.
func TestSessionIn(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"16509540347718230936_video": "16509540347718230936", "wolf_1234567890": "1234567890", "nvh265enc10": "", "a123456789b": "", "": "",
		"12_9876543210": "9876543210",
	} {
		if got := string(sessionIn([]byte(in))); got != want {
			t.Errorf("session in %q: %q, want %q", in, got, want)
		}
	}
}
