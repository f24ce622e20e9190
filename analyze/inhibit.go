package analyze

import (
	"sort"
	"time"

	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// How far a line reaches that takes the sting out of a complaint.
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
func (a *Analyzer) inhibited() []bool {
	out := make([]bool, len(a.track.runs))
	resolving := a.byTarget(func(p *patterns.Pattern) []string { return p.Resolves }, func(q *run) timeline.Pos { return q.last.Pos })
	excusing := a.byTarget(func(p *patterns.Pattern) []string { return p.Excuses }, func(q *run) timeline.Pos { return q.first.Pos })
	if len(resolving) == 0 && len(excusing) == 0 {
		return out
	}
	for i := range a.track.runs {
		q := &a.track.runs[i]
		out[i] = resolvedBy(q, resolving[q.pattern]) || excusedBy(q, excusing[q.pattern])
	}
	return out
}

// byTarget collects the runs of patterns that inhibit others, by the pattern
// they inhibit and in the order of their places.
func (a *Analyzer) byTarget(targets func(*patterns.Pattern) []string, place func(*run) timeline.Pos) map[int32][]*run {
	out := map[int32][]*run{}
	pats := a.cat.Patterns()
	for i := range a.track.runs {
		q := &a.track.runs[i]
		for _, id := range targets(pats[q.pattern]) {
			if p := a.pattern(id); p != nil {
				out[int32(p.Index)] = append(out[int32(p.Index)], q)
			}
		}
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return place(list[i]).Before(place(list[j])) })
	}
	return out
}

// resolvedBy reports whether one of the runs has a line soon after the last of q.
func resolvedBy(q *run, list []*run) bool {
	i := sort.Search(len(list), func(i int) bool { return q.last.Before(list[i].last.Pos) })
	if i == len(list) || !list[i].beside(q) {
		return false
	}
	next := list[i].first
	if next.Line <= q.last.Line {
		return true // the run goes on over the complaint, so its lines are close together
	}
	if d, ok := between(q.last, next); ok {
		return d <= resolvedWithin && d >= -resolvedWithin
	}
	return next.Line-q.last.Line <= resolvedWithinLines
}

// excusedBy reports whether one of the runs has a line shortly before the first
// of q, and q is over soon after.
func excusedBy(q *run, list []*run) bool {
	i := sort.Search(len(list), func(i int) bool { return !list[i].first.Before(q.first.Pos) }) - 1
	if i < 0 || !list[i].beside(q) {
		return false
	}
	before := list[i].last
	if before.Line > q.last.Line {
		return true
	}
	if d, ok := between(before, q.last); ok {
		return d <= excusedWithin && d >= -excusedWithin
	}
	return q.last.Line-before.Line <= excusedWithinLines
}

// beside reports whether two runs are of one input and one life of Wolf.
func (r *run) beside(q *run) bool { return r.epoch == q.epoch && r.last.Input == q.last.Input }
