package diagnose

import (
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
	want := []Weighted{{Pattern: "full", Count: 4, Weight: weight(0.9, 0.001)}, {Pattern: "fact-full", Count: 1, Weight: weight(0.5, 0.1)}}
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
		seen   Contrast // where the complaint was
		count  int64
	}{
		{"none", "session", nil, Contrast{}, 0},
		{"one after", "session", []Worked{{0, 1}}, Contrast{}, 1},
		{"before it", "session", []Worked{{0, 0}}, Contrast{}, 0},
		{"in another lifetime", "session", []Worked{{1, 1}}, Contrast{}, 0},
		{"more than count", "session", []Worked{{0, 1}, {0, 1}, {0, 1}, {0, 1}}, Contrast{}, 3},
		{"a cause that leaves sessions alone", "", []Worked{{0, 1}}, Contrast{}, 0},
		{"the complaint stood in sessions that did not", "session", []Worked{{0, 1}}, Contrast{WorkedAll: 1}, 0},
		{"the complaint stood in one that worked", "session", []Worked{{0, 1}}, Contrast{Worked: 1, WorkedAll: 1}, 1},
		{"the complaint stood outside of sessions", "session", []Worked{{0, 1}}, Contrast{Lifetimes: true, WorkedAll: 1}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel([]*patterns.Cause{{ID: "c", Prior: 0.05, Stops: tc.stops, Evidence: links("own", 0.99)}}, pats(patterns.RoleCause, "own"), Ablation{})
			own := math.Log((1 - 0.999*0.01) / 0.001)
			odds := 0.05 / 0.95 * math.Exp(own-3*float64(tc.count)) / 1.15
			d := m.DiagnoseWith([]Run{at(0, "own")}, nil, Circumstances{Worked: tc.worked, Contrast: map[string]Contrast{"own": tc.seen}})
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
