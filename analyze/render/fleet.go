package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/report"
)

// What text and pages show of a fleet without --all.
const (
	maxFleetCauses = 12 // columns of the matrix
	maxFleetHosts  = 40 // its rows, and hosts that are named
)

// fleetView is what the renderers show of a fleet's report.
type fleetView struct {
	*fleet.Report
	all bool
}

// Headline is the verdict on the fleet in two words.
func (v *fleetView) Headline() string {
	switch {
	case v.Found():
		return "causes found"
	case len(v.Hosts) == 0:
		return "no data"
	}
	return "no cause found"
}

// Class is the class of the badge.
func (v *fleetView) Class() string {
	switch {
	case v.Found():
		return string(report.CauseFound)
	case len(v.Partial) > 0 || len(v.Hosts) == 0:
		return "warn"
	}
	return ""
}

// Columns are the causes that the matrix shows.
func (v *fleetView) Columns() []fleet.CauseRow {
	if v.all {
		return v.Causes
	}
	return v.Causes[:min(len(v.Causes), maxFleetCauses)]
}

// matrixRow is a host of the matrix.
type matrixRow struct {
	Host    *fleet.Host
	Cells   []string // a probability, or "" where the cause is not there
	Widths  []int    // the same in percent
	Changed string   // "new …", "gone …"
}

// Rows are the hosts of the matrix: those that changed first, then those with
// most to do, then by name. Hosts without any cause are left out.
func (v *fleetView) Rows() []matrixRow {
	var hosts []*fleet.Host
	for i := range v.Hosts {
		if h := &v.Hosts[i]; len(h.Causes) > 0 || len(h.New)+len(h.Gone) > 0 {
			hosts = append(hosts, h)
		}
	}
	slices.SortStableFunc(hosts, func(a, b *fleet.Host) int {
		changed := func(h *fleet.Host) int { return min(1, len(h.New)+len(h.Gone)) }
		return cmp.Or(changed(b)-changed(a), fleet.Worse(a, b))
	})
	var out []matrixRow
	for _, h := range hosts {
		row := matrixRow{Host: h, Changed: changes(h)}
		for _, c := range v.Columns() {
			cell, width := "", 0
			for i := range h.Causes {
				if h.Causes[i].ID == c.ID {
					cell, width = report.Percent(h.Causes[i].Probability), int(100*h.Causes[i].Probability+0.5)
				}
			}
			row.Cells, row.Widths = append(row.Cells, cell), append(row.Widths, width)
		}
		out = append(out, row)
	}
	return out
}

// changes words what is new and gone on a host.
func changes(h *fleet.Host) string {
	var parts []string
	if len(h.New) > 0 {
		parts = append(parts, "new: "+strings.Join(h.New, ", "))
	}
	if len(h.Gone) > 0 {
		parts = append(parts, "gone: "+strings.Join(h.Gone, ", "))
	}
	return strings.Join(parts, "; ")
}

// Kept bounds a list of rows.
func (v *fleetView) Kept(n int) int {
	if v.all {
		return n
	}
	return min(n, maxFleetHosts)
}

// Telling are the versions with which a cause goes: all of them with all, else
// those of a cause that is not spread evenly.
func (v *fleetView) Telling() []fleet.Group {
	var out []fleet.Group
	named := map[[2]string]bool{}
	for i := range v.Groups {
		if g := &v.Groups[i]; v.Report.Telling(g) {
			named[[2]string{g.Cause, g.What}] = true
		}
	}
	for _, g := range v.Groups {
		if v.all || named[[2]string{g.Cause, g.What}] {
			out = append(out, g)
		}
	}
	return out
}

// groupWords says how often a cause is found with a version.
func groupWords(g fleet.Group) string {
	return fmt.Sprintf("%d of %s (%s to %s)", g.With, report.Plural(int64(g.Hosts), "host", "hosts"), report.Percent(g.Low), report.Percent(g.High))
}

// Verdicts counts the hosts by verdict, the gravest first.
func (v *fleetView) Verdicts() []string {
	count := map[report.Verdict]int{}
	for i := range v.Hosts {
		count[v.Hosts[i].Verdict]++
	}
	var out []string
	for _, word := range append(slices.Clone(report.Verdicts()), fleet.NotRead) {
		if n := count[word]; n > 0 {
			out = append(out, fmt.Sprintf("%s %s", report.Count(int64(n)), strings.ReplaceAll(word.Words(), "-", " ")))
		}
	}
	return out
}

// Scope says what was asked for and how much of it was read.
func (v *fleetView) Scope() []string {
	var lines, read int64
	for i := range v.Hosts {
		lines += v.Hosts[i].Lines
		read += v.Hosts[i].Read
	}
	out := []string{v.Asked}
	if p := span(v.Window.From, v.Window.To); p != "" {
		out = append(out, p+" UTC")
	}
	out = append(out, fmt.Sprintf("%s, %s read", report.Plural(int64(len(v.Hosts)), "host", "hosts"), report.Plural(read, "line", "lines")))
	if lines > read {
		out[len(out)-1] += " of " + report.Count(lines)
	}
	switch v.Mode {
	case fleet.Prefilter:
		out = append(out, "reduced: only lines with words that matter were read, so counts of complaints are low and a verdict rests on less")
	case fleet.Triage:
		out = append(out, "reduced: only hosts whose count of complaints stands out were read")
	}
	return out
}

// since says how a cause changed; "" without a baseline.
func since(c *fleet.CauseRow) string {
	if c.New == nil {
		return ""
	}
	switch {
	case *c.New > 0 && *c.Gone > 0:
		return fmt.Sprintf("new on %d, gone on %d", *c.New, *c.Gone)
	case *c.New > 0:
		return fmt.Sprintf("new on %d", *c.New)
	case *c.Gone > 0:
		return fmt.Sprintf("gone on %d", *c.Gone)
	}
	return "as before"
}
