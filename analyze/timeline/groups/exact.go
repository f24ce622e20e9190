package groups

import (
	"math"
	"math/rand/v2"
)

// FreemanHalton returns the p-value of Fisher's exact test for an r×2 table:
// the probability, all margins fixed, of the tables no more probable than this
// one (Freeman and Halton, Biometrika 38, 1951). Tables too many to enumerate
// are sampled with a fixed seed. A table without information gives 1.
func FreemanHalton(gs []Group) float64 {
	total, failed := 0, 0
	for _, g := range gs {
		if g.Sessions < 0 || g.Failed < 0 || g.Failed > g.Sessions {
			return 1
		}
		total += g.Sessions
		failed += g.Failed
	}
	if failed == 0 || failed == total || len(gs) < 2 {
		return 1
	}
	seen := 0.0
	for _, g := range gs {
		seen += logChoose(g.Sessions, g.Failed)
	}
	if tables(gs, failed) > maxTables {
		return sampled(gs, total, failed, seen)
	}
	all := logChoose(total, failed)
	return math.Min(1, enumerate(gs, failed, 0, seen, all))
}

// slackLog makes tables as probable as the one seen count in spite of rounding.
const slackLog = 1e-7

func enumerate(gs []Group, left int, sum, seen, all float64) float64 {
	if len(gs) == 1 {
		if left > gs[0].Sessions {
			return 0
		}
		if sum += logChoose(gs[0].Sessions, left); sum <= seen+slackLog {
			return math.Exp(sum - all)
		}
		return 0
	}
	room := 0
	for _, g := range gs[1:] {
		room += g.Sessions
	}
	p := 0.0
	for k := max(0, left-room); k <= min(left, gs[0].Sessions); k++ {
		p += enumerate(gs[1:], left-k, sum+logChoose(gs[0].Sessions, k), seen, all)
	}
	return p
}

// tables bounds the number of tables with these margins.
func tables(gs []Group, failed int) float64 {
	n := 1.0
	for _, g := range gs[1:] {
		n *= float64(min(g.Sessions, failed) + 1)
	}
	return n
}

func sampled(gs []Group, total, failed int, seen float64) float64 {
	rng := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9))
	hits := 0
	n := 1999
	if total > 4000 {
		n = 499
	}
	for range n {
		left, out, sum := failed, total, 0.0
		for _, g := range gs {
			k := 0 // hypergeometric, one session at a time
			for i := range g.Sessions {
				if rng.IntN(out-i) < left-k {
					k++
				}
			}
			out -= g.Sessions
			left -= k
			sum += logChoose(g.Sessions, k)
		}
		if sum <= seen+slackLog {
			hits++
		}
	}
	return float64(hits+1) / float64(n+1)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
