package render

import (
	"strings"

	"wolfdiag/analyze/report"
)

// seen are the entries of the operator's own list that occur.
func seen(r *report.Report) []report.KnownHere {
	var out []report.KnownHere
	for _, k := range r.Known {
		if k.Count > 0 {
			out = append(out, k)
		}
	}
	return out
}

// untilWords says how long an entry holds, and of whom.
func untilWords(k report.KnownHere) string {
	var parts []string
	if k.Service != "" {
		parts = append(parts, "of "+clean(k.Service))
	}
	if k.Until != nil {
		parts = append(parts, "until "+*k.Until)
	}
	return strings.Join(parts, ", ")
}

// known lists what the operator calls harmless here, with the reason below it.
func (g *page) known(r *report.Report) {
	list := seen(r)
	if len(list) == 0 {
		return
	}
	g.head("Known here")
	where := "line"
	if g.names.only == "" {
		where = "where"
	}
	t := &Table{Header: []string{"count", where, "message"}, Right: []int{0}, Shrink: []int{1, 2}, Middle: []int{1}}
	for _, k := range list {
		t.Rows = append(t.Rows, []string{report.Count(k.Count), strings.TrimPrefix(g.names.at(*k.First), "line "), clean(k.First.Text)},
			[]string{"", "", "↳ " + report.Clauses(clean(k.Why), untilWords(k), k.Entry)})
	}
	g.table(t)
}

func (m *mdPage) known(r *report.Report) {
	list := seen(r)
	if len(list) == 0 {
		return
	}
	m.p("\n## Known here\n\n| count | where | message | why | entry |\n|---:|---|---|---|---|")
	for _, k := range list {
		m.p("| %s | %s | %s | %s | %s |", report.Count(k.Count), md(m.names.at(*k.First)), cellCode(k.First.Text), md(report.Clauses(k.Why, untilWords(k))), md(k.Entry))
	}
}
