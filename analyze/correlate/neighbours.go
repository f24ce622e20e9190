package correlate

import (
	"cmp"
	"slices"
	"sort"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// neighbours are the runs of one pattern in one lifetime of one input, in an order in
// which it is looked up whether one follows or precedes another run.
type neighbours struct {
	last  int64   // line of all
	spans []lines // by first line
	ends  map[clocks][]end
}

// lines are those of a run.
type lines struct {
	first int64
	last  int64 // of this run and those before it
}

// clocks are those that a line shows.
type clocks struct{ outer, inner logline.ClockKind }

// end is where a run ends.
type end struct {
	line         int64
	outer, inner int64 // the latest of this run and those before it, in nanoseconds
}

func clocksOf(r *timeline.Reading) clocks { return clocks{r.Outer.Kind, r.Inner.Kind} }

func (n *neighbours) add(q *Run) {
	if n.ends == nil {
		n.ends = map[clocks][]end{}
	}
	n.last = max(n.last, q.Last.Line)
	n.spans = append(n.spans, lines{q.First.Line, q.Last.Line})
	k := clocksOf(&q.Last)
	n.ends[k] = append(n.ends[k], end{q.Last.Line, q.Last.Outer.Nanos, q.Last.Inner.Nanos})
}

func (n *neighbours) sort() {
	slices.SortFunc(n.spans, func(a, b lines) int { return cmp.Compare(a.first, b.first) })
	for i := range n.spans[1:] {
		n.spans[i+1].last = max(n.spans[i+1].last, n.spans[i].last)
	}
	for _, list := range n.ends {
		slices.SortFunc(list, func(a, b end) int { return cmp.Compare(a.line, b.line) })
		for i := range list[1:] {
			list[i+1].outer = max(list[i+1].outer, list[i].outer)
			list[i+1].inner = max(list[i+1].inner, list[i].inner)
		}
	}
}

// follow reports whether a run has a match after the last of q.
func (n *neighbours) follow(q *Run) bool { return n.last > q.Last.Line }

// precede reports whether a run has a match shortly before the last of q, or goes on
// over it.
func (n *neighbours) precede(q *Run) bool {
	at := q.Last.Line
	begun := sort.Search(len(n.spans), func(i int) bool { return n.spans[i].first >= at })
	if begun > 0 && n.spans[begun-1].last >= at {
		return true
	}
	mine := clocksOf(&q.Last)
	for theirs, list := range n.ends {
		before := sort.Search(len(list), func(i int) bool { return list[i].line >= at }) - 1
		if before < 0 {
			continue
		}
		var near bool
		switch e := &list[before]; { // as Reading.Since has it
		case mine.outer != logline.ClockNone && mine.outer == theirs.outer:
			near = q.Last.Outer.Nanos-e.outer <= int64(resolvedWithin)
		case mine.inner != logline.ClockNone && mine.inner == theirs.inner:
			near = q.Last.Inner.Nanos-e.inner <= int64(resolvedWithin)
		default:
			near = at-e.line <= resolvedWithinLines
		}
		if near {
			return true
		}
	}
	return false
}
