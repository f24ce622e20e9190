package render

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"wolfdiag/analyze/fleet"
)

// fleetMarkdown writes a report to be pasted into an issue tracker.
func fleetMarkdown(w io.Writer, r *fleet.Report, o Options) error {
	v := &fleetView{r, o.All}
	b := bufio.NewWriter(w)
	p := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	p("# %s\n\n%s\n", md(upperFirst(v.Headline())), md(r.Summary))
	for _, s := range v.Scope() {
		p("- %s", md(s))
	}
	p("- %s", md(strings.Join(v.Verdicts(), " · ")))
	if len(v.Causes) > 0 {
		p("\n## Causes\n\n| cause | hosts | possible | sessions failed | since the baseline |\n|---|---:|---:|---:|---|")
		for i := range v.Causes {
			c := &v.Causes[i]
			p("| %s %s | %d | %d | %d | %s |", cellCode(c.ID), md(c.Title), c.Hosts, c.Possible, c.SessionsFailed, since(c))
		}
	}
	if rows := v.Rows(); len(rows) > 0 {
		head, rule := "| host |", "|---|"
		for _, c := range v.Columns() {
			head += " " + cellCode(c.ID) + " |"
			rule += "---:|"
		}
		p("\n## Hosts with causes\n\n%s\n%s", head, rule)
		for _, row := range rows[:v.Kept(len(rows))] {
			p("| %s | %s |", md(row.Host.Host), strings.Join(row.Cells, " | "))
		}
		if n := len(rows) - v.Kept(len(rows)); n > 0 {
			p("\n%d more hosts are left out.", n)
		}
	}
	if list := v.Telling(); len(list) > 0 {
		p("\n## What the causes go with\n\n| cause | what | value | hosts with the cause (95 %%) |\n|---|---|---|---|")
		for _, x := range list {
			p("| %s | %s | %s | %s |", cellCode(x.Cause), md(x.What), md(x.Value), groupWords(x))
		}
	}
	if len(v.Partial) > 0 {
		p("\n## Little or nothing is known of\n")
		for _, x := range v.Partial[:v.Kept(len(v.Partial))] {
			p("- %s: %s", md(x.Host), md(x.Why))
		}
		if n := len(v.Partial) - v.Kept(len(v.Partial)); n > 0 {
			p("\n%d more hosts are left out.", n)
		}
	}
	if len(r.Notes) > 0 {
		p("\n## Notes\n")
		for _, n := range r.Notes {
			p("- %s", md(n))
		}
	}
	p("\n%s %s, catalogue %s. %s", md(r.Tool.Name), md(r.Tool.Version), md(r.Tool.Catalogue), maskedRemark)
	return b.Flush()
}

//go:embed fleet.html.tmpl
var fleetPage string

var fleetTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("fleet", fleetPage, template.FuncMap{
		"since": func(c fleet.CauseRow) string { return since(&c) }, "groupWords": groupWords,
	})
})

// fleetHTML writes one self-contained page without script.
func fleetHTML(w io.Writer, r *fleet.Report, o Options) error {
	t, err := fleetTemplate()
	if err != nil {
		return fmt.Errorf("parse the built-in page: %w", err)
	}
	if err := t.Execute(w, &fleetView{r, o.All}); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}
