package leak

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestSimulated: a Monte-Carlo test stops when enough draws are extreme, and never
// says that chance is impossible.
func TestSimulated(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		every int // of so many draws one is extreme; 0: none
		draws int
		p     float64
	}{
		{"always", 1, enough, 1},
		{"every fourth", 4, 4 * enough, 0.25},
		{"never", 0, draws, 1.0 / (draws + 1)},
		{"one in a thousand", 1000, draws, 5.0 / (draws + 1)},
	} {
		n := 0
		p := simulated(func() bool { n++; return tc.every > 0 && n%tc.every == 0 })
		if n != tc.draws || math.Abs(p-tc.p) > 1e-12 {
			t.Errorf("%s: p %v after %d draws, want %v after %d", tc.name, p, n, tc.p, tc.draws)
		}
	}
}

// TestChoosers: how often each choice of failing sessions is drawn.
func TestChoosers(t *testing.T) {
	t.Parallel()
	steps := []Trial{{At: 1}, {At: 2}, {At: 3}}
	for _, tc := range []struct {
		name     string
		choose   chooser
		failures int
		want     map[string]float64
	}{
		{"one, all alike", evenly(3), 1, map[string]float64{"x..": 1. / 3, ".x.": 1. / 3, "..x": 1. / 3}},
		{"two, all alike", evenly(3), 2, map[string]float64{"xx.": 1. / 3, ".xx": 1. / 3, "x.x": 1. / 3}},
		{"all", evenly(3), 3, map[string]float64{"xxx": 1}},
		{"one, by its step", weighed(steps), 1, map[string]float64{"x..": 1. / 6, ".x.": 2. / 6, "..x": 3. / 6}},
		{"two, by the product of their steps", weighed(steps), 2, map[string]float64{"xx.": 2. / 11, "x.x": 3. / 11, ".xx": 6. / 11}},
		{"none", weighed(steps), 0, map[string]float64{"...": 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 2))
			const n = 20_000
			seen := map[string]float64{}
			draw := make([]Trial, 3)
			for range n {
				clear(draw)
				tc.choose(tc.failures, draw, rng)
				s := ""
				for _, d := range draw {
					s += map[bool]string{true: "x", false: "."}[d.Failed]
				}
				seen[s] += 1. / n
			}
			for s, p := range seen {
				if want := tc.want[s]; math.Abs(p-want) > 0.02 {
					t.Errorf("%s in %.3f of all draws, want %.3f", s, p, want)
				}
			}
			if len(seen) != len(tc.want) {
				t.Errorf("%v, want %v", seen, tc.want)
			}
		})
	}
	// More failures than sessions that took any time: it ends.
	draw := make([]Trial, 3)
	weighed([]Trial{{At: 5}, {}, {}})(2, draw, rand.New(rand.NewPCG(1, 2)))
	if !draw[0].Failed || draw[1].Failed {
		t.Errorf("of one session with a step: %v", draw)
	}
}

// TestDraws: what is drawn adds up, and no part has a better chance than another.
func TestDraws(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	const n = 4000
	for _, tc := range []struct {
		name string
		draw func(out []float64)
		sum  float64
	}{
		{"spacings", func(out []float64) { drawSpacings(out, 12, rng) }, 12},
		{"compositions", func(out []float64) { drawComposition(out, make([]bool, 12), rng) }, 12},
	} {
		out, mean := make([]float64, 4), make([]float64, 4)
		for range n {
			tc.draw(out)
			sum := 0.0
			for i, x := range out {
				if x <= 0 {
					t.Fatalf("%s: %v", tc.name, out)
				}
				sum += x
				mean[i] += x / n
			}
			if math.Abs(sum-tc.sum) > 1e-9 {
				t.Fatalf("%s: %v add up to %v", tc.name, out, sum)
			}
		}
		for i, m := range mean {
			if math.Abs(m-tc.sum/4) > 0.2 {
				t.Errorf("%s: part %d is %.2f on average, want %.2f", tc.name, i, m, tc.sum/4)
			}
		}
	}
}

// TestRegularity: gaps that are alike are improbable, others are not.
func TestRegularity(t *testing.T) {
	t.Parallel()
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }
	for _, tc := range []struct {
		name      string
		gaps      []float64
		whole     bool
		low, high float64
	}{
		{"none", nil, true, 1, 1},
		{"one", []float64{7}, true, 1, 1},
		{"each session fails", []float64{1, 1, 1}, true, 1, 1},
		{"no uptime", []float64{0, 0, 0}, false, 1, 1},
		{"ten each", []float64{10, 10, 10, 10}, true, 1. / 9139, 1. / 9139}, // of C(39,3) ways
		{"alike", []float64{5, 5.1, 4.9, 5, 5}, false, 0, 0.002},
		{"one long", []float64{1, 20, 1}, true, 0.9, 1},
		{"one long, in hours", []float64{1, 20, 1}, false, 0.8, 1},
	} {
		if p := regularity(tc.gaps, tc.whole, rng()); p < tc.low-1e-12 || p > tc.high+1e-12 {
			t.Errorf("%s: p %v, want %v to %v", tc.name, p, tc.low, tc.high)
		}
	}
	for _, tc := range []struct {
		name      string
		gaps      []float64
		tail      float64
		low, high float64
	}{
		{"two", []float64{1, 1}, 0, 1, 1},
		{"no time", []float64{0, 0, 0}, 0, 1, 1},
		{"crowded at the end", []float64{100, 1, 1, 1}, 0, 0, 0.001},
		{"crowded at the beginning", []float64{1, 1, 1, 1}, 100, 0.99, 1},
		{"in between", []float64{10, 10, 10, 10}, 10, 0.3, 0.7},
	} {
		if p := lateness(tc.gaps, tc.tail, rng()); p < tc.low || p > tc.high {
			t.Errorf("late: %s: p %v, want %v to %v", tc.name, p, tc.low, tc.high)
		}
	}
	// A session a day, and the first after each restart fails: that is no uptime.
	var first, regular []Trial
	for i := range 60 {
		first = append(first, Trial{At: 86400, Failed: i%2 == 1}, Trial{At: 1})
		regular = append(regular, Trial{At: 100, Failed: i%10 == 9})
	}
	first = first[:len(first)-1]
	for _, byStep := range []bool{false, true} {
		if p := bySessions(regular, byStep, rng()); p > 0.01 {
			t.Errorf("every tenth of even steps (by step %v): p %v", byStep, p)
		}
	}
	if p := bySessions(regular[:9], false, rng()); p != 1 {
		t.Errorf("without a failure: p %v", p)
	}
	if p := bySessions([]Trial{{At: 1, Failed: true}, {At: 1, Failed: true}}, false, rng()); p != 1 {
		t.Errorf("where each session fails: p %v", p)
	}
	if plain, step := bySessions(first, false, rng()), bySessions(first, true, rng()); step < plain {
		t.Errorf("long steps draw failures: p %v by step, %v without", step, plain)
	}
}

// TestTimeOfDay: times of day lie on a circle.
func TestTimeOfDay(t *testing.T) {
	t.Parallel()
	on := func(clocks ...string) (out []time.Time) {
		for i, c := range clocks {
			v, err := time.Parse("2006-01-02 15:04", fmt.Sprintf("2025-10-%02d %s", i+1, c))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
		return out
	}
	for _, tc := range []struct {
		times  []time.Time
		mean   string
		length float64
	}{
		{on("18:00", "18:00", "18:00"), "18:00", 1},
		{on("23:50", "00:10"), "00:00", math.Cos(2 * math.Pi * 10 / 1440)},
		{on("05:00", "07:00"), "06:00", math.Cos(2 * math.Pi / 24)},
		{[]time.Time{time.Date(1969, 12, 31, 18, 0, 0, 0, time.UTC)}, "18:00", 1},
	} {
		if got := meanTime(tc.times); got != tc.mean {
			t.Errorf("%v: around %s, want %s", tc.times, got, tc.mean)
		}
		if r, _ := resultant(angles(tc.times)); math.Abs(r-tc.length) > 1e-9 {
			t.Errorf("%v: length %v, want %v", tc.times, r, tc.length)
		}
	}
	if r, _ := resultant(angles(on("00:00", "06:00", "12:00", "18:00"))); r > 1e-9 {
		t.Errorf("all around the clock: length %v", r)
	}
	few := &Evidence{At: on("18:00", "18:00", "18:00"), Candidates: on("18:00", "18:00", "18:00", "01:00", "02:00", "03:00", "04:00")}
	if p := few.clockwork(rand.New(rand.NewPCG(1, 1))); p != 1 {
		t.Errorf("three failures: p %v, want no test", p)
	}
}
