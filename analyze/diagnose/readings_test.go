package diagnose

import (
	"math"
	"testing"

	"wolfdiag/patterns"
)

// TestReadingsDoNotAddUp: what is read by its words alone speaks for a cause once,
// by the reading that says most; of equal ones by the first in the alphabet.
func TestReadingsDoNotAddUp(t *testing.T) {
	t.Parallel()
	reads := append(pats(patterns.RoleReading, "a", "b", "strong"), pats(patterns.RoleCause, "known")...)
	m := NewModel([]*patterns.Cause{
		{ID: "c", Prior: 0.05, Evidence: links("a", 0.3, "b", 0.3, "strong", 0.6, "known", 0.9)},
		{ID: "other", Prior: 0.05, Evidence: links("known", 0.9)},
	}, reads, Ablation{})
	for _, tc := range []struct {
		name string
		seen []string
		as   []string // gives the same posterior
		tell string   // the reading that counts, "" for none
	}{
		{"one", []string{"a"}, []string{"a"}, "a"},
		{"the stronger of two", []string{"a", "strong"}, []string{"strong"}, "strong"},
		{"whatever their order", []string{"strong", "a"}, []string{"strong"}, "strong"},
		{"two alike", []string{"b", "a"}, []string{"a"}, "a"},
		{"three", []string{"b", "strong", "a"}, []string{"strong"}, "strong"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			near(t, "posterior", posteriorOf(m, seenOf(tc.seen...), "c"), posteriorOf(m, seenOf(tc.as...), "c"))
			f, n := judge(m, seenOf(tc.seen...)), m.byID["c"]
			for _, id := range tc.seen {
				if got := f.tells(n, id); got != (id == tc.tell) {
					t.Errorf("%s counts: %v", id, got)
				}
			}
		})
	}
	both, one := posteriorOf(m, seenOf("a", "known"), "c"), posteriorOf(m, seenOf("known"), "c")
	if both <= one {
		t.Errorf("with a reading beside a known text %.3f, without %.3f: it adds to what is not read", both, one)
	}
}

// TestSupports: a reading of the program speaks for causes by its own list.
func TestSupports(t *testing.T) {
	t.Parallel()
	list := pats(patterns.RoleReading, "read", "sure")
	list[0].Supports = []patterns.Support{{Cause: "c", Strength: 0.5}, {Cause: "nobody", Strength: 0.5}}
	list[1].Supports = []patterns.Support{{Cause: "c", Strength: 7}}
	m := NewModel([]*patterns.Cause{{ID: "c", Prior: 0.05}, {ID: "d", Prior: 0.05}}, list, Ablation{})
	for id, want := range map[string]float64{"read": 0.5, "sure": 0.99} {
		if got := m.byID["c"].own[id]; got != want {
			t.Errorf("%s speaks for c with %v, want %v", id, got, want)
		}
		if _, ok := m.byID["d"].own[id]; ok {
			t.Errorf("%s speaks for d", id)
		}
	}
}

// TestOtherVendor: a cause of hardware that is not in use here is unlikely, and the
// sum says why.
func TestOtherVendor(t *testing.T) {
	t.Parallel()
	causes := []*patterns.Cause{{ID: "c", Prior: 0.5, Evidence: links("own", 0.9)}}
	for _, tc := range []struct {
		name     string
		other    bool
		ablation Ablation
		against  float64
	}{
		{"in use", false, Ablation{}, 0},
		{"not in use", true, Ablation{}, otherVendor},
		{"not in use, and not looked at", true, Ablation{NoSetup: true}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel(causes, pats(patterns.RoleCause, "own"), tc.ablation)
			plain := chance(m.Diagnose([]Run{at(0, "own")}, nil), "c")
			d := m.DiagnoseWith([]Run{at(0, "own")}, nil, Circumstances{OtherVendor: map[string]bool{"c": tc.other}})
			odds := plain / (1 - plain) * math.Exp(-tc.against)
			near(t, "posterior", chance(d, "c"), odds/(1+odds))
			told := false
			for _, e := range find(d, "c").Evidence {
				if told = told || e.Pattern == OtherVendor; e.Pattern == OtherVendor && e.Weight != -tc.against {
					t.Errorf("weight %v, want %v", e.Weight, -tc.against)
				}
			}
			if told != (tc.against > 0) {
				t.Errorf("in the sum: %v", told)
			}
		})
	}
}
