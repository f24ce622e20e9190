package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

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
			if r.Expect != "" {
				m.p("\n  → %s", md(expected(&r)))
			}
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
