package lifetime

import (
	"slices"
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// The marks of a start that are no pattern's.
const (
	clockMark = "gstreamer-clock" // only the GStreamer clock shows it
	crashMark = "crash-before"
)

// starting reports whether a mark belongs to the same start as the last one:
// close in time or right behind it, with no session and no server in between.
// A trace has no clock and an init script prints local times, whose place
// among the others may not be known yet: these are placed by lines alone.
func (l *draft) starting(r *clock.Reading, m clock.Moment) bool {
	if l.ended || l.cut || l.counts != [methods]int{} || l.reached&^(1<<milestoneConfig) != 0 {
		return false
	}
	apart := max(r.Line-l.markLine, l.markLine-r.Line) // a log may run backwards
	if apart <= adjacentLines {
		return true
	}
	if !l.markAt.Exact() || !m.Exact() {
		return apart <= startLines
	}
	return near(l.markAt, m, l.markLine, r.Line, startWindow)
}

// mark takes a sign that the process starts.
func (b *builder) mark(pattern string, r *clock.Reading, m clock.Moment) *draft {
	l := b.current()
	if l != nil && l.implied && l.process == 0 && !l.ended {
		l.implied, l.cut = false, false // the lines before it were its own
		l.start, l.startAt, l.markAt, l.markLine = *r, m, m, r.Line
	} else if l == nil || !l.starting(r, m) || slices.Contains(l.patterns, pattern) {
		open := l != nil && l.traceOpen && (l.afterTrace == r.Pos || l.afterTrace == clock.Pos{})
		if l = b.begin(r, m, false); open && len(b.drafts) > 1 {
			b.reassignTrace()
		}
	} else if !l.start.Timed() {
		l.start, l.startAt = *r, m
	}
	if len(l.patterns) < maxSteps {
		l.patterns = append(l.patterns, pattern)
	}
	l.reach(pattern)
	l.markAt, l.markLine = m, r.Line
	return l
}

// crashedBefore takes a trace that a start prints about the lifetime before: in
// front of the start banner, or, from other versions, behind it. Behind the
// servers of a start it may be either; it is given to that start until a
// banner follows it.
func (b *builder) crashedBefore(r *clock.Reading, m clock.Moment) {
	l := b.current()
	open := false
	switch {
	case l == nil || l.ended || l.cut || l.counts != [methods]int{}:
		l = b.mark(crashMark, r, m)
	case !l.starting(r, m):
		if open = l.crashTrace == (clock.Pos{}) && near(l.markAt, m, l.markLine, r.Line, startWindow); !open {
			l = b.mark(crashMark, r, m)
		}
	}
	if l.crashTrace != (clock.Pos{}) {
		return
	}
	l.markAt, l.markLine = m, r.Line
	l.crashTrace, l.traceOpen = r.Pos, open
	l.blamed = b.crashed(len(b.drafts) - 2)
}

// crashed notes that draft i crashed unless its end is known otherwise.
func (b *builder) crashed(i int) bool {
	if i < 0 || b.drafts[i].kind != "" && b.drafts[i].kind != EndUnknown {
		return false
	}
	b.drafts[i].kind = EndCrash
	return true
}

// reassignTrace moves a trace from the start of the lifetime before the newest one,
// which it was given to, to the newest one, whose banner follows it.
func (b *builder) reassignTrace() {
	n := len(b.drafts)
	old, l := b.drafts[n-2], b.drafts[n-1]
	if old.blamed && n >= 3 {
		b.drafts[n-3].kind = ""
	}
	l.crashTrace, l.first = old.crashTrace, old.crashTrace
	old.crashTrace, old.traceOpen, old.blamed = clock.Pos{}, false, false
	l.blamed = b.crashed(n - 2)
}

// gstreamer takes a reading of the GStreamer clock of a process.
func (b *builder) gstreamer(r *clock.Reading, m clock.Moment, p clock.Process) {
	if r.PID != b.pid {
		// Helpers such as gst-plugin-scanner live for seconds.
		if r.PID != 1 && p.Elapsed < time.Minute || b.pid == 1 {
			return
		}
		b.pid = r.PID
	}
	l := b.current()
	if l == nil {
		l = b.begin(r, m, true)
		l.implied = true
	}
	switch {
	case l.process == p.Number:
		return
	case l.process != 0 && p.Number < l.process:
		return // of another server whose log is mixed in
	case p.Stepped && l.process != 0:
		return // the start is where the first process says
	case l.process == 0 && len(b.drafts) > 1 && b.drafts[len(b.drafts)-2].process == p.Number:
		return // a late line of the process before, or a new clock that nothing tells from the old one yet
	case l.process == 0 && !l.ended:
		l.implied = l.implied && p.Elapsed < JustStarted
		if l.implied { // the log begins with this start
			l.implied, l.cut = false, false
		}
	case p.Elapsed < JustStarted:
		l = b.begin(r, m, false)
		l.patterns = append(l.patterns, clockMark)
	default:
		l = b.begin(r, m, true)
	}
	l.process = p.Number
}
