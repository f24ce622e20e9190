package render

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// The short form of a report is for a terminal: what a person needs to act, on
// one screen. Everything else is a flag away.
const (
	screenRows  = 23 // of 24: the prompt takes one
	screenLabel = 13 // columns, as wide as CAUSE FOUND
	maxQuotes   = 3
	maxOthers   = 3
	maxNow      = 3
)

// block is a part of the screen: rows that stand together, the most important
// first.
type block struct {
	rows  []string
	keep  int  // rows that are not given up for want of space
	spare bool // it goes first, as a whole
	cut   bool // some have been
}

// writeScreen writes the short form: at most screenRows rows at 80 columns or
// more.
func writeScreen(w io.Writer, r *report.Report, o Options) error {
	s := &oneScreen{page: page{p: o.Palette, o: o, names: namesOf(r)}}
	s.named(r)
	head := openingOf(r, s.names)
	s.block(4, func() { s.verdict(r) })
	s.block(1, func() { s.why(head) })
	s.block(3, func() { s.notes(r) })
	s.block(99, func() { s.run(head) })
	s.block(1, func() { s.others(r) })
	s.block(3, func() { s.look(head, screenLabel, maxLook) })
	s.block(1, func() { s.now(r, head) })
	s.block(0, func() { s.strip(r, 0, screenLabel) })
	s.block(2, func() { s.foot(r) })
	return s.write(w)
}

// oneScreen lays blocks out on a screen.
type oneScreen struct {
	page
	blocks []block
}

// block draws a part of the screen; a part without a row is none. One of which no
// row must be kept goes as a whole where there is no room for it.
func (s *oneScreen) block(keep int, draw func()) {
	var b bytes.Buffer
	s.w = &b
	draw()
	text := strings.TrimSuffix(b.String(), "\n")
	if text == "" {
		return
	}
	s.blocks = append(s.blocks, block{rows: strings.Split(text, "\n"), keep: keep, spare: keep == 0})
}

// write gives up rows until the rest fits: first from the longest block that can
// spare one, then the blank lines between the blocks.
func (s *oneScreen) write(w io.Writer) error {
	if s.rows() > screenRows {
		s.blocks = slices.DeleteFunc(s.blocks, func(b block) bool { return b.spare })
	}
	for s.rows() > screenRows {
		longest, most := -1, 0
		for i := range s.blocks {
			if spare := len(s.blocks[i].rows) - s.blocks[i].keep; spare > most {
				longest, most = i, spare
			}
		}
		if longest < 0 {
			break
		}
		b := &s.blocks[longest]
		b.rows, b.cut = b.rows[:len(b.rows)-1], true
	}
	gaps := s.rows() <= screenRows
	var out bytes.Buffer
	for i, b := range s.blocks {
		if i > 0 && gaps {
			out.WriteByte('\n')
		}
		out.WriteString(strings.Join(b.rows, "\n"))
		if last := b.rows[len(b.rows)-1]; b.cut && s.columns(last)+2 <= s.o.Width {
			out.WriteString(s.p.Dim(s.text(" …")))
		}
		out.WriteByte('\n')
	}
	if s.err != nil {
		return s.err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// rows is how many rows of the terminal the blocks take with blank lines between
// them: a command is one line, whatever its length, and the terminal breaks it.
func (s *oneScreen) rows() int {
	n := len(s.blocks) - 1
	for _, b := range s.blocks {
		for _, row := range b.rows {
			n += Rows(row+"\n", s.o.Width)
		}
	}
	return n
}

// columns is the width of a row without its colours.
func (s *oneScreen) columns(row string) int {
	return width(escapes.ReplaceAllString(row, ""))
}

// row writes one row beside a label, cut to the terminal's width.
func (s *oneScreen) row(label, text string, paint func(string) string) {
	text = s.clip(s.text(text), max(s.o.Width-screenLabel, 20))
	if paint != nil {
		text = paint(text)
	}
	s.line("%s%s", s.p.Dim(pad(label, screenLabel)), text)
}

// why quotes the lines on which the first cause rests.
func (s *oneScreen) why(o opening) {
	label := "why"
	list := o.quotes(maxQuotes)
	column := 0
	for _, q := range list {
		column = max(column, width(q.at))
	}
	for _, q := range list {
		switch {
		case q.text == "" && q.at == "":
			s.row(label, q.title, nil)
		case q.text == "":
			s.row(label, pad(q.at, column)+"  "+q.title, nil)
		default:
			s.row(label, pad(q.at, column)+"  "+q.text, nil)
		}
		label = ""
	}
}

// run shows the command that decides and what its output means.
func (s *oneScreen) run(o opening) {
	if o.run == nil {
		return
	}
	s.sets = o.run.Preface
	label := s.preface(0, "run this", screenLabel, o.run.Command)
	s.line("%s%s", s.p.Dim(pad(label, screenLabel)), s.p.Code("$ "+clean(o.run.Command)))
	for _, m := range o.means {
		s.clause(screenLabel, m)
	}
}

// others names what else it may be, and what else there is, a row each.
func (s *oneScreen) others(r *report.Report) {
	if len(r.Causes) < 2 {
		return
	}
	first := &r.Causes[0]
	var rival, besides []*report.Cause
	for i := range r.Causes[1:] {
		c := &r.Causes[1+i]
		switch {
		case rivals(first, c):
			rival = append(rival, c)
		case c.Probability >= brief:
			besides = append(besides, c)
		}
	}
	s.causes("rivals", rival)
	s.causes("besides", besides)
}

func (s *oneScreen) causes(label string, list []*report.Cause) {
	for i, c := range list {
		if i == maxOthers-1 && len(list) > maxOthers {
			s.row(label, fmt.Sprintf("and %d more (-v)", len(list)-i), s.p.Dim)
			return
		}
		s.row(label, fmt.Sprintf("%5s  %s", report.Percent(c.Probability), c.Title), nil)
		label = ""
	}
}

// now says what to do at once.
func (s *oneScreen) now(r *report.Report, head opening) {
	steps, remark, label := head.next, "", "next"
	if len(r.Causes) > 0 {
		steps, remark, label = r.Causes[0].Workaround, restart(r.Causes[0].Restart), "now"
		s.sets = r.Causes[0].Preface
	}
	for i, step := range steps {
		if i == maxNow {
			s.row(label, fmt.Sprintf("and %d more (-v)", len(steps)-i), s.p.Dim)
			break
		}
		if cmd, ok := commandOf(step); ok {
			label = s.preface(0, label, screenLabel, cmd)
			s.line("%s%s", s.p.Dim(pad(label, screenLabel)), s.p.Code("$ "+clean(cmd)))
		} else {
			s.labelled(0, screenLabel, label, "- ", step, nil)
		}
		label = ""
	}
	if remark != "" {
		s.row(label, "("+remark+")", s.p.Dim)
	}
}

// foot counts what was read, as far as a row goes, and says where the rest is.
func (s *oneScreen) foot(r *report.Report) {
	var parts []string
	if c := r.Coverage; c.ErrorLines > 0 {
		parts = append(parts, fmt.Sprintf("%s, %s unexplained", report.Plural(c.ErrorLines, "complaint", "complaints"), report.Count(c.Unexplained)))
	}
	if words := sessionWords(r.Sessions); words != "" {
		parts = append(parts, words)
	}
	parts = append(parts, report.Plural(r.Coverage.Lines, "line", "lines"))
	if r.Period.From != nil && r.Period.To != nil {
		parts = append(parts, span(r.Period.From, r.Period.To)+" UTC")
	}
	if n := len(r.Lifetimes); n > 1 {
		parts = append(parts, fmt.Sprintf("%d lifetimes", n))
	}
	if n := len(r.Notes); n > 0 {
		parts = append(parts, report.Plural(int64(n), "note", "notes"))
	}
	row := ""
	for _, part := range parts {
		if row != "" {
			part = row + " · " + part
		}
		if width(s.text(part)) <= s.o.Width {
			row = part
		}
	}
	s.line("%s", s.p.Dim(s.text(row)))
	more := "-v for all of it"
	if len(r.Causes) > 0 {
		more = "-v for evidence and fixes · wolfdiag explain " + r.Causes[0].ID
	}
	s.line("%s", s.p.Dim(s.clip(s.text(more), s.o.Width)))
}

// notes says why there is nothing to say.
func (s *oneScreen) notes(r *report.Report) {
	if r.Verdict != report.NoData {
		return
	}
	label := "why"
	for _, n := range s.names.fold(r.Notes) {
		s.labelled(0, screenLabel, label, "- ", n, nil)
		label = ""
	}
}
