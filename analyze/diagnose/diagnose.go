package diagnose

import (
	"math"
	"slices"
	"sort"
	"time"

	"wolfdiag/patterns"
)

// Thresholds of what is reported.
const (
	ReportAt = 0.25 // a cause this probable is something to act on
	rivalAt  = 0.02 // a rival less probable than this is settled by the log
)

// Finding is one ranked cause.
type Finding struct {
	Cause       *patterns.Cause
	Probability float64
	Episodes    int
	First, Last time.Time // of its own evidence and what it explains; zero when unknown
	Evidence    []Weighted
	Explains    []Weighted // weight unused
	Rivals      []RivalOf
	Sessions    []string
}

// Weighted is a pattern with how often it matched and what it adds, in nats of
// log-odds, to the belief in the cause.
type Weighted struct {
	Pattern string
	Count   int64
	Weight  float64
}

// RivalOf is a cause that the log cannot tell from the finding.
type RivalOf struct {
	Cause       *patterns.Cause
	Probability float64
	Why, Settle string
}

// Diagnosis is the outcome: findings best first, and the episodes they rest on.
type Diagnosis struct {
	Findings []Finding
	Episodes []Episode
}

// judged is the state of one cause while units are gone through.
type judged struct {
	node *causeNode
	best float64
	unit int // where it is best
	lead int // units in which it is worth reporting
}

// Diagnose ranks the causes of runs, which must be in order of time. The
// result is empty, not nil-unsafe, when nothing complains.
func (m *Model) Diagnose(runs []Run, facts []Fact) Diagnosis {
	d := Diagnosis{Episodes: m.Episodes(runs)}
	units := m.units(runs, d.Episodes, facts)
	posts := make([]posterior, len(units))
	cache := map[string]int{}
	all := map[string]*judged{}
	for i := range units {
		k := units[i].key()
		if j, ok := cache[k]; ok {
			posts[i] = posts[j]
		} else {
			posts[i] = m.infer(units[i].seen)
			cache[k] = i
		}
		for j, n := range posts[i].nodes {
			p := posts[i].p[j]
			g := all[n.cause.ID]
			if g == nil {
				g = &judged{node: n, best: -1}
				all[n.cause.ID] = g
			}
			if p > g.best {
				g.best, g.unit = p, i
			}
			if p >= ReportAt {
				g.lead++
			}
		}
	}
	listed := m.choose(all, units)
	for _, g := range listed {
		d.Findings = append(d.Findings, m.finding(g, listed, all, units, posts, runs, d.Episodes))
	}
	return d
}

// choose picks and orders what is reported: everything at ReportAt, and the
// declared rivals of these that the same log speaks for.
func (m *Model) choose(all map[string]*judged, units []unit) []*judged {
	in := map[string]bool{}
	var out []*judged
	for _, n := range m.causes {
		if g := all[n.cause.ID]; g != nil && g.best >= ReportAt {
			in[n.cause.ID] = true
			out = append(out, g)
		}
	}
	for _, g := range append([]*judged(nil), out...) {
		for _, r := range g.node.cause.Rivals {
			c := all[r.Cause]
			if c == nil || in[r.Cause] || c.best < rivalAt || downstream(out, r.Cause) {
				continue
			}
			in[r.Cause] = true
			out = append(out, c)
		}
	}
	rank := func(g *judged) float64 { return m.rank(g, units) }
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if ra, rb := rank(a), rank(b); ra != rb {
			return ra > rb
		}
		return a.best > b.best
	})
	return causesFirst(out, func(g *judged) bool { return m.late(g.node, &units[g.unit]) })
}

// causesFirst moves a cause that is likelier than not before those it explains:
// a process that ends for a line in its configuration has a crash to show, and
// the line is what to mend. One that came late did not make them.
func causesFirst(list []*judged, late func(*judged) bool) []*judged {
	for i, g := range list {
		if g.best < 0.5 || late(g) {
			continue
		}
		k := slices.IndexFunc(list[:i], func(c *judged) bool { _, below := g.node.reach[c.node.cause.ID]; return below })
		if k >= 0 {
			copy(list[k+1:i+1], list[k:i])
			list[k] = g
		}
	}
	return list
}

// downstream reports whether a cause follows from one that is listed: it is
// told there.
func downstream(listed []*judged, id string) bool {
	for _, g := range listed {
		if _, ok := g.node.reach[id]; ok {
			return true
		}
	}
	return false
}

// rank orders causes: by how probable they are, in steps wide enough that a
// difference means something, then by how much they hurt and how often. Behind
// by two steps stands what came after the consequences it would explain.
func (m *Model) rank(g *judged, units []unit) float64 {
	step := math.Round(clamp(logit(g.best), -4, 3) * 2)
	hurt := 0.0
	for _, s := range units[g.unit].seen {
		if _, ok := g.node.own[s.id]; ok {
			if p := m.patterns[s.id]; p != nil {
				hurt = max(hurt, severity(p.Severity))
			}
		}
	}
	if m.late(g.node, &units[g.unit]) {
		step -= lateSteps
	}
	return step + 2*hurt + 0.5*math.Log1p(float64(g.lead))
}

func severity(s string) float64 {
	switch s {
	case "fatal":
		return 1
	case "error":
		return 0.8
	case "warning":
		return 0.3
	}
	return 0
}

func (m *Model) finding(g *judged, listed []*judged, all map[string]*judged, units []unit, posts []posterior, runs []Run, eps []Episode) Finding {
	f := Finding{Cause: g.node.cause, Probability: g.best}
	counts := map[string]int64{}
	mine := map[int]bool{} // runs that belong to this finding
	for i := range units {
		p := probability(posts[i], g.node)
		if p < rivalAt || (p < ReportAt && i != g.unit) {
			continue
		}
		for _, r := range units[i].runs {
			if _, ok := g.node.link(runs[r].Pattern); !ok {
				continue
			}
			mine[r] = true
			counts[runs[r].Pattern] += runs[r].Count
			f.Last = latest(f.Last, runs[r].Time, runs[r].End)
			if t := runs[r].Time; !t.IsZero() && (f.First.IsZero() || t.Before(f.First)) {
				f.First = t
			}
			if s := runs[r].Session; s != "" {
				f.Sessions = union(f.Sessions, []string{s})
			}
		}
	}
	sort.Strings(f.Sessions)
	for _, e := range eps {
		for i := e.First; i <= e.Last; i++ {
			if mine[i] {
				f.Episodes++
				break
			}
		}
	}
	m.evidence(&f, g, units[g.unit], counts)
	for _, r := range g.node.cause.Rivals {
		if c := all[r.Cause]; c != nil && c.best >= rivalAt {
			f.Rivals = append(f.Rivals, RivalOf{Cause: c.node.cause, Probability: c.best, Why: r.Why, Settle: r.Settle})
		}
	}
	for _, c := range listed { // rivalry declared from the other side only
		if c == g || hasRival(f.Rivals, c.node.cause.ID) {
			continue
		}
		for _, r := range c.node.cause.Rivals {
			if r.Cause == g.node.cause.ID {
				f.Rivals = append(f.Rivals, RivalOf{Cause: c.node.cause, Probability: c.best, Why: r.Why, Settle: r.Settle})
			}
		}
	}
	sort.SliceStable(f.Rivals, func(i, j int) bool { return f.Rivals[i].Probability > f.Rivals[j].Probability })
	return f
}

func hasRival(rs []RivalOf, id string) bool {
	for _, r := range rs {
		if r.Cause.ID == id {
			return true
		}
	}
	return false
}

func probability(p posterior, n *causeNode) float64 {
	for i := range p.nodes {
		if p.nodes[i] == n {
			return p.p[i]
		}
	}
	return 0
}

// evidence splits what the unit shows into the cause's own evidence, with what
// each piece adds, and the consequences folded under it.
func (m *Model) evidence(f *Finding, g *judged, u unit, counts map[string]int64) {
	inUnit := map[string]bool{}
	for _, s := range u.seen {
		inUnit[s.id] = true
		l, linked := g.node.link(s.id)
		_, against := g.node.against[s.id]
		n := counts[s.id]
		if n == 0 {
			n = s.count
		}
		switch {
		case linked && !l.direct && !against:
			f.Explains = append(f.Explains, Weighted{Pattern: s.id, Count: n})
		case linked || against:
			f.Evidence = append(f.Evidence, Weighted{Pattern: s.id, Count: n, Weight: m.weight(g.node, s)})
		}
	}
	var more []string
	for id := range counts {
		if !inUnit[id] {
			more = append(more, id)
		}
	}
	sort.Strings(more)
	for _, id := range more { // seen in other units of the same cause
		if _, ok := g.node.own[id]; ok {
			f.Evidence = append(f.Evidence, Weighted{Pattern: id, Count: counts[id], Weight: m.weight(g.node, observed{id: id})})
		} else {
			f.Explains = append(f.Explains, Weighted{Pattern: id, Count: counts[id]})
		}
	}
	sort.SliceStable(f.Evidence, func(i, j int) bool { return f.Evidence[i].Weight > f.Evidence[j].Weight })
	sort.SliceStable(f.Explains, func(i, j int) bool { return f.Explains[i].Count > f.Explains[j].Count })
}

// weight is the weight of evidence of one pattern for one cause taken alone:
// the logarithm of how much likelier the pattern is with the cause than
// without it, or how much it speaks against it. Prior log-odds plus weights give the log-odds of the cause, as
// long as no rival explains the same patterns.
func (m *Model) weight(n *causeNode, s observed) float64 {
	w := 0.0
	if strength, ok := n.own[s.id]; ok {
		if s.context {
			strength *= contextFactor
		}
		leak := m.leak(s.id)
		w += math.Log((1 - (1-leak)*(1-strength)) / leak)
	}
	if a, ok := n.against[s.id]; ok && !m.ablation.NoAgainst {
		w += math.Log(1 - a)
	}
	return w
}
