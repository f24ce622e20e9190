package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// mdEscape keeps log text from being read as markup, mathematics included.
var mdEscape = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"|", "\\|", "[", "\\[", "]", "\\]", "#", "\\#", "~", "\\~", "$", "\\$")

func md(s string) string { return mdEscape.Replace(clean(s)) }

// longestRun is the length of the longest run of backticks in s.
func longestRun(s string) int {
	most, n := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] != '`' {
			n = 0
			continue
		}
		n++
		most = max(most, n)
	}
	return most
}

// code puts s into a code span whatever it contains; nothing stays nothing.
func code(s string) string {
	if s = clean(s); strings.TrimSpace(s) == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// cellCode is code for a cell of a table, where a bar ends the cell even within
// a code span unless it is escaped. Behind a backslash that would be ambiguous.
func cellCode(s string) string {
	if strings.Contains(s, `\|`) {
		return "<code>" + md(s) + "</code>"
	}
	return strings.ReplaceAll(code(s), "|", `\|`)
}

// fenced puts lines into a block of their own whatever they contain.
func fenced(language string, lines ...string) string {
	most := 2
	for i := range lines {
		lines[i] = clean(lines[i])
		most = max(most, longestRun(lines[i]))
	}
	fence := strings.Repeat("`", most+1)
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence
}

// mdPage writes Markdown for an issue tracker (GitHub flavour) and keeps the
// first error.
type mdPage struct {
	b     *bufio.Writer
	o     Options
	names names
}

func (m *mdPage) p(format string, args ...any) { fmt.Fprintf(m.b, format+"\n", args...) }

// details folds what follows until the end function is called; always open when
// everything is wanted.
func (m *mdPage) details(summary string) (end func()) {
	open := ""
	if m.o.All {
		open = " open"
	}
	m.p("\n<details%s><summary>%s</summary>\n", open, md(summary))
	return func() { m.p("\n</details>") }
}

// writeMarkdown writes a report to be pasted into an issue. It has been redacted
// by Report.
func writeMarkdown(w io.Writer, r *report.Report, o Options) error {
	m := &mdPage{o: o, names: namesOf(r)}
	parts := []mdPart{m.part("the verdict", func() {
		m.p("# Wolf diagnosis: %s", r.Verdict.Words())
		m.p("\n**%s**", md(r.Summary))
		if r.Partial {
			m.p("\n*Partial: reading was cut short; this is the report on what was read.*")
		}
		m.opening(r)
		m.overview(r)
	})}
	for i := range r.Causes {
		parts = append(parts, m.part(fmt.Sprintf("cause %d", i+1), func() { m.cause(&r.Causes[i]) }))
	}
	for _, section := range []struct {
		name string
		draw func(*report.Report)
	}{{"coverage", m.coverage}, {"what is not explained", m.unexplained}, {"what is known here", m.known}, {"sessions", m.sessions}, {"lifetimes", m.lifetimes},
		{"crashes", m.crashes}, {"snapshots", m.facts}, {"breakdowns", m.breakdowns}, {"notes", m.notes}} {
		parts = append(parts, m.part(section.name, func() { section.draw(r) }))
	}
	end := fmt.Sprintf("\n%s %s, catalogue %s. %s\n", md(r.Tool.Name), md(r.Tool.Version), md(r.Tool.Catalogue), maskedRemark)
	_, err := io.WriteString(w, fitMarkdown(parts, end, maxMarkdown))
	return err
}

// opening says below the verdict why, and what to run first.
func (m *mdPage) opening(r *report.Report) {
	o := openingOf(r, m.names)
	if list := o.because(); len(list) > 0 {
		m.p("\nBecause: %s.", md(strings.Join(list, "; ")))
	}
	if o.look != nil {
		m.p("\nLook here:\n\n%s", fenced("text", o.lines()...))
	}
	m.list("Next", o.next, "")
	if o.run == nil {
		return
	}
	lines := slices.Clone(o.run.Preface)
	for _, s := range o.means {
		lines = append(lines, "# "+s)
	}
	m.p("\nRun first:\n\n%s", fenced("sh", append(lines, o.run.Command)...))
}

// checkLines are commands, each below a comment that says what to expect.
func checkLines(list []report.Check) []string {
	var lines []string
	for _, k := range list {
		if k.Expect != "" {
			lines = append(lines, "# expect: "+k.Expect)
		}
		lines = append(lines, k.Command)
	}
	return lines
}

func (m *mdPage) overview(r *report.Report) {
	if len(r.Causes) < 2 {
		return
	}
	m.p("\n| | probability | cause | first seen (UTC) |\n|---:|---:|---|---|")
	for _, c := range r.Causes {
		m.p("| %d | %s | %s | %s |", c.Rank, md(report.Percent(c.Probability)), md(upperFirst(c.Title)), stamp(c.FirstSeen))
	}
}

func (m *mdPage) cause(c *report.Cause) {
	m.p("\n## %d. %s (%s)\n", c.Rank, md(upperFirst(c.Title)), md(report.Percent(c.Probability)))
	parts := []string{code(c.ID)}
	if c.Occurrences > 0 {
		parts = append(parts, episodes(c.Occurrences))
	}
	if s := span(c.FirstSeen, c.LastSeen); s != "" {
		parts = append(parts, s+" UTC")
	}
	m.p("%s\n\n%s", strings.Join(parts, " · "), md(c.Explanation))
	m.evidence(c)
	if n := len(c.Explains); n > 0 {
		end := m.details("It explains " + report.Plural(int64(n), "other kind of message", "other kinds of message"))
		for _, e := range c.Explains {
			m.p("- %s%s", md(e.Title), times(e.Count))
		}
		end()
	}
	if len(c.Rivals) > 0 {
		m.p("\n**Not ruled out**")
	}
	for _, r := range c.Rivals {
		s := fmt.Sprintf("\n- %s (%s)", code(r.ID), md(report.Percent(r.Probability)))
		if r.Why != "" {
			s += ": " + md(r.Why)
		}
		m.p("%s", s)
		if r.Settle != "" {
			m.p("\n%s", indent(fenced("sh", r.Settle), "  "))
		}
	}
	if len(c.Confirm) > 0 {
		lines := checkLines(c.Confirm)
		if c.Rank > 1 {
			lines = append(slices.Clone(c.Preface), lines...)
		}
		m.p("\n**Confirm**\n\n%s", fenced("sh", lines...))
	}
	m.list("Now", c.Workaround, restart(c.Restart))
	m.list("Fix", c.Fixes, "")
}

func (m *mdPage) evidence(c *report.Cause) {
	if len(c.Evidence) == 0 {
		return
	}
	m.p("\n**Evidence** (weights are log-odds)\n\n| weight | what it means | count | where | time (UTC) |\n|---:|---|---:|---|---|")
	var lines, seen []string
	for _, e := range c.Evidence {
		title := md(e.Title)
		if e.Decoded != "" {
			title += " (" + md(e.Decoded) + ")"
		}
		if words := e.Contrast.Words(); words != "" {
			title += ", " + words
		}
		at := m.names.at(e.First)
		if e.First.Line == 0 && e.First.Input == m.names.only {
			at = ""
		}
		m.p("| %+.1f | %s | %s | %s | %s |", e.Weight, title, report.Count(e.Count), md(at), stamp(e.First.Time))
		if e.First.Line > 0 && e.First.Text != "" && !slices.Contains(seen, at) {
			seen = append(seen, at)
			lines = append(lines, at+": "+e.First.Text)
		}
	}
	if len(lines) > 0 {
		m.p("\n%s", fenced("text", lines...))
	}
}

func times(n int64) string {
	if n < 2 {
		return ""
	}
	return " ×" + report.Count(n)
}

func indent(s, by string) string { return by + strings.ReplaceAll(s, "\n", "\n"+by) }

func (m *mdPage) list(head string, items []string, more string) {
	if len(items) == 0 && more == "" {
		return
	}
	m.p("\n**%s**\n", head)
	for _, s := range items {
		if cmd, ok := commandOf(s); ok {
			m.p("- %s", code(cmd))
			continue
		}
		m.p("- %s", md(s))
	}
	if more != "" {
		m.p("- (%s)", md(more))
	}
}
