package outcome

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// spells are stretches of time on one scale, in order and apart once they are
// joined. Both ends belong to a spell.
type spells []spell

type spell struct{ from, to int64 }

// never is later than any moment.
const never = math.MaxInt64

// after is a moment so much after another; never stays never.
func after(t int64, d time.Duration) int64 {
	s := t + int64(d)
	switch {
	case t == never, d > 0 && s < t:
		return never
	case d < 0 && s > t:
		return math.MinInt64
	}
	return s
}

func (s *spells) add(from, to int64) {
	if from <= to {
		*s = append(*s, spell{from, to})
	}
}

// join puts spells in order and makes one of those that meet. Cost: a sort.
func (s *spells) join() {
	list := *s
	if byStart := func(a, b spell) int { return cmp.Compare(a.from, b.from) }; !slices.IsSortedFunc(list, byStart) {
		slices.SortFunc(list, byStart)
	}
	kept := list[:0]
	for _, p := range list {
		if n := len(kept); n > 0 && p.from <= kept[n-1].to {
			kept[n-1].to = max(kept[n-1].to, p.to)
			continue
		}
		kept = append(kept, p)
	}
	*s = kept
}

// hold reports whether a moment lies in one of joined spells. Cost: a binary search.
func (s spells) hold(t int64) bool {
	i, _ := slices.BinarySearchFunc(s, t, func(p spell, t int64) int { return cmp.Compare(p.to, t) })
	return i < len(s) && s[i].from <= t
}
