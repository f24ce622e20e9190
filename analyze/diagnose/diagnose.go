package diagnose

import (
	"maps"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"wolfdiag/patterns"
)

// Thresholds of what is reported.
const (
	ReportAt = 0.25 // a cause this probable is something to act on
	rivalAt  = 0.02 // a rival less probable than this is settled by the log
	readAt   = 0.03 // a second meaning of words that no pattern knows, beside a cause that is listed
	enough   = 3    // causes after which no second meanings are added
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
	Sum         Sum
}

// Sum is how a probability comes about, in nats of log-odds: prior, the weights
// of the evidence, the consequences and the shares add up to the log-odds of
// the probability.
type Sum struct {
	Prior    float64
	Evidence float64 // all weights of Finding.Evidence
	Explains float64 // what the consequences add together
	// Unshown is what the possibility takes that the cause does not show in the log.
	Unshown float64
	Rivals  []Share // what each other candidate takes or gives, the likeliest first
	Total   float64 // log-odds of the probability
}

// Share is how much leaving a rival out would change the log-odds.
type Share struct {
	Cause  string
	Weight float64
}

// Weighted is a pattern with how often it matched and what it adds, in nats of
// log-odds, to the belief in the cause.
type Weighted struct {
	Pattern  string
	Count    int64
	Weight   float64
	Contrast Contrast // of the sessions compared, zero when they were not
}

// RivalOf is a cause that the log cannot tell from the finding.
type RivalOf struct {
	Cause       *patterns.Cause
	Probability float64
	Why, Settle string
	Expect      string // what Settle shows
	Then        string // if it is this cause
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

// Diagnose ranks the causes of runs, which must be in order of time, where
// nothing is known of how sessions went. The result is empty, not nil-unsafe,
// when nothing complains.
func (m *Model) Diagnose(runs []Run, facts []Fact) Diagnosis {
	return m.DiagnoseWith(runs, facts, Circumstances{})
}

// DiagnoseWith is Diagnose where it is known how sessions went.
func (m *Model) DiagnoseWith(runs []Run, facts []Fact, circumstances Circumstances) Diagnosis {
	circumstances.index()
	d := Diagnosis{Episodes: m.Episodes(runs)}
	units := m.units(runs, d.Episodes, facts)
	posts := m.judge(units, circumstances)
	all := map[string]*judged{}
	for i := range units {
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
		d.Findings = append(d.Findings, m.finding(g, listed, all, units, posts, runs, d.Episodes, circumstances))
	}
	return d
}

// judge infers the causes of each unit, units that show the same once, on all
// processors.
func (m *Model) judge(units []unit, circumstances Circumstances) []posterior {
	posts := make([]posterior, len(units))
	first := map[string]int{} // the first unit that shows the same
	var distinct []int
	alike := make([]int, len(units))
	var k []byte
	for i := range units {
		k = units[i].key(k[:0], &circumstances)
		j, ok := first[string(k)]
		if !ok {
			j, distinct = i, append(distinct, i)
			first[string(k)] = i
		}
		alike[i] = j
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(distinct)) {
		wg.Go(func() {
			f := &inference{Model: m, circumstances: circumstances}
			for {
				k := next.Add(1) - 1
				if k >= int64(len(distinct)) {
					return
				}
				i := distinct[k]
				f.next(&units[i])
				posts[i] = f.infer()
			}
		})
	}
	wg.Wait()
	for i, j := range alike {
		posts[i] = posts[j]
	}
	return posts
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
	for _, g := range append([]*judged(nil), out...) {
		for _, c := range m.readings(g, all, units) {
			if len(out) < enough && !in[c.node.cause.ID] && !downstream(out, c.node.cause.ID) {
				in[c.node.cause.ID] = true
				out = append(out, c)
			}
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

// readings are the other causes that the same unit speaks for where nothing
// but readings do: words that no pattern knows mean this or that, and the less
// likely meaning is told as one. The likeliest come first.
func (m *Model) readings(g *judged, all map[string]*judged, units []unit) []*judged {
	if !m.onlyRead(g, units) {
		return nil
	}
	var out []*judged
	for _, n := range m.causes {
		if c := all[n.cause.ID]; c != nil && c != g && c.unit == g.unit && c.best >= readAt && m.onlyRead(c, units) {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].best > out[j].best })
	return out
}

// onlyRead reports whether all evidence of a cause's own, where it is best, are
// readings.
func (m *Model) onlyRead(g *judged, units []unit) bool {
	for _, s := range units[g.unit].seen {
		if _, own := g.node.own[s.id]; own && m.role(s.id) != patterns.RoleReading {
			return false
		}
	}
	return true
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

func (m *Model) finding(g *judged, listed []*judged, all map[string]*judged, units []unit, posts []posterior, runs []Run, eps []Episode, circumstances Circumstances) Finding {
	f := Finding{Cause: g.node.cause, Probability: g.best}
	counts := map[string]int64{}
	mine := make([]bool, len(runs)) // those that belong to this finding
	sessions := map[string]bool{}
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
				sessions[s] = true
			}
		}
	}
	f.Sessions = slices.Sorted(maps.Keys(sessions))
	for _, e := range eps {
		for i := e.First; i <= e.Last; i++ {
			if mine[i] {
				f.Episodes++
				break
			}
		}
	}
	in := &inference{Model: m, circumstances: circumstances, unit: &units[g.unit]}
	in.evidence(&f, g.node, counts)
	f.Sum = in.sum(g.node, posts[g.unit], &f)
	for _, r := range g.node.cause.Rivals {
		if c := all[r.Cause]; c != nil && c.best >= rivalAt {
			f.Rivals = append(f.Rivals, RivalOf{Cause: c.node.cause, Probability: c.best, Why: r.Why, Settle: r.Settle, Expect: r.Expect, Then: c.node.cause.ID})
		}
	}
	for _, c := range listed { // rivalry declared from the other side only
		if c == g || hasRival(f.Rivals, c.node.cause.ID) {
			continue
		}
		for _, r := range c.node.cause.Rivals {
			if r.Cause == g.node.cause.ID {
				f.Rivals = append(f.Rivals, RivalOf{Cause: c.node.cause, Probability: c.best, Why: r.Why, Settle: r.Settle, Expect: r.Expect, Then: g.node.cause.ID})
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
