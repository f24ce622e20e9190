package render

import (
	"fmt"
	"io"
	"strings"

	"wolfdiag/analyze/report"
)

// maxEvidence and the like bound what text shows of each kind without --all.
const (
	maxEvidence  = 6
	maxExplains  = 6
	maxTemplates = 10
	maxLifetimes = 12
	maxClusters  = 10
	maxConfirm   = 3
	brief        = 0.15 // a cause less probable than this, listed as a rival, is told in short
)

// page writes lines and keeps the first error.
type page struct {
	w   io.Writer
	p   Palette
	o   Options
	err error
}

func (g *page) line(format string, args ...any) {
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, format+"\n", args...)
	}
}

// para writes text wrapped under a label of fixed width.
func (g *page) para(indent int, label, text string, paint func(string) string) {
	pad := strings.Repeat(" ", indent)
	hang := strings.Repeat(" ", labelWidth)
	if len(label) >= labelWidth { // a long label stands on a line of its own
		g.line("%s%s", pad, g.p.Dim(clean(label)))
		label = ""
	}
	for i, l := range wrap(clean(text), max(g.o.Width-indent-labelWidth, 30)) {
		lead := hang
		if i == 0 && label != "" {
			lead = g.p.Dim(fmt.Sprintf("%-*s", labelWidth, label))
		}
		if paint != nil {
			l = paint(l)
		}
		g.line("%s%s%s", pad, lead, l)
	}
}

// command writes a command on one line, whole: it must survive copy and paste.
func (g *page) command(indent int, label, cmd string) {
	g.line("%s%s%s", strings.Repeat(" ", indent), g.p.Dim(fmt.Sprintf("%-*s", labelWidth, label)), g.p.Code("$ "+clean(cmd)))
}

func (g *page) head(title string) { g.line("\n%s", g.p.Head(title)) }

func (g *page) table(t *Table) {
	if g.err == nil {
		t.Indent = 2
		g.err = t.Write(g.w, g.p)
	}
}

const labelWidth = 11

func writeText(w io.Writer, r *report.Report, o Options) error {
	g := &page{w: w, p: o.Palette, o: o}
	g.verdict(r)
	for i := range r.Causes {
		g.cause(&r.Causes[i])
	}
	g.coverage(r)
	g.unexplained(r)
	g.lifetimes(r)
	g.crashes(r)
	g.facts(r)
	g.breakdowns(r)
	if o.All {
		g.patterns(r)
	}
	g.notes(r)
	return g.err
}

func (g *page) verdict(r *report.Report) {
	paint, word := g.p.Good, "HEALTHY"
	switch r.Verdict {
	case report.CauseFound:
		paint, word = g.p.Bad, "CAUSE FOUND"
	case report.UnexplainedErrors:
		paint, word = g.p.Warn, "NOT EXPLAINED"
	}
	lines := wrap(clean(r.Summary), max(g.o.Width-len(word)-2, 30))
	for i, l := range lines {
		if i == 0 {
			g.line("%s  %s", paint(word), g.p.Strong(l))
			continue
		}
		g.line("%s  %s", strings.Repeat(" ", len(word)), g.p.Strong(l))
	}
	if r.Partial {
		g.line("%s", g.p.Warn("Partial: reading was cut short; this is the report on what was read."))
	}
}

func (g *page) cause(c *report.Cause) {
	title := clip(fmt.Sprintf("%d. %s", c.Rank, upperFirst(clean(c.Title))), g.o.Width-20)
	gap := max(g.o.Width-len([]rune(title))-16, 2)
	g.line("\n%s%s%s %3.0f %%", g.p.Strong(title), strings.Repeat(" ", gap), bar(c.Probability, 10), 100*c.Probability)
	meta := c.ID
	if c.Occurrences > 0 {
		meta += fmt.Sprintf(" · %s", episodes(c.Occurrences))
	}
	if s := span(c.FirstSeen, c.LastSeen); s != "" {
		meta += " · " + s + " UTC"
	}
	g.line("   %s", g.p.Dim(clean(meta)))
	g.para(3, "why", c.Summary, nil)
	if c.Probability < brief && !g.o.All {
		for _, r := range c.Rivals[:min(len(c.Rivals), 1)] {
			g.command(3, "settle", r.Settle)
		}
		return
	}
	g.para(3, "what", c.Explanation, nil)
	g.evidence(c)
	g.explains(c)
	g.rivals(c)
	for i, k := range c.Confirm {
		if i == maxConfirm && !g.o.All {
			break
		}
		g.command(3, "confirm", k.Command)
		g.para(3, "", k.Expect, nil)
	}
	g.remedies("now", c.Workaround)
	g.remedies("fix", c.Fixes)
}

// remedies prints actions; those that are commands are printed as such.
func (g *page) remedies(label string, list []string) {
	for i, s := range list {
		if i > 0 {
			label = ""
		}
		if cmd, ok := strings.CutPrefix(s, "$ "); ok {
			g.command(3, label, cmd)
			continue
		}
		g.para(3, label, "- "+s, nil)
	}
}

func (g *page) evidence(c *report.Cause) {
	for i, e := range c.Evidence {
		if i == maxEvidence && !g.o.All {
			g.para(3, "", fmt.Sprintf("… and %d more (--all)", len(c.Evidence)-i), g.p.Dim)
			break
		}
		label := "evidence"
		if i > 0 {
			label = ""
		}
		head := fmt.Sprintf("%+.1f  %s", e.Weight, e.Title)
		if e.Decoded != "" {
			head += " [" + e.Decoded + "]"
		}
		if e.Count > 1 {
			head += fmt.Sprintf(" ×%s", count(e.Count))
		}
		g.para(3, label, head, nil)
		if at := place(e.First); at != "" {
			g.para(3, "", "      "+at, g.p.Dim)
		}
		if e.First.Text != "" && e.First.Line > 0 {
			g.line("%s%s", strings.Repeat(" ", 3+labelWidth+2), g.p.Dim("│ "+clip(clean(e.First.Text), max(g.o.Width-labelWidth-7, 40))))
		}
	}
}

func place(w report.Where) string {
	if w.Line == 0 {
		return clean(w.Input)
	}
	s := fmt.Sprintf("%s:%d", clean(w.Input), w.Line)
	if w.Time != nil {
		s += "  " + stamp(w.Time)
	}
	return s
}

func (g *page) explains(c *report.Cause) {
	if len(c.Explains) == 0 {
		return
	}
	var parts []string
	for i, e := range c.Explains {
		if i == maxExplains && !g.o.All {
			parts = append(parts, fmt.Sprintf("and %d more kinds", len(c.Explains)-i))
			break
		}
		s := e.Title
		if e.Count > 1 {
			s += fmt.Sprintf(" ×%s", count(e.Count))
		}
		parts = append(parts, s)
	}
	g.para(3, "explains", strings.Join(parts, "; "), nil)
}

func (g *page) rivals(c *report.Cause) {
	for i, r := range c.Rivals {
		label := "rival"
		if i > 0 {
			label = ""
		}
		g.para(3, label, fmt.Sprintf("%s (%.0f %%): %s", r.ID, 100*r.Probability, r.Why), g.p.Warn)
		if r.Settle != "" {
			g.command(3, "settle", r.Settle)
		}
	}
}

func episodes(n int64) string {
	if n == 1 {
		return "1 episode"
	}
	return count(n) + " episodes"
}
