package diagnose

import (
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/patterns"
)

// TestEvidenceOfOtherUnits: a finding lists what other lifetimes show of its
// cause, too, without weight: the probability is that of one unit.
func TestEvidenceOfOtherUnits(t *testing.T) {
	t.Parallel()
	d := smallModel(Ablation{}).Diagnose([]Run{
		at(0, "full"), inLife(1, at(4000, "vague")), inLife(1, at(4001, "black")), inLife(1, at(4002, "context")), inLife(1, at(4003, "context")),
	}, nil)
	f := find(d, "memory")
	if f == nil {
		t.Fatalf("findings %v", ids(d))
	}
	weight := func(strength, leak float64) float64 { return math.Log((1 - (1-leak)*(1-strength)) / leak) }
	evidence := []Weighted{{Pattern: "full", Count: 1, Weight: weight(0.9, 0.001)}, {Pattern: "vague", Count: 1}}
	if diff := gocmp.Diff(evidence, f.Evidence, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]Weighted{{Pattern: "context", Count: 2}, {Pattern: "black", Count: 1}}, f.Explains); diff != "" {
		t.Errorf("explains (-want +got):\n%s", diff)
	}
}

// TestRivalsOnce: rivals are listed by probability, each once, whichever side
// names the other.
func TestRivalsOnce(t *testing.T) {
	t.Parallel()
	rival := func(ids ...string) (out []patterns.Rival) {
		for _, id := range ids {
			out = append(out, patterns.Rival{Cause: id})
		}
		return out
	}
	m := NewModel([]*patterns.Cause{
		{ID: "a", Prior: 0.05, Evidence: links("shared", 0.6), Rivals: rival("c", "b")},
		{ID: "b", Prior: 0.04, Evidence: links("shared", 0.6), Rivals: rival("a")},
		{ID: "c", Prior: 0.02, Evidence: links("shared", 0.6)},
	}, pats(patterns.RoleCause, "shared"), Ablation{})
	d := m.Diagnose([]Run{at(0, "shared")}, nil)
	got := map[string][]string{}
	for _, f := range d.Findings {
		for _, r := range f.Rivals {
			got[f.Cause.ID] = append(got[f.Cause.ID], r.Cause.ID)
			if r.Probability != chance(d, r.Cause.ID) && chance(d, r.Cause.ID) > 0 {
				t.Errorf("%s lists %s with %.3f, it has %.3f", f.Cause.ID, r.Cause.ID, r.Probability, chance(d, r.Cause.ID))
			}
		}
	}
	want := map[string][]string{"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("rivals (-want +got):\n%s", diff)
	}
}

// TestSecondMeanings: beside a cause that is listed for readings alone stands
// what the same words may mean as well; beside one that a known text names, and
// where nothing is listed, it does not.
func TestSecondMeanings(t *testing.T) {
	t.Parallel()
	reads := append(pats(patterns.RoleReading, "first", "second"), pats(patterns.RoleCause, "known")...)
	m := NewModel([]*patterns.Cause{
		{ID: "likely", Prior: 0.015, Evidence: append(links("first", 0.36), links("known", 0.9)...)},
		{ID: "other", Prior: 0.015, Evidence: links("second", 0.05)},
		{ID: "faint", Prior: 0.001, Evidence: links("second", 0.02)},
	}, reads, Ablation{})
	for _, tc := range []struct {
		name string
		runs []Run
		want []string
	}{
		{"readings alone", []Run{at(0, "first"), at(0, "second")}, []string{"likely", "other"}},
		{"a known text too", []Run{at(0, "first"), at(0, "known"), at(0, "second")}, []string{"likely"}},
		{"nothing else", []Run{at(0, "second")}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ids(m.Diagnose(tc.runs, nil)); !slices.Equal(got, tc.want) {
				t.Errorf("findings %v, want %v", got, tc.want)
			}
		})
	}
}

// TestDefaultPrior: a cause without a prior has the usual one.
func TestDefaultPrior(t *testing.T) {
	t.Parallel()
	posterior := func(prior float64) float64 {
		m := NewModel([]*patterns.Cause{{ID: "c", Prior: prior, Evidence: links("own", 0.5)}}, pats(patterns.RoleCause, "own"), Ablation{})
		return posteriorOf(m, seenOf("own"), "c")
	}
	if got, want := posterior(0), posterior(defaultPrior); got != want || got == 0 {
		t.Errorf("posterior %.4f without a prior, want %.4f", got, want)
	}
}

// TestEpisodesOfAFinding: an episode counts once, however many of its runs speak
// for the cause, and one that does not speak for it is none of its.
func TestEpisodesOfAFinding(t *testing.T) {
	t.Parallel()
	hour := 3600.0
	d := smallModel(Ablation{}).Diagnose([]Run{
		at(0, "full"), at(1, "context"), at(2, "full"), at(hour, "loop"), at(2*hour, "full"), at(2*hour+1, "vague"),
	}, nil)
	f := find(d, "memory")
	if f == nil || f.Episodes != 2 {
		t.Errorf("findings %v, memory %+v; want 2 episodes of memory", ids(d), f)
	}
	if f != nil && (!f.First.Equal(noon) || !f.Last.Equal(noon.Add(2*time.Hour+time.Second))) {
		t.Errorf("from %v to %v", f.First, f.Last)
	}
}
