package assemble

import (
	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// verdict is the one place that decides what is said of a log: every format,
// the health check and the exit codes repeat it.
func (v *View) verdict(r *report.Report) report.Verdict {
	switch {
	case len(r.Causes) > 0 && r.Causes[0].Probability >= report.FoundAt:
		return report.CauseFound
	case len(r.Causes) > 0:
		return report.PossibleCause
	case v.Crashes.Inside: // whoever crashed, that is no health
		return report.UnexplainedErrors
	case v.Account.Errors > 0, len(r.Unexplained) > 0 && r.Unexplained[0].Pattern != "":
		return report.UnexplainedErrors
	case v.empty(r):
		return report.NoData
	case len(r.Unexplained) > 0, v.weightless(), v.sessionFailed(), !v.works():
		return report.NothingKnown
	}
	return report.Healthy
}

// empty reports whether nothing was read that tells of Wolf: no line of it or of
// what it starts, or none within the window. State files alone are no log.
func (v *View) empty(r *report.Report) bool {
	if v.Window.Set() && v.Account.Inside == 0 && len(r.Lifetimes) == 0 {
		return true
	}
	return !v.Account.Ours && len(r.Patterns) == 0 && len(r.Unexplained) == 0
}

// weightless reports whether complaints are left that the catalogue knows, that
// nothing excuses, and that are too little for a cause.
func (v *View) weightless() bool {
	for i := range v.Runs {
		if p := v.pattern(v.Runs[i].Pattern); p != nil && (p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom) {
			return true
		}
	}
	return false
}

func (v *View) sessionFailed() bool {
	if v.Outcomes == nil {
		return false
	}
	for i := range v.Outcomes.Sessions {
		if v.Outcomes.Sessions[i].Result == outcome.Failed {
			return true
		}
	}
	return false
}

// works reports whether Wolf's own lines show that it does its work: a start
// that got somewhere, a client, a session.
func (v *View) works() bool {
	for _, p := range v.Catalogue.All() {
		if p.Role == patterns.RoleLifecycle && timeline.ShowsWork(p.Event) && v.Account.Pattern(p).Count > 0 {
			return true
		}
	}
	return false
}
