package diagnose

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wolfdiag/patterns"
)

// near fails when got is further from want than the digits that a person
// computes by hand.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 0.0005*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %.5f, want %.5f", what, got, want)
	}
}

// pats makes patterns of one role.
func pats(role patterns.Role, ids ...string) []*patterns.Pattern {
	var out []*patterns.Pattern
	for _, id := range ids {
		out = append(out, &patterns.Pattern{ID: id, Role: role, Severity: "error"})
	}
	return out
}

func links(pairs ...any) []patterns.Link {
	var out []patterns.Link
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, patterns.Link{Pattern: pairs[i].(string), Strength: pairs[i+1].(float64)})
	}
	return out
}

func seenOf(ids ...string) []observed {
	var out []observed
	for _, id := range ids {
		out = append(out, observed{id: id, count: 1})
	}
	return out
}

// posteriorOf is the posterior of a cause, 0 when it is no candidate.
func posteriorOf(m *Model, seen []observed, id string) float64 {
	return probability(judge(m, seen).infer(), m.byID[id])
}

// judge is the inference over one unit that shows seen.
func judge(m *Model, seen []observed) *inference {
	return &inference{Model: m, unit: &unit{seen: seen}}
}

// TestDocumentedExample computes the example of docs/ranking.md.
func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	list := append(pats(patterns.RoleSymptom, "gl-oom"), pats(patterns.RoleCause, "cuda-800")...)
	m := NewModel([]*patterns.Cause{
		{ID: "access", Prior: 0.03, Evidence: links("gl-oom", 0.28, "cuda-800", 0.8)},
		{ID: "memory", Prior: 0.05, Evidence: links("gl-oom", 0.30), Against: links("cuda-800", 0.5), Explains: []string{"context"}},
		{ID: "context", Prior: 0.01, Explains: []string{"cuda-800"}},
	}, list, Ablation{})
	seen := seenOf("cuda-800", "gl-oom")
	post := judge(m, seen).infer()
	if len(post.nodes) != 2 {
		t.Fatalf("%d candidates, want access and memory", len(post.nodes))
	}
	tab := judge(m, seen).table(post.nodes)
	// 0.030928 · 0.3016 · 0.8002; memory: its consequence (440 times likelier) adds
	// no more than its own evidence (10.7 times): 0.026316 · 0.321 · 0.0107; none
	// 0.03 · 0.001, and as much again for each of the odds that the cause does not
	// show; both 0.030928 · 0.026316 · (1 − 0.97·0.72·0.70) · (1 − 0.999·0.20·0.9903)
	access, memory, none, both := 0.0074642, 0.00009039, 0.00003, 0.00033369
	unshown := 0.15 * math.Exp(0.3)
	for _, w := range []struct {
		name      string
		got, want float64
	}{
		{"access", tab.weight([]int{0}), access}, {"memory", tab.weight([]int{1}), memory},
		{"nothing", tab.weight(nil), none}, {"both", tab.weight([]int{0, 1}), both}, {"a cause that does not show", tab.unshown, unshown},
	} {
		if math.Abs(w.got-w.want) > 0.0005*w.want {
			t.Errorf("the product of %s is %.8f, want %.8f", w.name, w.got, w.want)
		}
	}
	total := access + memory + none*(1+unshown) + both
	near(t, "access", posteriorOf(m, seen, "access"), (access+both)/total)
	near(t, "memory", posteriorOf(m, seen, "memory"), (memory+both)/total)

	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "ranking.md"))
	if err != nil {
		t.Fatal(err)
	}
	for row, product := range map[string]float64{"| lost access |": access, "| memory |": memory} {
		_, line, found := strings.Cut(string(doc), row)
		line, _, _ = strings.Cut(line, "\n")
		if want := fmt.Sprintf("| %.4f |", product); !found || !strings.HasSuffix(line, want) {
			t.Errorf("docs/ranking.md: the row %q ends in %q, computed is %s", row, line, want)
		}
	}
}

// TestSingleCause: prior log-odds and weights add up to the log-odds of the
// result as long as nothing else explains the same.
func TestSingleCause(t *testing.T) {
	t.Parallel()
	list := append(pats(patterns.RoleSymptom, "sym", "no"), pats(patterns.RoleCause, "own")...)
	cause := &patterns.Cause{ID: "c", Prior: 0.02, Evidence: links("own", 0.95, "sym", 0.4, "fact-weak", 0.3, "fact-strong", 0.95), Against: links("no", 0.6)}
	for _, tc := range []struct {
		name string
		seen []observed
		odds float64 // by hand: prior odds 0.020408 times the ratios
	}{
		{"own text", seenOf("own"), 0.020408 * (1 - 0.999*0.05) / 0.001},
		{"symptom", seenOf("sym"), 0.020408 * (1 - 0.97*0.6) / 0.03},
		{"both", seenOf("own", "sym"), 0.020408 * (1 - 0.999*0.05) / 0.001 * (1 - 0.97*0.6) / 0.03},
		{"against", seenOf("sym", "no"), 0.020408 * (1 - 0.97*0.6) / 0.03 * 0.4},
		{"a fact", seenOf("sym", "fact-weak"), 0.020408 * (1 - 0.97*0.6) / 0.03 * (1 - 0.9*0.7) / 0.1},
		{"a fact that names it", seenOf("fact-strong"), 0.020408 * (1 - 0.995*0.05) / 0.005},
		{"from earlier in the lifetime", []observed{{id: "own", count: 1, context: true}}, 0.020408 * (1 - 0.999*(1-0.7*0.95)) / 0.001},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := NewModel([]*patterns.Cause{cause}, list, Ablation{})
			p := posteriorOf(m, tc.seen, "c")
			symptoms := 0.0
			for _, s := range tc.seen {
				if r := m.role(s.id); r == patterns.RoleSymptom {
					symptoms++
				}
			}
			unshown := 0.15 * math.Exp(0.3*symptoms)
			near(t, "posterior", p, tc.odds/(1+unshown+tc.odds))
			sum := math.Log(cause.Prior/(1-cause.Prior)) - math.Log(1+unshown)
			for _, s := range tc.seen {
				sum += judge(m, tc.seen).weight(m.byID["c"], s)
			}
			near(t, "prior log-odds plus weights", sum, math.Log(p/(1-p)))
		})
	}
}

// TestTwoRivals: what two causes share is divided by prior, strength and what
// only one of them shows.
func TestTwoRivals(t *testing.T) {
	t.Parallel()
	list := append(pats(patterns.RoleSymptom, "shared"), pats(patterns.RoleCause, "only-b")...)
	m := NewModel([]*patterns.Cause{
		{ID: "a", Prior: 0.1, Evidence: links("shared", 0.5)},
		{ID: "b", Prior: 0.1, Evidence: links("shared", 0.5, "only-b", 0.6)},
	}, list, Ablation{})
	// One: odds 1/9 · (1 − 0.97·0.5) = 0.0572222; both: 1/81 · (1 − 0.97·0.25) = 0.00935185; none 0.03.
	// A cause that does not show: 0.15 · e^0.3 = 0.20248 of none.
	p := (0.0572222 + 0.00935185) / (0.03*1.20248 + 2*0.0572222 + 0.00935185)
	near(t, "a of equals", posteriorOf(m, seenOf("shared"), "a"), p)
	near(t, "b of equals", posteriorOf(m, seenOf("shared"), "b"), p)
	// only-b: 0.6004 with b, 0.001 without.
	none, a, b, both := 0.03*0.001, 0.0572222*0.001, 0.0572222*0.6004, 0.00935185*0.6004
	near(t, "a explained away", posteriorOf(m, seenOf("only-b", "shared"), "a"), (a+both)/(none*1.20248+a+b+both))
	near(t, "b with its own", posteriorOf(m, seenOf("only-b", "shared"), "b"), (b+both)/(none*1.20248+a+b+both))
}

func TestEdgesDecay(t *testing.T) {
	t.Parallel()
	var causes []*patterns.Cause
	var ids []string
	for i := range 8 {
		c := &patterns.Cause{ID: fmt.Sprint("c", i), Evidence: links(fmt.Sprint("own", i), 0.9, fmt.Sprint("fact-", i), 0.5), Explains: []string{fmt.Sprint("sym", i)}}
		c.Explains = append(c.Explains, fmt.Sprint("c", (i+1)%8)) // a circle, which must end
		causes, ids = append(causes, c), append(ids, fmt.Sprint("own", i), fmt.Sprint("sym", i))
	}
	m := NewModel(causes, pats(patterns.RoleCause, ids...), Ablation{})
	n := m.byID["c0"]
	for _, tc := range []struct {
		pattern string
		want    float64 // 0: not reached
		direct  bool
	}{
		{"own0", 0.9, true}, {"sym0", 0.55, false}, {"sym1", 0.44, false}, {"own1", 0.44, false}, {"sym2", 0.352, false},
		{"own3", 0.2816, false}, {"sym4", 0.22528, false}, {"sym5", 0.180224, false}, {"own5", 0.180224, false},
		{"sym6", 0, false}, {"own7", 0, false}, {"fact-1", 0, false}, {"fact-0", 0.5, true},
	} {
		l, _ := n.link(tc.pattern)
		near(t, tc.pattern, l.strength, tc.want)
		if l.direct != tc.direct {
			t.Errorf("%s direct %v, want %v", tc.pattern, l.direct, tc.direct)
		}
	}
	if n.reach["c1"] != 1 || n.reach["c5"] != 5 || n.reach["c6"] != 0 || n.reach["c0"] != 0 {
		t.Errorf("reach %v", n.reach)
	}
}

// TestConsequencesCountOnce: a cascade that two causes share says nothing about
// whether one or both are there, however long it is.
func TestConsequencesCountOnce(t *testing.T) {
	t.Parallel()
	list := pats(patterns.RoleCause, "own-a", "own-b")
	a := &patterns.Cause{ID: "a", Prior: 0.05, Evidence: links("own-a", 0.5)}
	b := &patterns.Cause{ID: "b", Prior: 0.05, Evidence: links("own-b", 0.5)}
	seen := seenOf("own-a", "own-b")
	for i := range 12 {
		id := fmt.Sprintf("sym%02d", i)
		list = append(list, pats(patterns.RoleSymptom, id)...)
		a.Explains, b.Explains = append(a.Explains, id), append(b.Explains, id)
		seen = append(seen, observed{id: id, count: 1})
	}
	m := NewModel([]*patterns.Cause{a, b}, list, Ablation{})
	nodes := []*causeNode{m.byID["a"], m.byID["b"]}
	ratio := func(seen []observed) float64 {
		tab := judge(m, seen).table(nodes)
		return tab.weight([]int{0, 1}) / tab.weight([]int{0})
	}
	near(t, "both to one, with the cascade", ratio(seen)/ratio(seen[:2]), 1)
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	list := append(pats(patterns.RoleCause, "own"), pats(patterns.RoleSymptom, "sym")...)
	for _, tc := range []struct {
		name  string
		cause patterns.Cause
		seen  []observed
		want  bool
	}{
		{"evidence of its own", patterns.Cause{Evidence: links("own", 0.2)}, seenOf("own"), true},
		{"only a consequence", patterns.Cause{Evidence: links("own", 0.9), Explains: []string{"sym"}}, seenOf("sym"), false},
		{"only a weak fact", patterns.Cause{Evidence: links("own", 0.9, "fact-x", 0.89)}, seenOf("fact-x"), false},
		{"a fact that names it", patterns.Cause{Evidence: links("own", 0.9, "fact-x", 0.9)}, seenOf("fact-x"), true},
		{"nothing linked", patterns.Cause{Evidence: links("own", 0.9)}, seenOf("sym"), false},
		{"switched off", patterns.Cause{Evidence: links("own", 0.9), Disabled: true}, seenOf("own"), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := tc.cause
			c.ID, c.Prior = "c", 0.05
			post := judge(NewModel([]*patterns.Cause{&c}, list, Ablation{}), tc.seen).infer()
			if got := len(post.nodes) == 1; got != tc.want {
				t.Errorf("candidate: %v, want %v", got, tc.want)
			}
		})
	}
}

// TestCandidateLimit: of many candidates those with the strongest evidence are
// enumerated, whatever their names.
func TestCandidateLimit(t *testing.T) {
	t.Parallel()
	var causes []*patterns.Cause
	var ids []string
	for i := range 40 {
		id := fmt.Sprintf("own%02d", i)
		strength := 0.2
		if i%3 == 2 { // 13 strong ones
			strength = 0.9
		}
		ids = append(ids, id)
		causes = append(causes, &patterns.Cause{ID: fmt.Sprintf("c%02d", i), Prior: 0.02, Evidence: links(id, strength)})
	}
	m := NewModel(causes, pats(patterns.RoleCause, ids...), Ablation{})
	post := judge(m, seenOf(ids...)).infer()
	if len(post.nodes) != maxCandidates {
		t.Fatalf("%d candidates, want %d", len(post.nodes), maxCandidates)
	}
	for i := 2; i < 40; i += 3 {
		if id := fmt.Sprintf("c%02d", i); probability(post, m.byID[id]) == 0 {
			t.Errorf("%s has strong evidence and is no candidate", id)
		}
	}
}

// TestCandidateLimitOwn: a cause with weak evidence that would explain everything
// does not push out one that shows itself.
func TestCandidateLimitOwn(t *testing.T) {
	t.Parallel()
	var causes []*patterns.Cause
	ids := []string{"weak"}
	everything := &patterns.Cause{ID: "everything", Prior: 0.02, Evidence: links("weak", 0.1)}
	for i := range maxCandidates {
		id := fmt.Sprintf("own%02d", i)
		ids = append(ids, id)
		everything.Explains = append(everything.Explains, id)
		causes = append(causes, &patterns.Cause{ID: fmt.Sprintf("c%02d", i), Prior: 0.02, Evidence: links(id, 0.3)})
	}
	m := NewModel(append(causes, everything), pats(patterns.RoleCause, ids...), Ablation{})
	post := judge(m, seenOf(ids...)).infer()
	for _, c := range causes {
		if probability(post, m.byID[c.ID]) == 0 {
			t.Errorf("%s has evidence of its own and is no candidate", c.ID)
		}
	}
	if probability(post, m.byID["everything"]) > 0 {
		t.Error("the cause with the weakest evidence of its own is a candidate")
	}
}

// network is a random catalogue and what is seen of it.
func network(rng *rand.Rand, against bool) ([]*patterns.Cause, []*patterns.Pattern, []observed) {
	var list []*patterns.Pattern
	for i := range 10 {
		role := patterns.RoleSymptom
		if i < 5 {
			role = patterns.RoleCause
		}
		list = append(list, pats(role, fmt.Sprint("p", i))...)
	}
	var causes []*patterns.Cause
	for i := range 2 + rng.IntN(5) {
		c := &patterns.Cause{ID: fmt.Sprint("c", i), Prior: 0.005 + 0.2*rng.Float64()}
		for j := range 10 {
			switch r := rng.Float64(); {
			case r < 0.25:
				c.Evidence = append(c.Evidence, links(fmt.Sprint("p", j), 0.05+0.9*rng.Float64())...)
			case r < 0.4:
				c.Explains = append(c.Explains, fmt.Sprint("p", j))
			case against && r < 0.5:
				c.Against = append(c.Against, links(fmt.Sprint("p", j), rng.Float64())...)
			}
		}
		if i > 0 && rng.IntN(2) == 0 {
			c.Explains = append(c.Explains, fmt.Sprint("c", rng.IntN(i)))
		}
		causes = append(causes, c)
	}
	var seen []observed
	for j := range 10 {
		if rng.IntN(3) > 0 {
			seen = append(seen, observed{id: fmt.Sprint("p", j), count: 1, order: float64(rng.IntN(5) * 50), context: rng.IntN(6) == 0})
		}
	}
	return causes, list, seen
}

// plainPosterior is the formula of docs/ranking.md written down as it stands
// there, over every set of at most three causes.
func plainPosterior(m *Model, seen []observed, nodes []*causeNode) []float64 {
	total, sums := 0.0, make([]float64, len(nodes))
	edges := plainEdges(m, seen, nodes)
	symptoms := 0.0
	for _, s := range seen {
		if m.role(s.id) == patterns.RoleSymptom {
			symptoms++
		}
	}
	for mask := 0; mask < 1<<len(nodes); mask++ {
		var set []int
		for i := range nodes {
			if mask>>i&1 == 1 {
				set = append(set, i)
			}
		}
		if len(set) > 3 {
			continue
		}
		w := 1.0
		for _, i := range set {
			lift := 1.0
			for _, k := range set {
				lift = math.Max(lift, plainLift(m, seen, nodes[k], nodes[i]))
			}
			w *= nodes[i].prior / (1 - nodes[i].prior) * lift
			for _, s := range seen {
				w *= 1 - nodes[i].against[s.id]
			}
		}
		for _, s := range seen {
			miss, most := 1-m.leak(s.id), 0.0
			for _, i := range set {
				if l, _ := nodes[i].link(s.id); l.direct {
					if s.context {
						l.strength *= 0.7
					}
					miss *= 1 - l.strength
				} else {
					most = math.Max(most, edges[i][s.id])
				}
			}
			w *= 1 - miss*(1-most)
		}
		if len(set) == 0 {
			w *= 1 + 0.15*math.Exp(math.Min(0.3*symptoms, 1.5))
		}
		total += w
		for _, i := range set {
			begins := true
			for _, k := range set {
				begins = begins && plainLift(m, seen, nodes[k], nodes[i]) == 1
			}
			if begins {
				sums[i] += w
			}
		}
	}
	for i := range sums {
		sums[i] /= total
	}
	return sums
}

// plainLift is by how much a cause makes one likelier that follows from it.
func plainLift(m *Model, seen []observed, n, below *causeNode) float64 {
	depth, ok := n.reach[below.cause.ID]
	if !ok || n == below {
		return 1
	}
	own, near, firstBelow := 0.0, false, math.Inf(1)
	for _, s := range seen {
		_, shared := n.own[s.id]
		if _, ok := below.own[s.id]; ok && !shared {
			firstBelow = math.Min(firstBelow, s.order)
		}
	}
	for _, s := range seen {
		if strength, ok := n.own[s.id]; ok {
			if s.context {
				strength *= 0.7
			}
			if _, shared := below.own[s.id]; !shared {
				own += math.Log((m.leak(s.id) + (1-m.leak(s.id))*strength) / m.leak(s.id))
			}
			near = near || math.IsInf(firstBelow, 1) || math.Abs(s.order-firstBelow) <= 60
		}
	}
	if !near {
		return 1
	}
	return math.Max(1, math.Min(0.55*math.Pow(0.8, float64(depth-1))/below.prior, math.Exp(own)))
}

// plainEdges is how surely each candidate brings about what follows from it:
// weaker where that came long before it, and tempered where all of it together
// would say more than the candidate's own evidence.
func plainEdges(m *Model, seen []observed, nodes []*causeNode) []map[string]float64 {
	var out []map[string]float64
	for _, n := range nodes {
		first := math.Inf(1)
		for _, o := range seen {
			if _, ok := n.own[o.id]; ok {
				first = math.Min(first, o.order)
			}
		}
		own, follows, edge := 0.0, 0.0, map[string]float64{}
		for _, s := range seen {
			l, ok := n.link(s.id)
			if s.context {
				l.strength *= 0.7
			}
			leak := m.leak(s.id)
			switch {
			case !ok:
				continue
			case l.direct:
				own += math.Log((leak + (1-leak)*l.strength) / leak)
				continue
			case first-s.order > 60:
				l.strength *= 0.05
			}
			edge[s.id] = l.strength
			follows += math.Log((leak + (1-leak)*l.strength) / leak)
		}
		for id, strength := range edge {
			if leak := m.leak(id); follows > own {
				ratio := math.Pow((leak+(1-leak)*strength)/leak, own/follows)
				edge[id] = (leak*ratio - leak) / (1 - leak)
			}
		}
		out = append(out, edge)
	}
	return out
}

func TestInferEqualsFormula(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for round := range 400 {
		causes, list, seen := network(rng, true)
		m := NewModel(causes, list, Ablation{})
		post := judge(m, seen).infer()
		for i, want := range plainPosterior(m, seen, post.nodes) {
			compared++
			if got := post.p[i]; math.Abs(got-want) > 1e-9 || got < 0 || got > 1 {
				t.Fatalf("round %d: %s has %.12f, the formula gives %.12f", round, post.nodes[i].cause.ID, got, want)
			}
		}
	}
	if compared < 400 {
		t.Errorf("only %d posteriors compared", compared)
	}
}

// TestMoreEvidence: a further pattern that speaks for one cause alone never
// makes that cause less likely, unless something leads to it that the pattern
// speaks for as well.
func TestMoreEvidence(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	raised := 0
	for round := range 400 {
		causes, list, seen := network(rng, false)
		c := causes[rng.IntN(len(causes))]
		if slices.ContainsFunc(causes, func(x *patterns.Cause) bool { return slices.Contains(x.Explains, c.ID) }) {
			continue
		}
		// Stronger than any link by way of a cause upstream (0.55).
		c.Evidence = append(c.Evidence, links("extra", 0.55+0.4*rng.Float64())...)
		m := NewModel(causes, append(list, pats(patterns.RoleCause, "extra")...), Ablation{})
		before := posteriorOf(m, seen, c.ID)
		after := posteriorOf(m, append(seen, observed{id: "extra", count: 1, order: float64(rng.IntN(300))}), c.ID)
		if after < before-1e-12 {
			t.Fatalf("round %d: %s fell from %.6f to %.6f", round, c.ID, before, after)
		}
		if after > before {
			raised++
		}
	}
	if raised < 100 {
		t.Errorf("raised in only %d rounds", raised)
	}
}

// TestSetsWeighAlone: going through all sets gives each the weight that it has by
// itself, to the last bit, and so does what grows with the rivals.
func TestSetsWeighAlone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		tab := table{unshown: r.Float64()}
		row := func(n int) []float64 {
			out := make([]float64, n)
			for i := range out {
				out[i] = r.Float64()
			}
			return out
		}
		n, seen := r.IntN(7), r.IntN(9)
		tab.odds, tab.none = row(n), row(seen)
		for i := range n {
			tab.miss, tab.edge, tab.lift = append(tab.miss, row(seen)), append(tab.edge, row(seen)), append(tab.lift, row(n))
			for j := range tab.lift[i] {
				tab.lift[i][j] = max(1, 4*tab.lift[i][j])
			}
			tab.lift[i][i] = 1
		}
		tab.sets(func(set []int, w float64) {
			if want := tab.weight(set); w != want {
				t.Errorf("seed %d: %v weighs %v, want %v", seed, set, w, want)
			}
		})
		grown, rows := tab.growing(), []int{}
		for k := range n {
			rows = append(rows, k)
			some := tab.only(rows)
			with, without := 0.0, 0.0
			some.sets(func(set []int, w float64) {
				switch {
				case slices.Contains(set, 0) && some.begins(0, set):
					with += w
				case len(set) == 0:
					without += w * (1 + some.unshown)
				default:
					without += w
				}
			})
			if want := math.Log(with / without); grown[k] != want {
				t.Errorf("seed %d: the odds among %d are %v, want %v", seed, k+1, grown[k], want)
			}
		}
	}
}

// TestOneKeyOneJudgement: units of one key have one posterior, whenever their
// complaints came and whatever worked afterwards.
func TestOneKeyOneJudgement(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	alike := 0
	for round := range 200 {
		causes, list, seen := network(rng, round%2 == 0)
		for _, c := range causes {
			c.Stops = stopsSession
		}
		m := NewModel(causes, list, Ablation{})
		var c Circumstances
		for range rng.IntN(4) {
			c.Worked = append(c.Worked, Worked{Lifetime: rng.IntN(2), After: rng.IntN(12)})
		}
		c.index()
		slices.SortFunc(seen, func(a, b observed) int { return strings.Compare(a.id, b.id) })
		first := map[string]posterior{}
		for range 100 {
			u := unit{lifetime: rng.IntN(2), seen: slices.Clone(seen)}
			spread := []int{3, 3, 3, 7, 9}[rng.IntN(5)]
			for i := range u.seen {
				s := &u.seen[i]
				s.order, s.undated, s.last, s.context = []float64{0, 30, 60, 60.5, 61, 200, longAgo, longAgo + 60, longAgo + 61}[rng.IntN(spread)], rng.IntN(40) == 0, rng.IntN(12), false
				if rng.IntN(6) == 0 {
					s.order, s.last, s.context = longAgo, -1, true
				}
			}
			got := (&inference{Model: m, circumstances: c, unit: &u}).infer()
			want, known := first[string(u.key(nil, &c))]
			if !known {
				first[string(u.key(nil, &c))] = got
				continue
			}
			alike++
			if !slices.Equal(got.p, want.p) || !slices.Equal(got.nodes, want.nodes) {
				t.Fatalf("round %d: %q: %v, want %v", round, string(u.key(nil, &c)), got.p, want.p)
			}
		}
	}
	if alike < 300 {
		t.Errorf("only %d units were alike", alike)
	}
}
