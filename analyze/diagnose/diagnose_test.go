package diagnose

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/patterns"
)

var noon = time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)

// at makes a run of one match, so many seconds after noon.
func at(seconds float64, pattern string) Run {
	when := noon.Add(time.Duration(seconds * float64(time.Second)))
	return Run{Pattern: pattern, Time: when, End: when, Count: 1}
}

func inLife(life int, r Run) Run { r.Lifetime = life; return r }

func untimed(pattern string) Run { return Run{Pattern: pattern, Count: 1} }

// ids lists the findings in order.
func ids(d Diagnosis) []string {
	out := []string{}
	for _, f := range d.Findings {
		out = append(out, f.Cause.ID)
	}
	return out
}

func find(d Diagnosis, id string) *Finding {
	for i := range d.Findings {
		if d.Findings[i].Cause.ID == id {
			return &d.Findings[i]
		}
	}
	return nil
}

func chance(d Diagnosis, id string) float64 {
	if f := find(d, id); f != nil {
		return f.Probability
	}
	return 0
}

// small is a catalogue of a GPU that is lost and one that is full, and of what
// follows from both.
func small() ([]*patterns.Cause, []*patterns.Pattern) {
	list := append(pats(patterns.RoleCause, "bus", "full", "context", "loop"), pats(patterns.RoleSymptom, "black", "vague")...)
	list = append(list, pats(patterns.RoleBenign, "noise")...)
	list = append(list, pats(patterns.RoleLifecycle, "start")...)
	return []*patterns.Cause{
		{ID: "lost", Prior: 0.02, Evidence: links("bus", 0.95, "vague", 0.3), Explains: []string{"failed"},
			Rivals: []patterns.Rival{{Cause: "memory", Why: "both refuse", Settle: "look at the bus"}}},
		{ID: "memory", Prior: 0.04, Evidence: links("full", 0.9, "vague", 0.4, "fact-full", 0.5), Against: links("fact-empty", 0.9), Explains: []string{"failed"}},
		{ID: "failed", Prior: 0.02, Evidence: links("context", 0.6), Explains: []string{"black"}},
		{ID: "loop", Prior: 0.02, Evidence: links("loop", 0.9, "fact-loop", 0.95)},
	}, list
}

func smallModel(a Ablation) *Model {
	causes, list := small()
	return NewModel(causes, list, a)
}

func TestFindings(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		runs  []Run
		facts []Fact
		want  []string
	}{
		{"nothing", nil, nil, []string{}},
		{"only noise and starts", []Run{at(0, "start"), at(1, "noise")}, nil, []string{}},
		{"a consequence without its cause", []Run{at(0, "black")}, nil, []string{}},
		{"one cause", []Run{at(0, "full")}, nil, []string{"memory"}},
		{"what follows is folded under it", []Run{at(0, "bus"), at(1, "context"), at(2, "black")}, nil, []string{"lost"}},
		{"two causes in one unit", []Run{at(0, "full"), at(1, "loop")}, nil, []string{"memory", "loop"}},
		{"a shared text is for the likelier one, and names the rival", []Run{at(0, "vague")}, nil, []string{"memory"}},
		{"a pattern nobody knows", []Run{at(0, "unheard-of")}, nil, []string{}},
		{"a fact that names its cause, in a lifetime without complaints", nil, []Fact{{ID: "fact-loop", Lifetime: 0}}, []string{"loop"}},
		{"the same beside a log without complaints", nil, []Fact{{ID: "fact-loop", Lifetime: -1}}, []string{"loop"}},
		{"the same beside a complaint", []Run{at(0, "full")}, []Fact{{ID: "fact-loop", Lifetime: -1}}, []string{"memory", "loop"}},
		{"a complaint of another lifetime", []Run{at(0, "full")}, []Fact{{ID: "fact-loop", Lifetime: 1}}, []string{"memory", "loop"}},
		{"a weaker fact alone", nil, []Fact{{ID: "fact-full", Lifetime: 0}}, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := smallModel(Ablation{}).Diagnose(tc.runs, tc.facts)
			if diff := gocmp.Diff(tc.want, ids(d)); diff != "" {
				t.Errorf("findings (-want +got):\n%s%+v", diff, d.Findings)
			}
		})
	}
}

// TestFinding looks at everything one finding says.
func TestFinding(t *testing.T) {
	t.Parallel()
	full := at(0, "full")
	full.Count, full.End, full.Session = 3, noon.Add(4*time.Second), "7"
	again := inLife(1, at(3600, "full"))
	again.Session = "3"
	d := smallModel(Ablation{}).Diagnose([]Run{full, at(5, "context"), at(6, "black"), again}, []Fact{{ID: "fact-full", Lifetime: -1}})
	f := find(d, "memory")
	if f == nil {
		t.Fatalf("findings %v", ids(d))
	}
	if f.Episodes != 2 || !f.First.Equal(noon) || !f.Last.Equal(noon.Add(time.Hour)) {
		t.Errorf("%d episodes from %s to %s", f.Episodes, f.First, f.Last)
	}
	if diff := gocmp.Diff([]string{"3", "7"}, f.Sessions); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	weight := func(strength, leak float64) float64 { return math.Log((1 - (1-leak)*(1-strength)) / leak) }
	want := []Weighted{{Pattern: "full", Count: 4, Weight: weight(0.9, 0.002)}, {Pattern: "fact-full", Count: 1, Weight: weight(0.5, 0.1)}}
	if diff := gocmp.Diff(want, f.Evidence, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]Weighted{{Pattern: "black", Count: 1}, {Pattern: "context", Count: 1}}, f.Explains); diff != "" {
		t.Errorf("explains (-want +got):\n%s", diff)
	}
}

func TestRivals(t *testing.T) {
	t.Parallel()
	causes, list := small()
	causes[1].Rivals = []patterns.Rival{{Cause: "failed", Why: "same words", Settle: "ask twice"}, {Cause: "loop", Why: "never seen here", Settle: "wait"}}
	d := NewModel(causes, list, Ablation{}).Diagnose([]Run{at(0, "vague")}, nil)
	if diff := gocmp.Diff([]string{"memory"}, ids(d)); diff != "" {
		t.Fatalf("findings (-want +got):\n%s", diff)
	}
	d = NewModel(causes, list, Ablation{}).Diagnose([]Run{at(0, "bus"), at(1, "vague")}, nil)
	// The log speaks for memory too, less than is worth reporting by itself; it
	// is listed as the rival of what is.
	if diff := gocmp.Diff([]string{"lost", "memory"}, ids(d)); diff != "" {
		t.Fatalf("findings (-want +got):\n%s", diff)
	}
	memory := find(d, "memory")
	if memory.Probability < rivalAt || memory.Probability >= ReportAt {
		t.Errorf("memory has %.3f, want a rival's probability", memory.Probability)
	}
	lost := find(d, "lost")
	if len(lost.Rivals) != 1 || lost.Rivals[0].Cause.ID != "memory" || lost.Rivals[0].Settle != "look at the bus" ||
		lost.Rivals[0].Probability != memory.Probability {
		t.Errorf("rivals of lost: %+v", lost.Rivals)
	}
	// Declared by lost only, it holds for both; failed and loop have nothing to show.
	if len(memory.Rivals) != 1 || memory.Rivals[0].Cause.ID != "lost" || memory.Rivals[0].Settle != "look at the bus" {
		t.Errorf("rivals of memory: %+v", memory.Rivals)
	}
}

// TestDownstreamRival: a rival that follows from a listed cause is told there.
func TestDownstreamRival(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		explains []string
		want     []string
	}{
		{"apart", nil, []string{"up", "down"}},
		{"downstream", []string{"down"}, []string{"up"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel([]*patterns.Cause{
				{ID: "up", Prior: 0.05, Evidence: links("own", 0.95), Explains: tc.explains, Rivals: []patterns.Rival{{Cause: "down", Settle: "look"}}},
				{ID: "down", Prior: 0.05, Evidence: links("hint", 0.05)},
			}, append(pats(patterns.RoleCause, "own"), pats(patterns.RoleSymptom, "hint")...), Ablation{})
			d := m.Diagnose([]Run{at(0, "own"), at(1, "hint")}, nil)
			if diff := gocmp.Diff(tc.want, ids(d)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

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
	// Prior odds 0.05/0.95 = 0.0526316, own text (1 − 0.998·0.6)/0.002 = 200.6;
	// the consequence 1 − 0.97·0.45 = 0.5635, late 1 − 0.97·(1 − 0.0275) = 0.056675, by 0.03.
	odds := 0.0526316 * (1 - 0.998*0.6) / 0.002 / 20
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
func BenchmarkDiagnose(b *testing.B) {
	cat, err := patterns.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	m := NewModel(cat.Causes(), cat.Patterns(), Ablation{})
	memory := cat.Cause("gpu-memory-exhaustion")
	if memory == nil {
		b.Fatal("the catalogue has no gpu-memory-exhaustion")
	}
	var runs []Run
	for life := range 5 {
		for incident := range 20 {
			for i, l := range memory.Evidence {
				if cat.Pattern(l.Pattern) != nil && (i+incident)%4 == 0 {
					runs = append(runs, inLife(life, at(float64(life*50_000+incident*1200+i), l.Pattern)))
				}
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if d := m.Diagnose(runs, nil); len(d.Findings) == 0 || d.Findings[0].Cause.ID != memory.ID || d.Findings[0].Episodes != 100 {
			b.Fatalf("findings %v", ids(d))
		}
	}
}

// A process that crashes for a line in its configuration shows a crash, in one
// life after the other, and its outcome is a fact: the line still comes first.
func TestCausesBeforeWhatTheyExplain(t *testing.T) {
	t.Parallel()
	causes := []*patterns.Cause{
		{ID: "config", Prior: 0.02, Evidence: links("line", 0.9), Explains: []string{"crash"}},
		{ID: "crash", Prior: 0.02, Evidence: links("abort", 0.95, "fact-exit-sigabrt", 0.9, "fact-vram-high", 0.9)},
	}
	pats := []*patterns.Pattern{
		{ID: "line", Role: patterns.RoleCause, Severity: "error"},
		{ID: "abort", Role: patterns.RoleCause, Severity: "fatal"},
	}
	m := NewModel(causes, pats, Ablation{})
	config, crash := m.byID["config"], m.byID["crash"]
	if _, ok := config.link("fact-exit-sigabrt"); !ok {
		t.Error("how it ended does not follow from what made it end")
	}
	if _, ok := config.link("fact-vram-high"); ok {
		t.Error("what it ended under follows from what made it end")
	}
	order := func(list ...*judged) (ids []string) {
		for _, g := range causesFirst(list, func(*judged) bool { return false }) {
			ids = append(ids, g.node.cause.ID)
		}
		return ids
	}
	for _, tt := range []struct {
		name string
		list []*judged
		want string
	}{
		{"likely", []*judged{{node: crash, best: 1}, {node: config, best: 0.9}}, "config crash"},
		{"in order already", []*judged{{node: config, best: 0.9}, {node: crash, best: 0.8}}, "config crash"},
		{"unlikely", []*judged{{node: crash, best: 1}, {node: config, best: 0.4}}, "crash config"},
	} {
		if got := strings.Join(order(tt.list...), " "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestSum: prior, weights, consequences and the shares of what competes add up
// to the printed probability, whatever the network.
func TestSum(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	checked := 0
	for round := range 300 {
		causes, list, seen := network(rng, round%2 == 0)
		var runs []Run
		for _, s := range seen {
			runs = append(runs, at(s.order, s.id))
		}
		slices.SortStableFunc(runs, func(a, b Run) int { return a.Time.Compare(b.Time) })
		for _, c := range causes {
			c.Stops = stopsSession
		}
		worked := []Worked{{Lifetime: 0, After: len(runs)}}
		for _, f := range NewModel(causes, list, Ablation{}).DiagnoseWith(runs, nil, Circumstances{Worked: worked}).Findings {
			checked++
			sum := f.Sum.Prior + f.Sum.Explains + f.Sum.Unshown
			for _, e := range f.Evidence {
				sum += e.Weight
			}
			for _, r := range f.Sum.Rivals {
				sum += r.Weight
			}
			if want := math.Log(f.Probability / (1 - f.Probability)); math.Abs(sum-want) > 1e-6*math.Max(1, math.Exp(want)) || math.Abs(sum-f.Sum.Total) > 1e-9 {
				t.Fatalf("round %d: %s: the parts add up to %.6f, the probability is %.6f: %+v", round, f.Cause.ID, sum, want, f.Sum)
			}
			if round%2 == 1 && f.Sum.Explains > f.Sum.Evidence+3+1e-9 { // 3: what the session that worked took
				t.Errorf("round %d: %s: consequences add %.3f, its own evidence %.3f", round, f.Cause.ID, f.Sum.Explains, f.Sum.Evidence)
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d findings checked", checked)
	}
}

// TestSessionsThatWorkedAfterwards speak against causes that stop sessions.
func TestSessionsThatWorkedAfterwards(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		stops  string
		worked []Worked
		count  int64
	}{
		{"none", "session", nil, 0},
		{"one after", "session", []Worked{{0, 1}}, 1},
		{"before it", "session", []Worked{{0, 0}}, 0},
		{"in another lifetime", "session", []Worked{{1, 1}}, 0},
		{"more than count", "session", []Worked{{0, 1}, {0, 1}, {0, 1}, {0, 1}}, 3},
		{"a cause that leaves sessions alone", "", []Worked{{0, 1}}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel([]*patterns.Cause{{ID: "c", Prior: 0.05, Stops: tc.stops, Evidence: links("own", 0.99)}}, pats(patterns.RoleCause, "own"), Ablation{})
			own := math.Log((1 - 0.998*0.01) / 0.002)
			odds := 0.05 / 0.95 * math.Exp(own-3*float64(tc.count)) / 1.15
			d := m.DiagnoseWith([]Run{at(0, "own")}, nil, Circumstances{Worked: tc.worked})
			if p := odds / (1 + odds); p < ReportAt {
				if len(d.Findings) != 0 {
					t.Errorf("findings %v, want none at %.3f", ids(d), p)
				}
				return
			}
			near(t, "posterior", chance(d, "c"), odds/(1+odds))
			for _, e := range find(d, "c").Evidence {
				if e.Pattern == SessionsWorked && e.Count != tc.count {
					t.Errorf("%d sessions, want %d", e.Count, tc.count)
				}
			}
		})
	}
}

// TestContrast: what sessions that worked show as well says little for a cause
// that stops sessions, unless it names the cause by a code.
func TestContrast(t *testing.T) {
	t.Parallel()
	list := append(pats(patterns.RoleCause, "own", "code"), pats(patterns.RoleSymptom, "sym")...)
	list[1].Codes = "cuda"
	m := NewModel([]*patterns.Cause{
		{ID: "c", Prior: 0.05, Stops: "session", Evidence: links("own", 0.9, "code", 0.9, "sym", 0.5)},
		{ID: "side", Prior: 0.05, Evidence: links("own", 0.9)},
		{ID: "grows", Prior: 0.05, Stops: "session", Grows: "sessions", Evidence: links("own", 0.9)},
	}, list, Ablation{})
	for _, tc := range []struct {
		name, cause, pattern string
		c                    Contrast
		want                 float64 // most it can be likelier; 0: as the catalogue says
	}{
		{"in all that worked and all that failed", "c", "own", Contrast{Worked: 9, WorkedAll: 9, Failed: 1, FailedAll: 1}, 1},
		{"in one that worked", "c", "own", Contrast{Worked: 1, WorkedAll: 9, Failed: 1, FailedAll: 1}, 2.0 / 3 / (2.0 / 11)},
		{"in none that worked", "c", "own", Contrast{Worked: 0, WorkedAll: 9, Failed: 3, FailedAll: 3}, 0},
		{"too few to compare", "c", "own", Contrast{Worked: 2, WorkedAll: 2, Failed: 1, FailedAll: 1}, 0},
		{"a code", "c", "code", Contrast{Worked: 9, WorkedAll: 9, Failed: 1, FailedAll: 1}, 0},
		{"a cause that leaves sessions alone", "side", "own", Contrast{Worked: 9, WorkedAll: 9, Failed: 1, FailedAll: 1}, 0},
		{"a cause that grows", "grows", "own", Contrast{Worked: 9, WorkedAll: 9, Failed: 1, FailedAll: 1}, 0},
		{"a symptom", "c", "sym", Contrast{Worked: 9, WorkedAll: 9, Failed: 9, FailedAll: 9}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &inference{Model: m, circumstances: Circumstances{Contrast: map[string]Contrast{tc.pattern: tc.c}}, unit: &unit{seen: seenOf(tc.pattern)}}
			n := m.byID[tc.cause]
			want := link{strength: n.own[tc.pattern]}.ratio(m.leak(tc.pattern))
			if tc.want > 0 {
				want = tc.want
			}
			near(t, "ratio", math.Exp(in.weight(n, seenOf(tc.pattern)[0])), want)
		})
	}
}
