package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

func writeText(w io.Writer, r *report.Report, o Options) error {
	g := &page{w: w, p: o.Palette, o: o, names: namesOf(r)}
	g.named(r)
	g.verdict(r)
	g.opening(r)
	g.overview(r)
	for i := range r.Causes {
		g.cause(&r.Causes[i])
	}
	g.coverage(r)
	g.unexplained(r)
	g.known(r)
	g.timeline(r)
	g.sessions(r)
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

// named makes the page know the causes of a report.
func (g *page) named(r *report.Report) {
	g.shown = shown{
		evidence: map[string]int{}, explains: map[string]int{}, commands: map[string]int{}, steps: map[string]int{}, ranks: map[string]int{}, speaks: map[string]string{},
	}
	g.shown.single = true
	for i := range r.Causes {
		c := &r.Causes[i]
		g.shown.ranks[c.ID] = c.Rank
		for _, v := range c.Rivals {
			if _, known := g.shown.speaks[v.ID]; !known && v.Why != "" {
				g.shown.speaks[v.ID] = fmt.Sprintf("a rival of cause %d: %s", c.Rank, v.Why)
			}
		}
		if i > 0 && c.Probability >= brief && !rivals(&r.Causes[0], c) {
			g.shown.single = false
		}
	}
}

// opening says below the verdict why, and what to run: who reads no further
// has both.
func (g *page) opening(r *report.Report) {
	const column = 13 // as wide as CAUSE FOUND
	o := openingOf(r, g.names)
	label := "because"
	for _, reason := range o.because() {
		g.labelled(0, column, label, "", reason, nil)
		label = ""
	}
	g.look(o, column, maxLook)
	g.steps(0, column, "next", o.next, len(o.next))
	if o.run == nil {
		return
	}
	remember(g.shown.commands, o.run.Command, 0)
	g.sets = o.run.Preface
	label = g.preface(0, "run", column, o.run.Command)
	g.line("%s%s", g.p.Dim(pad(label, column)), g.p.Code("$ "+clean(o.run.Command)))
	for _, m := range o.means {
		g.clause(column, m)
	}
}

// maxLook is how many lines around a complaint are shown.
const maxLook = 7

// look shows the lines around the complaint to look at first, itself marked; at
// most so many.
func (g *page) look(o opening, column, most int) {
	if o.look == nil {
		return
	}
	list, at := o.look.Around, o.look.First.Line
	for len(list) > most { // give up what is further away
		if at-list[0].Line > list[len(list)-1].Line-at {
			list = list[1:]
		} else {
			list = list[:len(list)-1]
		}
	}
	label, digits, shared := "look here", len(fmt.Sprint(list[len(list)-1].Line)), len(sharedHead(list))
	for _, l := range list {
		mark, paint := " ", g.p.Dim
		if l.Line == at {
			mark, paint = ">", g.p.Strong
		}
		text := g.clip(g.text(l.Text[shared:]), max(g.o.Width-column-digits-5, 20))
		g.line("%s%s%*d%s%s", g.p.Dim(pad(label, column)), mark+" ", digits, l.Line, g.text(" │ "), paint(text))
		label = ""
	}
}

// sharedHead is what all of some lines begin with, up to a blank: the name of
// their service, which the message needs the room of.
func sharedHead(list []report.Line) string {
	head := list[0].Text
	for _, l := range list {
		for !strings.HasPrefix(l.Text, head) {
			head = head[:len(head)-1]
		}
	}
	return head[:strings.LastIndexByte(head, ' ')+1]
}

// rivals reports whether one of two causes names the other as its rival.
func rivals(a, b *report.Cause) bool {
	names := func(c, of *report.Cause) bool {
		return slices.ContainsFunc(c.Rivals, func(r report.Rival) bool { return r.ID == of.ID })
	}
	return names(a, b) || names(b, a)
}

// overview lists the causes when there are more than the verdict names.
func (g *page) overview(r *report.Report) {
	shown := slices.DeleteFunc(slices.Clone(r.Causes), func(c report.Cause) bool { return c.Probability < brief })
	if len(shown) < 3 {
		return
	}
	g.blank()
	for i := range shown {
		c := &shown[i]
		g.line("  %2d. %5s  %s", c.Rank, report.Percent(c.Probability), g.clip(upperFirst(g.text(c.Title)), g.o.Width-13))
	}
}

func (g *page) verdict(r *report.Report) {
	word := strings.ToUpper(r.Verdict.Words())
	paint := g.p.Warn
	switch r.Verdict {
	case report.CauseFound:
		paint = g.p.Bad
	case report.Healthy:
		paint = g.p.Good
	}
	for i, l := range wrap(g.text(r.Summary), g.prose()-len(word)-2) {
		lead := paint(word)
		if i > 0 {
			lead = strings.Repeat(" ", len(word))
		}
		g.line("%s  %s", lead, g.p.Strong(l))
	}
	if r.Partial {
		g.labelled(0, len(word)+2, "", "", "Partial: reading was cut short; this is the report on what was read.", g.p.Warn)
	}
}
