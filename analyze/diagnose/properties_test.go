package diagnose

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/patterns"
)

// TestAblation: each switch changes an outcome, and in the direction it says.
func TestAblation(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		a     Ablation
		runs  []Run
		facts []Fact
		cause string
		up    bool // the switch raises the cause
	}{
		{"edges", Ablation{NoEdges: true}, []Run{at(0, "vague"), at(1, "black")}, nil, "memory", false},
		{"order", Ablation{NoOrder: true}, []Run{at(0, "black"), at(100, "vague")}, nil, "memory", true},
		{"lifetimes", Ablation{NoLifetimes: true}, []Run{at(0, "vague"), inLife(1, at(9000, "black"))}, nil, "memory", true},
		{"facts", Ablation{NoFacts: true}, []Run{at(0, "vague")}, []Fact{{"fact-full", -1}}, "memory", false},
		{"against", Ablation{NoAgainst: true}, []Run{at(0, "full")}, []Fact{{"fact-empty", -1}}, "memory", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			full, cut := chance(smallModel(Ablation{}).Diagnose(tc.runs, tc.facts), tc.cause), chance(smallModel(tc.a).Diagnose(tc.runs, tc.facts), tc.cause)
			if tc.up != (cut > full) || cut == full {
				t.Errorf("%s has %.4f with everything and %.4f without, want it raised: %v", tc.cause, full, cut, tc.up)
			}
		})
	}
}

// logOf is a random log of a random network, in order of time.
func logOf(rng *rand.Rand) (*Model, []Run) {
	causes, list, _ := network(rng, true)
	list = append(list, pats(patterns.RoleBenign, "noise")...)
	list = append(list, pats(patterns.RoleLifecycle, "start")...)
	var runs []Run
	now, life := 0.0, 0
	for range 5 + rng.IntN(25) {
		switch rng.IntN(12) {
		case 0:
			now += 900
		case 1:
			life++
			now += 5
		case 2, 3, 4:
			now += float64(rng.IntN(80))
		}
		r := inLife(life, at(now, fmt.Sprint("p", rng.IntN(10))))
		r.Count = int64(1 + rng.IntN(4))
		r.Session = []string{"", "1", "2"}[rng.IntN(3)]
		runs = append(runs, r)
	}
	return NewModel(causes, list, Ablation{}), runs
}

var diagnosisOptions = gocmp.Options{
	cmpopts.EquateApprox(0, 1e-12), cmpopts.EquateEmpty(),
	gocmp.Comparer(func(a, b *patterns.Cause) bool { return a.ID == b.ID }),
}

// TestNoiseChangesNothing puts benign and lifecycle runs everywhere in a log.
func TestNoiseChangesNothing(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	findings := 0
	for round := range 150 {
		m, runs := logOf(rng)
		var noisy []Run
		for _, r := range runs {
			for range rng.IntN(3) {
				n := r
				n.Pattern, n.Session = []string{"noise", "start"}[rng.IntN(2)], "9"
				noisy = append(noisy, n)
			}
			noisy = append(noisy, r)
		}
		want, got := m.Diagnose(runs, nil), m.Diagnose(noisy, nil)
		findings += len(want.Findings)
		if diff := gocmp.Diff(want.Findings, got.Findings, diagnosisOptions); diff != "" {
			t.Fatalf("round %d (-without +with):\n%s", round, diff)
		}
		if diff := gocmp.Diff(want.Episodes, got.Episodes, cmpopts.IgnoreFields(Episode{}, "First", "Last")); diff != "" {
			t.Fatalf("round %d, episodes (-without +with):\n%s", round, diff)
		}
	}
	if findings < 100 {
		t.Errorf("only %d findings compared", findings)
	}
}

// TestEqualTimes: runs of the same moment may come in any order.
func TestEqualTimes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	moved := 0
	for round := range 150 {
		m, runs := logOf(rng)
		shuffled := slices.Clone(runs)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		slices.SortStableFunc(shuffled, func(a, b Run) int { return cmp.Or(a.Time.Compare(b.Time), a.Lifetime-b.Lifetime) })
		for i := range runs {
			if runs[i] != shuffled[i] {
				moved++
			}
		}
		want, got := m.Diagnose(runs, nil), m.Diagnose(shuffled, nil)
		if diff := gocmp.Diff(want.Findings, got.Findings, diagnosisOptions); diff != "" {
			t.Fatalf("round %d (-in order +shuffled):\n%s", round, diff)
		}
		if diff := gocmp.Diff(want.Episodes, got.Episodes, cmpopts.IgnoreFields(Episode{}, "Session")); diff != "" {
			t.Fatalf("round %d, episodes (-in order +shuffled):\n%s", round, diff)
		}
	}
	if moved < 300 {
		t.Errorf("only %d runs changed places", moved)
	}
}

// TestUnitsAreJudgedApart: what one unit shows does not depend on another that
// shows the same patterns at other times.
func TestUnitsAreJudgedApart(t *testing.T) {
	t.Parallel()
	m := NewModel([]*patterns.Cause{{ID: "c", Prior: 0.05, Evidence: links("own", 0.1), Explains: []string{"sym"}}},
		pats(patterns.RoleSymptom, "own", "sym", "other"), Ablation{})
	late := []Run{at(0, "other"), at(70, "sym"), at(140, "own")}
	near := []Run{inLife(1, at(5000, "other")), inLife(1, at(5100, "sym")), inLife(1, at(5110, "own"))}
	alone := chance(m.Diagnose(near, nil), "c")
	if both := chance(m.Diagnose(append(late, near...), nil), "c"); both != alone || alone == 0 {
		t.Errorf("%.4f beside another unit, %.4f alone", both, alone)
	}
}

// BenchmarkDiagnose judges a log of many incidents with the built-in catalogue.
