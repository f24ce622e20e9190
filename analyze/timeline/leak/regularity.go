package leak

import (
	"math"
	"math/rand/v2"
)

// A Trial is one lifetime as the accumulation test sees it: how far it came,
// and whether it failed there or was merely no longer observed (censored).
type Trial struct {
	At     float64
	Failed bool
}

// gaps returns the exposures between failures, in the order of the lifetimes.
//
// When failure has no memory, the exposures of all lifetimes may be strung
// together: a lifetime that ends without failure leaves the chance per unit
// where it was, so the exposure up to the next failure is geometric (sessions)
// or exponential (uptime) whatever the restarts between. That keeps the test
// exact with censored lifetimes, at the price of power. What follows the last
// failure is not used.
func gaps(ts []Trial) []float64 {
	var out []float64
	sum := 0.0
	for _, t := range ts {
		sum += t.At
		if t.Failed {
			out = append(out, sum)
			sum = 0
		}
	}
	if len(out) > maxFailures {
		out = out[len(out)-maxFailures:]
	}
	return out
}

// gapSquares is sumSquares(gaps(ts)) without the slice between.
func gapSquares(ts []Trial) float64 {
	s, sum := 0.0, 0.0
	for _, t := range ts {
		sum += t.At
		if t.Failed {
			s += sum * sum
			sum = 0
		}
	}
	return s
}

func sumSquares(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x * x
	}
	return s
}

// regularity tests whether gaps are more alike than without memory. Given
// their sum, memoryless gaps are uniform over all ways to divide it (whole
// numbers: compositions into positive parts; else the flat Dirichlet
// distribution), and the sum of squares is small when they are alike. It
// returns P(sum of squares ≤ the one seen).
func regularity(gs []float64, whole bool, rng *rand.Rand) float64 {
	n := len(gs)
	if n < 2 {
		return 1
	}
	total := 0.0
	for _, g := range gs {
		total += g
	}
	if total <= 0 || whole && int(total) <= n {
		return 1
	}
	seen := sumSquares(gs)
	if whole {
		if p, ok := compositions(n, int(total), int(math.Round(seen))); ok {
			return p
		}
	}
	draw := make([]float64, n)
	var cuts []bool
	if whole {
		cuts = make([]bool, int(total))
	}
	return simulated(func() bool {
		if whole {
			drawComposition(draw, cuts, rng)
		} else {
			drawSpacings(draw, total, rng)
		}
		return sumSquares(draw) <= seen*(1+1e-12)
	})
}

// compositions returns the exact share of the compositions of total into n
// positive parts whose sum of squares is at most limit, by dynamic
// programming over (parts, sum, squares); false when that table is too large.
func compositions(n, total, limit int) (float64, bool) {
	if n*total*limit > 400_000 {
		return 0, false
	}
	// ways[s][q]: of the parts so far, summing to s with squares summing to q.
	ways := make([][]float64, total+1)
	for s := range ways {
		ways[s] = make([]float64, limit+1)
	}
	ways[0][0] = 1
	for range n {
		next := make([][]float64, total+1)
		for s := range next {
			next[s] = make([]float64, limit+1)
		}
		for s := range ways {
			for q, w := range ways[s] {
				if w == 0 {
					continue
				}
				for k := 1; s+k <= total && q+k*k <= limit; k++ {
					next[s+k][q+k*k] += w
				}
			}
		}
		ways = next
	}
	hits := 0.0
	for _, w := range ways[total] {
		hits += w
	}
	return hits / binomial(total-1, n-1), true
}

func binomial(n, k int) float64 {
	r := 1.0
	for i := range k {
		r = r * float64(n-i) / float64(i+1)
	}
	return math.Round(r)
}

// drawComposition fills out with a uniform composition of len(cuts) into
// positive whole parts: n−1 distinct cuts, by Floyd's sampling (Bentley and
// Floyd, "A sample of brilliance", CACM 30, 1987). cuts is scratch, all false.
func drawComposition(out []float64, cuts []bool, rng *rand.Rand) {
	total, n := len(cuts), len(out)
	for j := total - (n - 1); j < total; j++ {
		c := 1 + rng.IntN(j)
		if cuts[c] {
			c = j
		}
		cuts[c] = true
	}
	prev, i := 0, 0
	for c := range cuts {
		if cuts[c] {
			cuts[c] = false
			out[i] = float64(c - prev)
			prev = c
			i++
		}
	}
	out[n-1] = float64(total - prev)
}

// drawSpacings fills out with uniform spacings: exponentials scaled to total.
func drawSpacings(out []float64, total float64, rng *rand.Rand) {
	sum := 0.0
	for i := range out {
		out[i] = rng.ExpFloat64()
		sum += out[i]
	}
	for i := range out {
		out[i] *= total / sum
	}
}

// lateness tests whether failures crowd at the end of all exposure, as after
// an event at some time: without memory their places are uniform (Laplace's
// trend test, made exact by simulation). tail is the exposure after the last.
func lateness(gs []float64, tail float64, rng *rand.Rand) float64 {
	n := len(gs)
	total, mean, at := tail, 0.0, 0.0
	for _, g := range gs {
		total += g
		at += g
		mean += at
	}
	if n < 3 || total <= 0 {
		return 1
	}
	return simulated(func() bool {
		s := 0.0
		for range n {
			s += rng.Float64()
		}
		return s*total >= mean
	})
}
