package assemble

import (
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
	var in *coroner
	for i := len(out) - 1; i >= 0 && judged < maxJudged && len(causes) > 0; i-- {
		if out[i].Outcome == report.Failed {
			if in == nil {
				in = newCoroner(v.Runs, causes)
			}
			out[i].Cause = in.causeOf(list[i])
			judged++
		}
	}
}
