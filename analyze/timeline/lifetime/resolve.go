package lifetime

import (
	"slices"

	"wolfdiag/analyze/timeline/clock"
)

// maxSessionsOut bounds History.Sessions.
const maxSessionsOut = 16384

// Times returns a History without lifetimes and sessions, for At alone. It costs
// less than Resolve.
func (c *Collector) Times() *History { return &History{view: c.clocks.View()} }

// Resolve returns the History of what was read so far. Its cost depends on
// what is kept, which is bounded, not on the length of the log.
func (c *Collector) Resolve() *History {
	v, d := c.clocks.View(), c.clocks.Dropped()
	t := &History{view: v, Dropped: Dropped{Streams: d.Lines, Knots: d.Knots, Clocks: d.Clocks}}
	rebuilt := make(map[*builder]bool) // from events sorted by time
	var parts []*part
	for _, b := range c.builders {
		p := newPart(v, b)
		t.Dropped.Lifetimes += b.dropped.Lifetimes
		t.Dropped.Sessions += b.dropped.Sessions
		t.Dropped.Elements += b.dropped.Elements
		if p.rebuilt {
			rebuilt[b] = true
		}
		if len(p.drafts) > 0 {
			parts = append(parts, p)
		}
	}
	for n, parts := range servers(v, parts, t) {
		t.add(n, parts)
	}
	for i := range t.Lifetimes {
		if l := &t.Lifetimes[i]; !l.forward() {
			t.mixed = true
			t.note("lifetime %d would end before it starts: its times are left unknown, the clocks or the order of its lines cannot be right", i+1)
		}
	}
	t.endings(c.crashes)
	t.milestones()
	t.Loops = loops(t.Lifetimes)
	if n := len(t.Sessions); n > maxSessionsOut {
		t.Dropped.Sessions += int64(n - maxSessionsOut)
		t.Sessions = t.Sessions[n-maxSessionsOut:]
	}
	t.assume(c.builders, rebuilt)
	t.locate()
	return t
}

// endings decides how lifetimes without an exit line ended: a crash dump is
// named after the start that follows the crash.
func (t *History) endings(crashes []int64) {
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		last := i+1 == len(t.Lifetimes) || t.Lifetimes[i+1].Server != l.Server
		if !last && l.EndKind == EndRunning {
			l.EndKind = EndUnknown
		}
		if i == 0 || t.Lifetimes[i-1].Server != l.Server || !l.Start.Known() {
			continue
		}
		prev := &t.Lifetimes[i-1]
		if prev.EndKind != EndUnknown {
			continue
		}
		at := l.Start.Time.UnixNano()
		j, _ := slices.BinarySearch(crashes, at-5*clock.Second)
		if j < len(crashes) && crashes[j] <= at+2*clock.Second {
			prev.EndKind = EndCrash
		}
	}
}
