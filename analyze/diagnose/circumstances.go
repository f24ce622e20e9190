package diagnose

import (
	"math"
	"slices"

	"wolfdiag/patterns"
)

// Circumstances is what is known beside the complaints: how sessions went, and
// what the deployment is.
// The zero value knows nothing.
type Circumstances struct {
	// Sessions that worked, in the order of the runs.
	Worked []Worked
	// Contrast compares, by pattern, sessions that worked with sessions that failed.
	Contrast map[string]Contrast
	// OtherVendor: causes that need the GPU of a vendor that is not in use here
	// and that nothing asked for.
	OtherVendor map[string]bool

	latest map[int][]int // lifetime → Worked.After of as many as count, the highest first
}

// index prepares workedAfter.
func (c *Circumstances) index() {
	c.latest = map[int][]int{}
	for _, w := range c.Worked {
		list := c.latest[w.Lifetime]
		at, _ := slices.BinarySearchFunc(list, w.After, func(a, b int) int { return b - a })
		list = slices.Insert(list, at, w.After)
		c.latest[w.Lifetime] = list[:min(len(list), maxOutcome)]
	}
}

// workedAfter is how many sessions of a lifetime that worked began after a run;
// maxOutcome at most.
func (c *Circumstances) workedAfter(lifetime, run int) int {
	n := 0
	for _, after := range c.latest[lifetime] {
		if after > run {
			n++
		}
	}
	return n
}

// Worked is a session that streamed and ended as it should, or goes on.
type Worked struct {
	Lifetime int
	After    int // so many runs began before it did
}

// Contrast says in how many sessions that worked, and in how many that failed,
// a pattern was seen.
type Contrast struct {
	Lifetimes         bool // they are lifetimes of Wolf, not sessions
	Worked, WorkedAll int
	Failed, FailedAll int
}

const (
	outcomeFactor = 3.0 // nats that a session that worked afterwards takes
	maxOutcome    = 3   // sessions that count
	otherVendor   = 4.0 // nats that the GPU of another vendor takes
)

// ContrastFrom is how many sessions must have worked before they are compared
// with those that failed.
const ContrastFrom = 3

// The facts under which circumstances are told as evidence.
const (
	SessionsWorked = "fact-sessions-worked"
	OtherVendor    = "fact-other-vendor"
)

// Tells reports whether the comparison says anything: something was seen where it
// worked, and enough worked.
func (c Contrast) Tells() bool { return c.Worked > 0 && c.WorkedAll >= ContrastFrom }

// onlyElsewhere reports whether it was seen in sessions, and in none of those
// that worked.
func (c Contrast) onlyElsewhere() bool { return c.WorkedAll > 0 && !c.Lifetimes && c.Worked == 0 }

// Most bounds how much likelier a pattern can be with a cause that makes
// sessions fail: by how much oftener it is seen in those that failed, smoothed
// by one session each way. It is never below 1: to be ordinary is no sign of
// health. Where the comparison tells nothing it is +Inf.
func (c Contrast) Most() float64 {
	if !c.Tells() {
		return math.Inf(1)
	}
	failed := float64(c.Failed+1) / float64(c.FailedAll+2)
	worked := float64(c.Worked+1) / float64(c.WorkedAll+2)
	return math.Max(1, failed/worked)
}

// workedAfter counts the sessions of the unit's lifetime that worked after the
// last evidence of the cause's own there: what cannot work while it is present did.
// What stands in sessions of which none is known to have worked is no ghost of
// the log: another client, or a later try, that works does not explain those.
func (f *inference) workedAfter(n *causeNode) int {
	if f.ablation.NoOutcome || n.cause.Stops != stopsSession {
		return 0
	}
	last := -1
	for _, s := range f.unit.seen {
		if _, own := n.own[s.id]; own {
			last = max(last, s.last)
			if f.circumstances.Contrast[s.id].onlyElsewhere() {
				return 0
			}
		}
	}
	if last < 0 {
		return 0
	}
	return f.circumstances.workedAfter(f.unit.lifetime, last)
}

// circumstantial is what the circumstances speak against a cause, in nats.
func (f *inference) circumstantial(n *causeNode) float64 {
	w := outcomeFactor * float64(f.workedAfter(n))
	if f.otherVendor(n) {
		w += otherVendor
	}
	return w
}

// otherVendor reports whether a cause needs hardware that is not in use here.
func (f *inference) otherVendor(n *causeNode) bool {
	return !f.ablation.NoSetup && f.circumstances.OtherVendor[n.cause.ID]
}

// stopsSession is the value of patterns.Cause.Stops for causes that no new
// session survives.
const stopsSession = "session"

// compared reports whether sessions that worked tell anything about a cause: it
// stops sessions, and does so from the start. One that grows is there long before
// it stops the first.
func (n *causeNode) compared() bool {
	return n.cause.Stops == stopsSession && (n.cause.Grows == "" || n.cause.Grows == "no")
}

// contrasted lowers the strength of a link to what the comparison of sessions
// allows. A text that names its cause by a code is not compared: the code is
// the same whoever else reports it.
func (f *inference) contrasted(n *causeNode, id string, strength float64) float64 {
	c := f.circumstances.Contrast[id]
	if !c.Tells() || f.ablation.NoContrast || !n.compared() {
		return strength
	}
	if p := f.patterns[id]; p == nil || p.Codes != "" {
		return strength
	}
	leak := f.leak(id)
	if most := (leak*c.Most() - leak) / (1 - leak); most < strength {
		return math.Max(most, 0)
	}
	return strength
}

// unshown is the weight, in nats, of the hypothesis that the cause does not
// show in the log: symptoms may come from it, evidence that names a cause does
// not. It is never reported as a cause.
func (f *inference) unshown(seen []observed) float64 {
	sum := 0.0
	for _, s := range seen {
		if f.role(s.id) == patterns.RoleSymptom {
			sum += stepUnshown
		}
	}
	return math.Log(priorUnshown) + math.Min(sum, mostUnshown)
}
