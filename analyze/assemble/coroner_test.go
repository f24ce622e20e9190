package assemble

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// plainCause goes through all runs for one session.
func plainCause(s *timeline.Session, runs []diagnose.Run, causes []report.Cause) string {
	inside := map[string]bool{}
	for i := range runs {
		r := &runs[i]
		switch {
		case r.Lifetime != s.Lifetime:
		case r.Session != "" && s.ID != "":
			inside[r.Pattern] = inside[r.Pattern] || r.Session == s.ID
		case r.Time.IsZero() || !s.Start.Known() || r.End.Before(s.Start.Time.Add(-beforeStart)) && r.Time.Before(s.Start.Time.Add(-beforeStart)):
		case s.Stopped && s.Stop.Known() && r.Time.After(s.Stop.Time.Add(afterStop)):
		default:
			inside[r.Pattern] = true
		}
	}
	for i := range causes {
		c := &causes[i]
		if s.ID != "" && slices.Contains(c.Affected.Sessions, s.ID) ||
			slices.ContainsFunc(c.Evidence, func(e report.Evidence) bool { return e.Weight > 0 && inside[e.Pattern] }) {
			return c.ID
		}
	}
	return ""
}

// TestCoronerIsPlain: a session has died of the same whether all runs are gone
// through for it or not.
func TestCoronerIsPlain(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		one := func(of string, most int) string { return of[:min(1, r.IntN(most))] + string(rune('a'+r.IntN(5))) }
		name := func() string { return []string{"", "1", "2", "3"}[r.IntN(4)] }
		at := func() time.Time {
			if r.IntN(10) == 0 {
				return time.Time{}
			}
			return time.Unix(int64(r.IntN(200)), 0).UTC()
		}
		var runs []diagnose.Run
		for range r.IntN(12) {
			runs = append(runs, diagnose.Run{Pattern: one("p", 2), Lifetime: r.IntN(2), Time: at(), End: at(), Session: name()})
		}
		var causes []report.Cause
		for _, id := range []string{"first", "second", "third"} {
			c := report.Cause{ID: id}
			for range r.IntN(3) {
				c.Evidence = append(c.Evidence, report.Evidence{Pattern: one("p", 2), Weight: float64(r.IntN(3) - 1)})
			}
			if r.IntN(4) == 0 {
				c.Affected.Sessions = []string{"1", "2"}[r.IntN(2):]
			}
			causes = append(causes, c)
		}
		in := newCoroner(runs, causes)
		for range 8 {
			s := &timeline.Session{ID: name(), Lifetime: r.IntN(2), Stopped: r.IntN(2) == 0, Start: timeline.Instant{Time: at()}, Stop: timeline.Instant{Time: at()}}
			got, want := in.causeOf(s), plainCause(s, runs, causes)
			if got != want {
				t.Fatalf("seed %d: session %+v, runs %+v: %q, want %q", seed, s, runs, got, want)
			}
			if got != "" {
				found++
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d sessions died of something", found)
	}
}
