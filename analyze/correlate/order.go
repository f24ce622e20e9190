package correlate

import (
	"cmp"
	"slices"
	"time"

	"wolfdiag/analyze/timeline"
)

// Placed is a run with its place in time. It holds until the next run is added.
type Placed struct {
	*Run
	Lifetime   int               // that it began in, -1: none
	Start, End time.Time         // in UTC; zero: unknown
	Begin      *timeline.Reading // the earlier of First and Last
}

// Ordered puts the runs of all inputs into one order of time and leaves out
// those that others inhibit, those that only inhibit, those that are ordinary in
// these circumstances, and those for which Outside holds of both ends. Runs
// whose time is unknown keep their place in their input.
func (t *Judged) Ordered() []Placed {
	c := t.circumstances
	out, keys := make([]Placed, 0, len(t.list)), make([]time.Time, 0, len(t.list))
	latest := map[int32]time.Time{} // of each input, the last time known
	for i := range t.list {
		q := &t.list[i]
		if t.inhibited[i] || t.ordinary[i] || c.Foreign && !q.OfStack || !t.complaint(q) {
			continue
		}
		p := place(q, &t.placed[i])
		key := p.Start
		if key.IsZero() {
			key = latest[q.First.Input]
		} else {
			latest[q.First.Input] = key
		}
		if c.Outside != nil && c.Outside(q.First) && c.Outside(q.Last) {
			continue // its time has become known since it was read
		}
		out, keys = append(out, p), append(keys, key)
	}
	order := make([]int32, len(out))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(keys[a].Compare(keys[b]), out[a].First.Compare(out[b].First.Pos), cmp.Compare(a, b))
	})
	sorted := make([]Placed, len(out))
	for i, k := range order {
		sorted[i] = out[k]
	}
	return sorted
}

// place finds when a run began and ended. One that reads from late to early
// stands in a log whose newest line comes first. Threads write out of order by
// less than a second.
func place(q *Run, at *ends) Placed {
	p := Placed{Run: q, Lifetime: at.first.Lifetime, Start: at.first.At.Time, End: at.last.At.Time, Begin: &q.First}
	if !p.End.IsZero() && p.Start.Sub(p.End) > time.Second {
		p.Start, p.End, p.Begin = p.End, p.Start, &q.Last
	}
	return p
}
