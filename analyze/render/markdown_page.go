package render

import (
	"bufio"
	"fmt"
	"strings"
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

func (m *mdPage) items(list []string) {
	if len(list) > 0 {
		m.p("")
	}
	for _, s := range list {
		m.p("- %s", md(s))
	}
}
