package diagnose

import (
	"math"
	"slices"
	"sort"
)

// evidence splits what the unit shows into the cause's own evidence, with what
// each piece adds, and the consequences folded under it.
func (f *inference) evidence(out *Finding, n *causeNode, counts map[string]int64) {
	inUnit := map[string]bool{}
	for _, s := range f.unit.seen {
		inUnit[s.id] = true
		l, linked := n.link(s.id)
		_, against := n.against[s.id]
		w := Weighted{Pattern: s.id, Count: counts[s.id], Weight: f.weight(n, s), Contrast: f.contrastOf(n, s.id)}
		if w.Count == 0 {
			w.Count = s.count
		}
		switch {
		case linked && !l.direct && !against:
			out.Explains = append(out.Explains, Weighted{Pattern: s.id, Count: w.Count})
		case linked || against:
			out.Evidence = append(out.Evidence, w)
		}
	}
	if k := f.workedAfter(n); k > 0 {
		out.Evidence = append(out.Evidence, Weighted{Pattern: SessionsWorked, Count: int64(k), Weight: -outcomeFactor * float64(k)})
	}
	if f.otherVendor(n) {
		out.Evidence = append(out.Evidence, Weighted{Pattern: OtherVendor, Count: 1, Weight: -otherVendor})
	}
	var more []string
	for id := range counts {
		if !inUnit[id] {
			more = append(more, id)
		}
	}
	sort.Strings(more)
	for _, id := range more { // seen at other times: no part of the probability, which is that of one unit
		if _, ok := n.own[id]; ok {
			out.Evidence = append(out.Evidence, Weighted{Pattern: id, Count: counts[id]})
		} else {
			out.Explains = append(out.Explains, Weighted{Pattern: id, Count: counts[id]})
		}
	}
	sort.SliceStable(out.Evidence, func(i, j int) bool { return out.Evidence[i].Weight > out.Evidence[j].Weight })
	sort.SliceStable(out.Explains, func(i, j int) bool { return out.Explains[i].Count > out.Explains[j].Count })
}

// contrastOf is the comparison of sessions that lowered a piece of evidence,
// zero where none did.
func (f *inference) contrastOf(n *causeNode, id string) Contrast {
	if s, own := n.own[id]; own && f.contrasted(n, id, s) < s {
		return f.circumstances.Contrast[id]
	}
	return Contrast{}
}

// weight is the weight of evidence of one pattern for one cause taken alone:
// the logarithm of how much likelier the pattern is with the cause than
// without it, or how much it speaks against it.
func (f *inference) weight(n *causeNode, s observed) float64 {
	w := 0.0
	if l, ok := n.link(s.id); ok && l.direct {
		w += math.Log(f.linkNow(n, &s, f.role(s.id), l, 0).ratio(f.leak(s.id)))
	}
	if a, ok := n.against[s.id]; ok && !f.ablation.NoAgainst {
		w += math.Log(1 - a)
	}
	return w
}

// sum accounts for the probability of a cause. What each rival takes is found
// by leaving it out: the rivals are added one after the other, the likeliest
// first, and the log-odds move with each.
func (f *inference) sum(n *causeNode, post posterior, of *Finding) Sum {
	at := slices.Index(post.nodes, n)
	if at < 0 {
		return Sum{}
	}
	out := Sum{Prior: logit(n.prior)}
	for _, e := range of.Evidence {
		out.Evidence += e.Weight
	}
	rivals := make([]int, 0, len(post.nodes))
	for i := range post.nodes {
		if i != at {
			rivals = append(rivals, i)
		}
	}
	sort.SliceStable(rivals, func(i, j int) bool { return post.p[rivals[i]] > post.p[rivals[j]] })
	t := f.table(post.nodes)
	t = t.only(append([]int{at}, rivals...))
	alone := math.Log(t.weight([]int{0}) / t.weight(nil))
	out.Explains = alone - out.Prior - out.Evidence
	odds := t.growing()
	out.Unshown = odds[0] - alone
	for i, r := range rivals {
		out.Rivals = append(out.Rivals, Share{Cause: post.nodes[r].cause.ID, Weight: odds[i+1] - odds[i]})
	}
	out.Total = odds[len(rivals)]
	return out
}
