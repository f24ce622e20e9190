package render

import (
	"fmt"
	"strings"

	"wolfdiag/analyze/report"
)

func (g *page) coverage(r *report.Report) {
	g.head("Coverage")
	c := r.Coverage
	var bytes int64
	for _, in := range r.Inputs {
		bytes += in.Bytes
	}
	g.para(2, "read", fmt.Sprintf("%s lines, %s", count(c.Lines), size(bytes)), nil)
	if s := span(r.Period.From, r.Period.To); s != "" {
		g.para(2, "period", s+" UTC", nil)
	}
	g.para(2, "complaints", fmt.Sprintf("%s = %s explained + %s known to be harmless + %s unexplained",
		count(c.ErrorLines), count(c.Explained), count(c.Benign), count(c.Unexplained)), nil)
	for _, in := range r.Inputs {
		for _, w := range in.Warnings {
			g.para(2, "warning", in.Name+": "+w, g.p.Warn)
		}
	}
}

func (g *page) unexplained(r *report.Report) {
	if len(r.Unexplained) == 0 {
		return
	}
	g.head("Not explained")
	t := &Table{Header: []string{"count", "level", "line", "message"}, Right: []int{0, 2}}
	for i, u := range r.Unexplained {
		if i == maxTemplates && !g.o.All {
			break
		}
		t.Rows = append(t.Rows, []string{count(u.Count), u.Level, fmt.Sprint(u.First.Line), clip(clean(u.Template), max(g.o.Width-26, 30))})
	}
	g.table(t)
	if n := len(r.Unexplained) - len(t.Rows); n > 0 {
		g.line("  %s", g.p.Dim(fmt.Sprintf("… and %d more kinds (--all)", n)))
	}
}

func (g *page) lifetimes(r *report.Report) {
	if len(r.Lifetimes) == 0 {
		return
	}
	g.head("Lifetimes of Wolf")
	t := &Table{Header: []string{"start (UTC)", "end", "sessions", "failures", "first failure"}, Right: []int{2, 3}}
	from := 0
	if n := len(r.Lifetimes); n > maxLifetimes && !g.o.All {
		from = n - maxLifetimes
		g.line("  %s", g.p.Dim(fmt.Sprintf("the last %d of %d (--all for all)", maxLifetimes, n)))
	}
	for _, l := range r.Lifetimes[from:] {
		row := []string{"?", l.EndKind, "?", fmt.Sprint(l.Failures), ""}
		if l.Start != nil {
			row[0] = l.Start.UTC().Format("2006-01-02 15:04:05")
		}
		if l.ExitMeaning != "" {
			row[1] += " (" + clean(l.ExitMeaning) + ")"
		}
		if l.Sessions != nil {
			row[2] = fmt.Sprint(*l.Sessions)
		}
		if l.FirstFailureSession != nil {
			row[4] = fmt.Sprintf("in session %d", *l.FirstFailureSession)
		}
		if l.FirstFailure != nil && l.Start != nil {
			row[4] = strings.TrimSpace(row[4] + " after " + roughly(l.FirstFailure.Sub(*l.Start)))
		}
		t.Rows = append(t.Rows, row)
	}
	g.table(t)
	for _, l := range r.Lifetimes[from:] {
		if len(l.Missing) > 0 {
			g.para(2, "", fmt.Sprintf("the start at line %d did not reach: %s", l.FirstLine.Line, strings.Join(l.Missing, ", ")), g.p.Warn)
		}
	}
	if r.Leak.Why != "" {
		g.para(2, "leak", leakWord(r.Leak)+": "+r.Leak.Why, nil)
	}
}

func leakWord(l report.Leak) string {
	s := strings.ReplaceAll(l.Verdict, "-", " ")
	if l.PValue != nil {
		s += fmt.Sprintf(" (p = %.3f)", *l.PValue)
	}
	return s
}

func (g *page) crashes(r *report.Report) {
	if len(r.Crashes) == 0 {
		return
	}
	g.head("Crashes")
	t := &Table{Header: []string{"count", "first (UTC)", "last", "signature"}, Right: []int{0}}
	for i, c := range r.Crashes {
		if i == maxClusters && !g.o.All {
			break
		}
		row := []string{fmt.Sprint(c.Count), "?", "?", clip(clean(c.Signature), max(g.o.Width-52, 30))}
		if c.First != nil {
			row[1] = c.First.UTC().Format("2006-01-02 15:04:05")
		}
		if c.Last != nil {
			row[2] = c.Last.UTC().Format("2006-01-02 15:04:05")
		}
		t.Rows = append(t.Rows, row)
	}
	g.table(t)
	if c := newest(r.Crashes); c != nil && c.Related != "" {
		g.para(2, "", upperFirst(c.Related)+".", nil)
	}
}

func (g *page) facts(r *report.Report) {
	if len(r.Facts) == 0 {
		return
	}
	g.head("Snapshots")
	for _, f := range r.Facts {
		s := f.Text
		if f.Bears != "" {
			s += ": " + f.Bears
		}
		g.para(2, f.Kind, s, nil)
	}
}

func (g *page) breakdowns(r *report.Report) {
	for _, b := range r.Breakdowns {
		g.head("Failures by " + strings.ReplaceAll(b.By, "-", " "))
		t := &Table{Header: []string{b.By, "sessions", "failed", "share"}, Right: []int{1, 2, 3}}
		for _, row := range b.Groups {
			share := "–"
			if row.Sessions > 0 {
				share = fmt.Sprintf("%.0f %%", 100*float64(row.Failed)/float64(row.Sessions))
			}
			t.Rows = append(t.Rows, []string{clean(row.Name), fmt.Sprint(row.Sessions), fmt.Sprint(row.Failed), share})
		}
		g.table(t)
		g.para(2, "", b.Say, nil)
	}
}

func (g *page) patterns(r *report.Report) {
	g.head("Patterns that matched")
	t := &Table{Header: []string{"count", "role", "line", "pattern"}, Right: []int{0, 2}}
	for _, p := range r.Patterns {
		t.Rows = append(t.Rows, []string{count(p.Count), p.Role, fmt.Sprint(p.First.Line), p.ID})
	}
	g.table(t)
}

func (g *page) notes(r *report.Report) {
	if len(r.Clocks)+len(r.Notes) == 0 {
		return
	}
	g.head("Notes")
	for _, n := range r.Clocks {
		g.para(2, "clock", n, nil)
	}
	for _, n := range r.Notes {
		g.para(2, "note", n, nil)
	}
}

// newest is the cluster with the latest crash; of several without a time the
// first.
func newest(list []report.Crash) *report.Crash {
	var best *report.Crash
	for i := range list {
		c := &list[i]
		if best == nil || c.Last != nil && (best.Last == nil || c.Last.After(*best.Last)) {
			best = c
		}
	}
	return best
}
