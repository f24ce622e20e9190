package correlate

import (
	"sort"
	"time"

	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Placed is a run with its place in time.
type Placed struct {
	Run
	Start, End time.Time        // in UTC; zero: unknown
	Begin      timeline.Reading // the earlier of First and Last
}

// Ordered puts the runs of all inputs into one order of time and leaves out
// those that others inhibit, those that only inhibit, those that are ordinary in
// these circumstances, and those for which Outside holds of both ends. Runs
// whose time is unknown keep their place in their input.
func (t *Runs) Ordered(c *Circumstances) []Placed {
	type entry struct {
		Placed
		key time.Time
	}
	entries := make([]entry, 0, len(t.list))
	latest := map[int32]time.Time{} // of each input, the last time known
	inhibited := t.inhibited()
	ordinary, _ := t.ordinary(c)
	for i := range t.list {
		q := &t.list[i]
		if inhibited[i] || ordinary[i] || c.Foreign && !q.OfStack || t.all[q.Pattern].Role == patterns.RoleBenign || t.all[q.Pattern].Role == patterns.RoleLifecycle {
			continue
		}
		e := entry{Placed: place(q, c.Times)}
		if e.key = e.Start; e.key.IsZero() {
			e.key = latest[q.First.Input]
		} else {
			latest[q.First.Input] = e.key
		}
		if c.Outside != nil && c.Outside(q.First) && c.Outside(q.Last) {
			continue // its time has become known since it was read
		}
		entries = append(entries, e)
	}
	sort.SliceStable(entries, func(i, j int) bool {
		x, y := &entries[i], &entries[j]
		if !x.key.Equal(y.key) {
			return x.key.Before(y.key)
		}
		return x.First.Before(y.First.Pos)
	})
	out := make([]Placed, len(entries))
	for i := range entries {
		out[i] = entries[i].Placed
	}
	return out
}

// place finds when a run began and ended. One that reads from late to early
// stands in a log whose newest line comes first. Threads write out of order by
// less than a second.
func place(q *Run, times *timeline.Timeline) Placed {
	p := Placed{Run: *q, Start: times.At(q.First).Time, End: times.At(q.Last).Time, Begin: q.First}
	if !p.End.IsZero() && p.Start.Sub(p.End) > time.Second {
		p.Start, p.End, p.Begin = p.End, p.Start, q.Last
	}
	return p
}
