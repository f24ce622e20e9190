package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/report"
)

func fleetText(w io.Writer, r *fleet.Report, o Options) error {
	v := &fleetView{r, o.All}
	g := &page{w: w, p: o.Palette, o: o}
	word, paint := strings.ToUpper(v.Headline()), g.p.Warn
	if v.Found() {
		paint = g.p.Bad
	}
	for i, l := range wrap(g.text(r.Summary), g.prose()-len(word)-2) {
		lead := paint(word)
		if i > 0 {
			lead = strings.Repeat(" ", len(word))
		}
		g.line("%s  %s", lead, g.p.Strong(l))
	}
	g.blank()
	for i, s := range v.Scope() {
		g.labelled(0, labelWidth, []string{"read", ""}[min(i, 1)], "", s, nil)
	}
	g.labelled(0, labelWidth, "hosts", "", strings.Join(v.Verdicts(), " · "), nil)
	g.fleetCauses(v)
	g.fleetMatrix(v)
	g.fleetGroups(v)
	g.fleetPartial(v)
	if len(r.Notes) > 0 {
		g.head("Notes")
		for _, n := range r.Notes {
			g.labelled(2, 0, "", "- ", n, nil)
		}
	}
	return g.err
}

func (g *page) fleetCauses(v *fleetView) {
	if len(v.Causes) == 0 {
		return
	}
	g.head("Causes")
	t := &Table{Header: []string{"hosts", "possible", "sessions", "cause", "first seen (UTC)"}, Right: []int{0, 1, 2}, Shrink: []int{3}}
	if v.Baseline != nil {
		t.Header = append(t.Header, "since the baseline")
	}
	for i := range v.Causes {
		c := &v.Causes[i]
		row := []string{strconv.Itoa(c.Hosts), strconv.Itoa(c.Possible), strconv.Itoa(c.SessionsFailed), clean(c.ID), ""}
		if c.Seen.From != nil {
			row[4] = second(*c.Seen.From)
		}
		if v.Baseline != nil {
			row = append(row, since(c))
		}
		t.Rows = append(t.Rows, row)
	}
	g.table(t)
}

// fleetMatrix is causes by hosts; the columns bear the numbers of a key.
func (g *page) fleetMatrix(v *fleetView) {
	rows := v.Rows()
	if len(rows) == 0 {
		return
	}
	g.head("Hosts with causes, probability in %")
	columns := v.Columns()
	if !v.all { // as many as leave room for the names
		columns = columns[:min(len(columns), max(1, (g.o.Width-36)/4))]
	}
	t := &Table{Header: []string{"host"}, Shrink: []int{0}}
	for i := range columns {
		t.Header = append(t.Header, strconv.Itoa(i+1))
		t.Right = append(t.Right, i+1)
	}
	if len(columns) < len(v.Causes) {
		t.Header = append(t.Header, "more")
		t.Right = append(t.Right, len(t.Header)-1)
	}
	t.Header = append(t.Header, "sessions")
	t.Right = append(t.Right, len(t.Header)-1)
	if v.Baseline != nil {
		t.Header = append(t.Header, "since the baseline")
		t.Shrink = append(t.Shrink, len(t.Header)-1)
	}
	kept := v.Kept(len(rows))
	for _, r := range rows[:kept] {
		row := []string{clean(r.Host.Host)}
		for i := range columns {
			row = append(row, strings.Trim(r.Cells[i], "<> %"))
		}
		if len(columns) < len(v.Causes) {
			row = append(row, more(r.Host, columns))
		}
		row = append(row, strconv.Itoa(r.Host.SessionsFailed))
		if v.Baseline != nil {
			row = append(row, clean(r.Changed))
		}
		t.Rows = append(t.Rows, row)
	}
	g.table(t)
	if n := len(rows) - kept; n > 0 {
		g.labelled(2, 0, "", "", fmt.Sprintf("… and %s (--all)", report.Plural(int64(n), "more host", "more hosts")), nil)
	}
	for i := range columns {
		g.labelled(2, 4, strconv.Itoa(i+1), "", fmt.Sprintf("%s (%s)", columns[i].ID, columns[i].Title), nil)
	}
	if n := len(v.Causes) - len(columns); n > 0 {
		g.labelled(2, 4, "", "", fmt.Sprintf("… and %s (--all)", report.Plural(int64(n), "more cause", "more causes")), nil)
	}
}

func (g *page) fleetGroups(v *fleetView) {
	list := v.Telling()
	if len(list) == 0 {
		return
	}
	g.head("What the causes go with")
	t := &Table{Header: []string{"cause", "what", "value", "hosts with the cause (95 %)"}, Shrink: []int{2, 0}}
	for _, x := range list {
		t.Rows = append(t.Rows, []string{clean(x.Cause), clean(x.What), clean(x.Value), groupWords(x)})
	}
	g.table(t)
}

// fleetPartial names the hosts of which little or nothing is known.
func (g *page) fleetPartial(v *fleetView) {
	if len(v.Partial) == 0 {
		return
	}
	g.head("Little or nothing is known of")
	kept := v.Kept(len(v.Partial))
	for _, p := range v.Partial[:kept] {
		g.labelled(2, 0, "", "", p.Host+": "+p.Why, g.p.Warn)
	}
	if n := len(v.Partial) - kept; n > 0 {
		g.labelled(2, 0, "", "", fmt.Sprintf("… and %s (--all)", report.Plural(int64(n), "more host", "more hosts")), nil)
	}
}

// more counts the causes of a host that have no column; "" for none.
func more(h *fleet.Host, columns []fleet.CauseRow) string {
	n := 0
	for i := range h.Causes {
		if !slices.ContainsFunc(columns, func(c fleet.CauseRow) bool { return c.ID == h.Causes[i].ID }) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "+" + strconv.Itoa(n)
}
