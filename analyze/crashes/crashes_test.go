package crashes

import (
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// TestRelated: how crashes lie to the failure.
func TestRelated(t *testing.T) {
	t.Parallel()
	at := func(hour int) *time.Time {
		t := time.Date(2025, 10, 2, hour, 0, 0, 0, time.UTC)
		return &t
	}
	for _, tt := range []struct {
		name        string
		first, last *time.Time
		failure     *time.Time
		want        string
	}{
		{"no time of the crashes", nil, nil, at(8), "a time is missing"},
		{"no time of the failure", at(8), at(8), &time.Time{}, "a time is missing"},
		{"long before", at(2), at(6), at(8), "came 2 h before the failure: a separate problem"},
		{"just before", at(2), at(7), at(8), "60 min before the failure: look at both together"},
		{"spanning it", at(7), at(9), at(8), "span the time of the failure"},
		{"long after", at(10), at(11), at(8), "began 2 h after the failure: a separate problem"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := related(tt.first, tt.last, *tt.failure, true); !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q in it", got, tt.want)
			}
		})
	}
	if got := related(at(6), at(7), time.Time{}, false); got != "" {
		t.Errorf("nothing else failed: %q", got)
	}
	soon := at(8).Add(10 * time.Minute)
	if got := related(&soon, at(9), *at(8), true); !strings.Contains(got, "10 min after the failure began: it may be its consequence") {
		t.Errorf("just after: %q", got)
	}
}

// TestPrinted: a stack trace in the log is a crash, with the place where it
// stood; what is no trace is none.
func TestPrinted(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var inputs account.Inputs
	in := inputs.Add("wolf.log", "file")
	trace := func(line int64, text string) account.Trace {
		return account.Trace{At: timeline.Reading{Pos: timeline.Pos{Input: in, Line: line}}, Text: []byte(text)}
	}
	var d Dumps
	got := d.Find(Log{Time: &timeline.Timeline{}, Inputs: &inputs, Catalogue: cat, Traces: []account.Trace{
		trace(12, "Stack trace (most recent call first):\n#0 0x000055aa2fafc61b in shutdown_handler(int) at /wolf/src/exceptions.h:79:5\n#1 0x000055aa2fafc61c in main at /wolf/src/wolf.cpp:10:3\n"),
		trace(40, "Traceback (most recent call last):\nRuntimeError: it failed\n"),
	}}).Report(time.Time{}, true)
	if len(got) != 1 || got[0].Count != 1 || len(got[0].Files) != 1 || got[0].Files[0] != "wolf.log:12" || !strings.Contains(got[0].Related, "a time is missing") {
		t.Errorf("crashes %+v, want one, of wolf.log:12", got)
	}
	if none := d.Find(Log{Time: &timeline.Timeline{}, Inputs: &inputs, Catalogue: cat}).Report(time.Time{}, true); none == nil || len(none) != 0 {
		t.Errorf("without traces and dumps: %#v, want an empty list", none)
	}
}

// TestListing: what Wolf was started again after is in the names of its dumps.
func TestListing(t *testing.T) {
	t.Parallel()
	var d Dumps
	const listing = "-rw-r--r-- 1 root root 148328 Sep 30 12:40 backtrace.2025-09-30-11-40-36.326784363.dump\n"
	restarts, err := d.AddListing("listing", []byte(listing))
	if err != nil || len(d.files) != 1 {
		t.Fatalf("%d dumps, %v", len(d.files), err)
	}
	if len(restarts) != 1 || restarts[0].IsZero() {
		t.Errorf("restarts %v, want the time in the dump's name", restarts)
	}
}

// TestMissing: errors name what is not there.
func TestMissing(t *testing.T) {
	t.Parallel()
	var d Dumps
	defer d.Close()
	for _, symbols := range [][]string{nil, {"/nonexistent/symbols"}} {
		if _, err := d.Add("/nonexistent/dumps", symbols); err == nil || !strings.Contains(err.Error(), "/nonexistent/") {
			t.Errorf("with symbols %q: error %v", symbols, err)
		}
	}
}
