package render

import (
	"fmt"
	"strings"

	"wolfdiag/analyze/report"
)

// maxSessions is how many sessions text shows without --all.
const maxSessions = 12

// shownSessions are the sessions to show and how many are left out: all of few,
// else those that failed and the newest.
func shownSessions(list []report.Session, all bool) (shown []report.Session, left int) {
	if all || len(list) <= maxSessions {
		return list, 0
	}
	keep := make([]bool, len(list))
	n := 0
	for _, failed := range []bool{true, false} {
		for i := len(list) - 1; i >= 0 && n < maxSessions; i-- {
			if (list[i].Outcome == report.Failed) == failed {
				keep[i] = true
				n++
			}
		}
	}
	for i := range list {
		if keep[i] {
			shown = append(shown, list[i])
		}
	}
	return shown, len(list) - n
}

// sessionWords counts sessions by outcome: "9 sessions worked, 1 failed".
func sessionWords(list []report.Session) string {
	count := map[string]int64{}
	for i := range list {
		count[list[i].Outcome]++
	}
	var parts []string
	for _, o := range []struct{ outcome, words string }{{report.Worked, "worked"}, {report.Failed, "failed"}, {report.Running, "running"}, {report.Unclear, "of unknown outcome"}} {
		switch n := count[o.outcome]; {
		case n == 0:
		case len(parts) == 0:
			parts = append(parts, report.Plural(n, "session ", "sessions ")+o.words)
		default:
			parts = append(parts, report.Count(n)+" "+o.words)
		}
	}
	return strings.Join(parts, ", ")
}

// sessionRow is a session as a row of a table: when, what, who, how long, how it
// went, which lines.
func sessionRow(s *report.Session) []string {
	row := []string{"?", clean(s.Name()), clean(s.App), clean(s.Client), "", s.Outcome, lineRange(s.Lines)}
	if s.Start != nil {
		row[0] = second(*s.Start)
	}
	if s.Start != nil && s.End != nil {
		row[4] = roughly(max(s.End.Sub(*s.Start), 0))
	}
	if s.Cause != "" {
		row[5] += ": " + clean(s.Cause)
	}
	return row
}

func lineRange(l report.Lines) string {
	if l.To <= l.From {
		return fmt.Sprintf("from %d", l.From)
	}
	return fmt.Sprintf("%d–%d", l.From, l.To)
}

// sessionHeader names the columns of sessionRow.
var sessionHeader = []string{"start (UTC)", "session", "app", "client", "lasted", "outcome", "lines"}

// withoutEmpty leaves the columns out of a table in which nothing stands.
func withoutEmpty(header []string, rows [][]string) ([]string, [][]string) {
	var head []string
	cut := make([][]string, len(rows))
	for c := range header {
		used := false
		for _, row := range rows {
			used = used || row[c] != ""
		}
		if !used {
			continue
		}
		head = append(head, header[c])
		for i, row := range rows {
			cut[i] = append(cut[i], row[c])
		}
	}
	return head, cut
}

func (g *page) sessions(r *report.Report) {
	if len(r.Sessions) == 0 {
		return
	}
	g.head("Sessions")
	shown, left := shownSessions(r.Sessions, g.o.All)
	g.labelled(2, 0, "", "", sessionWords(r.Sessions), nil)
	rows := make([][]string, len(shown))
	for i := range shown {
		rows[i] = sessionRow(&shown[i])
		if c := shown[i].Cause; c != "" {
			rows[i][5] = shown[i].Outcome + ": " + g.nameOf(c)
		}
		if g.o.Width < 100 { // no room for centuries, seconds and the last line
			rows[i][0] = strings.TrimPrefix(rows[i][0][:max(len(rows[i][0])-3, 1)], "20")
			rows[i][6] = fmt.Sprint(shown[i].Lines.From)
		}
		if g.o.Width < 80 {
			rows[i][3], rows[i][4] = "", ""
		}
	}
	t := &Table{}
	t.Header, t.Rows = withoutEmpty(sessionHeader, rows)
	if g.o.Width < 100 {
		t.Header[len(t.Header)-1] = "line"
	}
	for i, h := range t.Header {
		switch h {
		case "session":
			t.Middle, t.Shrink = append(t.Middle, i), append(t.Shrink, i)
		case "app", "client", "outcome":
			t.Shrink = append(t.Shrink, i)
		}
	}
	g.table(t)
	if left > 0 {
		g.line("  %s", g.p.Dim(fmt.Sprintf("… and %d more (--all); --session ID narrows the report to one", left)))
	}
}

func (m *mdPage) sessions(r *report.Report) {
	if len(r.Sessions) == 0 {
		return
	}
	m.p("\n## Sessions\n\n%s.", md(sessionWords(r.Sessions)))
	shown, left := shownSessions(r.Sessions, m.o.All)
	if len(shown) > 3 {
		defer m.details(report.Plural(int64(len(shown)), "session", "sessions"))()
	}
	m.p("\n| %s |\n|---|---|---|---|---:|---|---|", strings.Join(sessionHeader, " | "))
	for i := range shown {
		row := sessionRow(&shown[i])
		for c := range row {
			row[c] = md(row[c])
		}
		m.p("| %s |", strings.Join(row, " | "))
	}
	if left > 0 {
		m.p("\n%d more are left out.", left)
	}
}
