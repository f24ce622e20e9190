package lifetime

import (
	"fmt"
	"slices"

	"wolfdiag/analyze/timeline/clock"
	"wolfdiag/analyze/timeline/leak"
)

// ordered returns the indexes of the lifetimes in order of time where all
// starts are known, else server by server.
func (t *History) ordered() []int {
	out := make([]int, len(t.Lifetimes))
	for i := range out {
		out[i] = i
		if !t.Lifetimes[i].Start.Known() {
			for ; i < len(out); i++ {
				out[i] = i
			}
			return out
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return t.Lifetimes[a].Start.Time.Compare(t.Lifetimes[b].Start.Time)
	})
	return out
}

// Leak tests whether failures come with accumulation, as leak.Evidence.Test does,
// by the first failures of the lifetimes. Lifetimes that did not fail count as
// censored. Call it after AddFailures.
func (t *History) Leak() leak.Leak { return t.evidence().Test() }

func (t *History) evidence() *leak.Evidence {
	ev := &leak.Evidence{Doubtful: t.mixed, During: t.only()}
	for _, i := range t.ordered() {
		l := &t.Lifetimes[i]
		failed := l.Failures > 0
		if failed {
			ev.Failed++
			if l.FirstFailure.Known() {
				ev.At = append(ev.At, l.FirstFailure.Time)
			}
		}
		end, sessions := l.observed()
		switch {
		case l.CutStart:
		case failed && l.FirstFailureSession > 0:
			ev.Sessions = append(ev.Sessions, leak.Trial{At: float64(l.FirstFailureSession), Failed: true})
		case !failed && sessions > 0:
			ev.Sessions = append(ev.Sessions, leak.Trial{At: float64(sessions), Failed: false})
		}
		if failed {
			end = l.FirstFailure
		}
		if up, ok := end.Sub(l.Start); ok && up > 0 && !l.CutStart {
			ev.Uptime = append(ev.Uptime, leak.Trial{At: up.Seconds(), Failed: failed})
		}
		from, to := t.sessions(i)
		if !l.CutStart {
			ss := t.Sessions[from:to]
			if l.CutEnd && !failed {
				ss = ss[:min(len(ss), l.watched)]
			}
			addSteps(ev, l, ss)
		}
		for k := from; k < to; k++ {
			s := &t.Sessions[k]
			if s.Start.Known() && !s.Outside && (!failed || l.FirstFailureSession < 0 || s.Number <= l.FirstFailureSession) {
				ev.Candidates = append(ev.Candidates, s.Start.Time)
			}
		}
	}
	return ev
}

// addSteps adds the sessions of a lifetime up to its first failure as trials of
// the test by sessions; nothing when some of them are not known.
func addSteps(ev *leak.Evidence, l *Lifetime, ss []Session) {
	failed := l.Failures > 0
	n := len(ss)
	if failed {
		if n = l.FirstFailureSession - 1; n < 0 {
			return
		}
	}
	if n > len(ss) || n > 0 && ss[n-1].Number != n {
		return
	}
	prev := l.Start
	add := func(at clock.Instant, failed bool) bool {
		d, ok := at.Sub(prev)
		if ok {
			ev.Steps = append(ev.Steps, leak.Trial{At: max(d.Seconds(), 0), Failed: failed})
			prev = at
		}
		return ok
	}
	mark := len(ev.Steps)
	for i := range ss[:n] {
		if !add(ss[i].Start, false) {
			ev.Steps = ev.Steps[:mark]
			return
		}
	}
	if failed && !add(l.FirstFailure, true) {
		ev.Steps = ev.Steps[:mark]
	}
}

// only says during which session the first failure came that is known, for a
// sentence about the only one.
func (t *History) only() string {
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if l.Failures > 0 && l.FirstFailureSession > 0 {
			if l.LowerBound {
				return fmt.Sprintf(" (during session %d or later)", l.FirstFailureSession)
			}
			return fmt.Sprintf(" (during session %d)", l.FirstFailureSession)
		}
	}
	return ""
}
