package lifetime

// minMixed is how many returns of a replaced process it takes to believe that
// two logs are mixed.
const minMixed = 3

// assume writes down what was taken for granted to place the lines in time.
func (t *History) assume(builders []*builder, rebuilt map[*builder]bool) {
	t.view.Assumptions(t.note)
	for i := range t.Lifetimes {
		if l := &t.Lifetimes[i]; l.LowerBound {
			t.note("the number of sessions of lifetime %d is a lower bound from the numbers in element names", i+1)
		}
	}
	for _, b := range builders {
		order, name := t.view.Order(b.streamID), t.view.Label(b.streamID)
		if order.Mixed >= minMixed {
			t.mixed = true
			t.note("%s holds lines of two processes whose clocks take turns (logs of two servers mixed without names): its lifetimes and sessions cannot be told apart and are not to be trusted", name)
		}
		if order.Disordered {
			backwards := ""
			if order.Reversed {
				backwards = ": the log runs backwards (newest line first)"
			}
			switch {
			case b.tooMany || !rebuilt[b] || !order.Sortable:
				t.mixed = true
				t.note("the lines of %s are not in the order of their times%s and cannot be sorted with certainty (no comparable times, or too many events): its lifetimes may be wrong", name, backwards)
			default:
				t.note("the lines of %s are not in the order of their times%s: its lifetimes are built from the events in the order of time", name, backwards)
			}
		}
	}
	d := t.Dropped
	for _, x := range [...]struct {
		n    int64
		what string
	}{
		{d.Lifetimes, "of the oldest lifetimes are left out"},
		{d.Sessions, "sessions are counted but their details are left out"},
		{d.Clocks, "of the oldest process clocks are left out: elapsed times near them have no absolute time"},
		{d.Streams, "lines belong to services beyond the limit and have no clock of their own"},
	} {
		if x.n > 0 {
			t.note("%d %s to keep memory bounded", x.n, x.what)
		}
	}
}
