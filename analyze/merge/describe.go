package merge

import (
	"slices"

	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Watched tells, by Pattern.Index, of which patterns every match matters to
// others: conditions look at where they are, or they describe the deployment.
func Watched(all []*patterns.Pattern) []bool {
	named := correlate.Watched(all)
	out := make([]bool, len(all))
	for _, p := range all {
		out[p.Index] = named[p.ID] || describes(p)
	}
	return out
}

// describes reports whether a pattern's captures say something of the deployment.
func describes(p *patterns.Pattern) bool {
	return p.Role != patterns.RoleCause && p.Role != patterns.RoleSymptom && slices.ContainsFunc(p.Captures(), setup.Knows)
}

// describe hands what a match that is no event says of the deployment to its
// model.
func (m *Merger) describe(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	if p.Event != "" || !describes(p) {
		return
	}
	m.parts = m.parts[:0]
	for _, c := range m.captures(p, h) {
		m.parts = append(m.parts, setup.Part{Name: c.Name, Value: string(c.Value)})
	}
	m.Setup.Line(m.place(r), m.parts)
}
