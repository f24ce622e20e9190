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

func TestEpisodes(t *testing.T) {
	t.Parallel()
	long := at(0, "full")
	long.End = noon.Add(time.Minute)
	for _, tc := range []struct {
		name string
		runs []Run
		want []Episode // Time is checked by itself
	}{
		{"none", []Run{at(0, "noise"), at(1, "start")}, nil},
		{"30 s apart", []Run{at(0, "full"), at(30, "black")}, []Episode{{First: 0, Last: 1, Failing: true}}},
		{"more than 30 s apart", []Run{at(0, "full"), at(30.1, "black")}, []Episode{{First: 0, Last: 0, Failing: true}, {First: 1, Last: 1, Failing: true}}},
		{"counted from the end of a run", []Run{long, at(89, "black")}, []Episode{{First: 0, Last: 1, Failing: true}}},
		{"a short run does not shorten a long one", []Run{long, at(10, "black"), at(89, "black")}, []Episode{{First: 0, Last: 2, Failing: true}}},
		{"another lifetime", []Run{at(0, "full"), inLife(1, at(1, "black"))}, []Episode{{First: 0, Last: 0, Failing: true}, {First: 1, Last: 1, Lifetime: 1, Failing: true}}},
		{"unknown time is not apart", []Run{at(0, "full"), untimed("black"), at(20, "black")}, []Episode{{First: 0, Last: 2, Failing: true}}},
		{"noise bridges nothing", []Run{at(0, "full"), at(20, "noise"), at(40, "black")}, []Episode{{First: 0, Last: 0, Failing: true}, {First: 2, Last: 2, Failing: true}}},
		{"warnings only", []Run{at(0, "warned")}, []Episode{{First: 0, Last: 0}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			causes, list := small()
			list = append(list, &patterns.Pattern{ID: "warned", Role: patterns.RoleSymptom, Severity: "warning"})
			got := NewModel(causes, list, Ablation{}).Episodes(tc.runs)
			for i, e := range got {
				if !e.Time.Equal(tc.runs[e.First].Time) {
					t.Errorf("episode %d begins at %s, its first run at %s", i, e.Time, tc.runs[e.First].Time)
				}
			}
			if diff := gocmp.Diff(tc.want, got, cmpopts.IgnoreFields(Episode{}, "Time")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	first, second := at(0, "full"), at(1, "black")
	second.Session = "42"
	if got := smallModel(Ablation{}).Episodes([]Run{first, second}); got[0].Session != "42" {
		t.Errorf("session %q, want the first that is known", got[0].Session)
	}
}

// TestUnits: how many units, and what each shows.
func TestUnits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		runs []Run
		a    Ablation
		want [][]string
	}{
		{"10 minutes apart", []Run{at(0, "black"), at(600, "vague")}, Ablation{}, [][]string{{"black", "vague"}}},
		{"more than 10 minutes apart", []Run{at(0, "black"), at(600.1, "vague")}, Ablation{}, [][]string{{"black"}, {"vague"}}},
		{"a chain of episodes", []Run{at(0, "black"), at(500, "vague"), at(1000, "context")}, Ablation{}, [][]string{{"black", "context", "vague"}}},
		{"another lifetime", []Run{at(0, "black"), inLife(1, at(1, "vague"))}, Ablation{}, [][]string{{"black"}, {"vague"}}},
		{"one unit for the whole log", []Run{at(0, "black"), inLife(1, at(9000, "vague"))}, Ablation{NoLifetimes: true}, [][]string{{"black", "vague"}}},
		{"a cause is carried forward", []Run{at(0, "full"), at(3600, "black")}, Ablation{}, [][]string{{"full"}, {"black", "full*"}}},
		{"a symptom is not", []Run{at(0, "vague"), at(3600, "black")}, Ablation{}, [][]string{{"vague"}, {"black"}}},
		{"nor into another lifetime", []Run{at(0, "full"), inLife(1, at(3600, "black"))}, Ablation{}, [][]string{{"full"}, {"black"}}},
		{"seen again it is no context", []Run{at(0, "full"), at(3600, "full")}, Ablation{}, [][]string{{"full"}, {"full"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := smallModel(tc.a)
			var got [][]string
			for _, u := range m.units(tc.runs, m.Episodes(tc.runs), nil) {
				var show []string
				for _, s := range u.seen {
					if s.context {
						s.id += "*"
					}
					show = append(show, s.id)
				}
				got = append(got, show)
			}
			if diff := gocmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestContextExplains: what was wrong an hour ago accounts for what fails now.
func TestContextExplains(t *testing.T) {
	t.Parallel()
	m := smallModel(Ablation{})
	alone := m.Diagnose([]Run{at(3600, "vague")}, nil)
	after := m.Diagnose([]Run{at(0, "bus"), at(3600, "vague")}, nil)
	if p := chance(alone, "lost"); p != 0 {
		t.Errorf("a vague text alone gives the lost GPU %.3f", p)
	}
	if diff := gocmp.Diff("lost", ids(after)[0]); diff != "" {
		t.Error(diff)
	}
	if f := find(after, "lost"); f.Episodes != 2 {
		t.Errorf("%d episodes, want the vague one to belong to it", f.Episodes)
	}
}

// TestLateConsequence: a consequence seen more than a minute before the first
// evidence of its cause counts at 0.05.
func TestLateConsequence(t *testing.T) {
	t.Parallel()
	// Prior odds 0.05/0.95 = 0.0526316, own text (1 − 0.999·0.6)/0.001 = 400.6;
	// the consequence 1 − 0.97·0.45 = 0.5635, late 1 − 0.97·(1 − 0.0275) = 0.056675, by 0.03.
	odds := 0.0526316 * (1 - 0.999*0.6) / 0.001 / 20
	for _, tc := range []struct {
		name    string
		symptom float64 // seconds before the cause
		ratio   float64
	}{
		{"at once", 0, 0.5635 / 0.03},
		{"a minute before", 60, 0.5635 / 0.03},
		{"more than a minute before", 61, 0.056675 / 0.03},
		{"after", -500, 0.5635 / 0.03},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel([]*patterns.Cause{{ID: "c", Prior: 0.05, Evidence: links("own", 0.4, "weak", 0.1), Against: links("weak", 0.95), Explains: []string{"sym"}}},
				append(pats(patterns.RoleCause, "own"), pats(patterns.RoleSymptom, "sym", "weak")...), Ablation{})
			runs := []Run{at(1000, "own"), at(1000, "weak"), at(1000-tc.symptom, "sym")}
			slices.SortStableFunc(runs, func(a, b Run) int { return a.Time.Compare(b.Time) })
			// "weak" keeps the result where differences show: ·(1 − 0.97·0.9)/0.03·0.05
			o := odds * 20 * tc.ratio * (1 - 0.97*0.9) / 0.03 * 0.05
			near(t, "posterior", chance(m.Diagnose(runs, nil), "c"), o/(1+0.15*math.Exp(0.6)+o))
		})
	}
}

// TestFactsOfALifetime: a fact of one lifetime speaks there and nowhere else.
func TestFactsOfALifetime(t *testing.T) {
	t.Parallel()
	m := smallModel(Ablation{})
	runs := []Run{at(0, "vague"), inLife(1, at(9000, "vague"))}
	for _, tc := range []struct {
		name   string
		fact   Fact
		first  bool // the unit of the first lifetime shows it
		second bool
	}{
		{name: "of the first", fact: Fact{"fact-full", 0}, first: true},
		{name: "of the second", fact: Fact{"fact-full", 1}, second: true},
		{name: "of all", fact: Fact{"fact-full", -1}, first: true, second: true},
		{name: "of another", fact: Fact{"fact-full", 7}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			units := m.units(runs, m.Episodes(runs), []Fact{tc.fact})
			if len(units) != 2 {
				t.Fatalf("%d units", len(units))
			}
			for i, want := range []bool{tc.first, tc.second} {
				got := slices.ContainsFunc(units[i].seen, func(o observed) bool { return o.id == "fact-full" })
				if got != want {
					t.Errorf("unit %d shows the fact: %v, want %v", i, got, want)
				}
			}
		})
	}
	with := chance(m.Diagnose(runs, []Fact{{"fact-full", 1}}), "memory")
	if without := chance(m.Diagnose(runs, nil), "memory"); with <= without {
		t.Errorf("memory has %.3f with the fact and %.3f without", with, without)
	}
	if against := chance(m.Diagnose(runs, []Fact{{"fact-empty", -1}}), "memory"); against != 0 {
		t.Errorf("memory has %.3f where a fact speaks against it", against)
	}
}
