package render

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"sync"

	"wolfdiag/analyze/compare"
)

// compareMarkdown writes a comparison to be pasted into an issue tracker.
func compareMarkdown(w io.Writer, r *compare.Report, o Options) error {
	b := bufio.NewWriter(w)
	p := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	p("# %s\n\n%s\n", md(upperFirst(compareWord(r.Verdict))), md(r.Summary))
	p("| | log | what it shows |\n|---|---|---|")
	p("| good | %s | %s |\n| bad | %s | %s |", md(r.Good.Name), md(sideWords(&r.Good)), md(r.Bad.Name), md(sideWords(&r.Bad)))
	for _, s := range sections(r, o.All) {
		p("\n## %s\n\n| | what | detail |\n|---|---|---|", s.Title)
		for _, c := range s.Rows {
			what := md(c.What)
			if c.Shape {
				what = cellCode(c.What)
			}
			p("| %s | %s | %s |", c.How, what, md(c.Detail))
		}
		if s.Left > 0 {
			p("\n%d more are left out.", s.Left)
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

//go:embed compare.html.tmpl
var comparePage string

var compareTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("compare", comparePage, template.FuncMap{
		"word": compareWord, "side": func(s compare.Side) string { return sideWords(&s) },
	})
})

// compareHTML writes one self-contained page without script.
func compareHTML(w io.Writer, r *compare.Report, o Options) error {
	t, err := compareTemplate()
	if err != nil {
		return fmt.Errorf("parse the built-in page: %w", err)
	}
	if err := t.Execute(w, comparison{Report: r, Sections: sections(r, o.All)}); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

// comparison is what the template sees.
type comparison struct {
	*compare.Report
	Sections []section
}
