package render

import (
	"fmt"
	"io"
	"strings"

	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

const (
	maxDumpFiles  = 4  // names of a cluster's files
	maxDumpFrames = 12 // rows of a cluster's trace
	maxNotOK      = 10 // dumps that are not as they should be
)

func dumpsText(w io.Writer, r *dump.Report, o DumpsOptions) error {
	g := &page{w: w, p: o.Palette, o: o.Options}
	g.line("%s", g.p.Strong(dumpsHeadline(r)))
	if s := spark(r.Rate.PerDay, 60); s != "" {
		g.line("%s", g.p.Dim(fmt.Sprintf("%s  %s  %s", r.Rate.PerDay[0].Day, s, r.Rate.PerDay[len(r.Rate.PerDay)-1].Day)))
	}
	for i := range r.Clusters {
		if i == maxClusters && !o.All {
			g.line("\n%d more clusters; --all shows them", len(r.Clusters)-i)
			break
		}
		g.dumpCluster(&r.Clusters[i], i+1, o)
	}
	g.dumpFiles(r, o)
	g.dumpSymbols(r)
	for _, n := range r.Notes {
		g.para(0, "note", n, nil)
	}
	for _, e := range r.Errors {
		g.para(0, "not read", e, g.p.Warn)
	}
	return g.err
}

// dumpsHeadline is the sentence a reader sees first.
func dumpsHeadline(r *dump.Report) string {
	sites, candidates := 0, 0
	for i := range r.Clusters {
		if r.Clusters[i].Candidate {
			candidates++
		} else {
			sites++
		}
	}
	dumps, others := countDumps(r)
	parts := []string{report.Plural(dumps, "crash dump", "crash dumps")}
	if sites > 0 {
		parts = append(parts, report.Plural(int64(sites), "crash site", "crash sites"))
	}
	if candidates > 0 {
		parts = append(parts, report.Plural(int64(candidates), "size", "sizes")+" in listings (equal sizes are candidates for one crash site)")
	}
	s := strings.Join(parts, ", ")
	if r.Rate.Say != "" {
		s += "; " + r.Rate.Say
		if w := span(r.Rate.First, r.Rate.Last); w != "" {
			s += " (" + w + ")"
		}
	}
	if others > 0 {
		s += "; " + report.Plural(others, "file shows", "files show") + " no crash (empty, unreadable or no dump)"
	}
	return s
}

// countDumps tells dumps, and rows of listings that can be some, from files that
// show no crash.
func countDumps(r *dump.Report) (dumps, others int64) {
	for i := range r.Files {
		if f := &r.Files[i]; f.Frames > 0 || f.Kind == dump.KindStrings || f.Listed && f.Status == dump.StatusOK {
			dumps++
		} else {
			others++
		}
	}
	return dumps, others
}

func (g *page) dumpCluster(c *dump.ClusterReport, rank int, o DumpsOptions) {
	g.line("\n%s %s", g.p.Head(fmt.Sprintf("%d.", rank)), g.p.Strong(clip(clean(c.Signature), max(g.o.Width-4, 40))))
	facts := fmt.Sprintf("%d × (%.0f %%), cluster %s", c.Count, 100*c.Share, c.ID)
	if c.Build != "" {
		facts += ", build " + c.Build
	}
	if c.Traces > 1 {
		facts += fmt.Sprintf(", %d different traces", c.Traces)
	}
	if s := crashSentence(c); s != "" {
		g.para(3, "what", s, g.p.Bad)
	}
	g.para(3, "", facts, nil)
	if c.Cause != "" {
		g.para(3, "cause", c.Cause, g.p.Bad)
	}
	if when := span(c.First, c.Last); when != "" {
		if s := spark(c.PerDay, 30); s != "" {
			when += "  " + s
		}
		g.para(3, "when", when, nil)
	}
	files := c.Files
	if len(files) > maxDumpFiles && !o.All {
		files = append(append([]string{}, files[:maxDumpFiles]...), fmt.Sprintf("and %d more", len(c.Files)-maxDumpFiles))
	}
	g.para(3, "files", strings.Join(files, ", "), nil)
	for _, n := range c.Next {
		if !g.shown.next[n] { // once is enough for all crashes of one program
			if g.shown.next == nil {
				g.shown.next = make(map[string]bool)
			}
			g.shown.next[n] = true
			g.para(3, "next", n, nil)
		}
	}
	g.dumpTrace(c.Frames, o)
}

// crashSentence says whose crash it was and of what kind.
func crashSentence(c *dump.ClusterReport) string {
	if c.What == "" {
		return ""
	}
	who := c.Program
	if who == "" {
		who = c.Owner
	}
	if who == "" {
		who = "a program that is not named"
	}
	if c.Thread != "" {
		who += ", thread " + c.Thread
	}
	return who + ": " + c.What
}

// dumpTrace prints the frames; own ones are marked and bright.
func (g *page) dumpTrace(frames []dump.FrameReport, o DumpsOptions) {
	rows := traceRows(frames, o.AllFrames)
	for i, row := range rows {
		if i == maxDumpFrames && !o.AllFrames && len(rows) > maxDumpFrames+2 {
			g.line("   %s", g.p.Dim(fmt.Sprintf("  … %d more rows; --all-frames shows them", len(rows)-i)))
			return
		}
		if row.skipped > 0 {
			g.line("   %s", g.p.Dim(fmt.Sprintf("  #%-3d … %s", row.number, report.Plural(int64(row.skipped), "frame", "frames")+" of crash handling, run-time and thread start")))
			continue
		}
		mark, paint := " ", g.p.Dim
		if row.role == "own" {
			mark, paint = ">", g.p.Strong
		}
		tail := ""
		if row.place != "" {
			tail = "  " + row.place
		}
		if row.inlined {
			tail += " (inlined)"
		}
		if o.AllFrames {
			tail += "  [" + row.role + "]"
		}
		g.line("   %s #%-3d %s%s", mark, row.number, paint(clip(clean(row.function), max(g.o.Width-10-len(tail), 30))), g.p.Dim(clean(tail)))
	}
}

// dumpFiles lists what is not as it should be, or everything with --all.
func (g *page) dumpFiles(r *dump.Report, o DumpsOptions) {
	t := &Table{Header: []string{"file", "kind", "status", "frames", "remark"}, Right: []int{3}}
	hidden := 0
	for i := range r.Files {
		f := &r.Files[i]
		if !o.All && f.Status == dump.StatusOK && !f.Pending {
			continue
		}
		if !o.All && len(t.Rows) == maxNotOK {
			hidden++
			continue
		}
		remark := strings.Join(f.Warnings, "; ")
		width := max(g.o.Width-60, 24)
		if o.All {
			width = 200
		}
		t.Rows = append(t.Rows, []string{clean(baseOf(f.Path)), string(f.Kind), string(f.Status), fmt.Sprint(f.Frames), clip(clean(remark), width)})
	}
	if len(t.Rows) == 0 {
		return
	}
	title := "Dumps to take with care"
	if o.All {
		title = "Dumps"
	}
	g.head(title)
	g.table(t)
	if hidden > 0 {
		g.line("  %d more; --all shows them", hidden)
	}
	if r.Others > 0 {
		g.line("  %s", g.p.Dim(report.Plural(int64(r.Others), "other file", "other files")+" in the folders, none a dump"))
	}
}

func baseOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func (g *page) dumpSymbols(r *dump.Report) {
	t := &Table{Header: []string{"object", "build", "named", "fit", "from"}}
	for i := range r.Symbols {
		s := &r.Symbols[i]
		from := s.Binary
		if s.Debug != "" {
			from += " + " + s.Debug
		}
		if s.Problem != "" && from != "" {
			from += ": " + s.Problem
		} else if from == "" {
			from = s.Problem
		}
		t.Rows = append(t.Rows, []string{clean(baseOf(s.Module)), clean(s.Build), fmt.Sprintf("%d/%d", s.Named, s.Addresses), fmt.Sprintf("%d/%d", s.Fit, s.Checked), clean(from)})
	}
	if len(t.Rows) > 0 {
		g.head("Symbols")
		g.table(t)
	}
}
