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
	"sort"
	"strings"

	"wolfdiag/patterns"
)

// The fixed numbers of the model; docs/ranking.md gives the reasons.
const (
	defaultPrior  = 0.01
	edgeStrength  = 0.55 // a present cause shows a pattern of its `explains` list
	edgeDecay     = 0.80 // per further step along `explains`
	maxEdgeDepth  = 5
	leakCause     = 0.002 // a cause-role pattern appears for a reason outside the catalogue
	leakSymptom   = 0.03
	leakFact      = 0.10
	maxSet        = 3  // causes that may be present together in one unit
	maxCandidates = 14 // candidates enumerated exactly
	lateFactor    = 0.6
	contextFactor = 0.7
	decisiveFact  = 0.9   // a fact this strong makes its cause a candidate without any line
	leakDecisive  = 0.005 // such a fact shows for another reason
	maxAgainst    = 0.97
)

// Ablation switches parts of the model off; the zero value is the full model.
type Ablation struct {
	NoEdges     bool // ignore `explains`
	NoOrder     bool // ignore order in time
	NoLifetimes bool // one unit for the whole log
	NoFacts     bool // ignore snapshots and the timeline
	NoAgainst   bool
}

type link struct {
	strength float64
	direct   bool // in the cause's own evidence list
}

type causeNode struct {
	cause   *patterns.Cause
	prior   float64
	links   map[string]link    // pattern id → link, own evidence and edges together
	against map[string]float64 // pattern id → factor exponent
	reach   map[string]int     // cause ids downstream → steps
}

// Model is a catalogue prepared for diagnosis.
type Model struct {
	causes   []*causeNode // by id
	byID     map[string]*causeNode
	roles    map[string]patterns.Role
	patterns map[string]*patterns.Pattern
	decisive map[string]bool // facts that name a cause by themselves
	ablation Ablation
}

// NewModel prepares a catalogue. Cost: a walk over causes and their edges,
// well under a millisecond for the built-in catalogue.
func NewModel(causes []*patterns.Cause, pats []*patterns.Pattern, a Ablation) *Model {
	m := &Model{
		byID:     make(map[string]*causeNode, len(causes)),
		roles:    make(map[string]patterns.Role, len(pats)),
		patterns: make(map[string]*patterns.Pattern, len(pats)),
		decisive: map[string]bool{},
		ablation: a,
	}
	for _, p := range pats {
		m.roles[p.ID] = p.Role
		m.patterns[p.ID] = p
	}
	for _, c := range causes {
		if c.Disabled {
			continue
		}
		n := &causeNode{cause: c, prior: c.Prior, links: map[string]link{}, against: map[string]float64{}, reach: map[string]int{}}
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
	return m
}

// connect fills the links of one cause: its own evidence, then what it
// explains, directly and through the causes downstream of it.
func (m *Model) connect(n *causeNode) {
	for _, e := range n.cause.Evidence {
		if strings.HasPrefix(e.Pattern, patterns.FactPrefix) && e.Strength >= decisiveFact {
			m.decisive[e.Pattern] = true
		}
		n.links[e.Pattern] = link{strength: clamp(e.Strength, 0.01, 0.99), direct: true}
	}
	for _, e := range n.cause.Against {
		n.against[e.Pattern] = clamp(e.Strength, 0, maxAgainst)
	}
	if m.ablation.NoEdges {
		return
	}
	type step struct {
		cause *causeNode
		depth int
	}
	queue := []step{{n, 0}}
	seen := map[string]bool{n.cause.ID: true}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		strength := edgeStrength
		for i := 0; i < s.depth; i++ {
			strength *= edgeDecay
		}
		for _, id := range s.cause.cause.Explains {
			if d, ok := m.byID[id]; ok {
				if !seen[id] && s.depth < maxEdgeDepth {
					seen[id] = true
					n.reach[id] = s.depth + 1
					queue = append(queue, step{d, s.depth + 1})
				}
				continue
			}
			n.addEdge(id, strength)
		}
		if s.depth > 0 { // a downstream cause's own evidence is a consequence too
			for _, e := range s.cause.cause.Evidence {
				if !strings.HasPrefix(e.Pattern, patterns.FactPrefix) {
					n.addEdge(e.Pattern, strength)
				}
			}
		}
	}
}

func (n *causeNode) addEdge(id string, strength float64) {
	if l, ok := n.links[id]; !ok || (!l.direct && l.strength < strength) {
		n.links[id] = link{strength: strength}
	}
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
	if m.roles[id] == patterns.RoleCause {
		return leakCause
	}
	return leakSymptom
}

func clamp(x, lo, hi float64) float64 { return min(max(x, lo), hi) }
