package assemble

import (
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// symptoms lists, for a log in which no cause was found, the failures that are
// known for what they are and not for where they come from. Without them such
// a log would pass for a healthy one.
func (v *View) symptoms() []report.Template {
	var out []report.Template
	listed := map[string]bool{}
	for i := range v.Runs {
		p := v.pattern(v.Runs[i].Pattern)
		if p == nil || listed[p.ID] || p.Severity == "info" || p.Severity == "" ||
			p.Role != patterns.RoleSymptom && p.Role != patterns.RoleCause {
			continue
		}
		listed[p.ID] = true
		s := v.Account.Pattern(p)
		first := v.where(&s.First)
		out = append(out, report.Template{Template: first.Text, Level: p.Severity, Component: p.Component, Count: s.Count, Bursts: s.Bursts(),
			First: first, Last: v.where(&s.Last), Pattern: p.ID, Note: p.Title + "; this log does not show why"})
	}
	return out
}
