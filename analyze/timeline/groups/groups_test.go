package groups

import (
	"math"
	"testing"
)

func TestFreemanHalton(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		gs   []Group
		want float64
	}{
		// Fisher's tea: 3 of 4 right.
		{"tea", []Group{{"a", 4, 3}, {"b", 4, 1}}, 34.0 / 70},
		{"all against none", []Group{{"a", 5, 5}, {"b", 5, 0}}, 2.0 / 252},
		{"no failure", []Group{{"a", 5, 0}, {"b", 5, 0}}, 1},
		{"one group", []Group{{"a", 5, 3}}, 1},
		{"three groups", []Group{{"a", 3, 3}, {"b", 3, 0}, {"c", 3, 0}}, 3.0 / 84},
		{"impossible table", []Group{{"a", 1, 2}, {"b", 1, 0}}, 1},
	} {
		if got := FreemanHalton(tc.gs); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("%s: p = %v, want %v", tc.name, got, tc.want)
		}
	}
	big := []Group{{"a", 60, 30}, {"b", 60, 28}, {"c", 60, 31}, {"d", 60, 33}, {"e", 60, 29}}
	if tables(big, 151) <= maxTables {
		t.Fatal("the large table is not large")
	}
	if p := FreemanHalton(big); p < 0.5 {
		t.Errorf("alike groups: p = %v, want no difference", p)
	}
	big[0].Failed = 55
	if p := FreemanHalton(big); p > 0.01 {
		t.Errorf("one group apart: p = %v, want a difference", p)
	}
}

// TestSampledAgreesWithExact compares the fast path for large tables with the
// enumeration.
func TestSampledAgreesWithExact(t *testing.T) {
	t.Parallel()
	for _, gs := range [][]Group{{{"a", 12, 6}, {"b", 9, 1}, {"c", 7, 2}}, {{"a", 20, 4}, {"b", 20, 9}}} {
		exact := FreemanHalton(gs)
		total, failed, seen := 0, 0, 0.0
		for _, g := range gs {
			total += g.Sessions
			failed += g.Failed
			seen += logChoose(g.Sessions, g.Failed)
		}
		if got := sampled(gs, total, failed, seen); math.Abs(got-exact) > 0.05 {
			t.Errorf("%v: sampled %.3f, exact %.3f", gs, got, exact)
		}
	}
}
