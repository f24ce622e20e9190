package analyze

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// lifetimes renders the timeline's lifetimes.
func (a *Analyzer) lifetimes(v *view) []report.Lifetime {
	out := []report.Lifetime{}
	for i := range v.time.Lifetimes {
		l := &v.time.Lifetimes[i]
		first := timeline.Reading{Pos: l.First, Service: l.Service}
		out = append(out, l.Report(report.Where{Input: a.inputs.Name(l.First.Input), Line: l.First.Line, Time: v.time.At(first).Pointer()}))
	}
	return out
}

func (a *Analyzer) breakdowns(v *view) []report.Breakdown {
	out := []report.Breakdown{}
	for _, b := range v.time.Compare() {
		out = append(out, b.Report())
	}
	return out
}

// loops tells of starts that did not last.
func loops(t *timeline.Timeline) []string {
	var out []string
	for _, l := range t.Loops {
		n := l.LastLifetime - l.FirstLifetime + 1
		s := fmt.Sprintf("restart loop: %d starts of Wolf in a row ended soon", n)
		if len(l.TimesToDeath) > 0 {
			shortest, longest := slices.Min(l.TimesToDeath), slices.Max(l.TimesToDeath)
			s += fmt.Sprintf(", after %s to %s", roughDuration(shortest), roughDuration(longest))
		}
		if l.Same {
			s += ", all in the same way"
		}
		out = append(out, s)
	}
	return out
}

// Facts of the timeline that no single line shows.
const (
	factReconnecting = "fact-client-reconnecting"
	factPilingUp     = "fact-sessions-leaked"
)

// lifetimeFacts reads off the lifetimes what bears on their causes.
func lifetimeFacts(t *timeline.Timeline) []diagnose.Fact {
	var out []diagnose.Fact
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		add := func(id string) { out = append(out, diagnose.Fact{ID: id, Lifetime: i}) }
		switch {
		case l.CutEnd: // how it ended is outside the window
		case l.ExitCode == 11:
			add("fact-exit-sigsegv")
		case l.ExitCode == 6:
			add("fact-exit-sigabrt")
		}
		if l.Immediate > 0 {
			add("fact-immediate-container-exit")
		}
		if l.Reconnects > 0 {
			add(factReconnecting)
		}
		if l.Piled > 0 {
			add(factPilingUp)
		}
		if l.EndKind == timeline.EndCrash && l.Interrupted > 0 && !l.CutEnd {
			add("fact-all-sessions-died")
		}
		if l.Failures == 0 || l.CountedBy == "" {
			continue
		}
		switch n := l.FirstFailureSession; {
		case n == 1 && !l.CutStart && l.Sessions >= 2 && l.Failures >= 2:
			add("fact-first-session-fails")
		case n >= 3 && !l.CutBefore:
			add("fact-worked-before")
		}
		if survivors(t, i) {
			add("fact-running-sessions-survive")
		}
		if id := restartFact(t, i); id != "" {
			add(id)
		}
	}
	return out
}

// survivors reports whether a session that ran at the first failure of
// lifetime i went on for a minute or more afterwards without failing itself.
func survivors(t *timeline.Timeline, i int) bool {
	first := t.Lifetimes[i].FirstFailure
	for k := range t.Sessions {
		s := &t.Sessions[k]
		if s.Lifetime != i || s.Failed || !s.Stopped {
			continue
		}
		before, ok1 := first.Sub(s.Start)
		after, ok2 := s.Stop.Sub(first)
		if ok1 && ok2 && before > 10*time.Second && after > time.Minute {
			return true
		}
	}
	return false
}

// restartFact compares lifetime i, which failed, with the next one of the same
// server: "" when that is too short to tell.
func restartFact(t *timeline.Timeline, i int) string {
	if i+1 >= len(t.Lifetimes) || t.Lifetimes[i+1].Server != t.Lifetimes[i].Server {
		return ""
	}
	next := &t.Lifetimes[i+1]
	switch {
	case next.CountedBy == "" || next.Sessions < 1:
		return ""
	case next.Failures > 0 && next.FirstFailureSession == 1:
		return "fact-restart-did-not-help"
	case next.Sessions >= 2 && (next.Failures == 0 || next.FirstFailureSession > 1):
		return "fact-restart-helped"
	}
	return ""
}

// period is the first and last time known in the logs themselves.
func (a *Analyzer) period(v *view) report.Period {
	var from, to time.Time
	note := func(t time.Time) {
		if t.IsZero() {
			return
		}
		if from.IsZero() || t.Before(from) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	a.inputs.Spans(func(first, last timeline.Reading) {
		note(v.time.At(first).Time)
		note(v.time.At(last).Time)
	})
	for i := range v.runs {
		note(v.runs[i].Time)
		note(v.runs[i].End)
	}
	return a.clipped(from, to)
}

// sentence joins clauses that are not empty.
func sentence(clauses ...string) string {
	var kept []string
	for _, c := range clauses {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, "; ")
}
