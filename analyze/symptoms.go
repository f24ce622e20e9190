package analyze

import (
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// symptoms lists, for a log in which no cause was found, the failures that are
// known for what they are and not for where they come from. Without them such
// a log would pass for a healthy one.
func (a *Analyzer) symptoms(v *view) []report.Template {
	var out []report.Template
	listed := map[string]bool{}
	for i := range v.runs {
		p := a.pattern(v.runs[i].Pattern)
		if p == nil || listed[p.ID] || p.Severity != "error" && p.Severity != "fatal" ||
			p.Role != patterns.RoleSymptom && p.Role != patterns.RoleCause {
			continue
		}
		listed[p.ID] = true
		s := &a.stats[p.Index]
		first := a.where(v.time, &s.first)
		out = append(out, report.Template{Template: first.Text, Level: p.Severity, Component: p.Component, Count: s.count,
			First: first, Last: a.where(v.time, &s.last), Pattern: p.ID, Note: p.Title + "; this log does not show why"})
	}
	return out
}
