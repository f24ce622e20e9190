package facts

import (
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/timeline"
)

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

// lifetimeFactAt is where the lifetimes show a fact first; false for facts that
// have no place.
func lifetimeFactAt(t *timeline.Timeline, id string) (timeline.Reading, bool) {
	for i := range t.Lifetimes {
		switch l := &t.Lifetimes[i]; {
		case id == factReconnecting && l.Reconnects > 0:
			return timeline.Reading{Pos: l.ReconnectPos, Service: l.Service}, true
		case id == factPilingUp && l.Piled > 0:
			return timeline.Reading{Pos: l.PilePos, Service: l.Service}, true
		}
	}
	return timeline.Reading{}, false
}
