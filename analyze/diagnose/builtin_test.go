package diagnose_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/patterns"
)

// builtinModel is the model of the catalogue that ships.
func builtinModel(t testing.TB) (*patterns.Catalogue, *diagnose.Model) {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return cat, diagnose.NewModel(cat.Causes(), cat.Patterns(), diagnose.Ablation{})
}

// matched makes runs a second apart.
func matched(ids ...string) []diagnose.Run {
	var out []diagnose.Run
	for i, id := range ids {
		at := time.Date(2025, 10, 2, 12, 0, i, 0, time.UTC)
		out = append(out, diagnose.Run{Pattern: id, Time: at, End: at, Count: 1})
	}
	return out
}

func probabilities(d diagnose.Diagnosis) map[string]float64 {
	out := map[string]float64{}
	for _, f := range d.Findings {
		out[f.Cause.ID] = f.Probability
	}
	return out
}

// TestBuiltinRelated: what two messages may have in common, as far as one cause
// names both; that one might follow from the other is too little.
func TestBuiltinRelated(t *testing.T) {
	_, m := builtinModel(t)
	for _, tc := range []struct {
		one, other string
		want       bool
	}{
		{"hw-missing", "va-open-node-missing", true},
		{"cuda-lib-missing", "nvenc-lib-missing", true},
		{"hw-missing", "pipe-parse-no-element", false},
		{"sw-encoder", "pulse-none", false},
	} {
		if got := m.Related(tc.one, tc.other); got != tc.want {
			t.Errorf("%s and %s are evidence of one cause: %v, want %v", tc.one, tc.other, got, tc.want)
		}
	}
}

// TestBuiltinEachCause: for every cause of the catalogue its strongest
// evidence that is no symptom makes it a finding, alone.
func TestBuiltinEachCause(t *testing.T) {
	cat, m := builtinModel(t)
	checked := 0
	for _, c := range cat.Causes() {
		best := patterns.Link{}
		for _, l := range c.Evidence {
			if p := cat.Pattern(l.Pattern); p != nil && p.Role == patterns.RoleCause && l.Strength > best.Strength {
				best = l
			}
		}
		if best.Strength < 0.6 {
			continue
		}
		checked++
		got := probabilities(m.Diagnose(matched(best.Pattern), nil))
		if p, ok := got[c.ID]; !ok {
			t.Errorf("%s: %s (%.2f) alone does not make it a finding: %v", c.ID, best.Pattern, best.Strength, got)
		} else if best.Strength >= 0.9 && p < 0.4 {
			t.Errorf("%s: %s (%.2f) alone gives it %.2f: %v", c.ID, best.Pattern, best.Strength, p, got)
		}
	}
	if checked < 40 {
		t.Errorf("%d causes have a strong pattern of their own, want 40", checked)
	}
}

// TestBuiltinBenign: no benign or lifecycle pattern of the catalogue raises a
// cause, alone or beside a failure.
func TestBuiltinBenign(t *testing.T) {
	cat, m := builtinModel(t)
	failure := matched("gl-oom", "cuda-error-not-permitted")
	want := probabilities(m.Diagnose(failure, nil))
	if len(want) == 0 {
		t.Fatal("no cause for a failure")
	}
	for _, p := range cat.Patterns() {
		if p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle {
			continue
		}
		if d := m.Diagnose(matched(p.ID), nil); len(d.Findings) > 0 || len(d.Episodes) > 0 {
			t.Errorf("%s (%s): findings %v", p.ID, p.Role, probabilities(d))
		}
		beside := append(matched(p.ID), failure...)
		if diff := cmp.Diff(want, probabilities(m.Diagnose(beside, nil))); diff != "" {
			t.Errorf("%s beside a failure:\n%s", p.ID, diff)
		}
	}
}

// FuzzBuiltin: any runs and facts give sorted, finite findings, twice the
// same.
func FuzzBuiltin(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6}, int64(10))
	f.Add([]byte{0, 0, 0, 255, 9, 9}, int64(-5))
	cat, m := builtinModel(f)
	all := cat.Patterns()
	facts := []string{"fact-worked-before", "fact-restart-helped", "fact-first-session-fails"}
	f.Fuzz(func(t *testing.T, what []byte, step int64) {
		if len(what) > 400 {
			return
		}
		var runs []diagnose.Run
		var said []diagnose.Fact
		at := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)
		for i := 0; i+1 < len(what); i += 2 {
			k := (int(what[i])<<8 | int(what[i+1])) % (len(all) + len(facts))
			if k >= len(all) {
				said = append(said, diagnose.Fact{ID: facts[k-len(all)], Lifetime: int(what[i])%4 - 1})
				continue
			}
			at = at.Add(time.Duration(step%1e12) * time.Duration(what[i]))
			runs = append(runs, diagnose.Run{Pattern: all[k].ID, Lifetime: int(what[i+1]) % 3, Time: at, End: at, Count: 1})
		}
		d := m.Diagnose(runs, said)
		for i, x := range d.Findings {
			if math.IsNaN(x.Probability) || x.Probability <= 0 || x.Probability > 1+1e-9 {
				t.Errorf("%s at %v", x.Cause.ID, x.Probability)
			}
			if i == 0 && x.Probability < diagnose.ReportAt {
				t.Errorf("%s leads at %v", x.Cause.ID, x.Probability)
			}
			for _, e := range x.Evidence {
				if math.IsNaN(e.Weight) || math.IsInf(e.Weight, 0) {
					t.Errorf("%s: weight %v of %s", x.Cause.ID, e.Weight, e.Pattern)
				}
			}
		}
		if diff := cmp.Diff(probabilities(d), probabilities(m.Diagnose(runs, said))); diff != "" {
			t.Error(diff)
		}
	})
}
