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
	t.chain(out, func(p int32) bool { return len(excusing[p]) > 0 })
	return out
}

// ending tells which runs stand where an app or a desktop comes to its end as it
// should.
func (t *Runs) ending() []bool {
	out := make([]bool, len(t.list))
	var before, after []*Run // of what ends in order, and of what shows it afterwards too
	for i := range t.list {
		if p := t.all[t.list[i].Pattern]; len(p.Excuses) > 0 {
			before = append(before, &t.list[i])
			if len(p.Resolves) > 0 {
				after = append(after, &t.list[i])
			}
		}
	}
	if len(before) == 0 {
		return out
	}
	sort.SliceStable(before, func(i, j int) bool { return before[i].First.Before(before[j].First.Pos) })
	sort.SliceStable(after, func(i, j int) bool { return after[i].Last.Before(after[j].Last.Pos) })
	for i := range t.list {
		out[i] = resolvedBy(&t.list[i], after) || excusedBy(&t.list[i], before)
	}
	t.chain(out, func(int32) bool { return true })
	return out
}

// chainLines is how close behind an excused run another begins that is of the
// same end: a bar that loses its compositor says so a hundred times.
const chainLines = 5

// chain carries an excuse on to what begins while an excused run lasts, or right
// behind it. family tells which patterns it reaches.
func (t *Runs) chain(excused []bool, family func(pattern int32) bool) {
	order := make([]int, 0, len(t.list))
	for i := range t.list {
		if excused[i] || family(t.list[i].Pattern) {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return t.list[order[i]].First.Before(t.list[order[j]].First.Pos) })
	reach := map[lifetime]int64{} // the last line of those excused
	for _, i := range order {
		q := &t.list[i]
		l := q.lifetime()
		if end, ok := reach[l]; ok && !excused[i] {
			excused[i] = q.First.Line <= end+chainLines && q.brief()
		}
		if excused[i] {
			reach[l] = max(reach[l], q.Last.Line)
		}
	}
}

// brief reports whether a run is over soon after it began.
func (r *Run) brief() bool {
	if d, ok := r.Last.Since(&r.First); ok {
		return d <= excusedWithin && d >= -excusedWithin
	}
	return r.Last.Line-r.First.Line <= excusedWithinLines
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
	if d, ok := next.Since(&q.Last); ok {
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
	if d, ok := q.Last.Since(&before); ok {
		return d <= excusedWithin && d >= -excusedWithin
	}
	return q.First.Line-before.Line <= excusedWithinLines && q.brief()
}
