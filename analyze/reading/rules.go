package reading

import "wolfdiag/analyze/speaker"

// Link ties a rule to a cause that its readings speak for.
type Link struct {
	Cause    string
	Strength float64 // the probability that the cause shows a complaint that is read so
	Why      string
}

// Leak is the probability that a complaint of a failing log is read by a rule
// although none of the causes of the rule is there.
const Leak = 0.005

// Severity says how much what a reading tells hurts a session.
type Severity uint8

// The severities.
const (
	Notice Severity = iota
	Degrades
	Breaks
)

// Speakers is a set of classes of speakers; the empty set is any.
type Speakers uint32

func speakers(list ...speaker.Class) Speakers {
	var s Speakers
	for _, c := range list {
		s |= 1 << c
	}
	return s
}

// Rule is one class of complaints: what for, about what, said by whom.
type Rule struct {
	ID       string
	Title    string
	Reasons  Reasons
	Objects  Objects // one of them
	With     Objects // and one of these, unless empty
	Not      Objects // and none of these
	Speakers Speakers
	Causes   []Link
	Severity Severity
	// Device is the hardware that the complaint is about: nothing is wrong where
	// nothing uses it.
	Device string
}

// Rules returns the rules in the order in which they are tried. The slice is
// shared and read-only.
func Rules() []Rule { return rules() }

func (r *Rule) fits(rs Reasons, os Objects, by speaker.Class) bool {
	if rs&r.Reasons == 0 || !os.Meets(r.Objects) || os.Meets(r.Not) {
		return false
	}
	if r.With != (Objects{}) && !os.Meets(r.With) {
		return false
	}
	return r.Speakers == 0 || r.Speakers&(1<<by) != 0
}
