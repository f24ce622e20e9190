package recognise

import (
	"bytes"
	"slices"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// In a storm the same complaints come thousands of times within a moment. Of those
// that fall into one run, whatever the merger does with them, only the number, the
// first and the last matter. So the first of each kind in a stretch of a block
// goes to the merger by itself, and the others as a pair.
//
// A stretch is so short that all of its records lie within one run of their
// pattern: no two clocks of one sort are further apart than stretchGap, no two
// lines further than stretchLines, and nothing in it may start or end a lifetime.
// Where it is cut makes no difference to what the pairs add up to.
const (
	stretchGap   = int64(30 * time.Second)
	stretchLines = 5_000

	clockKinds = int(logline.ClockBoot) + 1
)

// stretch is the one at hand.
type stretch struct {
	number  int
	first   int64 // line
	outer   [clockKinds]clockRange
	inner   [clockKinds]clockRange
	tallies []*account // of lines that have come a second time
}

// clockRange is what a clock has shown in a stretch.
type clockRange struct {
	stretch  int
	from, to int64
}

// begin begins a stretch with a line.
func (s *stretch) begin(line int64) {
	s.number++
	s.first = line
}

// take widens a range by a clock; false when that makes it too wide.
func (s *stretch) take(ranges *[clockKinds]clockRange, at logline.Stamp) bool {
	r := &ranges[at.Kind]
	if r.stretch != s.number {
		*r = clockRange{s.number, at.Nanos, at.Nanos}
		return true
	}
	r.from, r.to = min(r.from, at.Nanos), max(r.to, at.Nanos)
	return uint64(r.to)-uint64(r.from) <= uint64(stretchGap)
}

// follow brings the stretch up to a record that is about to be appended, ending
// it where the record does not belong to it.
func (w *Worker) follow(m *Match, line int64, outer, inner logline.Stamp, out *Batch) {
	s := &w.stretch
	fits := line-s.first <= stretchLines && s.take(&s.outer, outer)
	fits = s.take(&s.inner, inner) && fits
	if inner.Kind == logline.ClockGStreamer && inner.Nanos < int64(w.opts.JustStarted) || m.lifecycle() {
		fits = false // a lifetime may start or end here
	}
	if fits {
		return
	}
	s.tallies = w.flush(s.tallies, out)
	s.begin(line)
	s.take(&s.outer, outer)
	s.take(&s.inner, inner)
}

// lifecycle reports whether a match is an event of a lifetime.
func (m *Match) lifecycle() bool {
	return slices.ContainsFunc(m.Patterns, func(p *patterns.Pattern) bool { return p.Event != "" })
}

// tally counts a line of a kind that has been seen in this stretch. It reports
// false for the first, and for one of another service.
func (w *Worker) tally(u *usedLine, o *outcome, line int64, text []byte) bool {
	a, service := u.account(o), u.layout.Service(text)
	if a.stretch != w.stretch.number {
		a.stretch, a.service = w.stretch.number, append(a.service[:0], service...)
		return false
	}
	if !bytes.Equal(a.service, service) {
		return false
	}
	if a.add(line, text) {
		w.stretch.tallies = append(w.stretch.tallies, a)
	}
	return true
}

// mayBeTallied reports whether of a stretch's matches of all these patterns, in
// lines of a layout, only the number, the first and the last matter. GStreamer's
// clock and elements tell of lifetimes line by line.
func (w *Worker) mayBeTallied(l *logline.Layout, list []*patterns.Pattern) bool {
	if w.opts.Windowed || w.opts.Judged || l.Format() == logline.FormatGStreamer {
		return false
	}
	complaint := false
	for _, p := range list {
		switch {
		case p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom:
			complaint = true
		case !w.mayBeCounted([]*patterns.Pattern{p}):
			return false
		}
	}
	return complaint
}

// mayBeCounted reports whether of the matches of all these patterns nothing
// but the number, the first and the last matters.
func (w *Worker) mayBeCounted(list []*patterns.Pattern) bool {
	return !slices.ContainsFunc(list, func(p *patterns.Pattern) bool {
		return w.opts.Watched != nil && w.opts.Watched[p.Index] || p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle || p.Event != "" || p.Codes != "" || p.Inhibits()
	})
}
