package diagnose

import (
	"math"
	"sort"
	"strings"

	"wolfdiag/patterns"
)

// posterior is P(cause | what one unit shows), for every candidate.
type posterior struct {
	nodes []*causeNode
	p     []float64
}

// infer enumerates all sets of at most maxSet candidate causes and sums their
// joint probability with the patterns seen. Patterns not seen say nothing: a
// log may be cut, filtered or taken at a high level. Cost: candidates^3 ×
// patterns, a few hundred thousand multiplications at most.
func (m *Model) infer(seen []observed) posterior {
	post := posterior{}
	for _, n := range m.causes {
		own := false
		for _, s := range seen {
			if _, ok := n.own[s.id]; ok && !strings.HasPrefix(s.id, patterns.FactPrefix) {
				own = true
				break
			}
		}
		if own || m.factAlone(n, seen) {
			post.nodes = append(post.nodes, n)
		}
	}
	m.limit(&post, seen)
	k := len(post.nodes)
	post.p = make([]float64, k)
	if k == 0 {
		return post
	}
	t := m.table(post.nodes, seen)
	total := t.weight(nil)
	set := make([]int, 0, maxSet)
	var walk func(from int)
	walk = func(from int) {
		for i := from; i < k; i++ {
			set = append(set, i)
			w := t.weight(set)
			total += w
			for _, j := range set {
				post.p[j] += w
			}
			if len(set) < maxSet {
				walk(i + 1)
			}
			set = set[:len(set)-1]
		}
	}
	walk(0)
	for i := range post.p {
		post.p[i] /= total
	}
	return post
}

// factAlone: a snapshot or timeline fact that is strong evidence makes a cause
// a candidate even when no line of the log names it.
func (m *Model) factAlone(n *causeNode, seen []observed) bool {
	for _, s := range seen {
		if strength, ok := n.own[s.id]; ok && strength >= decisiveFact && strings.HasPrefix(s.id, patterns.FactPrefix) {
			return true
		}
	}
	return false
}

// limit keeps the candidates with the strongest evidence of their own.
// Consequences do not count: a cause that leads to much would push out the very
// causes that show it. On 400 draws from the catalogue that had more candidates
// the most probable one was lost 2 times this way, and 22 times with them.
func (m *Model) limit(post *posterior, seen []observed) {
	if len(post.nodes) <= maxCandidates {
		return
	}
	score := func(n *causeNode) float64 {
		s := math.Log(n.prior)
		for _, o := range seen {
			if strength, ok := n.own[o.id]; ok {
				s += math.Log1p(strength / m.leak(o.id))
			}
		}
		return s
	}
	scores := make(map[*causeNode]float64, len(post.nodes))
	for _, n := range post.nodes {
		scores[n] = score(n)
	}
	sort.SliceStable(post.nodes, func(i, j int) bool { return scores[post.nodes[i]] > scores[post.nodes[j]] })
	post.nodes = post.nodes[:maxCandidates]
	sort.Slice(post.nodes, func(i, j int) bool { return post.nodes[i].cause.ID < post.nodes[j].cause.ID })
}

// table holds, for the candidates and patterns of one unit, what the
// likelihood needs.
type table struct {
	odds []float64   // prior odds
	miss [][]float64 // candidate × pattern: probability that it fails to show the pattern by itself
	edge [][]float64 // candidate × pattern: probability that it shows the pattern as a consequence
	none []float64   // pattern: probability that nothing outside shows it either
}

func (m *Model) table(nodes []*causeNode, seen []observed) table {
	t := table{odds: make([]float64, len(nodes)), miss: make([][]float64, len(nodes)), edge: make([][]float64, len(nodes)), none: make([]float64, len(seen))}
	for j, s := range seen {
		t.none[j] = 1 - m.leak(s.id)
	}
	for i, n := range nodes {
		odds := n.prior / (1 - n.prior)
		row, edge := make([]float64, len(seen)), make([]float64, len(seen))
		first := n.onset(seen)
		for j, s := range seen {
			row[j] = 1
			if a, ok := n.against[s.id]; ok && !m.ablation.NoAgainst {
				odds *= 1 - a
			}
			l, ok := n.link(s.id)
			if !ok {
				continue
			}
			strength := l.strength
			if s.context {
				strength *= contextFactor
			}
			// A consequence that was there long before the first evidence of
			// its supposed cause is a weaker link.
			if !l.direct && !m.ablation.NoOrder && s.precedes(first) {
				strength *= lateFactor
			}
			if l.direct {
				row[j] = 1 - strength
			} else {
				edge[j] = strength
			}
		}
		t.odds[i], t.miss[i], t.edge[i] = odds, row, edge
	}
	return t
}

// onset is when a cause first shows by evidence of its own, in seconds of the
// unit; −∞ when nothing tells.
func (n *causeNode) onset(seen []observed) float64 {
	first := math.Inf(1)
	for _, s := range seen {
		if _, ok := n.own[s.id]; !ok {
			continue
		}
		if s.undated && !strings.HasPrefix(s.id, patterns.FactPrefix) {
			return math.Inf(-1)
		}
		if !s.undated {
			first = min(first, s.order)
		}
	}
	if math.IsInf(first, 1) {
		return math.Inf(-1)
	}
	return first
}

// precedes reports whether a message came too early to be a consequence of
// what began at onset.
func (s *observed) precedes(onset float64) bool { return !s.undated && s.order+lateSeconds < onset }

// late reports whether something that a cause should bring about was there
// before it: then it is not what began this trouble.
func (m *Model) late(n *causeNode, u *unit) bool {
	if m.ablation.NoOrder {
		return false
	}
	onset := n.onset(u.seen)
	for i := range u.seen {
		s := &u.seen[i]
		if l, ok := n.link(s.id); ok && !l.direct && s.precedes(onset) {
			return true
		}
	}
	return false
}

// weight is the unnormalised joint probability of a set of causes being the
// ones present, and of the patterns that were seen. Consequences come in
// cascades that either cause would set off whole, so of several causes the one
// that leads to a consequence most surely counts, once: adding them up would
// make every cascade look like two causes at once.
func (t *table) weight(set []int) float64 {
	w := 1.0
	for _, i := range set {
		w *= t.odds[i]
	}
	for j, none := range t.none {
		miss, edge := none, 0.0
		for _, i := range set {
			miss *= t.miss[i][j]
			edge = max(edge, t.edge[i][j])
		}
		w *= 1 - miss*(1-edge)
	}
	return w
}

// lateSeconds is the slack before order counts: clocks of one stream differ,
// and an encoder complains seconds after the compositor that failed with it.
const lateSeconds = 60

func logit(p float64) float64 {
	p = clamp(p, 1e-6, 1-1e-6)
	return math.Log(p / (1 - p))
}
