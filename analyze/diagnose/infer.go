package diagnose

import (
	"math"
	"slices"
	"sort"
	"strings"

	"wolfdiag/patterns"
)

// posterior is the probability, given what one unit shows, that a candidate is
// there and nothing that leads to it is.
type posterior struct {
	nodes []*causeNode
	p     []float64
}

// inference judges one unit after the other. The table of a unit holds until that of
// the next.
type inference struct {
	*Model
	circumstances Circumstances
	unit          *unit

	known []trait   // of unit.seen; made when first asked for
	tied  []tie     // memory of ties
	rows  []float64 // memory of a table
}

// next goes on with another unit.
func (f *inference) next(u *unit) { f.unit, f.known = u, f.known[:0] }

// trait is what the model knows of a pattern.
type trait struct {
	role patterns.Role
	leak float64
}

func (f *inference) traits() []trait {
	for j := len(f.known); j < len(f.unit.seen); j++ {
		id := f.unit.seen[j].id
		f.known = append(f.known, trait{f.role(id), f.leak(id)})
	}
	return f.known
}

// tie is the link of a cause to a pattern that was seen.
type tie struct {
	link
	ok  bool
	now link // as this unit shows it
}

// ties are the links of each cause to all that was seen; what they are in this unit is
// filled in when the onset is known.
func (f *inference) ties(nodes []*causeNode) [][]tie {
	seen := f.unit.seen
	f.tied = slices.Grow(f.tied[:0], len(nodes)*len(seen))
	out := make([][]tie, len(nodes))
	for i, n := range nodes {
		from := len(f.tied)
		for j := range seen {
			l, ok := n.link(seen[j].id)
			f.tied = append(f.tied, tie{link: l, ok: ok})
		}
		out[i] = f.tied[from:]
	}
	return out
}

// onsetOf is when the evidence of its own of one cause first shows that is not evidence
// of another as well, given their ties; see causeNode.onset.
func (f *inference) onsetOf(own, other []tie) float64 {
	return onset(f.unit.seen, func(j int) bool { return own[j].direct && (other == nil || !other[j].direct) })
}

// infer enumerates all sets of at most maxSet candidate causes and sums their
// joint probability with the patterns seen; beside them stands the hypothesis
// that the cause does not show in the log. Patterns not seen say nothing: a log
// may be cut, filtered or taken at a high level. Cost: candidates^3 × patterns,
// a few hundred thousand multiplications at most.
func (f *inference) infer() posterior {
	nodes := f.candidates()
	t := f.table(nodes)
	return posterior{nodes: nodes, p: t.posterior()}
}

// candidates are the causes with evidence of their own, by id. A snapshot or
// timeline fact makes one when it is strong evidence, even when no line of the log
// names it.
func (f *inference) candidates() []*causeNode {
	in := make([]bool, len(f.causes))
	owners := f.owners()
	for _, s := range f.unit.seen {
		fact := strings.HasPrefix(s.id, patterns.FactPrefix)
		for _, at := range owners[s.id] {
			in[at] = in[at] || !fact || f.causes[at].own[s.id] >= decisiveFact
		}
	}
	var nodes []*causeNode
	for at, n := range f.causes {
		if in[at] {
			nodes = append(nodes, n)
		}
	}
	return f.limit(nodes)
}

// limit keeps the candidates with the strongest evidence of their own.
// Consequences do not count: a cause that leads to much would push out the very
// causes that show it. On 400 draws from the catalogue that had more candidates
// the most probable one was lost 2 times this way, and 22 times with them.
func (f *inference) limit(nodes []*causeNode) []*causeNode {
	if len(nodes) <= maxCandidates {
		return nodes
	}
	known := f.traits()
	score := func(n *causeNode) float64 {
		s := math.Log(n.prior)
		for j := range f.unit.seen {
			if strength, ok := n.own[f.unit.seen[j].id]; ok {
				s += math.Log1p(strength / known[j].leak)
			}
		}
		return s
	}
	scores := make(map[*causeNode]float64, len(nodes))
	for _, n := range nodes {
		scores[n] = score(n)
	}
	sort.SliceStable(nodes, func(i, j int) bool { return scores[nodes[i]] > scores[nodes[j]] })
	nodes = nodes[:maxCandidates]
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].cause.ID < nodes[j].cause.ID })
	return nodes
}

// table holds, for the candidates and patterns of one unit, what the
// likelihood needs.
type table struct {
	odds    []float64   // prior odds, with what speaks against the candidate
	miss    [][]float64 // candidate × pattern: probability that it fails to show the pattern by itself
	edge    [][]float64 // candidate × pattern: probability that it shows the pattern as a consequence
	none    []float64   // pattern: probability that nothing outside shows it either
	lift    [][]float64 // candidate × candidate: by how much the first makes the second likelier; 1 where it does not
	unshown float64     // odds that the cause does not show in the log, with the symptoms it may have made
}

func (f *inference) table(nodes []*causeNode) table {
	seen, known := f.unit.seen, f.traits()
	t := table{odds: make([]float64, len(nodes)), miss: make([][]float64, len(nodes)), edge: make([][]float64, len(nodes)), none: make([]float64, len(seen))}
	for j := range seen {
		t.none[j] = 1 - known[j].leak
	}
	ties := f.ties(nodes)
	f.rows = slices.Grow(f.rows[:0], 2*len(nodes)*len(seen))[:2*len(nodes)*len(seen)]
	clear(f.rows)
	rows := f.rows
	for i, n := range nodes {
		row, edge := rows[:len(seen)], rows[len(seen):2*len(seen)]
		rows = rows[2*len(seen):]
		odds := math.Exp(logit(n.prior) - f.circumstantial(n))
		own, follows := 0.0, 0.0
		onset := f.onsetOf(ties[i], nil)
		for j := range seen {
			row[j] = 1
			s, k := &seen[j], &ties[i][j]
			if a, ok := n.against[s.id]; ok && !f.ablation.NoAgainst {
				odds *= 1 - a
			}
			if !k.ok {
				continue
			}
			k.now = f.linkNow(n, s, known[j].role, k.link, onset)
			if l := k.now; l.direct {
				row[j] = 1 - l.strength
				if known[j].role != patterns.RoleReading { // what is read by its words alone carries nothing but itself
					own += math.Log(l.ratio(known[j].leak))
				}
			} else {
				edge[j] = l.strength
				follows += math.Log(l.ratio(known[j].leak))
			}
		}
		if follows > own {
			temper(edge, t.none, max(own, 0)/follows)
		}
		t.odds[i], t.miss[i], t.edge[i] = odds, row, edge
	}
	for i := range nodes {
		t.lift = append(t.lift, f.lifts(i, nodes, ties))
	}
	t.unshown = math.Exp(f.unshown(seen))
	return t
}

// linkNow is the link of a cause to a pattern as this unit shows it.
func (f *inference) linkNow(n *causeNode, s *observed, role patterns.Role, l link, onset float64) link {
	if s.context {
		l.strength *= contextFactor
	}
	switch {
	case l.direct && role == patterns.RoleReading && !f.tells(n, s.id):
		l.strength = 0
	case l.direct:
	case !f.ablation.NoOrder && s.precedes(onset):
		// A consequence that was there long before the first evidence of its
		// supposed cause is a weaker link.
		l.strength *= lateFactor
	}
	l.strength = f.contrasted(n, s.id, l.strength)
	return l
}

// tells reports whether a reading is the one of its unit that counts for a cause:
// the strongest, for what is read by its words alone does not add up.
func (f *inference) tells(n *causeNode, id string) bool {
	for _, s := range f.unit.seen {
		if s.id == id || f.role(s.id) != patterns.RoleReading {
			continue
		}
		if own, ok := n.own[s.id]; ok && (own > n.own[id] || own == n.own[id] && s.id < id) {
			return false
		}
	}
	return true
}

// lifts is by how much a cause makes those likelier that follow from it: a CUDA
// context seldom fails for no reason, and more often than not once the memory
// is used up. Like its consequences that says no more for it than its own
// evidence does, what speaks for the other as well left aside; and nothing where
// none of it stands near their beginning.
func (f *inference) lifts(i int, nodes []*causeNode, ties [][]tie) []float64 {
	out := make([]float64, len(nodes))
	n, known := nodes[i], f.traits()
	for k, d := range nodes {
		out[k] = 1
		depth, follows := n.reach[d.cause.ID]
		if !follows || d == n || f.ablation.NoEdges {
			continue
		}
		if !f.ablation.NoOrder && !f.showsAt(ties[i], f.onsetOf(ties[k], ties[i])) {
			continue
		}
		own := 0.0
		for j := range ties[i] {
			if t := &ties[i][j]; !ties[k][j].direct && t.direct && known[j].role != patterns.RoleReading {
				own += math.Log(t.now.ratio(known[j].leak))
			}
		}
		edge := edgeStrength * math.Pow(edgeDecay, float64(depth-1))
		out[k] = max(1, min(edge/d.prior, math.Exp(own)))
	}
	return out
}

// showsAt reports whether a line that speaks for a cause first stood within a
// minute of a moment of the unit, or at a time that is not known. Facts have no
// time: they do not tell.
func (f *inference) showsAt(ties []tie, moment float64) bool {
	dated := false
	for j := range ties {
		s := &f.unit.seen[j]
		if !ties[j].direct || s.undated && strings.HasPrefix(s.id, patterns.FactPrefix) {
			continue
		}
		if s.undated || math.IsInf(moment, -1) || math.Abs(s.order-moment) <= lateSeconds {
			return true
		}
		dated = true
	}
	return !dated
}

// temper weakens consequences so that together they add so much less. What
// follows from a cause never says more for it than its own evidence: a cascade
// has many lines, and most of them would come from other causes too.
func temper(edge, none []float64, share float64) {
	for j, s := range edge {
		if s == 0 {
			continue
		}
		leak := 1 - none[j]
		r := math.Pow(link{strength: s}.ratio(leak), share)
		edge[j] = clamp((leak*r-leak)/(1-leak), 0, 1)
	}
}

// sets calls visit with every set of at most maxSet candidates and its weight,
// the empty one first. The set must not be kept.
func (t *table) sets(visit func(set []int, weight float64)) {
	visit(nil, t.weight(nil))
	set := make([]int, 0, maxSet)
	rows := make([]float64, 2*maxSet*len(t.none))
	var walk func(from int, miss, edge []float64)
	walk = func(from int, miss, edge []float64) {
		at := rows[2*len(set)*len(miss):]
		with, leads := at[:len(miss)], at[len(miss):2*len(miss)] // of the set, made from what its first candidates have
		for i := from; i < len(t.odds); i++ {
			set = append(set, i)
			w := t.prior(set)
			theirs, reach := t.miss[i][:len(miss)], t.edge[i][:len(miss)]
			for j, m := range miss {
				e := edge[j]
				if reach[j] > e {
					e = reach[j]
				}
				m *= theirs[j]
				with[j], leads[j] = m, e
				w *= 1 - m*(1-e)
			}
			visit(set, w)
			if len(set) < maxSet {
				walk(i+1, with, leads)
			}
			set = set[:len(set)-1]
		}
	}
	walk(0, t.none, make([]float64, len(t.none)))
}

// begins reports whether nothing in a set makes candidate i likelier: it is
// where the trouble began, and not what followed.
func (t *table) begins(i int, set []int) bool {
	return !slices.ContainsFunc(set, func(k int) bool { return t.lift[k][i] > 1 })
}

// posterior gives each candidate the share of the sets in which it is what
// began the trouble.
func (t *table) posterior() []float64 {
	p := make([]float64, len(t.odds))
	total := 0.0
	t.sets(func(set []int, w float64) {
		if len(set) == 0 {
			w *= 1 + t.unshown
		}
		total += w
		for _, j := range set {
			if t.begins(j, set) {
				p[j] += w
			}
		}
	})
	for i := range p {
		p[i] /= total
	}
	return p
}

// growing returns the log-odds of the first candidate: among as many candidates as
// the place in the list tells, the first of them alone included. The hypothesis that
// the cause does not show is one of the rivals.
func (t *table) growing() []float64 {
	type one struct {
		last   int // the candidate of the highest number
		begins bool
		weight float64
	}
	var all []one
	t.sets(func(set []int, w float64) {
		if len(set) == 0 {
			all = append(all, one{-1, false, w * (1 + t.unshown)})
			return
		}
		all = append(all, one{set[len(set)-1], set[0] == 0 && t.begins(0, set), w})
	})
	out := make([]float64, len(t.odds))
	for n := range out {
		with, without := 0.0, 0.0
		for _, s := range all {
			switch {
			case s.last > n:
			case s.begins:
				with += s.weight
			default:
				without += s.weight
			}
		}
		out[n] = math.Log(with / without)
	}
	return out
}

// only narrows a table to some of its candidates.
func (t *table) only(rows []int) table {
	out := table{none: t.none, unshown: t.unshown}
	for _, i := range rows {
		var lift []float64
		for _, j := range rows {
			lift = append(lift, t.lift[i][j])
		}
		out.lift = append(out.lift, lift)
		out.odds = append(out.odds, t.odds[i])
		out.miss = append(out.miss, t.miss[i])
		out.edge = append(out.edge, t.edge[i])
	}
	return out
}

// onset is when a cause first shows by evidence of its own, in seconds of the
// unit; −∞ when nothing tells.
func (n *causeNode) onset(seen []observed) float64 {
	return onset(seen, func(j int) bool {
		_, own := n.own[seen[j].id]
		return own
	})
}

// onset is when something first shows of what counts.
func onset(seen []observed, counts func(at int) bool) float64 {
	first := math.Inf(1)
	for i := range seen {
		s := &seen[i]
		if !counts(i) {
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
	w := t.prior(set)
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

// prior are the odds of a set of causes before anything was seen.
func (t *table) prior(set []int) float64 {
	w := 1.0
	for _, i := range set {
		lift := 1.0
		for _, k := range set {
			lift = max(lift, t.lift[k][i])
		}
		w *= t.odds[i] * lift
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
