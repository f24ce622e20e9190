package lifetime

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"

	"wolfdiag/analyze/timeline/clock"
)

// A locator finds the lifetime of a line without going through all of them: by its
// line in Wolf's own stream, else by its time.
type locator struct {
	byLine map[stream]*lineSpans
	first  map[int32]*lineSpans // by input: the stream that was found first
	byTime func() *eras         // made when first asked for
}

// stream is what one service wrote in one input.
type stream struct {
	input   int32
	service string
}

// lineSpans are the lifetimes of one stream.
type lineSpans struct {
	list    []lineSpan
	ordered bool // by first line
	byTime  bool // the first of the stream says that its lines are in no order
	byLines bool // one of them says that its lines are in order
}

func newLocator(t *History) *locator {
	l := &locator{byLine: map[stream]*lineSpans{}, first: map[int32]*lineSpans{}}
	for input, spans := range t.spans {
		for _, s := range spans {
			k := stream{input, s.service}
			q := l.byLine[k]
			if q == nil {
				q = &lineSpans{ordered: true, byTime: s.byTime}
				l.byLine[k] = q
			}
			if l.first[input] == nil {
				l.first[input] = q
			}
			q.ordered = q.ordered && (len(q.list) == 0 || q.list[len(q.list)-1].first <= s.first)
			q.byLines = q.byLines || !s.byTime
			q.list = append(q.list, s)
		}
	}
	l.byTime = sync.OnceValue(func() *eras { return newEras(t.Lifetimes) })
	return l
}

// at returns the lifetime of a line, -1 when it stands before all.
func (s *lineSpans) at(line int64) int {
	n := 0
	if s.ordered {
		n = sort.Search(len(s.list), func(i int) bool { return s.list[i].first > line })
	} else if n = slices.IndexFunc(s.list, func(s lineSpan) bool { return s.first > line }); n < 0 {
		n = len(s.list)
	}
	if n == 0 {
		return -1
	}
	return s.list[n-1].index
}

// eras are the lifetimes by time.
type eras struct {
	all  []Lifetime
	axes map[int32]*era
	odd  []int // start and end on different clocks: looked at one by one
}

// era holds the lifetimes whose clock is the same.
type era struct {
	own, utc layers // what moments on their axis, and on others, are held against
}

// layers say at any moment which lifetime it belongs to: the last of those that hold
// it, and of those that cover it; see Lifetime.
type layers struct{ holds, covers steps }

func newEras(all []Lifetime) *eras {
	e := &eras{all: all, axes: map[int32]*era{}}
	for i := range all {
		start, starts, ok := all[i].begins()
		if end := all[i].End; !ok || end.Axis != start.Axis && (end.Axis != 0 || end.Known()) {
			e.odd = append(e.odd, i)
			continue
		}
		a := e.axes[start.Axis]
		if a == nil {
			a = &era{}
			e.axes[start.Axis] = a
		}
		a.own.add(&all[i], i, start, starts, func(x clock.Instant) (int64, bool) { return int64(x.Rel), x.Axis == start.Axis })
		a.utc.add(&all[i], i, start, starts, utc)
	}
	for _, a := range e.axes {
		for _, s := range []*steps{&a.own.holds, &a.own.covers, &a.utc.holds, &a.utc.covers} {
			s.lay()
		}
	}
	return e
}

func utc(i clock.Instant) (int64, bool) { return i.Time.UnixNano(), i.Known() }

// begins returns what the beginning of a lifetime is compared by, and whether that is
// its start. It is false when that depends on the moment.
func (l *Lifetime) begins() (at clock.Instant, start, ok bool) {
	switch {
	case !l.CutStart, l.Start.Axis == l.firstAt.Axis && l.Start.Known() == l.firstAt.Known():
		return l.Start, true, true
	case l.Start.Axis == 0 && !l.Start.Known():
		return l.firstAt, false, true
	}
	return l.Start, true, false
}

// add lays a lifetime on the layers, as Lifetime.covers and Lifetime.holds have it.
func (y *layers) add(l *Lifetime, index int, start clock.Instant, starts bool, on func(clock.Instant) (int64, bool)) {
	from, ok := on(start)
	if !ok {
		return
	}
	held, covered := int64(math.MaxInt64), int64(math.MaxInt64)
	if end, ends := on(l.End); ends {
		held = later(end, 1)
		if l.EndKind != EndRunning {
			covered = later(end, int64(late)+1)
		}
	}
	if starts {
		y.holds.add(from, held, index)
	}
	y.covers.add(later(from, -int64(early)), covered, index)
}

// later is a moment so much after another; what is out of range is the end of it.
func later(t, d int64) int64 {
	switch s := t + d; {
	case d > 0 && s < t:
		return math.MaxInt64
	case d < 0 && s > t:
		return math.MinInt64
	default:
		return s
	}
}

// at returns the lifetime that a moment belongs to, -1 when none covers it. What
// happened before the end of one lifetime is not of the next, although that one began
// within the slack.
func (e *eras) at(at clock.Instant) int {
	holds, covers := -1, -1
	for _, i := range e.odd {
		if l := &e.all[i]; l.covers(at) {
			covers = max(covers, i)
			if l.holds(at) {
				holds = max(holds, i)
			}
		}
	}
	for axis, a := range e.axes {
		y, t, ok := &a.own, int64(at.Rel), true
		if axis == 0 || axis != at.Axis {
			y = &a.utc
			t, ok = utc(at)
		}
		if ok {
			holds, covers = max(holds, y.holds.at(t)), max(covers, y.covers.at(t))
		}
	}
	if holds >= 0 {
		return holds
	}
	return covers
}

// steps say which of some spans that overlap is the last, by its number, at a moment.
type steps struct {
	spans  []ranked
	points []int64 // where another begins to be the last
	last   []int   // from there on; -1: none
}

// ranked is a span from a moment until before another.
type ranked struct {
	from, to int64
	index    int
}

func (s *steps) add(from, to int64, index int) {
	if from < to {
		s.spans = append(s.spans, ranked{from, to, index})
	}
}

// lay puts the spans over one another, the last on top: each colours what is bare of
// those behind it. Cost: a sort.
func (s *steps) lay() {
	for _, p := range s.spans {
		s.points = append(s.points, p.from, p.to)
	}
	slices.Sort(s.points)
	s.points = slices.Compact(s.points)
	s.last = make([]int, len(s.points))
	bare := make([]int, len(s.points)+1) // the next that is bare, or on the way to it
	for i := range bare {
		bare[i] = i
	}
	for i := range s.last {
		s.last[i] = -1
	}
	find := func(i int) int {
		for bare[i] != i {
			bare[i] = bare[bare[i]]
			i = bare[i]
		}
		return i
	}
	slices.SortFunc(s.spans, func(a, b ranked) int { return cmp.Compare(b.index, a.index) })
	for _, p := range s.spans {
		from, _ := slices.BinarySearch(s.points, p.from)
		to, _ := slices.BinarySearch(s.points, p.to)
		for i := find(from); i < to; i = find(i) {
			s.last[i], bare[i] = p.index, i+1
		}
	}
	s.spans = nil
}

// at returns the number of the last span at a moment, -1 for none.
func (s *steps) at(t int64) int {
	n := sort.Search(len(s.points), func(i int) bool { return s.points[i] > t })
	if n == 0 {
		return -1
	}
	return s.last[n-1]
}
