package render

import (
	"fmt"
	"io"
	"strings"
)

// maxEvidence and the like bound what text shows of each kind without --all.
const (
	maxEvidence  = 6
	maxExplains  = 4
	maxTemplates = 10
	maxLifetimes = 12
	maxClusters  = 10
	maxConfirm   = 3
	maxFixes     = 3    // of causes after the first
	maxRemedies  = 1    // checks and fixes of a rival of the first cause
	brief        = 0.15 // a cause less probable than this is told in short
	unlikely     = 0.10 // rivals less probable than this are only named
	maxProse     = 100  // columns; longer lines are hard to read
	labelWidth   = 11
)

// page writes lines and keeps the first error.
type page struct {
	w     io.Writer
	p     Palette
	o     Options
	err   error
	names names
	shown shown
	sets  []string // lines that set the variables of the commands at hand
}

// shown remembers what stands on the page already, and under which cause. Its
// maps are nil where nothing is to be remembered.
type shown struct {
	next     map[string]bool // what to do about a crash
	evidence map[string]int  // by pattern
	explains map[string]int  // by pattern
	commands map[string]int  // 0: at the top
	steps    map[string]int
	ranks    map[string]int    // of causes, by id
	speaks   map[string]string // by id of a cause: what would speak for it rather than for a better one
	single   bool              // one trouble only, so that what the log names belongs to it
	legend   bool
	set      map[string]bool // lines that set variables
}

// remember notes under which cause something was told, unless nothing is to be
// remembered.
func remember(m map[string]int, key string, rank int) {
	if m != nil {
		m[key] = rank
	}
}

func (g *page) line(format string, args ...any) {
	if g.err != nil {
		return
	}
	s := strings.TrimRight(fmt.Sprintf(format, args...), " ")
	if g.o.ASCII {
		s = typewriter.Replace(s)
	}
	_, g.err = io.WriteString(g.w, s+"\n")
}

// text makes words from outside fit for the page.
func (g *page) text(s string) string {
	s = clean(s)
	if g.o.ASCII {
		s = typewriter.Replace(s)
	}
	return s
}

func (g *page) clip(s string, columns int) string {
	if g.o.ASCII {
		return clipWith(s, columns, "...")
	}
	return clip(s, columns)
}

// prose is the width of running text.
func (g *page) prose() int { return min(g.o.Width, maxProse) }

// para writes text wrapped under a label of fixed width.
func (g *page) para(indent int, label, text string, paint func(string) string) {
	g.labelled(indent, labelWidth, label, "", text, paint)
}

// labelled writes text wrapped beside a label; the mark, such as a dash, stands
// before the first line and the others hang under the text. A label wider than
// its column stands on a line of its own.
func (g *page) labelled(indent, column int, label, mark, text string, paint func(string) string) {
	lead := strings.Repeat(" ", indent)
	if label = g.text(label); width(label) >= column && column > 0 {
		g.line("%s%s", lead, g.p.Dim(label))
		label = ""
	}
	for i, l := range wrap(g.text(text), g.prose()-indent-column-width(mark)) {
		if i == 1 {
			label, mark = "", strings.Repeat(" ", width(mark))
		}
		if paint != nil {
			l = paint(l)
		}
		beside := strings.Repeat(" ", column)
		if label != "" {
			beside = g.p.Dim(label) + strings.Repeat(" ", column-width(label))
		}
		g.line("%s%s%s%s", lead, beside, mark, l)
	}
}

// parts writes short pieces in a row beside a label, as many to a line as fit.
func (g *page) parts(indent, column int, label string, list []string, paint func(string) string) {
	room := max(g.o.Width-indent-column, 20)
	row := ""
	flush := func() {
		if row != "" {
			g.line("%s%s%s%s", strings.Repeat(" ", indent), g.p.Dim(label), strings.Repeat(" ", max(column-width(label), 0)), paint(row))
			row, label = "", ""
		}
	}
	for _, part := range list {
		if part = g.text(part); row != "" && width(row)+3+width(part) > room {
			flush()
		}
		if row != "" {
			row += g.text(" · ")
		}
		row += g.clip(part, room-width(row))
	}
	flush()
}

// command writes a command on one line, whole: it must survive copy and paste.
func (g *page) command(indent int, label, cmd string) {
	label = g.preface(indent, label, labelWidth, cmd)
	g.line("%s%s%s", strings.Repeat(" ", indent), g.p.Dim(pad(label, labelWidth)), g.p.Code("$ "+clean(cmd)))
}

func (g *page) blank() { g.line("") }

func (g *page) head(title string) { g.line("\n%s", g.p.Head(title)) }

func (g *page) table(t *Table) {
	if g.err != nil {
		return
	}
	t.Indent, t.Width = 2, g.o.Width
	if g.o.ASCII {
		t.Tail = "..."
		for _, row := range t.Rows {
			for i := range row {
				row[i] = typewriter.Replace(row[i])
			}
		}
	}
	g.err = t.Write(g.w, g.p)
}

// typewriter says with ASCII what text output draws with other characters.
// All but the ellipsis keep their width.
var typewriter = strings.NewReplacer("█", "#", "░", ".", "…", "...", "·", "|", "–", "-", "—", "-", "−", "-", "×", "x", "→", ">", "↳", ">", "│", "|",
	"“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "\u00a0", " ", "≥", ">", "≤", "<", "±", "~", "µ", "u",
	"▁", "_", "▂", "_", "▃", ".", "▄", "-", "▅", "-", "▆", "=", "▇", "=")

// clause prints a clause on what output means, its arrow set off.
func (g *page) clause(column int, s string) {
	if text, ok := strings.CutPrefix(s, "→ "); ok {
		g.labelled(0, column, "", "→ ", text, nil)
		return
	}
	g.labelled(0, column, "", "", s, nil)
}

// preface prints the lines that set the variables of a command, each once a page,
// beside the label; it returns the label for the command itself.
func (g *page) preface(indent int, label string, width int, command string) string {
	for _, l := range g.sets {
		name, _, _ := strings.Cut(l, "=")
		if g.shown.set[l] || !strings.Contains(command, "$"+name) {
			continue
		}
		if g.shown.set == nil {
			g.shown.set = map[string]bool{}
		}
		g.shown.set[l] = true
		g.line("%s%s%s", strings.Repeat(" ", indent), g.p.Dim(pad(label, width)), g.p.Code("$ "+clean(l)))
		label = ""
	}
	return label
}
