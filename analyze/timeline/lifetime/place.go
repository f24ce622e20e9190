package lifetime

import (
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
	spans := t.spans[r.Input]
	for _, s := range spans {
		if s.service == r.Service && !s.byTime {
			return spanAt(spans, r.Service, r.Line)
		}
	}
	at := t.view.At(&r)
	best, inside := -1, false
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if !l.covers(at) {
			continue
		}
		// What happened before the end of one lifetime is not of the next, although
		// that one began within the slack.
		if in := l.holds(at); in || !inside {
			best, inside = i, in
		}
	}
	if best >= 0 || at.Known() && len(spans) == 0 {
		return best
	}
	if len(spans) > 0 && !spans[0].byTime && r.Outer.Kind != logline.ClockUTC {
		return spanAt(spans, spans[0].service, r.Line)
	}
	return -1
}

func spanAt(spans []lineSpan, service string, line int64) int {
	best := -1
	for _, s := range spans {
		if s.service != service {
			continue
		}
		if s.first > line {
			break
		}
		best = s.index
	}
	return best
}

// Zone returns the offset of local clocks from UTC (local − UTC) that the lines
// of the log show best, as clock.View.Zone does.
func (t *History) Zone() (offset time.Duration, ok bool) {
	if t == nil || t.view == nil {
		return 0, false
	}
	return t.view.Zone()
}
