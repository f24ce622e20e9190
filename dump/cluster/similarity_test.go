package cluster

import (
	"math"
	"math/rand/v2"
	"testing"
)

func randomItem(rng *rand.Rand, names int32) *signatureItem {
	it := &signatureItem{build: rng.Int32N(2)}
	for range 1 + rng.IntN(maxCompared) {
		it.names = append(it.names, rng.Int32N(names))
		it.places = append(it.places, rng.Int32N(3))
	}
	return it
}

// TestFirstFunctionDecides proves what clustering by buckets rests on: lists that
// differ in the first function are never near enough.
func TestFirstFunctionDecides(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst := 0.0
	for range 300000 {
		a, b := randomItem(rng, 1+rng.Int32N(6)), randomItem(rng, 1+rng.Int32N(6))
		switch rng.IntN(3) {
		case 0: // equal below the first
			b.names = append([]int32{-1}, a.names[1:]...)
			b.places = append([]int32{0}, a.places[1:]...)
		case 1: // one frame more on top
			b.names = append([]int32{-1}, a.names...)
			b.places = append([]int32{0}, a.places...)
			b.names, b.places = b.names[:min(len(b.names), maxCompared)], b.places[:min(len(b.places), maxCompared)]
		}
		if a.names[0] == b.names[0] {
			continue
		}
		s := similarity(a, b)
		worst = max(worst, s)
		if s >= nearEnough {
			t.Fatalf("similarity %v of\n%v\n%v", s, a, b)
		}
	}
	if worst < 0.4 {
		t.Errorf("the hardest case reached only %v: the test is too easy", worst)
	}
}

func TestSimilarityProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		a, b := randomItem(rng, 5), randomItem(rng, 5)
		ab, ba := similarity(a, b), similarity(b, a)
		if math.Abs(ab-ba) > 1e-12 || ab < 0 || ab > 1+1e-12 {
			t.Fatalf("similarity %v and %v of\n%v\n%v", ab, ba, a, b)
		}
		if s := similarity(a, a); math.Abs(s-1) > 1e-12 {
			t.Fatalf("similarity %v of %v with itself", s, a)
		}
	}
}

// TestLinkageEqualsPlain compares with the textbook algorithm.
func TestLinkageEqualsPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	merged := 0
	for round := range 200 {
		var items []*signatureItem
		for range 2 + rng.IntN(14) {
			it := randomItem(rng, 4)
			it.names[0] = 0
			items = append(items, it)
		}
		got, want := linkage(items), plainLinkage(items)
		for i := range items {
			for j := range i {
				if (got[i] == got[j]) != (want[i] == want[j]) {
					t.Fatalf("round %d: items %d and %d: fast %v, plain %v", round, i, j, got, want)
				}
				if got[i] == got[j] {
					merged++
				}
			}
		}
	}
	if merged == 0 {
		t.Error("nothing was ever merged")
	}
}

func plainLinkage(items []*signatureItem) []int {
	var clusters [][]int
	for i := range items {
		clusters = append(clusters, []int{i})
	}
	for {
		bi, bj, best := -1, -1, 0.0
		for i := range clusters {
			for j := i + 1; j < len(clusters); j++ {
				sum := 0.0
				for _, a := range clusters[i] {
					for _, b := range clusters[j] {
						sum += similarity(items[a], items[b])
					}
				}
				if s := sum / float64(len(clusters[i])*len(clusters[j])); s > best+1e-9 {
					bi, bj, best = i, j, s
				}
			}
		}
		if bi < 0 || best < nearEnough {
			break
		}
		clusters[bi] = append(clusters[bi], clusters[bj]...)
		clusters = append(clusters[:bj], clusters[bj+1:]...)
	}
	out := make([]int, len(items))
	for n, c := range clusters {
		for _, i := range c {
			out[i] = n
		}
	}
	return out
}
