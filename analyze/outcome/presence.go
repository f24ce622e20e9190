package outcome

import (
	"cmp"
	"slices"
	"sort"

	"wolfdiag/analyze/timeline"
)

// presence tells which sessions of one lifetime something was seen in. Times are
// nanoseconds from the start of a first session.
//
// What is seen is gathered span by span (see), and the sessions are counted when all
// spans have been told (count). A span costs some binary searches and, where a
// session failed, those that start or end in it; which others it goes on through is
// found for all spans together.
type presence struct {
	base timeline.Instant
	gap  int64 // between two messages of a span, at most

	list   []placed // by start
	broke  []placed // those that failed, by start, then end
	byEnd  []int32  // where in list they stand, by end
	byName map[string][]int32
	failed spells // when a session that failed may have said something
	odd    bool   // one that failed ends before it starts

	round int32           // of see and count
	seen  []int32         // by place in list: the round in which it was last seen
	by    [Failed + 1]int // those seen in this round
	said  []int64         // moments of messages that may be of sessions that failed
	long  spells          // stretches through which something went on while none failed
}

// placed is a session on the scale of its lifetime.
type placed struct {
	session  *Session
	from, to int64
	at       int32 // place in presence.list
	latest   int64 // the latest end of this one and those before it
	longer   int32 // the nearest before it that ends later; -1: none
}

func (l *presence) add(s *Session) {
	from, ok := s.Start.Sub(l.base)
	to, stops := s.Stop.Sub(l.base)
	if ok && stops {
		l.list = append(l.list, placed{session: s, from: int64(from), to: int64(to)})
	}
}

// prepare puts the sessions in order once all are added.
func (l *presence) prepare() {
	slices.SortStableFunc(l.list, func(a, b placed) int { return cmp.Compare(a.from, b.from) })
	l.round = 1
	l.seen, l.byEnd = make([]int32, len(l.list)), make([]int32, len(l.list))
	for i := range l.list {
		p := &l.list[i]
		p.at, l.byEnd[i] = int32(i), int32(i)
		if p.session.Result == Failed {
			l.broke = append(l.broke, *p)
			l.failed.add(p.from-int64(beforeContainer), p.to+int64(slack))
			l.odd = l.odd || p.to < p.from
		}
	}
	slices.SortStableFunc(l.broke, func(a, b placed) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	slices.SortFunc(l.byEnd, func(a, b int32) int { return cmp.Compare(l.list[a].to, l.list[b].to) })
	l.failed.join()
	link(l.list)
	link(l.broke)
}

// link fills in what lets a search look back over sessions by their end.
func link(list []placed) {
	for i := range list {
		p := &list[i]
		p.latest, p.longer = p.to, int32(i)-1
		if i > 0 {
			p.latest = max(p.to, list[i-1].latest)
		}
		for p.longer >= 0 && list[p.longer].to <= p.to {
			p.longer = list[p.longer].longer
		}
	}
}

// lastUp is the last of the first n sessions that goes on to a moment at least; -1
// when none does.
func lastUp(list []placed, n int, to int64) int {
	i := n - 1
	for i >= 0 && list[i].to < to {
		i = int(list[i].longer)
	}
	return i
}

// begun is how many of the sessions start by a moment.
func begun(list []placed, by int64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].from > by })
}

// see takes a span, from its first message, which may name a session, to its last.
func (l *presence) see(first, last timeline.Instant, name string) {
	a, ok1 := first.Sub(l.base)
	b, ok2 := last.Sub(l.base)
	if !ok1 || !ok2 {
		return
	}
	from, to := int64(min(a, b)), int64(max(a, b))
	if name == "" || !l.named(from, name) {
		l.message(from)
	}
	if to > from {
		l.message(to)
		l.goesOn(from, to)
	}
}

// message takes a message: of each session that failed, where one was up, else of
// the newest.
func (l *presence) message(at int64) {
	if l.failed.hold(at) {
		l.said = append(l.said, at)
	} else if i := lastUp(l.list, begun(l.list, at+int64(beforeContainer)), at-int64(slack)); i >= 0 {
		l.mark(l.list[i].at)
	}
}

// named takes a message that names a session, and those that failed and began before
// it; false when none of that name was up.
func (l *presence) named(at int64, name string) bool {
	if l.byName == nil {
		l.byName = map[string][]int32{}
		for i := range l.list {
			id := l.list[i].session.ID
			l.byName[id] = append(l.byName[id], int32(i))
		}
	}
	by, until := at+int64(beforeContainer), at-int64(slack)
	for _, place := range l.byName[name] {
		if p := &l.list[place]; p.from > by || p.to < until {
			continue
		}
		l.mark(place)
		for i := begun(l.broke, by) - 1; i >= 0 && l.broke[i].latest >= until; i-- {
			if f := &l.broke[i]; f.to >= until && f.at < place {
				l.mark(f.at)
			}
		}
		return true
	}
	return false
}

// goesOn takes what lies between the two ends of a span. It is of the sessions
// through which it goes on, but for those that were up together with one that failed.
func (l *presence) goesOn(from, to int64) {
	if to-from <= l.gap {
		return
	}
	n := begun(l.broke, to+int64(beforeContainer))
	if n == 0 || l.broke[n-1].latest < from-int64(slack) {
		l.long.add(from, to-l.gap-1)
		return
	}
	next := 0
	if !l.odd {
		// All but these are up together with the first that failed.
		first := &l.broke[sort.Search(n, func(i int) bool { return l.broke[i].latest >= from-int64(slack) })]
		ended := sort.Search(len(l.byEnd), func(i int) bool { return l.list[l.byEnd[i]].to > from+l.gap })
		for ; ended < len(l.byEnd) && l.list[l.byEnd[ended]].to <= first.from; ended++ {
			l.through(&l.list[l.byEnd[ended]], from, to)
		}
		l.through(first, from, to)
		next = begun(l.list, first.to-1)
	}
	for ; next < len(l.list) && l.list[next].from < to-l.gap; next++ {
		l.through(&l.list[next], from, to)
	}
}

// through marks a session if a span goes on through it, and no other that was up
// together with it has failed by then.
func (l *presence) through(p *placed, from, to int64) {
	if l.seen[p.at] == l.round || min(p.to, to)-max(p.from, from) <= l.gap {
		return
	}
	n := begun(l.broke, min(p.to-1, to+int64(beforeContainer)))
	until := max(p.from+1, from-int64(slack))
	if i := lastUp(l.broke, n, until); i < 0 || l.broke[i].at == p.at && (i == 0 || l.broke[i-1].latest < until) {
		l.mark(p.at)
	}
}

func (l *presence) mark(at int32) {
	if l.seen[at] != l.round {
		l.seen[at] = l.round
		l.by[l.list[at].session.Result]++
	}
}

// count returns how many sessions something was seen in, by result, and forgets
// what was told. Cost: a sort of the spans, and the sessions.
func (l *presence) count() [Failed + 1]int {
	if len(l.said) > 0 {
		slices.Sort(l.said)
		for i := range l.broke {
			p := &l.broke[i]
			k, _ := slices.BinarySearch(l.said, p.from-int64(beforeContainer))
			if k < len(l.said) && l.said[k] <= p.to+int64(slack) {
				l.mark(p.at)
			}
		}
	}
	if len(l.long) > 0 {
		l.long.join()
		l.markLong()
	}
	out := l.by
	l.round, l.by, l.said, l.long = l.round+1, [Failed + 1]int{}, l.said[:0], l.long[:0]
	return out
}

// markLong marks the sessions through which something went on while none failed.
// Both have been made shorter by the gap, so that they meet where they have more
// than that in common.
func (l *presence) markLong() {
	next := sort.Search(len(l.list), func(i int) bool { return l.list[i].latest > l.long[0].from+l.gap })
	for k := 0; next < len(l.list); next++ {
		p := &l.list[next]
		for k < len(l.long) && l.long[k].to < p.from {
			k++
		}
		if k == len(l.long) {
			return
		}
		if to := p.to - l.gap - 1; p.from <= to && l.long[k].from <= to {
			l.mark(p.at)
		}
	}
}
