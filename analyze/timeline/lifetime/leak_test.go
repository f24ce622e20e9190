package lifetime

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"wolfdiag/analyze/timeline/clock"
	"wolfdiag/analyze/timeline/leak"
)

// A model makes failures: it is asked at every session.
type model struct {
	name string
	// arrivals gives the time to the next session, from a time.
	arrivals func(r *rand.Rand, now time.Time) time.Duration
	// fails decides on the session number n at uptime up, at time now.
	fails func(r *rand.Rand, l *modelLife, n int, up time.Duration, now time.Time) bool
	// restart bounds the sessions of a lifetime without failure.
	restart   func(r *rand.Rand) int
	lifetimes int
}

type modelLife struct {
	threshold float64
	start     time.Time
}

// run makes the History that a Collector would make of the model.
func (m model) run(seed uint64) *History {
	r := rand.New(rand.NewPCG(seed, 99))
	now := time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC)
	t := &History{}
	at := func(v time.Time) clock.Instant { return clock.Instant{Time: v, How: clock.Transport} }
	for i := range m.lifetimes {
		ml := &modelLife{threshold: r.NormFloat64(), start: now}
		l := Lifetime{Start: at(now), Ending: Ending{EndKind: EndUnknown}, Counted: Counted{Peak: -1}, Failing: Failing{Concurrent: -1, FirstFailureSession: -1}}
		limit := m.restart(r)
		n := 0
		for n < limit {
			now = now.Add(m.arrivals(r, now))
			n++
			t.Sessions = append(t.Sessions, Session{Lifetime: i, Number: n, Start: at(now), Concurrent: -1})
			if m.fails(r, ml, n, now.Sub(ml.start), now) {
				l.Failures, l.FirstFailure, l.FirstFailureSession = 1, at(now), n
				break
			}
		}
		l.Sessions = n
		now = now.Add(time.Duration(5+r.IntN(25)) * time.Minute)
		l.End = at(now)
		t.Lifetimes = append(t.Lifetimes, l)
		now = now.Add(time.Duration(1+r.IntN(10)) * time.Second)
	}
	return t
}

func poisson(mean time.Duration) func(*rand.Rand, time.Time) time.Duration {
	return func(r *rand.Rand, _ time.Time) time.Duration { return time.Duration(r.ExpFloat64() * float64(mean)) }
}

// evening lets sessions come between 19:00 and 22:00 only.
func evening(r *rand.Rand, now time.Time) time.Duration {
	next := now.Add(time.Duration(10+r.IntN(60)) * time.Minute)
	if h := next.Hour(); h < 19 || h >= 22 {
		d := time.Date(next.Year(), next.Month(), next.Day(), 19, r.IntN(60), r.IntN(60), 0, time.UTC)
		if d.Before(next) {
			d = d.AddDate(0, 0, 1)
		}
		next = d
	}
	return next.Sub(now)
}

func regular(step time.Duration) func(*rand.Rand, time.Time) time.Duration {
	return func(r *rand.Rand, _ time.Time) time.Duration { return step + time.Duration(r.IntN(60))*time.Second }
}

func chance(p float64) func(*rand.Rand, *modelLife, int, time.Duration, time.Time) bool {
	return func(r *rand.Rand, _ *modelLife, _ int, _ time.Duration, _ time.Time) bool { return r.Float64() < p }
}

func never(*rand.Rand) int { return 10_000 }

func upTo(n int) func(*rand.Rand) int { return func(r *rand.Rand) int { return 1 + r.IntN(n) } }

// TestLeakLevel runs failures without memory and wants "likely" in no more
// than 5 % of the runs (plus three standard deviations of the count).
func TestLeakLevel(t *testing.T) {
	t.Parallel()
	seeds := 160
	if testing.Short() {
		seeds = 60
	}
	limit := int(float64(seeds)*0.05 + 3*math.Sqrt(float64(seeds)*0.05*0.95))
	for _, m := range []model{
		{"few lifetimes, never restarted", poisson(time.Hour), chance(0.15), never, 4},
		{"many lifetimes, never restarted", poisson(time.Hour), chance(0.1), never, 25},
		{"restarted at random", poisson(time.Hour), chance(0.1), upTo(12), 30},
		{"restarted after ten sessions", poisson(time.Hour), chance(0.1), func(*rand.Rand) int { return 10 }, 30},
		{"sessions like clockwork", regular(time.Hour), chance(0.3), upTo(30), 20},
		{"fails in every second session", regular(20 * time.Minute), chance(0.5), never, 12},
		{"fails at once", regular(10 * time.Minute), chance(1), never, 8},
		{"fails nearly at once", regular(10 * time.Minute), chance(0.9), never, 15},
		{"evenings only", evening, chance(0.2), never, 12},
		{"chance by uptime", poisson(30 * time.Minute), func(r *rand.Rand, _ *modelLife, _ int, up time.Duration, _ time.Time) bool {
			return r.Float64() < 0.05
		}, never, 10},
		{"first session is worst", poisson(time.Hour), func(r *rand.Rand, _ *modelLife, n int, _ time.Duration, _ time.Time) bool {
			return r.Float64() < map[bool]float64{true: 0.5, false: 0.05}[n == 1]
		}, never, 12},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			got, atClock := 0, 0
			for seed := range uint64(seeds) {
				switch l := m.run(seed).Leak(); {
				case l.Verdict == leak.Likely:
					got++
				case l.Axis == leak.AxisWallClock:
					atClock++
				}
			}
			t.Logf("likely %d, wall-clock %d of %d", got, atClock, seeds)
			if got > limit || atClock > limit {
				t.Errorf("likely %d, wall-clock %d of %d memoryless runs; want at most %d", got, atClock, seeds, limit)
			}
		})
	}
}

// TestLeakPower runs failures with a clear reason and wants it named in 95 %.
func TestLeakPower(t *testing.T) {
	t.Parallel()
	seeds := 100
	if testing.Short() {
		seeds = 40
	}
	aroundSession := func(mean, sd float64) func(*rand.Rand, *modelLife, int, time.Duration, time.Time) bool {
		return func(_ *rand.Rand, l *modelLife, n int, _ time.Duration, _ time.Time) bool {
			return float64(n) >= math.Round(mean+sd*math.Max(-1.5, math.Min(1.5, l.threshold)))
		}
	}
	aroundUptime := func(mean, sd time.Duration) func(*rand.Rand, *modelLife, int, time.Duration, time.Time) bool {
		return func(_ *rand.Rand, l *modelLife, _ int, up time.Duration, _ time.Time) bool {
			return up >= mean+time.Duration(l.threshold*float64(sd))
		}
	}
	for _, tc := range []struct {
		model
		verdict leak.Verdict
		axis    leak.Axis
	}{
		{model{"session 7±1, five lifetimes", poisson(time.Hour), aroundSession(7, 1), never, 5}, leak.Likely, leak.AxisSessions},
		{model{"session 11±1, eight lifetimes", poisson(time.Hour), aroundSession(11, 1), never, 8}, leak.Likely, leak.AxisSessions},
		{model{"session 10±1, some restarted before", poisson(time.Hour), aroundSession(10, 1), func(r *rand.Rand) int {
			if r.IntN(4) == 0 {
				return 1 + r.IntN(4)
			}
			return 1000
		}, 14}, leak.Likely, leak.AxisSessions},
		{model{"uptime 40±2 h, six lifetimes", poisson(2 * time.Hour), aroundUptime(40*time.Hour, 2*time.Hour), never, 6}, leak.Likely, leak.AxisUptime},
		{model{"every morning at 06:25", poisson(20 * time.Minute), func(r *rand.Rand, l *modelLife, _ int, up time.Duration, now time.Time) bool {
			return now.Hour() == 6 && now.Minute() >= 25 && (up > time.Duration(r.IntN(60))*time.Hour)
		}, upTo(400), 14}, leak.Unlikely, leak.AxisWallClock},
		{model{"after a driver update", poisson(time.Hour), func(r *rand.Rand, _ *modelLife, _ int, _ time.Duration, now time.Time) bool {
			return now.After(time.Date(2025, 3, 20, 0, 0, 0, 0, time.UTC)) && r.Float64() < 0.7
		}, upTo(60), 25}, leak.Unlikely, leak.AxisWallClock},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			right := 0
			other := map[leak.Leak]int{}
			for seed := range uint64(seeds) {
				l := tc.run(seed).Leak()
				if l.Verdict == tc.verdict && l.Axis == tc.axis {
					right++
				} else {
					other[leak.Leak{Verdict: l.Verdict, Axis: l.Axis}]++
				}
			}
			if right < seeds*95/100 {
				t.Errorf("%s by %s in %d of %d runs, want 95 %%; others %v", tc.verdict, tc.axis, right, seeds, other)
			}
		})
	}
}

func BenchmarkLeak(b *testing.B) {
	for _, n := range []int{5, 40, 400} {
		b.Run(fmt.Sprint(n, " failures"), func(b *testing.B) {
			m := model{"", poisson(time.Hour), chance(0.1), never, n}
			tl := m.run(1)
			b.ReportAllocs()
			for b.Loop() {
				if l := tl.Leak(); l.Verdict == "" {
					b.Fatal("no verdict")
				}
			}
		})
	}
}
