package leak

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCompositionsAgreeWithSampling(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, gs := range [][]float64{{7, 7, 8}, {6, 7, 8, 7, 7}, {1, 2, 30}, {3, 9, 1, 14}} {
		total := 0.0
		for _, g := range gs {
			total += g
		}
		exact, ok := compositions(len(gs), int(total), int(sumSquares(gs)))
		if !ok {
			t.Fatalf("%v: table too large", gs)
		}
		hits, n := 0, 40000
		draw, cuts := make([]float64, len(gs)), make([]bool, int(total))
		for range n {
			drawComposition(draw, cuts, rng)
			if sumSquares(draw) <= sumSquares(gs) {
				hits++
			}
		}
		got := float64(hits) / float64(n)
		if math.Abs(got-exact) > 4*math.Sqrt(exact*(1-exact)/float64(n))+1e-9 {
			t.Errorf("%v: exact %.5f, sampled %.5f", gs, exact, got)
		}
	}
	// 7+7+8 in any order is 3 of C(21,2) = 210 compositions.
	if p, _ := compositions(3, 22, 162); math.Abs(p-3.0/210) > 1e-12 {
		t.Errorf("p(7,7,8) = %v, want 3/210", p)
	}
}
