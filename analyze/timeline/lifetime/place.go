package lifetime

import (
	"sync"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline/clock"
)

// A lineSpan maps lines of a builder's stream to a lifetime.
type lineSpan struct {
	service     string
	first, last int64
	index       int
	byTime      bool // lines are in no order: only the time decides
}

func (t *History) addSpan(input int32, s lineSpan) {
	if t.spans == nil {
		t.spans = make(map[int32][]lineSpan)
	}
	t.spans[input] = append(t.spans[input], s)
}

// locate prepares the search of lifetimes as they are now.
func (t *History) locate() {
	t.locator = sync.OnceValue(func() *locator { return newLocator(t) })
}

// At returns when a line was written, as well as that is known. The reading
// need not be one the Collector has seen. It costs a binary search.
func (t *History) At(r clock.Reading) clock.Instant {
	if t == nil || t.view == nil {
		return clock.Instant{How: clock.Unknown}
	}
	return t.view.At(&r)
}

// Lifetime returns the index of the lifetime that a line belongs to, -1 when
// there is none. Lines of Wolf itself are placed by their line, others (app
// containers, the kernel) by their time, or by their line when that is unknown.
// The trace that a start prints belongs to the lifetime that crashed.
func (t *History) Lifetime(r clock.Reading) int {
	if t == nil || t.view == nil {
		return -1
	}
	n := t.written(r)
	if n >= 0 && t.Lifetimes[n].crashTrace == r.Pos {
		return t.before(n)
	}
	return n
}

// before returns the lifetime that came before lifetime n on the same server,
// -1 when the log does not show it.
func (t *History) before(n int) int {
	if n > 0 && t.Lifetimes[n-1].Server == t.Lifetimes[n].Server {
		return n - 1
	}
	return -1
}

// written returns the lifetime that a line was written in.
func (t *History) written(r clock.Reading) int {
	if t.locator == nil { // made by hand, without lines
		return -1
	}
	l := t.locator()
	first := l.first[r.Input]
	if own := l.byLine[stream{r.Input, r.Service}]; own != nil && own.byLines {
		return own.at(r.Line)
	}
	at := t.view.At(&r)
	if best := l.byTime().at(at); best >= 0 || at.Known() && first == nil {
		return best
	}
	if first != nil && !first.byTime && r.Outer.Kind != logline.ClockUTC {
		return first.at(r.Line)
	}
	return -1
}

// Zone returns the offset of local clocks from UTC (local − UTC) that the lines
// of the log show best, as clock.View.Zone does.
func (t *History) Zone() (offset time.Duration, ok bool) {
	if t == nil || t.view == nil {
		return 0, false
	}
	return t.view.Zone()
}
