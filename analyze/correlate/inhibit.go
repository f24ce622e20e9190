package correlate

import (
	"sort"
	"time"

	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// How far a line reaches that inhibits a complaint.
const (
	resolvedWithin      = time.Minute // a success after a complaint
	resolvedWithinLines = 200         // the same where no clock says
	excusedWithin       = 10 * time.Second
	excusedWithinLines  = 40
)

// inhibited tells which runs are no failure because of what stands beside them.
// A program that tries one driver or encoder after the other complains of each
// that does not fit, and then says which one it uses (resolves). When an app
// ends as it should, its display goes away under whatever still draws on it
// (excuses). A complaint that comes again, too late for either, stays one.
func (t *Runs) inhibited() []bool {
	out := make([]bool, len(t.list))
	resolving := t.byTarget(func(p *patterns.Pattern) []string { return p.Resolves }, func(q *Run) timeline.Pos { return q.Last.Pos })
	excusing := t.byTarget(func(p *patterns.Pattern) []string { return p.Excuses }, func(q *Run) timeline.Pos { return q.First.Pos })
	if len(resolving) == 0 && len(excusing) == 0 {
		return out
	}
	for i := range t.list {
		q := &t.list[i]
		out[i] = resolvedBy(q, resolving[q.Pattern]) || excusedBy(q, excusing[q.Pattern])
	}
	return out
}

// byTarget collects the runs of patterns that inhibit others, by the pattern
// they inhibit and in the order of their places.
func (t *Runs) byTarget(targets func(*patterns.Pattern) []string, place func(*Run) timeline.Pos) map[int32][]*Run {
	out := map[int32][]*Run{}
	for i := range t.list {
		q := &t.list[i]
		for _, id := range targets(t.all[q.Pattern]) {
			if at, ok := t.byID[id]; ok {
				out[at] = append(out[at], q)
			}
		}
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return place(list[i]).Before(place(list[j])) })
	}
	return out
}

// resolvedBy reports whether one of the runs has a line soon after the last of q.
func resolvedBy(q *Run, list []*Run) bool {
	i := sort.Search(len(list), func(i int) bool { return q.Last.Before(list[i].Last.Pos) })
	if i == len(list) || !list[i].beside(q) {
		return false
	}
	next := list[i].First
	if next.Line <= q.Last.Line {
		return true // the run goes on over the complaint, so its lines are close together
	}
	if d, ok := next.Since(q.Last); ok {
		return d <= resolvedWithin && d >= -resolvedWithin
	}
	return next.Line-q.Last.Line <= resolvedWithinLines
}

// excusedBy reports whether one of the runs has a line shortly before the first
// of q, and q is over soon after.
func excusedBy(q *Run, list []*Run) bool {
	i := sort.Search(len(list), func(i int) bool { return !list[i].First.Before(q.First.Pos) }) - 1
	if i < 0 || !list[i].beside(q) {
		return false
	}
	before := list[i].Last
	if before.Line > q.Last.Line {
		return true
	}
	if d, ok := q.Last.Since(before); ok {
		return d <= excusedWithin && d >= -excusedWithin
	}
	return q.Last.Line-before.Line <= excusedWithinLines
}
