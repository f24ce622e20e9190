package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// day is a report on so many hours with so many sessions, one start of Wolf.
func day(hours float64, sessions int) *report.Report {
	from := time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	to := from.Add(time.Duration(hours * float64(time.Hour)))
	return &report.Report{Schema: report.Schema, Verdict: report.Healthy, Tool: report.Tool{Catalogue: "1"}, Period: report.Period{From: &from, To: &to},
		Coverage: report.Coverage{Lines: 1000}, Lifetimes: []report.Lifetime{{Sessions: &sessions, EndKind: "running"}}}
}

func pair(good, bad *report.Report) *Report {
	return Reports(Input{"good.log", good}, Input{"bad.log", bad}, report.Tool{Name: "wolfdiag"})
}

func symptom(id string, count, bursts int64) report.PatternCount {
	return report.PatternCount{ID: id, Role: "symptom", Title: id, Count: count, Bursts: bursts}
}

func texts(list []Message) []string {
	out := []string{}
	for _, m := range list {
		out = append(out, m.ID+m.Text)
	}
	return out
}

// TestRatio holds the test against sums of binomial probabilities.
func TestRatio(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		good, bad int64
		e         exposure
	}{
		{0, 1, exposure{"session", 10, 10}}, {3, 0, exposure{"session", 10, 10}}, {2, 9, exposure{"hour", 24, 24}},
		{40, 41, exposure{"hour", 3, 5}}, {7, 100, exposure{"session", 5, 60}}, {1, 1, exposure{"line", 1e6, 10}},
	} {
		n, share := int(tc.good+tc.bad), tc.e.bad/(tc.e.good+tc.e.bad)
		atLeast, atMost := 0.0, 0.0
		for k := 0; k <= n; k++ {
			a, _ := math.Lgamma(float64(n + 1))
			b, _ := math.Lgamma(float64(k + 1))
			c, _ := math.Lgamma(float64(n - k + 1))
			p := math.Exp(a - b - c + float64(k)*math.Log(share) + float64(n-k)*math.Log(1-share))
			if int64(k) >= tc.bad {
				atLeast += p
			}
			if int64(k) <= tc.bad {
				atMost += p
			}
		}
		got := ratioTest(tc.good, tc.bad, tc.e)
		if want := math.Min(1, 2*math.Min(atLeast, atMost)); math.Abs(got.PValue-want) > 1e-9 {
			t.Errorf("%d and %d by %+v: p = %v, want %v", tc.good, tc.bad, tc.e, got.PValue, want)
		}
		if got.Ratio != nil && (*got.Ratio < got.Low || *got.Ratio > *got.High) {
			t.Errorf("%d and %d: ratio %v outside %v to %v", tc.good, tc.bad, *got.Ratio, got.Low, *got.High)
		}
	}
}

// TestInterval: the interval of the ratio excludes 1 just where the test says so.
func TestInterval(t *testing.T) {
	t.Parallel()
	for bad := int64(1); bad < 40; bad++ {
		got := ratioTest(10, bad, exposure{"session", 10, 10})
		if outside := got.Low > 1 || *got.High < 1; outside != (got.PValue < 1-confidence) {
			t.Errorf("10 and %d: p = %v, interval %v to %v", bad, got.PValue, got.Low, *got.High)
		}
	}
}

// TestAdjust is the example of Benjamini and Hochberg's paper: four of its fifteen
// hypotheses are rejected at 0.05.
func TestAdjust(t *testing.T) {
	t.Parallel()
	var tests []*Test
	for _, p := range []float64{0.7590, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 1.0000} {
		tests = append(tests, &Test{PValue: p})
	}
	adjust(append(tests, &Test{PValue: 0.9, least: 0.9})) // could show nothing, and costs nothing
	rejected := 0
	for _, x := range tests {
		if x.QValue < x.PValue {
			t.Errorf("q = %v below p = %v", x.QValue, x.PValue)
		}
		if x.QValue <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejected, want 4", rejected)
	}
}

// poisson draws the number of events of a rare kind.
func poisson(rng *rand.Rand, mean float64) int64 {
	n, p, limit := int64(0), rng.Float64(), math.Exp(-mean)
	for p > limit {
		n++
		p *= rng.Float64()
	}
	return n
}

// TestNoise: two days alike, on which forty kinds of messages come by chance and
// in storms of any size. Nothing is called changed but once in twenty times.
func TestNoise(t *testing.T) {
	t.Parallel()
	const rounds = 400
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func() *report.Report {
		r := day(24, 20)
		for k := range 40 {
			bursts := poisson(rng, 0.3*float64(k+1))
			if bursts > 0 {
				r.Patterns = append(r.Patterns, symptom(fmt.Sprint("message-", k), bursts*(1+rng.Int64N(1000)), bursts))
			}
		}
		return r
	}
	wrong := 0
	for range rounds {
		if r := pair(draw(), draw()); r.Verdict != NoDifference {
			wrong++
		}
	}
	if wrong > rounds/20 {
		t.Errorf("%d of %d comparisons of noise found a difference", wrong, rounds)
	}
}

// TestFinds: what came four times as often in as many sessions is found among
// forty messages that came as before.
func TestFinds(t *testing.T) {
	t.Parallel()
	const rounds = 100
	rng := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range rounds {
		good, bad := day(24, 40), day(24, 40)
		for k := range 40 {
			id, more := fmt.Sprint("message-", k), 1.0
			if k == 7 {
				more = 4
			}
			n, m := poisson(rng, 10), poisson(rng, 10*more)
			good.Patterns = append(good.Patterns, symptom(id, n, n))
			bad.Patterns = append(bad.Patterns, symptom(id, m, m))
		}
		for _, m := range pair(good, bad).Templates.Changed {
			if m.ID == "message-7" {
				found++
			}
		}
	}
	if found < 80 {
		t.Errorf("found %d times of %d", found, rounds)
	}
}

// TestBusierDay: more sessions in the same time, or the same sessions in less
// time, change no rate.
func TestBusierDay(t *testing.T) {
	t.Parallel()
	for _, bad := range []*report.Report{day(24, 400), day(2, 40)} {
		good := day(24, 40)
		good.Patterns = []report.PatternCount{symptom("often", 40, 40)}
		n := int64(*bad.Lifetimes[0].Sessions)
		bad.Patterns = []report.PatternCount{symptom("often", n, n)}
		if r := pair(good, bad); len(r.Templates.Changed) > 0 || r.Verdict != NoDifference {
			t.Errorf("%s: %+v", r.Summary, r.Templates.Changed)
		}
	}
}

// TestShortLog: a copied log begins with a start because it was copied from
// there; restarts differ when there are some.
func TestShortLog(t *testing.T) {
	t.Parallel()
	week, minute, loop := day(168, 40), day(0.01, 1), day(1, 40)
	for range 9 {
		loop.Lifetimes = append(loop.Lifetimes, report.Lifetime{})
	}
	restarts := func(bad *report.Report) Rate {
		rates := pair(week, bad).Rates
		return rates[slices.IndexFunc(rates, func(r Rate) bool { return r.Name == "restarts of Wolf" })]
	}
	if r := restarts(minute); r.Bad != 0 || r.Changed {
		t.Errorf("a minute that begins with a start: %+v", r)
	}
	if r := restarts(loop); r.Bad != 9 || !r.Changed {
		t.Errorf("an hour of restarts: %+v", r)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	good, bad := day(24, 50), day(24, 50)
	good.Unexplained = []report.Template{
		{Template: "cannot open /dev/dri/card0 for writing", Component: "wolf", Level: "error", Count: 1, Bursts: 1},
		{Template: "quota of <n> reached", Component: "wolf", Level: "warning", Count: 30, Bursts: 30},
		{Template: "known elsewhere", Pattern: "gl-oom", Count: 1},
	}
	bad.Unexplained = []report.Template{
		{Template: "cannot open <*> for writing", Component: "wolf", Level: "error", Count: 60, Bursts: 55},
		{Template: "quota of <n> reached", Component: "other", Level: "warning", Count: 2, Bursts: 2},
	}
	good.Patterns = []report.PatternCount{symptom("steady", 20, 20), symptom("storm", 5, 2)}
	bad.Patterns = []report.PatternCount{symptom("steady", 22, 22), symptom("storm", 90_000, 2), symptom("fresh", 25, 25)}
	r := pair(good, bad)
	want := [][]string{{"freshfresh", "quota of <n> reached"}, {"quota of <n> reached"}, {"cannot open <*> for writing"}}
	if diff := cmp.Diff(want, [][]string{texts(r.Templates.New), texts(r.Templates.Gone), texts(r.Templates.Changed)}); diff != "" {
		t.Errorf("new, gone, changed (-want +got):\n%s", diff)
	}
	if r.Templates.New[0].Chance || !r.Templates.New[1].Chance || r.Templates.Gone[0].Chance {
		t.Errorf("chance: %+v", r.Templates)
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"open <*> failed again", "open /dev/x failed again", true},
		{"open /dev/x failed again", "open <*> failed again", true},
		{"open pid=<n> failed again", "open pid=7 failed again", true},
		{"open pid=<n> failed again", "open uid=7 failed again", false},
		{"open <*> failed again", "open it now failed again", false},
		{"<*> <*> failed", "a b failed", false},
		{"<*> <*> <*>", "<*> <*> <*>", false},
		{"a > b < c d", "a x b < c d", false},
		{"", "", false},
	} {
		if got := alike(tc.a, tc.b); got != tc.want {
			t.Errorf("alike(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	good, bad := day(24, 30), day(24, 30)
	for range 29 {
		good.Lifetimes = append(good.Lifetimes, good.Lifetimes[0])
		bad.Lifetimes = append(bad.Lifetimes, bad.Lifetimes[0])
	}
	for i := range bad.Lifetimes {
		bad.Lifetimes[i].Missing = []string{"RTSP server up"}
	}
	good.Patterns = []report.PatternCount{{ID: "wolf-rtsp-up", Role: "lifecycle", Title: "up", Count: 30, Bursts: 30}}
	r := pair(good, bad)
	if diff := cmp.Diff([]string{"RTSP server up", "wolf-rtsp-upup"}, texts(r.Milestones.Gone)); diff != "" || len(r.Milestones.New)+len(r.Milestones.Changed) > 0 {
		t.Errorf("%+v %s", r.Milestones, diff)
	}
	if r.Verdict != Differs || len(r.Templates.Gone) > 0 {
		t.Errorf("%s: %s", r.Verdict, r.Summary)
	}
}

func TestCausesAndValues(t *testing.T) {
	t.Parallel()
	good, bad := day(24, 5), day(24, 5)
	good.Causes = []report.Cause{{Rank: 1, ID: "a", Title: "a", Probability: 0.4}, {Rank: 2, ID: "b", Title: "b", Probability: 0.3}, {Rank: 3, ID: "same", Probability: 0.3}}
	bad.Causes = []report.Cause{{Rank: 1, ID: "c", Title: "c", Probability: 0.9}, {Rank: 2, ID: "a", Title: "a", Probability: 0.8}, {Rank: 3, ID: "same", Probability: 0.4}}
	good.Setup.Known = []report.Known{{What: "version of GStreamer", Value: "1.26.2"}, {What: "image", Value: "wolf:1"}, {What: "gpu in use", Value: "nvidia"}, {What: "wolf", Value: "a"}}
	bad.Setup.Known = []report.Known{{What: "version of GStreamer", Value: "1.26.7"}, {What: "version of kernel", Value: "6.12"}, {What: "gpu in use", Value: "nvidia"}, {What: "wolf", Value: "b"}}
	r := pair(good, bad)
	ids := func(list []Cause) (out []string) {
		for _, c := range list {
			out = append(out, c.ID)
		}
		return out
	}
	if diff := cmp.Diff([][]string{{"c"}, {"b"}, {"a"}}, [][]string{ids(r.Causes.New), ids(r.Causes.Gone), ids(r.Causes.Changed)}); diff != "" {
		t.Error(diff)
	}
	want := ValueChanges{New: []Value{{"kernel", "", "6.12"}}, Gone: []Value{{"image", "wolf:1", ""}}, Changed: []Value{{"GStreamer", "1.26.2", "1.26.7"}}}
	if diff := cmp.Diff(want, r.Versions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(ValueChanges{New: []Value{}, Gone: []Value{}, Changed: []Value{}}, r.Setup); diff != "" {
		t.Error(diff)
	}
	if want := "New: c (90 %). a: 80 %, was 40 %. Gone: b (30 %). GStreamer: 1.26.7, was 1.26.2."; r.Summary != want {
		t.Errorf("%s, want %s", r.Summary, want)
	}
}

// TestUnknown: what is not known is not counted by, and an empty report compares
// with nothing.
func TestUnknown(t *testing.T) {
	t.Parallel()
	empty := &report.Report{}
	if r := pair(empty, day(1, 1)); r.Verdict != NoData || r.Rates == nil || r.Notes == nil || r.Causes.New == nil || r.Templates.Gone == nil {
		t.Errorf("%+v", r)
	}
	short := &report.Report{Coverage: report.Coverage{Lines: 100}, Patterns: []report.PatternCount{symptom("x", 50, 0)}, Lifetimes: []report.Lifetime{{Failures: 1}}}
	r := pair(short, day(1, 0))
	if len(r.Templates.Gone) != 1 || r.Templates.Gone[0].Test.Per != "line" || len(r.Notes) < 3 {
		t.Errorf("%+v", r)
	}
	if same := pair(day(3, 3), day(3, 3)); same.Verdict != NoDifference {
		t.Errorf("%s", same.Summary)
	}
}
