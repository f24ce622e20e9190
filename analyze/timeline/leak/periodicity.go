package leak

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

const day = 24 * time.Hour

// mod is the remainder of rounding towards minus infinity.
func mod(a, b int64) int64 {
	if a %= b; a < 0 {
		a += b
	}
	return a
}

// angle maps a time of day onto the circle.
func angle(t time.Time) float64 {
	return 2 * math.Pi * float64(mod(t.UnixNano(), int64(day))) / float64(day)
}

// resultant returns the length and the direction of the mean of angles: the
// length is near 1 when all are alike (Rayleigh's statistic).
func resultant(as []float64) (length, direction float64) {
	var x, y float64
	for _, a := range as {
		x += math.Cos(a)
		y += math.Sin(a)
	}
	return math.Hypot(x, y) / float64(len(as)), math.Atan2(y, x)
}

func angles(ts []time.Time) []float64 {
	out := make([]float64, len(ts))
	for i, t := range ts {
		out[i] = angle(t)
	}
	return out
}

// clockwork tests whether first failures crowd at one time of day more than
// the sessions do in which they could have come: people play in the evening,
// so failures by chance come in the evening too. It draws as many sessions as
// there were failures and compares Rayleigh's statistic. 1 means no test.
func (ev *Evidence) clockwork(rng *rand.Rand) float64 {
	n := len(ev.At)
	if n < 4 || len(ev.Candidates) < 2*n {
		return 1
	}
	seen, _ := resultant(angles(ev.At))
	if seen < 0.9 { // scattered over hours: no schedule
		return 1
	}
	all := angles(ev.Candidates)
	draw := make([]float64, n)
	return simulated(func() bool {
		for i := range draw {
			j := i + rng.IntN(len(all)-i)
			all[i], all[j] = all[j], all[i]
			draw[i] = all[i]
		}
		r, _ := resultant(draw)
		return r >= seen
	})
}

// tighter reports whether failures agree better in their time of day than in
// their uptime. When all lifetimes also start at one time of day, the two
// cannot be told apart and it says no.
func (ev *Evidence) tighter(uptimes []float64) bool {
	if len(uptimes) < 2 {
		return true
	}
	r, _ := resultant(angles(ev.At))
	spread := math.Sqrt(-2*math.Log(max(r, 1e-12))) * 86400 / (2 * math.Pi) // circular standard deviation
	_, sd := moments(uptimes)
	return spread*2 < sd
}

func meanTime(ts []time.Time) string {
	_, a := resultant(angles(ts))
	s := mod(int64(math.Round(a/(2*math.Pi)*86400)), 86400) // 05:59:59.9999 is six
	return time.Unix(s, 0).UTC().Format("15:04")
}

// onset tests whether failures begin late and then come fast. 1 means no test.
func (ev *Evidence) onset(rng *rand.Rand) float64 {
	ts := ev.Sessions
	if len(gaps(ts)) < 3 {
		ts = ev.Uptime
	}
	gs := gaps(ts)
	if len(gs) < 3 {
		return 1
	}
	// An event shows as one long healthy stretch before the first failure.
	rest := slices.Max(gs[1:])
	if gs[0] < 3*rest {
		return 1
	}
	tail := 0.0
	for i := len(ts) - 1; i >= 0 && !ts[i].Failed; i-- {
		tail += ts[i].At
	}
	return lateness(gs, tail, rng)
}

func onsetTime(ts []time.Time) string {
	if len(ts) == 0 {
		return "the first failure"
	}
	return slices.MinFunc(ts, time.Time.Compare).UTC().Format("2006-01-02 15:04 UTC")
}
