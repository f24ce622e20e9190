package leak

import (
	"math"
	"strings"
	"testing"
	"time"
)

// run is one lifetime: so many sessions, evenly over so many seconds, and whether
// it failed in the last of them.
type run struct {
	sessions int
	uptime   float64
	failed   bool
}

// evidence makes what runs say that follow each other from a moment, with pause
// seconds between them.
func evidence(from time.Time, pause float64, runs ...run) *Evidence {
	ev := &Evidence{}
	now := from
	for _, r := range runs {
		ev.Sessions = append(ev.Sessions, Trial{At: float64(r.sessions), Failed: r.failed})
		ev.Uptime = append(ev.Uptime, Trial{At: r.uptime, Failed: r.failed})
		for i := range r.sessions {
			now = now.Add(time.Duration(r.uptime / float64(r.sessions) * 1e9))
			ev.Candidates = append(ev.Candidates, now)
			ev.Steps = append(ev.Steps, Trial{At: r.uptime / float64(r.sessions), Failed: r.failed && i == r.sessions-1})
		}
		if r.failed {
			ev.Failed++
			ev.At = append(ev.At, now)
		}
		now = now.Add(time.Duration(pause * 1e9))
	}
	return ev
}

// TestVerdicts: what a person sees in the numbers, the test says.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	morning := time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC)
	const hour = 3600.0
	daily := func(failures int) (out []run) { // fails at six on some evenings, whenever it was started
		for i := range failures {
			up, days := []float64{9, 3.5, 7, 2, 8, 5}[i%6], []float64{1, 4, 2, 1, 6}[i%5]
			out = append(out, run{sessions: 12 - i%5, uptime: (24*days - up) * hour}, run{sessions: 2 + i%4, uptime: up * hour, failed: true})
		}
		return out
	}
	for _, tc := range []struct {
		name    string
		ev      *Evidence
		verdict Verdict
		axis    Axis
		says    string
		p       bool // there was a test
	}{
		{"no failure", evidence(morning, 60, run{10, hour, false}, run{20, hour, false}), Insufficient, AxisUnknown, "no lifetime shows a failure", false},
		{"one failure", evidence(morning, 60, run{10, hour, true}), Insufficient, AxisUnknown, "only one lifetime shows a failure", false},
		{"at each start", evidence(morning, 60, run{1, 20, true}, run{1, 5, true}, run{1, 40, true}), Unlikely, AxisNone, "within 40 s of each of 3 starts", false},
		{"a minute after each start", evidence(morning, 60, run{1, 61, true}, run{1, 61, true}), Insufficient, AxisUnknown, "too few", true},
		{"after ten sessions, whatever the uptime", evidence(morning, 60, run{10, 2 * hour, true}, run{11, 30 * hour, true}, run{10, 9 * hour, true}, run{9, hour, true}, run{10, 50 * hour, true}, run{10, 5 * hour, true}),
			Likely, AxisSessions, "about as many sessions each time (10.0 ± 0.6 over 6 failures)", true},
		{"after a day, whatever the sessions", evidence(morning, 60, run{3, 24 * hour, true}, run{40, 24.5 * hour, true}, run{9, 23.8 * hour, true}, run{21, 24.2 * hour, true}, run{60, 24 * hour, true}, run{15, 23.9 * hour, true}, run{33, 24.1 * hour, true}),
			Likely, AxisUptime, "24.1 ± 0.2 h over 7 failures", true},
		{"restarts in between make no difference", evidence(morning, 60, run{4, hour, false}, run{6, hour, true}, run{7, hour, false}, run{4, 9 * hour, true}, run{10, 2 * hour, true}, run{2, hour, false}, run{8, hour, true}, run{9, 20 * hour, true}, run{11, hour, true}),
			Likely, AxisSessions, "over 6 failures", true},
		{"two failures", evidence(morning, 60, run{10, 2 * hour, true}, run{10, 30 * hour, true}), Insufficient, AxisUnknown, "2 first failures are too few", true},
		{"scattered", evidence(morning, 60, run{1, 2 * hour, true}, run{30, 31 * hour, true}, run{4, 4 * hour, true}, run{17, 70 * hour, true}, run{2, hour, true}, run{55, 20 * hour, true}, run{1, 9 * hour, true}),
			Unlikely, AxisNone, "scatter over the life of Wolf as chance would have it", true},
		{"at six on some evenings", evidence(time.Date(2025, 3, 1, 18, 0, 0, 0, time.UTC), 0, daily(12)...), Unlikely, AxisWallClock, "same time of day (around 18:00 UTC)", true},
		{"since an update", evidence(morning, 60, run{300, 700 * hour, false}, run{2, 3 * hour, true}, run{1, hour, true}, run{5, 9 * hour, true}, run{1, 2 * hour, true}, run{3, 4 * hour, true}, run{2, hour, true}, run{1, 8 * hour, true}, run{4, hour, true}),
			Unlikely, AxisWallClock, "healthy until about 2025-03-30", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := tc.ev.Test()
			if got.Verdict != tc.verdict || got.Axis != tc.axis || !strings.Contains(got.Why, tc.says) || (got.PValue != nil) != tc.p {
				t.Errorf("%s %q (p %v): %s\nwant %s %q, %q", got.Verdict, got.Axis, got.PValue, got.Why, tc.verdict, tc.axis, tc.says)
			}
			if again := tc.ev.Test(); again.Why != got.Why {
				t.Errorf("asked again: %s", again.Why)
			}
			tc.ev.Doubtful = true
			if doubtful := tc.ev.Test(); doubtful.Verdict != Insufficient || tc.ev.Failed > 0 && !strings.Contains(doubtful.Why, "cannot be trusted") {
				t.Errorf("in doubt: %s: %s", doubtful.Verdict, doubtful.Why)
			}
		})
	}
}

// TestGaps: what lies between failures is one stretch, over the lifetimes that did
// not fail.
func TestGaps(t *testing.T) {
	t.Parallel()
	fail := func(at float64) Trial { return Trial{At: at, Failed: true} }
	ok := func(at float64) Trial { return Trial{At: at} }
	for _, tc := range []struct {
		name   string
		trials []Trial
		want   []float64
	}{
		{"none", nil, nil},
		{"no failure", []Trial{ok(3), ok(4)}, nil},
		{"each fails", []Trial{fail(3), fail(4)}, []float64{3, 4}},
		{"some do not", []Trial{ok(1), fail(3), ok(2), ok(5), fail(4), ok(9)}, []float64{4, 11}},
	} {
		got := gaps(tc.trials)
		squares := 0.0
		for _, g := range tc.want {
			squares += g * g
		}
		if len(got) != len(tc.want) || sumSquares(got) != squares || gapSquares(tc.trials) != squares {
			t.Errorf("%s: %v, squares %v and %v, want %v, %v", tc.name, got, sumSquares(got), gapSquares(tc.trials), tc.want, squares)
		}
		for i := range got {
			if got[i] != tc.want[i] {
				t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
			}
		}
	}
	if n := len(gaps(make([]Trial, 3*maxFailures))); n != 0 {
		t.Errorf("%d gaps of no failure", n)
	}
	many := make([]Trial, 3*maxFailures)
	for i := range many {
		many[i] = fail(float64(i))
	}
	if g := gaps(many); len(g) != maxFailures || g[len(g)-1] != float64(len(many)-1) {
		t.Errorf("%d gaps of %d failures, the last %v", len(g), len(many), g[len(g)-1])
	}
}

// TestMoments: mean and standard deviation of a sample.
func TestMoments(t *testing.T) {
	t.Parallel()
	mean, sd := moments([]float64{2, 4, 4, 4, 5, 5, 7, 9})
	if mean != 5 || math.Abs(sd-math.Sqrt(32.0/7)) > 1e-12 || math.Abs(spread([]float64{2, 4, 4, 4, 5, 5, 7, 9})-sd/5) > 1e-12 {
		t.Errorf("mean %v, deviation %v", mean, sd)
	}
	if mean, sd := moments([]float64{3}); mean != 3 || sd != 0 {
		t.Errorf("of one: mean %v, deviation %v", mean, sd)
	}
}
