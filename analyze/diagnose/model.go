// Package diagnose turns what was recognised in a log into ranked root causes.
//
// The model is a two-layer noisy-OR network that an engineer can check by hand
// (Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, §4.3.2; the
// exact enumeration over small cause sets follows QMR-style diagnosis, Shwe et
// al., Methods of Information in Medicine 30, 1991). docs/ranking.md explains
// it with numbers.
//
// Everything here is deterministic and free of I/O; a Model is read-only and
// safe for concurrent use.
package diagnose

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"wolfdiag/patterns"
)

// The fixed numbers of the model; docs/ranking.md gives the reasons.
const (
	defaultPrior  = 0.01
	edgeStrength  = 0.55 // a present cause shows a pattern of its `explains` list
	edgeDecay     = 0.80 // per further step along `explains`
	maxEdgeDepth  = 5
	leakCause     = 0.001 // a cause-role pattern appears for a reason outside the catalogue
	leakSymptom   = 0.03
	leakFact      = 0.10
	maxSet        = 3  // causes that may be present together in one unit
	maxCandidates = 14 // candidates enumerated exactly
	lateFactor    = 0.05
	lateSteps     = 2 // in the order of what is reported
	contextFactor = 0.7
	crashStrength = 0.97  // of a stack that a crash rule knows
	decisiveFact  = 0.9   // a fact this strong makes its cause a candidate without any line
	leakDecisive  = 0.005 // such a fact shows for another reason
	maxAgainst    = 0.97
	leakReading   = 0.005 // a complaint read by its words alone appears for another reason
	priorUnshown  = 0.15  // odds that the cause does not show in the log at all
	stepUnshown   = 0.3   // nats that each symptom adds to that
	mostUnshown   = 1.5   // and all of them together
)

// Ablation switches parts of the model off; the zero value is the full model.
type Ablation struct {
	NoEdges     bool // ignore `explains`
	NoOrder     bool // ignore order in time
	NoLifetimes bool // one unit for the whole log
	NoFacts     bool // ignore snapshots and the timeline
	NoAgainst   bool
	NoOutcome   bool // ignore sessions that worked
	NoSetup     bool // ignore which hardware is in use
	NoContrast  bool // ignore what also happens when it works
	NoReading   bool // ignore complaints that are read by their words alone
	NoSpeaker   bool // ignore who says a message
	NoPhase     bool // ignore in which phase of a session it stands
}

type link struct {
	strength float64
	direct   bool // in the cause's own evidence list
}

// ratio is how much likelier a pattern is with the cause than without it.
func (l link) ratio(leak float64) float64 { return (1 - (1-leak)*(1-l.strength)) / leak }

type causeNode struct {
	cause   *patterns.Cause
	prior   float64
	own     map[string]float64        // pattern id → strength, of the cause's own evidence
	edges   func() map[string]float64 // pattern id → strength, of what it explains; made when first asked for
	against map[string]float64        // pattern id → factor exponent
	reach   map[string]int            // cause ids downstream → steps
	causes  []*causeNode              // of its explains list
	shows   []string                  // patterns of its explains list
}

// link is how a cause is tied to a pattern: by its own evidence or as what it
// explains. It reports false when it is not.
func (n *causeNode) link(id string) (link, bool) {
	if s, ok := n.own[id]; ok {
		return link{strength: s, direct: true}, true
	}
	s, ok := n.edges()[id]
	return link{strength: s}, ok
}

// Model is a catalogue prepared for diagnosis.
type Model struct {
	causes   []*causeNode // by id
	byID     map[string]*causeNode
	patterns map[string]*patterns.Pattern
	decisive map[string]bool         // facts that name a cause by themselves
	owners   func() map[string][]int // pattern id → places in causes of those that it is evidence of; made when first asked for
	ablation Ablation
}

// NewModel prepares a catalogue. Cost: a walk over causes and their edges,
// well under a millisecond for the built-in catalogue.
func NewModel(causes []*patterns.Cause, pats []*patterns.Pattern, a Ablation) *Model {
	m := &Model{
		byID:     make(map[string]*causeNode, len(causes)),
		patterns: make(map[string]*patterns.Pattern, len(pats)),
		decisive: map[string]bool{},
		ablation: a,
	}
	for _, p := range pats {
		m.patterns[p.ID] = p
	}
	for _, c := range causes {
		if c.Disabled {
			continue
		}
		n := &causeNode{cause: c, prior: c.Prior, own: make(map[string]float64, len(c.Evidence)), against: map[string]float64{}}
		if n.prior <= 0 {
			n.prior = defaultPrior
		}
		m.causes = append(m.causes, n)
		m.byID[c.ID] = n
	}
	sort.Slice(m.causes, func(i, j int) bool { return m.causes[i].cause.ID < m.causes[j].cause.ID })
	for _, n := range m.causes {
		m.connect(n)
	}
	for _, p := range pats {
		for _, s := range p.Supports {
			if n := m.byID[s.Cause]; n != nil {
				n.own[p.ID] = clamp(s.Strength, 0.01, 0.99)
			}
		}
	}
	m.owners = sync.OnceValue(m.ownedBy)
	for _, n := range m.causes {
		below := n.downstream()
		n.edges = sync.OnceValue(func() map[string]float64 { return edges(below) })
		n.reach = make(map[string]int, len(below))
		for _, s := range below[1:] {
			n.reach[s.cause.cause.ID] = s.depth
		}
	}
	return m
}

// ownedBy finds which causes each pattern is evidence of.
func (m *Model) ownedBy() map[string][]int {
	out := make(map[string][]int, len(m.patterns))
	for i, n := range m.causes {
		for id := range n.own {
			out[id] = append(out[id], i)
		}
	}
	return out
}

// connect fills in what a cause's own lists say.
func (m *Model) connect(n *causeNode) {
	for _, e := range n.cause.Evidence {
		if strings.HasPrefix(e.Pattern, patterns.FactPrefix) && e.Strength >= decisiveFact {
			m.decisive[e.Pattern] = true
		}
		n.own[e.Pattern] = clamp(e.Strength, 0.01, 0.99)
	}
	crash := patterns.CrashFact(n.cause.ID)
	m.decisive[crash], n.own[crash] = true, crashStrength
	for _, e := range n.cause.Against {
		n.against[e.Pattern] = clamp(e.Strength, 0, maxAgainst)
	}
	if m.ablation.NoEdges {
		return
	}
	for _, id := range n.cause.Explains {
		if d, ok := m.byID[id]; ok {
			n.causes = append(n.causes, d)
		} else {
			n.shows = append(n.shows, id)
		}
	}
}

// step is a cause that a cause explains, through so many others.
type step struct {
	cause *causeNode
	depth int
}

// downstream lists a cause and those it explains, the nearest first.
func (n *causeNode) downstream() []step {
	queue := []step{{n, 0}}
	seen := map[*causeNode]bool{n: true}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		if s.depth == maxEdgeDepth {
			break
		}
		for _, d := range s.cause.causes {
			if !seen[d] {
				seen[d] = true
				queue = append(queue, step{d, s.depth + 1})
			}
		}
	}
	return queue
}

// edges are the patterns that a cause explains, directly and through the causes
// downstream of it, whose own evidence is a consequence too.
func edges(below []step) map[string]float64 {
	out := map[string]float64{}
	add := func(id string, strength float64) {
		out[id] = max(out[id], strength)
	}
	for _, s := range below {
		strength := edgeStrength
		for range s.depth {
			strength *= edgeDecay
		}
		for _, id := range s.cause.shows {
			add(id, strength)
		}
		for id := range s.cause.own {
			if s.depth > 0 && (!strings.HasPrefix(id, patterns.FactPrefix) || patterns.IsOutcome(id)) {
				add(id, strength)
			}
		}
	}
	return out
}

// role is a pattern's; empty for a fact.
func (m *Model) role(id string) patterns.Role {
	if p := m.patterns[id]; p != nil {
		return p.Role
	}
	return ""
}

// Related reports whether two patterns are evidence of one cause. That one might
// be a consequence of what the other names does not make them so: nearly
// everything may come from a GPU that is missing.
func (m *Model) Related(pattern, other string) bool {
	return slices.ContainsFunc(m.owners()[pattern], func(at int) bool {
		_, both := m.causes[at].own[other]
		return both
	})
}

// Stops reports whether all causes that a pattern is evidence of stop sessions, and
// that it is evidence of some.
func (m *Model) Stops(pattern string) bool {
	all := m.owners()[pattern]
	return len(all) > 0 && !slices.ContainsFunc(all, func(at int) bool { return m.causes[at].cause.Stops == "" })
}

// Supports reports whether a pattern is evidence of one of some causes.
func (m *Model) Supports(pattern string, some func(cause string) bool) bool {
	return slices.ContainsFunc(m.owners()[pattern], func(at int) bool { return some(m.causes[at].cause.ID) })
}

// Decisive reports whether a fact names a cause by itself, without any line
// of the log that speaks for it.
func (m *Model) Decisive(fact string) bool { return m.decisive[fact] }

// leak is the probability that a pattern shows up for a reason the catalogue
// does not know.
func (m *Model) leak(id string) float64 {
	if strings.HasPrefix(id, patterns.FactPrefix) {
		if m.decisive[id] {
			return leakDecisive
		}
		return leakFact
	}
	switch m.role(id) {
	case patterns.RoleCause:
		return leakCause
	case patterns.RoleReading:
		return leakReading
	}
	return leakSymptom
}

func clamp(x, lo, hi float64) float64 { return min(max(x, lo), hi) }
