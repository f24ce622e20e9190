package leak

import (
	"math/rand/v2"
	"slices"
)

// bySessions tests the uptimes at failure against the other kinds of chance.
// Either each session fails with the same probability whenever it comes: then
// every choice of failing sessions is equally likely, and the uptime between
// failures is the sum of the steps between sessions. Without this, a Wolf that
// fails in the first session after each restart would look like one that fails
// after a certain uptime. Or (byStep) something breaks at any moment and the
// next session shows it: then a choice is as likely as the product of its steps.
// Each trial is one session: its step and outcome.
func bySessions(steps []Trial, byStep bool, rng *rand.Rand) float64 {
	last, n := -1, 0
	for i, s := range steps {
		if s.Failed {
			last = i
			n++
		}
	}
	if n < 2 || last+1 <= n {
		return 1
	}
	steps = steps[:last+1]
	seen := gapSquares(steps)
	choose := evenly(last)
	if byStep {
		choose = weighed(steps[:last])
	}
	draw := slices.Clone(steps)
	return simulated(func() bool {
		for i := range draw[:last] {
			draw[i].Failed = false
		}
		choose(n-1, draw, rng) // the last failure ends the observation
		return gapSquares(draw) <= seen*(1+1e-12)
	})
}

// A chooser makes so many sessions of a draw fail.
type chooser func(failures int, draw []Trial, rng *rand.Rand)

// evenly chooses among the first n sessions, all choices alike.
func evenly(n int) chooser {
	order := make([]int, n)
	return func(failures int, draw []Trial, rng *rand.Rand) {
		for i := range order {
			order[i] = i
		}
		for i := range failures {
			j := i + rng.IntN(n-i)
			order[i], order[j] = order[j], order[i]
			draw[order[i]].Failed = true
		}
	}
}

// weighed chooses among sessions, a choice as likely as the product of its
// steps: moments drawn from all uptime, again until no session holds two. When
// that does not succeed, as when most sessions fail, a session that holds one
// already is drawn again alone, which comes close.
func weighed(steps []Trial) chooser {
	ends := make([]float64, len(steps))
	total := 0.0
	for i, s := range steps {
		total += s.At
		ends[i] = total
	}
	return func(failures int, draw []Trial, rng *rand.Rand) {
		picked := make([]int, 0, failures)
		for try := 0; len(picked) < failures; {
			i, _ := slices.BinarySearch(ends, rng.Float64()*total)
			if i = min(i, len(ends)-1); !draw[i].Failed {
				draw[i].Failed = true
				picked = append(picked, i)
				continue
			}
			if try++; try < 8 {
				for _, k := range picked {
					draw[k].Failed = false
				}
				picked = picked[:0]
			} else if try > 1000 { // sessions without any step are left
				return
			}
		}
	}
}
