package render

import (
	"fmt"
	"slices"
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
	read := fmt.Sprintf("%s lines, %s", report.Count(c.Lines), size(bytes))
	if n := len(r.Inputs); n > 1 {
		read += fmt.Sprintf(", %d inputs", n)
		if g.names.trunk != "" {
			read += " in " + strings.TrimSuffix(g.names.trunk, "/")
		}
	} else if g.names.only != "" {
		read += ", " + g.names.short(g.names.only)
	}
	g.para(2, "read", read, nil)
	if s := span(r.Period.From, r.Period.To); s != "" {
		g.para(2, "period", s+" UTC", nil)
	}
	g.para(2, "complaints", accounts(c), nil)
	if s := setupLine(r.Setup); s != "" {
		g.para(2, "setup", s, nil)
	}
	var warnings []string
	for _, in := range r.Inputs {
		for _, w := range in.Warnings {
			if in.Name != g.names.only {
				w = in.Name + ": " + w
			}
			warnings = append(warnings, w)
		}
	}
	for _, w := range g.names.fold(warnings) {
		g.para(2, "warning", w, g.p.Warn)
	}
	if g.o.All && len(r.Inputs) > 1 {
		g.inputs(r)
	}
}

// accounts adds up what complained.
func accounts(c report.Coverage) string {
	if c.ErrorLines == 0 {
		return "none"
	}
	known := ""
	if c.Known > 0 {
		known = fmt.Sprintf(" (%s known here)", report.Count(c.Known))
	}
	return fmt.Sprintf("%s = %s explained + %s harmless%s + %s unexplained", report.Count(c.ErrorLines), report.Count(c.Explained), report.Count(c.Benign), known, report.Count(c.Unexplained))
}

func (g *page) inputs(r *report.Report) {
	t := &Table{Header: []string{"lines", "size", "format", "input"}, Right: []int{0, 1}, Shrink: []int{3}}
	for _, in := range r.Inputs {
		t.Rows = append(t.Rows, []string{report.Count(in.Lines), size(in.Bytes), clean(in.Format), g.names.short(in.Name)})
	}
	g.table(t)
}

// unexplained lists messages that no pattern knows; what is remarkable about
// one stands below it.
func (g *page) unexplained(r *report.Report) {
	if len(r.Unexplained) == 0 {
		return
	}
	g.head("Not explained")
	where := "line"
	if g.names.only == "" {
		where = "where"
	}
	t := &Table{Header: []string{"count", "level", where, "message"}, Right: []int{0}, Shrink: []int{2, 3}, Middle: []int{2}}
	if g.names.only != "" {
		t.Right = append(t.Right, 2)
		t.Shrink = []int{3}
	}
	shown := 0
	for _, u := range r.Unexplained {
		if shown == maxTemplates && !g.o.All {
			break
		}
		shown++
		t.Rows = append(t.Rows, []string{report.Count(u.Count), u.Level, strings.TrimPrefix(g.names.at(u.First), "line "), clean(u.Template)})
		if u.Note != "" {
			t.Rows = append(t.Rows, []string{"", "", "", "↳ " + clean(u.Note)})
		}
	}
	g.table(t)
	if n := len(r.Unexplained) - shown; n > 0 {
		g.line("  %s", g.p.Dim(fmt.Sprintf("… and %d more kinds (--all)", n)))
	}
}

func (g *page) lifetimes(r *report.Report) {
	if len(r.Lifetimes) == 0 {
		return
	}
	g.head("Lifetimes of Wolf")
	t := &Table{Header: []string{"start (UTC)", "end", "sessions", "failures", "first failure"}, Right: []int{2, 3}, Shrink: []int{1, 4}}
	from := 0
	if n := len(r.Lifetimes); n > maxLifetimes && !g.o.All {
		from = n - maxLifetimes
		g.line("  %s", g.p.Dim(fmt.Sprintf("the last %d of %d (--all for all)", maxLifetimes, n)))
	}
	for i := range r.Lifetimes[from:] {
		t.Rows = append(t.Rows, lifeRow(&r.Lifetimes[from+i]))
	}
	if g.o.Width < 80 {
		t.squeezeLives()
	}
	g.table(t)
	g.missing(r.Lifetimes[from:])
	for _, m := range exits(r.Lifetimes[from:]) {
		g.para(2, "exit", m, nil)
	}
	if r.Leak.Why != "" && (failed(r.Lifetimes) || r.Leak.Verdict != "insufficient-data" || g.o.All) {
		g.para(2, "leak", leakSentence(r.Leak), nil)
	}
}

func failed(list []report.Lifetime) bool {
	return slices.ContainsFunc(list, func(l report.Lifetime) bool { return l.Failures > 0 })
}

// exits lists what the exit codes of some lifetimes mean, each once.
func exits(list []report.Lifetime) []string {
	var out []string
	for _, l := range list {
		if l.ExitMeaning != "" && !slices.Contains(out, l.ExitMeaning) {
			out = append(out, l.ExitMeaning)
		}
	}
	return out
}

// squeezeLives makes the table of lifetimes fit narrow terminals: no seconds, no
// count of failures, fewer words.
func (t *Table) squeezeLives() {
	t.Header, t.Right = []string{"start (UTC)", "end", "sess.", "first failure"}, []int{2}
	t.Shrink = []int{3, 1}
	for i, row := range t.Rows {
		first := strings.TrimPrefix(strings.Replace(row[4], " after ", ", ", 1), "in ")
		t.Rows[i] = []string{row[0][:min(len(row[0]), len("2006-01-02 15:04"))], row[1], row[2], first}
	}
}

func lifeRow(l *report.Lifetime) []string {
	row := []string{"?", clean(l.EndKind), number(l.Sessions), fmt.Sprint(l.Failures), ""}
	if l.Start != nil {
		row[0] = second(*l.Start)
	}
	if l.ExitCode != nil {
		row[1] += fmt.Sprintf(" (%d)", *l.ExitCode)
	}
	if l.FirstFailureSession != nil {
		row[4] = fmt.Sprintf("in session %d", *l.FirstFailureSession)
	}
	if l.FirstFailure != nil && l.Start != nil {
		after := " after " + roughly(l.FirstFailure.Sub(*l.Start))
		if l.FirstFailure.Before(*l.Start) { // the clocks of two writers
			after = " at its start"
		}
		row[4] = strings.TrimSpace(row[4] + after)
	}
	return row
}

// missing names the steps that starts of Wolf did not reach; starts that stopped
// at the same step are put together.
func (g *page) missing(list []report.Lifetime) {
	var steps []string
	at := map[string][]string{}
	for _, l := range list {
		if len(l.Missing) == 0 {
			continue
		}
		s := strings.Join(l.Missing, ", ")
		if _, ok := at[s]; !ok {
			steps = append(steps, s)
		}
		at[s] = append(at[s], g.names.at(l.FirstLine))
	}
	for _, s := range steps {
		where := at[s]
		if len(where) > 3 {
			where = append(slices.Clone(where[:2]), fmt.Sprintf("%d more", len(at[s])-2))
		}
		who := "the start at "
		if len(at[s]) > 1 {
			who = "the starts at "
		}
		g.labelled(2, 0, "", "", who+strings.Join(where, ", ")+" did not reach: "+s, g.p.Warn)
	}
}

func leakWord(l report.Leak) string {
	s := strings.ReplaceAll(l.Verdict, "-", " ")
	if l.PValue != nil && !strings.Contains(l.Why, "p =") {
		s += fmt.Sprintf(" (p = %.3f)", *l.PValue)
	}
	return s
}

// leakSentence says whether failure comes with accumulation, and why.
func leakSentence(l report.Leak) string {
	s := leakWord(l)
	if l.Why != "" {
		s += ": " + strings.TrimSuffix(l.Why, ".")
	}
	return s
}

func (g *page) crashes(r *report.Report) {
	if len(r.Crashes) == 0 {
		return
	}
	g.head("Crashes")
	most := 0
	for i, c := range r.Crashes {
		if i < maxClusters || g.o.All {
			most = max(most, c.Count)
		}
	}
	column := len(report.Count(int64(most))) + 3 // "12 × "
	for i, c := range r.Crashes {
		if i == maxClusters && !g.o.All {
			g.line("  %s", g.p.Dim(fmt.Sprintf("… and %d more kinds of crash (--all)", len(r.Crashes)-i)))
			break
		}
		g.line("  %*s × %s", column-3, report.Count(int64(c.Count)), g.clip(g.text(c.Signature), max(g.o.Width-2-column, 20)))
		var parts []string
		if s := whoCrashed(&r.Crashes[i]); s != "" {
			parts = append(parts, g.text(s))
		}
		if s := span(c.First, c.Last); s != "" {
			parts = append(parts, s+" UTC")
		}
		if c.Cause != "" {
			parts = append(parts, g.nameOf(c.Cause))
		}
		if len(c.Files) > 0 {
			f := g.names.short(c.Files[0])
			if n := len(c.Files) - 1; n > 0 {
				f += fmt.Sprintf(" and %d more", n)
			}
			parts = append(parts, f)
		}
		g.parts(2, column, "", parts, g.p.Dim)
	}
	if c := newest(r.Crashes); c != nil && c.Related != "" {
		g.labelled(2, 0, "", "", upperFirst(c.Related)+".", nil)
	}
}

// whoCrashed says whose crash it was and of what kind; "" when neither is known.
func whoCrashed(c *report.Crash) string {
	who := c.Program
	if who == "" {
		who = c.Owner
	}
	switch {
	case c.What == "":
		return ""
	case who == "":
		return c.What
	}
	return who + ": " + c.What
}

func (g *page) facts(r *report.Report) {
	if len(r.Facts) == 0 {
		return
	}
	g.head("Snapshots")
	column := labelWidth
	for _, f := range r.Facts {
		column = min(max(column, width(f.Kind)+2), 20)
	}
	shared := sharedClauses(r.Facts)
	last := ""
	for _, f := range r.Facts {
		label := f.Kind
		if label == last {
			label = ""
		}
		last = f.Kind
		s := f.Text
		if bears := without(f.Bears, shared); bears != "" {
			s += ": " + bears
		}
		g.labelled(2, column, label, "", s, nil)
	}
	for _, s := range shared {
		g.labelled(2, 0, "", "", "("+s+")", g.p.Dim)
	}
}

// sharedClauses finds what is said of every one of several facts; it is told
// once below them.
func sharedClauses(list []report.Fact) []string {
	if len(list) < 2 {
		return nil
	}
	var shared []string
	for _, clause := range strings.Split(list[0].Bears, "; ") {
		everywhere := func(f report.Fact) bool { return slices.Contains(strings.Split(f.Bears, "; "), clause) }
		if clause != "" && !slices.ContainsFunc(list, func(f report.Fact) bool { return !everywhere(f) }) {
			shared = append(shared, clause)
		}
	}
	return shared
}

// without leaves clauses out of a text.
func without(text string, clauses []string) string {
	if len(clauses) == 0 {
		return text
	}
	kept := slices.DeleteFunc(strings.Split(text, "; "), func(c string) bool { return slices.Contains(clauses, c) })
	return strings.Join(kept, "; ")
}

func (g *page) breakdowns(r *report.Report) {
	for _, b := range r.Breakdowns {
		by := strings.ReplaceAll(b.By, "-", " ")
		g.head("Failures by " + by)
		t := &Table{Header: []string{by, "sessions", "failed", "share"}, Right: []int{1, 2, 3}, Shrink: []int{0}}
		for _, row := range b.Groups {
			share := "?"
			if row.Sessions > 0 {
				share = fmt.Sprintf("%.0f %%", 100*float64(row.Failed)/float64(row.Sessions))
			}
			t.Rows = append(t.Rows, []string{clean(row.Name), fmt.Sprint(row.Sessions), fmt.Sprint(row.Failed), share})
		}
		g.table(t)
		g.labelled(2, 0, "", "", b.Say, nil)
	}
}

func (g *page) patterns(r *report.Report) {
	if len(r.Patterns) == 0 {
		return
	}
	g.head("Patterns that matched")
	t := &Table{Header: []string{"count", "role", "pattern", "first", "meaning"}, Right: []int{0}, Shrink: []int{4, 3, 2}, Middle: []int{3}}
	narrow := g.o.Width < 100 // no room for what a pattern means
	if narrow {
		t.Header, t.Shrink = t.Header[:4], t.Shrink[1:]
	}
	for _, p := range r.Patterns {
		row := []string{report.Count(p.Count), p.Role, p.ID, g.names.at(p.First), clean(p.Title)}
		t.Rows = append(t.Rows, row[:len(t.Header)])
	}
	g.table(t)
}

func (g *page) notes(r *report.Report) {
	if len(r.Clocks)+len(r.Notes) == 0 {
		return
	}
	g.head("Notes")
	for _, n := range g.names.fold(r.Notes) {
		g.para(2, "note", n, nil)
	}
	for _, n := range g.names.fold(r.Clocks) {
		g.para(2, "clock", n, nil)
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

// number prints a count that may be unknown.
func number(n *int) string {
	if n == nil {
		return "?"
	}
	return fmt.Sprint(*n)
}
