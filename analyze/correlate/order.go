package correlate

import (
	"slices"
	"sort"
	"time"

	"wolfdiag/analyze/timeline"
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
func (t *Judged) Ordered() []Placed {
	c := t.circumstances
	var list byTime
	latest := map[int32]time.Time{} // of each input, the last time known
	for i := range t.list {
		q := &t.list[i]
		if t.inhibited[i] || t.ordinary[i] || c.Foreign && !q.OfStack || !t.complaint(q) {
			continue
		}
		p := place(q, c.Times)
		key := p.Start
		if key.IsZero() {
			key = latest[q.First.Input]
		} else {
			latest[q.First.Input] = key
		}
		if c.Outside != nil && c.Outside(q.First) && c.Outside(q.Last) {
			continue // its time has become known since it was read
		}
		list.runs, list.keys = append(list.runs, p), append(list.keys, key)
	}
	sort.Stable(list)
	return slices.Clip(list.runs)
}

// byTime sorts runs by a time each, then by their places. A run is large, and
// there may be many: none is copied but to change places.
type byTime struct {
	runs []Placed
	keys []time.Time
}

func (l byTime) Len() int { return len(l.runs) }

func (l byTime) Less(i, j int) bool {
	if !l.keys[i].Equal(l.keys[j]) {
		return l.keys[i].Before(l.keys[j])
	}
	return l.runs[i].First.Before(l.runs[j].First.Pos)
}

func (l byTime) Swap(i, j int) {
	l.runs[i], l.runs[j] = l.runs[j], l.runs[i]
	l.keys[i], l.keys[j] = l.keys[j], l.keys[i]
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
