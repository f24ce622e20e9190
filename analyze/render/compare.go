package render

import (
	"fmt"
	"io"
	"strings"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/report"
)

// maxDiffering bounds what text and pages show of each kind without --all.
const maxDiffering = 12

// compareWord names the outcome for people.
func compareWord(v compare.Verdict) string {
	switch v {
	case compare.Differs:
		return "differs"
	case compare.NoDifference:
		return "no difference"
	}
	return "no data"
}

// sideWords are what stands beside the name of a side.
func sideWords(s *compare.Side) string {
	parts := []string{s.Verdict.Words(), report.Plural(s.Lines, "line", "lines")}
	if s.Lifetimes > 0 {
		parts = append(parts, report.Plural(int64(s.Lifetimes), "start of Wolf", "starts of Wolf"))
	}
	if s.Sessions > 0 {
		parts = append(parts, report.Plural(int64(s.Sessions), "session", "sessions"))
	}
	if p := span(s.Period.From, s.Period.To); p != "" {
		parts = append(parts, p+" UTC")
	}
	return strings.Join(parts, " · ")
}

// change is one row of what differs, in words.
type change struct {
	How    string // new, gone, changed
	What   string
	Detail string // where it stands, and how sure the difference is
	Shape  bool   // What is the shape of a message and not a sentence
	Chance bool
}

// section is a group of what differs.
type section struct {
	Title string
	Rows  []change
	Left  int // rows left out
}

// sections are all groups that hold something.
func sections(r *compare.Report, all bool) []section {
	list := []section{
		{Title: "Causes", Rows: causeRows(&r.Causes)},
		{Title: "Versions", Rows: valueRows(&r.Versions, true)},
		{Title: "Setup", Rows: valueRows(&r.Setup, all)},
		{Title: "Messages", Rows: messageRows(&r.Templates, all)},
		{Title: "Milestones", Rows: messageRows(&r.Milestones, all)},
		{Title: "Rates", Rows: rateRows(r)},
	}
	var out []section
	for _, s := range list {
		if n := len(s.Rows); n > maxDiffering && !all {
			s.Rows, s.Left = s.Rows[:maxDiffering], n-maxDiffering
		}
		if len(s.Rows) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func causeRows(c *compare.CauseChanges) []change {
	var out []change
	for _, k := range c.New {
		out = append(out, change{How: "new", What: upperFirst(k.Title), Detail: fmt.Sprintf("%s · %s", report.Percent(k.Bad.Probability), k.ID)})
	}
	for _, k := range c.Changed {
		detail := fmt.Sprintf("%s, was %s · %s", report.Percent(k.Bad.Probability), report.Percent(k.Good.Probability), k.ID)
		if w := k.Test.Words(); w != "" {
			detail += " · episodes " + w
		}
		out = append(out, change{How: "changed", What: upperFirst(k.Title), Detail: detail})
	}
	for _, k := range c.Gone {
		out = append(out, change{How: "gone", What: upperFirst(k.Title), Detail: fmt.Sprintf("was %s · %s", report.Percent(k.Good.Probability), k.ID)})
	}
	return out
}

// valueRows lists values. What only one of the logs tells is no difference; told
// asks for it all the same.
func valueRows(c *compare.ValueChanges, told bool) []change {
	var out []change
	for _, v := range c.Changed {
		out = append(out, change{How: "changed", What: fmt.Sprintf("%s: %s, was %s", v.What, v.Bad, v.Good)})
	}
	if !told {
		return out
	}
	for _, v := range c.New {
		out = append(out, change{How: "new", What: fmt.Sprintf("%s: %s", v.What, v.Bad), Detail: "the good log does not tell"})
	}
	for _, v := range c.Gone {
		out = append(out, change{How: "gone", What: fmt.Sprintf("%s: was %s", v.What, v.Good), Detail: "the bad log does not tell"})
	}
	return out
}

// messageRows lists messages: those beyond chance first. Harmless ones, and
// milestones that are new by chance, are for --all.
func messageRows(c *compare.MessageChanges, all bool) []change {
	var sure, chance []change
	for _, group := range []struct {
		how  string
		list []compare.Message
	}{{"new", c.New}, {"changed", c.Changed}, {"gone", c.Gone}} {
		for i := range group.list {
			m := &group.list[i]
			if !all && (m.Role == "benign" || m.Role == "lifecycle" && group.how == "new" && m.Chance) {
				continue
			}
			row := messageRow(group.how, m)
			if row.Chance && m.Role != "cause" {
				chance = append(chance, row)
			} else {
				sure = append(sure, row)
			}
		}
	}
	return append(sure, chance...)
}

func messageRow(how string, m *compare.Message) change {
	row := change{How: how, What: m.Text, Shape: m.Role == "unknown", Chance: m.Chance}
	if !row.Shape {
		row.What = upperFirst(row.What)
	}
	counts := func(n compare.Count) string {
		s := "once"
		if n.Messages != 1 {
			s = report.Count(n.Messages) + " times"
		}
		if n.Bursts > 0 && n.Bursts < n.Messages {
			s += " in " + report.Plural(n.Bursts, "burst", "bursts")
		}
		return s
	}
	var parts []string
	switch how {
	case "new":
		parts = append(parts, counts(m.Bad))
		if m.First.Line > 0 {
			parts = append(parts, fmt.Sprintf("%s:%d", m.First.Input, m.First.Line))
		}
	case "gone":
		parts = append(parts, "was "+counts(m.Good))
	default:
		parts = append(parts, counts(m.Bad)+", was "+counts(m.Good))
	}
	if m.Chance {
		parts = append(parts, "may be chance")
	} else if w := m.Test.Words(); w != "" {
		parts = append(parts, w)
	}
	if m.ID != "" {
		parts = append(parts, m.ID)
	}
	row.Detail = strings.Join(parts, " · ")
	return row
}

// rateRows are all rates that were counted, changed or not.
func rateRows(r *compare.Report) []change {
	var out []change
	for i := range r.Rates {
		x := &r.Rates[i]
		if x.Good == 0 && x.Bad == 0 {
			continue
		}
		row := change{How: "same", What: fmt.Sprintf("%s: %s, was %s", x.Name, report.Count(x.Bad), report.Count(x.Good)), Detail: x.Test.Words(), Chance: true}
		switch {
		case x.Test == nil:
			row.Detail = "cannot be compared: nothing is known that both can be counted by"
		case x.Changed:
			row.How, row.Chance = "changed", false
		default:
			row.Detail += ": may be chance"
		}
		out = append(out, row)
	}
	return out
}

func compareText(w io.Writer, r *compare.Report, o Options) error {
	g := &page{w: w, p: o.Palette, o: o}
	word, paint := strings.ToUpper(compareWord(r.Verdict)), g.p.Warn
	if r.Verdict == compare.NoDifference {
		paint = g.p.Good
	}
	for i, l := range wrap(g.text(r.Summary), g.prose()-len(word)-2) {
		lead := paint(word)
		if i > 0 {
			lead = strings.Repeat(" ", len(word))
		}
		g.line("%s  %s", lead, g.p.Strong(l))
	}
	g.blank()
	for _, s := range []struct {
		label string
		side  *compare.Side
	}{{"good", &r.Good}, {"bad", &r.Bad}} {
		g.labelled(0, labelWidth, s.label, "", s.side.Name, g.p.Strong)
		g.labelled(0, labelWidth, "", "", sideWords(s.side), g.p.Dim)
	}
	for _, s := range sections(r, o.All) {
		g.head(s.Title)
		for _, c := range s.Rows {
			paint := g.p.Strong
			if c.Chance || c.How == "gone" || c.How == "same" {
				paint = nil
			}
			g.labelled(2, 9, c.How, "", c.What, paint)
			if c.Detail != "" {
				g.labelled(2, 9, "", "", c.Detail, g.p.Dim)
			}
		}
		if s.Left > 0 {
			g.labelled(2, 9, "", "", fmt.Sprintf("… and %d more (--all)", s.Left), nil)
		}
	}
	if len(r.Notes) > 0 {
		g.head("Notes")
		for _, n := range r.Notes {
			g.labelled(2, 0, "", "- ", n, nil)
		}
	}
	return g.err
}
