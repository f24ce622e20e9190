package correlate

import "wolfdiag/patterns"

// Judged are the runs of a log in given circumstances: which of them others
// inhibit, and which are ordinary there. It holds until the next run is added.
type Judged struct {
	*Runs
	circumstances *Circumstances
	inhibited     []bool
	ordinary      []bool // what a working deployment prints too
	asWorked      []bool // of these, those that are so for nothing but a session that worked
}

// Judge tells the runs that count from those that do not. Cost: a sort of the runs.
func (t *Runs) Judge(c *Circumstances) *Judged {
	j := &Judged{Runs: t, circumstances: c, inhibited: t.inhibited()}
	j.ordinary, j.asWorked = t.findOrdinary(c)
	return j
}

// complaint reports whether a run is of a pattern that complains.
func (t *Runs) complaint(q *Run) bool {
	role := t.all[q.Pattern].Role
	return role != patterns.RoleBenign && role != patterns.RoleLifecycle
}
