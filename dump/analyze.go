package dump

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"wolfdiag/dump/cluster"
	"wolfdiag/dump/crash"
	"wolfdiag/dump/signature"
)

// AnalyzeOptions are optional parts of an analysis.
type AnalyzeOptions struct {
	// Symbols names the frames; nil leaves them as they are.
	Symbols Symbolizer
	// Cause names the catalogue's cause for a trace of a program of that owner (see
	// crash.Owner), or ""; nil means no causes. It gets inlined functions as frames
	// of their own (see Unfold).
	Cause func(frames []Frame, owner string) string
}

// Analyze symbolizes and clusters what was collected. The result depends only on
// the files, not on their order. It is not safe to call twice at once for the
// same Collection, whose frames get roles and names.
func Analyze(ctx context.Context, c *Collection, opts AnalyzeOptions) *Report {
	r := &Report{Schema: Schema, Others: c.Others, Files: []FileReport{}, Clusters: []ClusterReport{}, Symbols: []SymbolReport{}, Notes: []string{}, Errors: []string{}}
	files := append([]*File(nil), c.Files...)
	sort.SliceStable(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	traces := cluster.Uniques(files)
	for _, t := range traces {
		t.Sig.Build = signature.Fingerprint(t.Frames, t.Origin)
	}
	if opts.Symbols != nil {
		r.Symbols = symbolize(ctx, traces, opts.Symbols)
	}
	cluster.CutAtRoots(traces)
	for _, t := range traces {
		t.Sig = signature.Of(t.Frames, t.Origin)
	}
	traces, unclear := cluster.Unclear(traces)
	clusterOf := make(map[*File]string)
	r.Clusters = reportClusters(cluster.Traces(traces), opts, clusterOf)
	r.Clusters = append(r.Clusters, sizeClusters(files, clusterOf)...)
	rankClusters(r.Clusters)
	buildOf := make(map[*File]string)
	for _, t := range traces {
		for _, f := range t.Files {
			buildOf[f] = t.Sig.Build
		}
	}
	for _, f := range files {
		r.Files = append(r.Files, reportFile(f, clusterOf[f], buildOf[f]))
	}
	tellUnclear(r.Files, files, unclear, clusterOf, buildOf)
	r.Rate = rateOf(files)
	for _, n := range c.Notes {
		r.Notes = append(r.Notes, Clean(n))
	}
	for _, err := range c.Errors {
		r.Errors = append(r.Errors, Clean(err.Error()))
	}
	return r
}

// tellUnclear says of dumps that show too little which clusters they may belong to.
func tellUnclear(rows []FileReport, files []*File, unclear []cluster.Candidates, clusterOf, buildOf map[*File]string) {
	index := make(map[*File]int, len(files))
	for i, f := range files {
		index[f] = i
	}
	for _, u := range unclear {
		ids := make(map[string]bool)
		for _, t := range u.Like {
			ids[clusterOf[t.Files[0]]] = true
		}
		list := sortedKeys(ids)
		for _, f := range u.Trace.Files {
			row := &rows[index[f]]
			row.Candidates, row.Build = list, Clean(u.Trace.Sig.Build)
			row.Warnings = append(row.Warnings, "too little is left of this trace to tell which crash it is: it may belong to cluster "+strings.Join(list, " or "))
		}
	}
}

func reportFile(f *File, cluster, build string) FileReport {
	out := FileReport{
		Path: Clean(f.Path), Kind: f.Trace.Kind, Status: f.Trace.Status, Frames: f.Trace.Entries,
		CrashTime: f.Crash, RestartTime: f.Restart, Cluster: cluster, Warnings: []string{},
		Size: f.Size, Pending: f.Pending, UpperBound: f.CrashBound, Listed: f.Listed, Build: Clean(build),
		Dropped: len(f.Trace.Dropped), Header: Clean(f.Trace.Header), Format: f.Trace.Format, Program: Clean(f.Trace.Notes.Program),
		Thread: Clean(f.Trace.Notes.Thread), Signal: Clean(f.Trace.Notes.Signal), Message: Clean(f.Trace.Notes.Message), Threads: len(f.Trace.Threads),
	}
	for _, w := range f.Trace.Warnings {
		out.Warnings = append(out.Warnings, Clean(w))
	}
	for _, s := range f.Trace.Strings {
		out.Strings = append(out.Strings, Clean(s))
	}
	return out
}

// reportClusters makes the rows of clusters and notes which file went where.
func reportClusters(clusters []cluster.Cluster, opts AnalyzeOptions, clusterOf map[*File]string) []ClusterReport {
	total := 0
	out := make([]ClusterReport, 0, len(clusters))
	ids := make(map[string]bool)
	sort.Slice(clusters, func(i, j int) bool { return clusters[i].Key < clusters[j].Key })
	for _, c := range clusters {
		id := cluster.ID(c.Key)
		for n := 2; ids[id]; n++ {
			id = fmt.Sprintf("%s-%d", cluster.ID(c.Key), n)
		}
		ids[id] = true
		rep := c.Representative()
		row := ClusterReport{ID: id, Signature: Clean(rep.Sig.Top), Traces: len(c.Traces), Files: []string{}, PerDay: []DayCount{}}
		row.Functions, row.Offsets = cleanAll(rep.Sig.Functions), cleanAll(rep.Sig.Offsets)
		row.Frames = ReportFrames(rep.Frames, rep.Origin)
		builds := make(map[string]bool)
		var files []*File
		for _, t := range c.Traces {
			files = append(files, t.Files...)
			if t.Sig.Build != "" {
				builds[t.Sig.Build] = true
			}
		}
		row.Build = Clean(strings.Join(sortedKeys(builds), ", "))
		describe(&row, rep, opts)
		fillFiles(&row, files, clusterOf)
		total += row.Count
		out = append(out, row)
	}
	for i := range out {
		out[i].Share = float64(out[i].Count) / float64(total)
	}
	return out
}

// describe says of a cluster what kind of crash it is, whose, and what to do.
func describe(row *ClusterReport, rep *cluster.Unique, opts AnalyzeOptions) {
	t := &rep.Files[0].Trace
	owner := crash.OwnerOf(rep.Frames, &t.Notes, t.Kind != KindPrinted || t.Format == "cpptrace" || t.Format == "boost")
	owner = crash.OfForm(owner, t.Format, rep.Frames)
	finding := crash.Of(rep.Frames, &t.Notes)
	row.Kind, row.What, row.Victim = string(finding.Kind), Clean(finding.Title), finding.Victim
	row.Owner, row.Program, row.Thread = owner.Class, Clean(owner.Name), Clean(t.Notes.Thread)
	if opts.Cause != nil {
		row.Cause = opts.Cause(Unfold(rep.Frames), owner.Class)
	}
	row.Next = cleanAll(crash.Next(crash.Case{
		Finding: finding, Owner: owner, Frames: rep.Frames,
		Symbols: opts.Symbols != nil, Raw: t.Kind != KindPrinted,
	}))
}

func fillFiles(row *ClusterReport, files []*File, clusterOf map[*File]string) {
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	row.Count = len(files)
	for _, f := range files {
		row.Files = append(row.Files, Clean(f.Path))
		clusterOf[f] = row.ID
	}
	row.First, row.Last, row.PerDay = spanOf(files)
}

// sizeClusters groups dumps of listings by size: candidates for the same crash.
func sizeClusters(files []*File, clusterOf map[*File]string) []ClusterReport {
	bySize := make(map[int64][]*File)
	total := 0
	for _, f := range files {
		if f.Listed && len(f.Trace.Frames) == 0 && f.Trace.Entries > 0 {
			bySize[f.Size] = append(bySize[f.Size], f)
			total++
		}
	}
	out := make([]ClusterReport, 0, len(bySize))
	for size, group := range bySize {
		row := ClusterReport{ID: fmt.Sprintf("size-%d", size), Candidate: true, Traces: 1, Files: []string{}, Frames: []FrameReport{}, Functions: []string{}, Offsets: []string{}, PerDay: []DayCount{}, Next: []string{}}
		row.Signature = fmt.Sprintf("%d frames (by size: %d bytes)", group[0].Trace.Entries, size)
		fillFiles(&row, group, clusterOf)
		row.Share = float64(row.Count) / float64(total)
		out = append(out, row)
	}
	return out
}

func rankClusters(rows []ClusterReport) {
	sort.Slice(rows, func(i, j int) bool {
		a, b := &rows[i], &rows[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		if a.Last != nil && b.Last != nil && !a.Last.Equal(*b.Last) {
			return a.Last.After(*b.Last)
		}
		if a.Signature != b.Signature {
			return a.Signature < b.Signature
		}
		return a.ID < b.ID
	})
}

// spanOf returns the first and last crash and the crashes per UTC day.
func spanOf(files []*File) (first, last *time.Time, days []DayCount) {
	count := make(map[string]int)
	for _, f := range files {
		if f.Crash == nil {
			continue
		}
		t := *f.Crash
		if first == nil || t.Before(*first) {
			first = &t
		}
		if last == nil || t.After(*last) {
			last = &t
		}
		count[t.UTC().Format(time.DateOnly)]++
	}
	days = []DayCount{}
	for _, d := range sortedKeys(count) {
		days = append(days, DayCount{d, count[d]})
	}
	return first, last, days
}

func rateOf(files []*File) Rate {
	var timed []*File
	for _, f := range files {
		if f.Crash != nil && f.Trace.Status != StatusNotADump {
			timed = append(timed, f)
		}
	}
	r := Rate{Crashes: len(timed)}
	r.First, r.Last, r.PerDay = spanOf(timed)
	switch {
	case len(timed) == 1:
		r.Say = "1 crash"
	case len(timed) > 1:
		r.Say = fmt.Sprintf("%d crashes in %s", len(timed), spanText(r.Last.Sub(*r.First)))
	}
	return r
}

func spanText(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// ReportFrames returns frames in the form of the report, cleaned for output.
func ReportFrames(frames []Frame, origin signature.Origin) []FrameReport {
	out := make([]FrameReport, 0, len(frames))
	roles := signature.NewRoles(frames, origin)
	for i := range frames {
		f := &frames[i]
		row := FrameReport{Module: Clean(f.Module), Function: Clean(f.Function), File: Clean(f.File), Line: int(f.Line), Column: int(f.Column), Role: f.Role.String(), Inlined: []InlinedReport{}}
		if f.Bare != "" {
			row.Function, row.Symbol = Clean(f.Bare), row.Function
		}
		if f.Raw != 0 || f.HasObject {
			row.Raw = fmt.Sprintf("%#x", f.Raw)
		}
		row.Address = row.Raw
		if f.HasObject {
			row.Address = fmt.Sprintf("%#x", f.Object)
		}
		for _, in := range f.Inlined {
			row.Inlined = append(row.Inlined, InlinedReport{Clean(in.Function), Clean(in.File), in.Line, roles.Of(in.Function, in.File, f.Module).String()})
		}
		out = append(out, row)
	}
	return out
}

// Unfold returns the frames with inlined functions as frames of their own,
// innermost first. frames is returned as it is when nothing is inlined.
func Unfold(frames []Frame) []Frame {
	n := len(frames)
	for i := range frames {
		n += len(frames[i].Inlined)
	}
	if n == len(frames) {
		return frames
	}
	out := make([]Frame, 0, n)
	for _, f := range frames {
		for _, in := range f.Inlined {
			g := f
			g.Function, g.Bare, g.File, g.Line, g.Column, g.Inlined = in.Function, "", in.File, int32(in.Line), int32(in.Column), nil
			out = append(out, g)
		}
		f.Inlined = nil
		out = append(out, f)
	}
	return out
}

func cleanAll(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		out = append(out, Clean(s))
	}
	return out
}
