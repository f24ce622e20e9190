package correlate

import (
	"wolfdiag/analyze/outcome"
	"wolfdiag/patterns"
)

// Judged are the runs of a log in given circumstances: which of them others
// inhibit, and which are ordinary there. It holds until the next run is added.
type Judged struct {
	*Runs
	circumstances *Circumstances
	placed        []ends
	inhibited     []bool
	ordinary      []bool // what a working deployment prints too
	asWorked      []bool // of these, those that are so for nothing but a session that worked
}

// Judge tells the runs that count from those that do not. Cost: a sort of the runs.
func (t *Runs) Judge(c *Circumstances) *Judged {
	j := &Judged{Runs: t, circumstances: c, placed: t.place(c), inhibited: t.inhibited()}
	j.ordinary, j.asWorked = t.findOrdinary(c, j.placed)
	return j
}

// ends are the first and the last match of a run, placed in time.
type ends struct{ first, last outcome.Moment }

// place finds when the runs were seen.
func (t *memory) place(c *Circumstances) []ends {
	out := make([]ends, len(t.list))
	for i := range t.list {
		q := &t.list[i]
		out[i].first = outcome.Place(c.Times, &q.First)
		if q.First == q.Last {
			out[i].last = out[i].first
			continue
		}
		out[i].last = outcome.Place(c.Times, &q.Last)
	}
	return out
}

// complaint reports whether a run is of a pattern that complains.
func (t *Runs) complaint(q *Run) bool {
	role := t.all[q.Pattern].Role
	return role != patterns.RoleBenign && role != patterns.RoleLifecycle
}
