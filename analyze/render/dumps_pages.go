package render

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"wolfdiag/analyze/picture"
	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

// dumpsMarkdown writes a report to be pasted into an issue tracker.
func dumpsMarkdown(w io.Writer, r *dump.Report, o DumpsOptions) error {
	b := bufio.NewWriter(w)
	p := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	p("# %s", md(dumpsHeadline(r)))
	for i := range r.Clusters {
		c := &r.Clusters[i]
		p("\n## %d. %s\n", i+1, code(c.Signature))
		if s := crashSentence(c); s != "" {
			p("%s\n", md(s))
		}
		p("%d × (%.0f %%), cluster %s", c.Count, 100*c.Share, code(c.ID))
		if c.Build != "" {
			p("- build: %s", code(c.Build))
		}
		if c.Cause != "" {
			p("- cause: %s", code(c.Cause))
		}
		if s := span(c.First, c.Last); s != "" {
			p("- when (UTC): %s", md(s))
		}
		p("- files: %s", mdFiles(c.Files, o.All))
		for _, n := range c.Next {
			p("- next: %s", md(n))
		}
		if len(c.Frames) > 0 {
			p("\n```text")
			for _, row := range traceRows(c.Frames, o.AllFrames) {
				p("%s", strings.ReplaceAll(plainRow(row), "```", "'''"))
			}
			p("```")
		}
	}
	first := true
	for i := range r.Files {
		f := &r.Files[i]
		if !o.All && f.Status == dump.StatusOK && !f.Pending {
			continue
		}
		if first {
			p("\n## Dumps to take with care\n\n| file | kind | status | frames | remark |\n|---|---|---|---:|---|")
			first = false
		}
		p("| %s | %s | %s | %d | %s |", md(f.Path), f.Kind, f.Status, f.Frames, md(strings.Join(f.Warnings, "; ")))
	}
	if len(r.Notes)+len(r.Errors) > 0 {
		p("\n## Notes\n")
		for _, n := range append(append([]string{}, r.Notes...), r.Errors...) {
			p("- %s", md(n))
		}
	}
	return b.Flush()
}

func mdFiles(files []string, all bool) string {
	var out []string
	for i, f := range files {
		if i == 2*maxDumpFiles && !all {
			out = append(out, fmt.Sprintf("and %d more", len(files)-i))
			break
		}
		out = append(out, code(baseOf(f)))
	}
	return strings.Join(out, ", ")
}

// plainRow is a row of a trace without colour.
func plainRow(row traceRow) string {
	if row.skipped > 0 {
		return fmt.Sprintf("  #%-3d … %s", row.number, report.Plural(int64(row.skipped), "frame", "frames"))
	}
	mark := " "
	if row.role == "own" {
		mark = ">"
	}
	s := fmt.Sprintf("%s #%-3d %s", mark, row.number, clean(row.function))
	if row.place != "" {
		s += "  " + clean(row.place)
	}
	if row.inlined {
		s += " (inlined)"
	}
	return s
}

//go:embed dumps.html.tmpl
var dumpsPage string

var dumpsTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("dumps", dumpsPage, template.FuncMap{
		"headline": dumpsHeadline, "sentence": func(c dump.ClusterReport) string { return clean(crashSentence(&c)) }, "base": baseOf, "join": func(s []string) string { return clean(strings.Join(s, "; ")) },
		"percent": func(p float64) string { return fmt.Sprintf("%.0f %%", 100*p) },
		"inc":     func(i int) int { return i + 1 },
		"trace": func(frames []dump.FrameReport, all bool) string {
			var lines []string
			for _, row := range traceRows(frames, all) {
				lines = append(lines, plainRow(row))
			}
			return strings.Join(lines, "\n")
		},
	})
})

// dumpsHTML writes one self-contained page without script.
func dumpsHTML(w io.Writer, r *dump.Report, o DumpsOptions) error {
	t, err := dumpsTemplate()
	if err != nil {
		return fmt.Errorf("parse the built-in page: %w", err)
	}
	err = t.Execute(w, struct {
		*dump.Report
		AllFrames bool
		Picture   *drawing // nil when no dump has a time
	}{r, o.AllFrames, drawn(picture.OfDumps(r))})
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}
