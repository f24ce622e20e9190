package timeline

import (
	"math/rand/v2"
	"testing"
	"time"
)

func everyFewHours(r *rand.Rand) time.Duration {
	return time.Minute + time.Duration(r.ExpFloat64()*float64(2*time.Hour))
}

func shortGaps(r *rand.Rand) time.Duration {
	return time.Minute + time.Duration(r.Int64N(int64(5*time.Hour)))
}

// TestSimulatedClocks checks every line of many simulated logs against the
// true time, and the lifetimes against the true ones.
func TestSimulatedClocks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := simOptions{
			start: time.Date(2025, 9, 1+r.IntN(28), r.IntN(24), r.IntN(60), 0, r.IntN(1e9), time.UTC),
			lives: 1 + r.IntN(6), outer: r.IntN(3) == 0, dated: r.IntN(2) == 0, local: r.IntN(2) == 0,
			zone:    time.Duration(r.IntN(23*4)-10*4) * 15 * time.Minute,
			perLife: func(r *rand.Rand) (int, int) { return 1 + r.IntN(12), r.IntN(8) },
			gap:     shortGaps, noExit: r.IntN(2) == 0,
		}
		w := simulate(r, o)
		c := New(Options{})
		feed(c, w.lines)
		tl := c.Resolve()
		known := o.outer || o.dated || o.local
		for _, l := range w.lines {
			at := tl.At(l.event.Reading)
			if at.Known() != known {
				t.Fatalf("seed %d line %d: known = %v, want %v (%+v)", seed, l.event.Line, at.Known(), known, at)
			}
			if !known {
				continue
			}
			slack := at.Uncertainty + 5*time.Millisecond
			if at.How == ZoneInferred {
				slack += time.Second
			}
			if d := at.Time.Sub(l.at); d > slack || d < -slack {
				t.Fatalf("seed %d (%+v) line %d: %v (%s ± %v), want %v; stamp %+v", seed, o, l.event.Line, at.Time, at.How, at.Uncertainty, l.at, l.event.Inner)
			}
		}
		checkLives(t, seed, w, tl, known, o.noExit)
		if t.Failed() {
			for _, l := range tl.Lifetimes {
				t.Logf("%+v", l)
			}
			for _, l := range w.lives {
				t.Logf("want %+v", l)
			}
			return
		}
	}
}

// TestSilentDays leaves the log silent for up to three days between sessions;
// GStreamer's clock is what shows how many.
func TestSilentDays(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		w := simulate(r, simOptions{
			start: time.Date(2025, 9, 1+r.IntN(28), r.IntN(24), r.IntN(60), 0, r.IntN(1e9), time.UTC),
			lives: 1 + r.IntN(3), dated: true,
			perLife: func(r *rand.Rand) (int, int) { return 1 + r.IntN(6), r.IntN(4) },
			gap:     func(r *rand.Rand) time.Duration { return time.Minute + time.Duration(r.Int64N(int64(70*time.Hour))) },
		})
		c := New(Options{})
		feed(c, w.lines)
		tl := c.Resolve()
		for _, l := range w.lines {
			at := tl.At(l.event.Reading)
			slack := at.Uncertainty + 5*time.Millisecond
			if d := at.Time.Sub(l.at); d > slack || d < -slack {
				t.Fatalf("seed %d line %d: %v (%s ± %v), want %v; stamp %+v\n%q", seed, l.event.Line, at.Time, at.How, at.Uncertainty, l.at, l.event.Inner, tl.Assumptions)
			}
		}
		checkLives(t, seed, w, tl, true, false)
		if t.Failed() {
			return
		}
	}
}

func checkLives(t *testing.T, seed uint64, w *world, tl *Timeline, known, noExit bool) {
	t.Helper()
	if len(tl.Lifetimes) != len(w.lives) {
		t.Errorf("seed %d: %d lifetimes, want %d", seed, len(tl.Lifetimes), len(w.lives))
		return
	}
	tl.AddFailures(w.failures())
	for i, want := range w.lives {
		got := tl.Lifetimes[i]
		if got.Sessions != want.sessions || got.First.Line != want.firstLine {
			t.Errorf("seed %d life %d: %d sessions from line %d, want %d from %d", seed, i, got.Sessions, got.First.Line, want.sessions, want.firstLine)
		}
		if d := got.Start.Time.Sub(want.start); known && (d > 10*time.Millisecond || d < -10*time.Millisecond) {
			t.Errorf("seed %d life %d: start %v, want %v", seed, i, got.Start.Time, want.start)
		}
		wantKind := map[int]EndKind{-1: EndUnknown, 6: EndCrash, 11: EndCrash, 15: EndClean, 137: EndKilled}[want.code]
		if i == len(w.lives)-1 {
			wantKind = EndRunning
		}
		if got.EndKind != wantKind || got.ExitCode != want.code {
			t.Errorf("seed %d life %d: end %s code %d, want %s %d", seed, i, got.EndKind, got.ExitCode, wantKind, want.code)
		}
		if want.failAt > 0 && want.failAt <= want.sessions {
			if got.Failures != 1 || got.FirstFailureSession != want.failAt || got.Concurrent != 1 {
				t.Errorf("seed %d life %d: %d failures, first in session %d with %d live; want 1, %d, 1", seed, i, got.Failures, got.FirstFailureSession, got.Concurrent, want.failAt)
			}
			up, ok := got.FirstFailure.Sub(got.Start)
			if d := up - want.failTime.Sub(want.start); !ok || d > 50*time.Millisecond || d < -50*time.Millisecond {
				t.Errorf("seed %d life %d: uptime at failure %v (%v), want %v", seed, i, up, ok, want.failTime.Sub(want.start))
			}
		} else if got.Failures != 0 {
			t.Errorf("seed %d life %d: %d failures, want none", seed, i, got.Failures)
		}
	}
}
