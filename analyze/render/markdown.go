package render

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"

	"wolfdiag/analyze/report"
)

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// mdEscape keeps log text from being read as markup.
var mdEscape = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "<", "&lt;", ">", "&gt;", "|", "\\|", "[", "\\[", "]", "\\]", "#", "\\#")

func md(s string) string { return mdEscape.Replace(clean(s)) }

// code puts s into a code span whatever it contains.
func code(s string) string {
	s = clean(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// writeMarkdown writes a report to be pasted into an issue tracker. It has
// been redacted by Report.
func writeMarkdown(w io.Writer, r *report.Report, o Options) error {
	b := bufio.NewWriter(w)
	p := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	p("# Wolf diagnosis: %s", md(string(r.Verdict)))
	p("\n%s", md(r.Summary))
	if r.Partial {
		p("\n*Partial: reading was cut short.*")
	}
	for i := range r.Causes {
		mdCause(p, &r.Causes[i])
	}
	c := r.Coverage
	p("\n## Coverage\n")
	p("%s lines; %s complaints = %s explained + %s harmless + %s unexplained.", count(c.Lines), count(c.ErrorLines), count(c.Explained), count(c.Benign), count(c.Unexplained))
	if len(r.Unexplained) > 0 {
		p("\n| count | level | line | message |\n|---:|---|---:|---|")
		for i, u := range r.Unexplained {
			if i == 2*maxTemplates && !o.All {
				break
			}
			p("| %s | %s | %d | %s |", count(u.Count), md(u.Level), u.First.Line, md(u.Template))
		}
	}
	if len(r.Lifetimes) > 0 {
		p("\n## Lifetimes\n\n| start (UTC) | end | sessions | failures | first failure in session |\n|---|---|---:|---:|---:|")
		for _, l := range r.Lifetimes {
			p("| %s | %s | %s | %d | %s |", orUnknown(stamp(l.Start)), md(strings.TrimSpace(l.EndKind+" "+l.ExitMeaning)), number(l.Sessions), l.Failures, number(l.FirstFailureSession))
		}
		p("\nLeak: %s. %s", leakWord(r.Leak), md(r.Leak.Why))
	}
	if len(r.Crashes) > 0 {
		p("\n## Crashes\n")
		for _, k := range r.Crashes {
			p("- %d × %s %s", k.Count, code(k.Signature), md(k.Related))
		}
	}
	mdNotes(p, r)
	return b.Flush()
}

func mdCause(p func(string, ...any), c *report.Cause) {
	p("\n## %d. %s (%.0f %%)\n", c.Rank, md(c.Title), 100*c.Probability)
	p("%s · %s · %s\n", code(c.ID), episodes(c.Occurrences), orUnknown(span(c.FirstSeen, c.LastSeen)))
	p("%s\n\n%s\n", md(c.Summary), md(c.Explanation))
	p("| weight | evidence | count | where |\n|---:|---|---:|---|")
	for _, e := range c.Evidence {
		title := md(e.Title)
		if e.Decoded != "" {
			title += " (" + md(e.Decoded) + ")"
		}
		p("| %+.1f | %s | %s | %s |", e.Weight, title, count(e.Count), md(names{}.at(e.First)))
	}
	for _, e := range c.Evidence {
		if e.First.Line > 0 {
			p("\n    %s", clean(e.First.Text))
		}
	}
	if len(c.Explains) > 0 {
		p("\nConsequences:\n")
		for _, e := range c.Explains {
			p("- %s ×%s", md(e.Title), count(e.Count))
		}
	}
	for _, r := range c.Rivals {
		p("\nRival %s (%.0f %%): %s", code(r.ID), 100*r.Probability, md(r.Why))
		if r.Settle != "" {
			p("\n```sh\n%s\n```", clean(r.Settle))
		}
	}
	for _, k := range c.Confirm {
		p("\nConfirm: %s\n\n```sh\n%s\n```", md(k.Expect), clean(k.Command))
	}
	mdList(p, "Now", c.Workaround)
	mdList(p, "Fix", c.Fixes)
}

func mdList(p func(string, ...any), head string, list []string) {
	if len(list) == 0 {
		return
	}
	p("\n%s:\n", head)
	for _, s := range list {
		if cmd, ok := strings.CutPrefix(s, "$ "); ok {
			p("- %s", code(cmd))
			continue
		}
		p("- %s", md(s))
	}
}

func mdNotes(p func(string, ...any), r *report.Report) {
	if len(r.Facts)+len(r.Clocks)+len(r.Notes) == 0 {
		return
	}
	p("\n## Notes\n")
	for _, f := range r.Facts {
		p("- %s: %s %s", md(f.Kind), md(f.Text), md(f.Bears))
	}
	for _, n := range append(append([]string{}, r.Clocks...), r.Notes...) {
		p("- %s", md(n))
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "time unknown"
	}
	return s
}

func number(n *int) string {
	if n == nil {
		return "?"
	}
	return fmt.Sprint(*n)
}
