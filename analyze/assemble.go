package analyze

import (
	"sort"
	"time"

	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// finishInput records what was learnt about an input while it was read.
func (a *Analyzer) finishInput(index int32, st source.Stats) {
	a.inputs.Finish(index, st)
	a.partial = a.partial || st.Limited
}

// Report assembles the diagnosis of everything read so far. It may be called
// again after more was read. Cost: independent of the length of the log.
func (a *Analyzer) Report() *Report {
	v := a.view()
	r := &Report{
		Schema:  report.Schema,
		Tool:    report.Tool{Name: "wolfdiag", Version: a.opts.Version, Catalogue: a.cat.Version()},
		Partial: a.partial,
		Clocks:  append([]string{}, v.time.Assumptions...),
		Notes:   append([]string{}, a.notes...),
	}
	r.Coverage = a.coverage
	r.Inputs, r.Coverage.Lines = a.inputs.Reports()
	r.Period = a.period(v)
	r.Causes = a.causes(v)
	r.Lifetimes = a.lifetimes(v)
	r.Leak = v.leak
	r.Crashes = a.crashes(v)
	r.Unexplained = a.unexplainedReport(v)
	if known := a.symptoms(v); len(r.Causes) == 0 && len(known) > 0 {
		r.Unexplained = append(known, r.Unexplained...)
	}
	r.Patterns = a.patternCounts(v)
	r.Facts = v.facts
	r.Breakdowns = a.breakdowns(v)
	r.Verdict = a.verdict(r)
	r.Recognised = a.known || len(r.Patterns) > 0 || len(r.Facts) > 0 || len(r.Crashes) > 0
	r.Summary = summary(r)
	if said := a.windowNote(r, v); said != "" {
		r.Notes = append(r.Notes, said)
	}
	r.Notes = append(r.Notes, loops(v.time)...)
	if said := unlisted(r); said != "" {
		r.Notes = append(r.Notes, said)
	}
	if a.runs.Merged() > 0 {
		r.Notes = append(r.Notes, "this log holds more separate complaints than are kept one by one; close ones were counted together")
	}
	return r
}

// view is everything the parts of a report need, computed once.
type view struct {
	time      *timeline.Timeline
	runs      []diagnose.Run
	diagnosis diagnose.Diagnosis
	leak      report.Leak
	facts     []report.Fact
	hidden    int // lifetimes wholly outside the window
}

func (a *Analyzer) view() *view {
	if a.model == nil {
		a.model = diagnose.NewModel(a.cat.Causes(), a.cat.Patterns(), a.opts.Ablation)
	}
	v := &view{time: a.clock.Resolve()}
	if a.windowed() {
		v.hidden = v.time.Within(a.opts.Since, a.opts.Until)
	}
	placed := a.orderedRuns(v)
	episodes := a.model.Episodes(v.runs)
	var failures []timeline.Failure
	for _, e := range episodes {
		if !e.Failing {
			continue
		}
		first := placed[e.First].Begin
		failures = append(failures, timeline.Failure{Reading: first, Instant: v.time.At(first), Session: e.Session})
	}
	v.time.AddFailures(failures)
	v.leak = v.time.Leak().Report()
	facts, shown := a.facts(v)
	v.facts = shown
	v.diagnosis = a.model.Diagnose(v.runs, facts)
	return v
}

// orderedRuns sets v.runs and returns where each stands.
func (a *Analyzer) orderedRuns(v *view) []correlate.Placed {
	var outside func(timeline.Reading) bool
	if a.windowed() {
		outside = func(r timeline.Reading) bool { return a.outside(v.time, r) }
	}
	placed := a.runs.Ordered(v.time, outside)
	v.runs = make([]diagnose.Run, len(placed))
	for i := range placed {
		q := &placed[i]
		v.runs[i] = diagnose.Run{Pattern: a.cat.Patterns()[q.Pattern].ID, Lifetime: v.time.Lifetime(q.First),
			Time: q.Start, End: q.End, Count: q.Count, Session: q.Session}
	}
	return placed
}

// where renders a kept reading for the report.
func (a *Analyzer) where(t *timeline.Timeline, k *kept) report.Where {
	w := report.Where{Input: a.inputs.Name(k.reading.Input), Line: k.reading.Line + k.below, Text: string(logline.CleanText(nil, k.text))}
	if at := t.At(k.reading).Time; !at.IsZero() {
		w.Time = &at
	}
	return w
}

func (a *Analyzer) verdict(r *Report) report.Verdict {
	switch {
	case len(r.Causes) > 0:
		return report.CauseFound
	case a.errors > 0, len(r.Unexplained) > 0 && r.Unexplained[0].Pattern != "":
		return report.UnexplainedErrors
	}
	return report.Healthy
}

func (a *Analyzer) patternCounts(v *view) []report.PatternCount {
	out := []report.PatternCount{}
	for _, p := range a.cat.Patterns() {
		s := &a.stats[p.Index]
		if s.count == 0 {
			continue
		}
		out = append(out, report.PatternCount{ID: p.ID, Role: string(p.Role), Title: p.Title, Count: s.count,
			First: a.where(v.time, &s.first), Last: a.where(v.time, &s.last)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// timePtr is nil for the unknown time.
func timePtr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *Analyzer) pattern(id string) *patterns.Pattern { return a.cat.Pattern(id) }
