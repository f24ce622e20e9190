package render

import (
	"fmt"
	"strings"

	"wolfdiag/analyze/report"
)

func (m *mdPage) coverage(r *report.Report) {
	c := r.Coverage
	s := fmt.Sprintf("%s lines", report.Count(c.Lines))
	if p := span(r.Period.From, r.Period.To); p != "" {
		s += " of " + p + " UTC"
	}
	m.p("\n## Coverage\n\n%s. Complaints: %s.", md(s), accounts(c))
	if s := setupLine(r.Setup); s != "" {
		m.p("\nSetup: %s.", md(s))
	}
	if len(r.Inputs) == 0 {
		return
	}
	if len(r.Inputs) > 3 {
		defer m.details(report.Plural(int64(len(r.Inputs)), "input", "inputs"))()
	}
	m.p("\n| input | format | lines | remarks |\n|---|---|---:|---|")
	for _, in := range r.Inputs {
		m.p("| %s | %s | %s | %s |", md(m.names.short(in.Name)), md(in.Format), report.Count(in.Lines), md(strings.Join(in.Warnings, "; ")))
	}
}

func (m *mdPage) unexplained(r *report.Report) {
	list := r.Unexplained
	if len(list) == 0 {
		return
	}
	m.p("\n## Not explained")
	if !m.o.All {
		list = list[:min(len(list), 2*maxTemplates)]
	}
	if len(list) > maxTemplates {
		defer m.details(report.Plural(int64(len(r.Unexplained)), "kind of message", "kinds of message") + " that no pattern knows")()
	}
	m.p("\n| count | level | where | message | remark |\n|---:|---|---|---|---|")
	for _, u := range list {
		m.p("| %s | %s | %s | %s | %s |", report.Count(u.Count), md(u.Level), md(m.names.at(u.First)), cellCode(u.Template), md(u.Note))
	}
	if n := len(r.Unexplained) - len(list); n > 0 {
		m.p("\n%d more are left out.", n)
	}
}

func (m *mdPage) lifetimes(r *report.Report) {
	if len(r.Lifetimes) == 0 {
		return
	}
	m.p("\n## Lifetimes of Wolf")
	if r.Leak.Why != "" {
		m.p("\nDoes failure come with accumulation? %s.", md(upperFirst(leakSentence(r.Leak))))
	}
	if len(r.Lifetimes) > maxLifetimes {
		defer m.details(report.Plural(int64(len(r.Lifetimes)), "lifetime", "lifetimes"))()
	}
	m.p("\n| start (UTC) | end | sessions | failures | first failure |\n|---|---|---:|---:|---|")
	for i := range r.Lifetimes {
		l := &r.Lifetimes[i]
		row := lifeRow(l)
		end := l.EndKind
		if l.ExitMeaning != "" {
			end += " (" + l.ExitMeaning + ")"
		}
		m.p("| %s | %s | %s | %s | %s |", row[0], md(end), row[2], row[3], row[4])
	}
}

func (m *mdPage) crashes(r *report.Report) {
	if len(r.Crashes) == 0 {
		return
	}
	m.p("\n## Crashes\n")
	for i, k := range r.Crashes {
		if i == 2*maxClusters && !m.o.All {
			m.p("- and %d more kinds of crash", len(r.Crashes)-i)
			break
		}
		s := fmt.Sprintf("- %d × %s", k.Count, code(k.Signature))
		if who := whoCrashed(&r.Crashes[i]); who != "" {
			s += ", " + md(who)
		}
		if when := span(k.First, k.Last); when != "" {
			s += ", " + when + " UTC"
		}
		if k.Cause != "" {
			s += ", cause " + code(k.Cause)
		}
		m.p("%s", s)
	}
	if c := newest(r.Crashes); c != nil && c.Related != "" {
		m.p("\n%s.", md(upperFirst(c.Related)))
	}
}

func (m *mdPage) facts(r *report.Report) {
	if len(r.Facts) == 0 {
		return
	}
	m.p("\n## Snapshots\n")
	shared := sharedClauses(r.Facts)
	for _, f := range r.Facts {
		s := fmt.Sprintf("- %s: %s", md(f.Kind), code(f.Text))
		if bears := without(f.Bears, shared); bears != "" {
			s += ": " + md(bears)
		}
		m.p("%s", s)
	}
	for _, s := range shared {
		m.p("\n(%s)", md(s))
	}
}

func (m *mdPage) breakdowns(r *report.Report) {
	for _, b := range r.Breakdowns {
		by := md(strings.ReplaceAll(b.By, "-", " "))
		m.p("\n## Failures by %s\n\n| %s | sessions | failed |\n|---|---:|---:|", by, by)
		for _, row := range b.Groups {
			m.p("| %s | %d | %d |", md(row.Name), row.Sessions, row.Failed)
		}
		m.p("\n%s.", md(strings.TrimSuffix(upperFirst(b.Say), ".")))
	}
}

func (m *mdPage) notes(r *report.Report) {
	if len(r.Clocks)+len(r.Notes) == 0 {
		return
	}
	m.p("\n## Notes")
	m.items(m.names.fold(r.Notes))
	clocks := m.names.fold(r.Clocks)
	if len(clocks) > 3 {
		defer m.details(report.Plural(int64(len(clocks)), "assumption", "assumptions") + " about clocks")()
	}
	m.items(clocks)
}
