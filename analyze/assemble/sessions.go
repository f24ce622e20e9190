package assemble

import (
	"slices"
	"time"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// maxJudged is of how many sessions that failed it is said what they died of: the
// newest.
const maxJudged = 500

// lines are the lines of a session.
func (v *View) lines(s *timeline.Session) report.Lines {
	out := report.Lines{Input: v.Account.Inputs.Name(s.Pos.Input), From: s.Pos.Line}
	if s.StopPos.Input == s.Pos.Input {
		out.To = s.StopPos.Line
	}
	return out
}

// sessionsLeft is how many sessions are not among those listed.
func (v *View) sessionsLeft(listed int) int {
	n := int(v.Time.Dropped.Sessions) - listed
	for i := range v.Time.Sessions {
		if !v.Time.Sessions[i].Outside {
			n++
		}
	}
	return n
}

// diedOf fills in the causes of sessions that failed; list are those of out.
func (v *View) diedOf(list []*timeline.Session, out []report.Session, causes []report.Cause) {
	judged := 0
	for i := len(out) - 1; i >= 0 && judged < maxJudged && len(causes) > 0; i-- {
		if out[i].Outcome == report.Failed {
			out[i].Cause = v.causeIn(list[i], causes)
			judged++
		}
	}
}

// A session's complaints begin with its compositor, before its container starts,
// and go on while its pipelines are taken down.
const (
	beforeStart = 10 * time.Second
	afterStop   = 5 * time.Second
)

// causeIn is the likeliest cause whose messages stand in a session: those that
// name it, else those of its time.
func (v *View) causeIn(s *timeline.Session, causes []report.Cause) string {
	inside := map[string]bool{} // patterns
	for i := range v.Runs {
		r := &v.Runs[i]
		if r.Lifetime != s.Lifetime {
			continue
		}
		if r.Session != "" && s.ID != "" {
			inside[r.Pattern] = inside[r.Pattern] || r.Session == s.ID
			continue
		}
		if r.Time.IsZero() || !s.Start.Known() || r.End.Before(s.Start.Time.Add(-beforeStart)) && r.Time.Before(s.Start.Time.Add(-beforeStart)) {
			continue
		}
		if s.Stopped && s.Stop.Known() && r.Time.After(s.Stop.Time.Add(afterStop)) {
			continue
		}
		inside[r.Pattern] = true
	}
	for i := range causes {
		c := &causes[i]
		if s.ID != "" && slices.Contains(c.Affected.Sessions, s.ID) {
			return c.ID
		}
		if slices.ContainsFunc(c.Evidence, func(e report.Evidence) bool { return e.Weight > 0 && inside[e.Pattern] }) {
			return c.ID
		}
	}
	return ""
}
