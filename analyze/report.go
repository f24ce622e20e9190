package analyze

import (
	"slices"

	"wolfdiag/analyze/assemble"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/crashes"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/facts"
	"wolfdiag/analyze/timeline"
)

// Report assembles the diagnosis of everything read so far. It may be called
// again after more was read. Cost: independent of the length of the log.
func (a *Analyzer) Report() *Report { return a.view().Report() }

// view resolves what was read: clocks, the order of the runs, failures, facts,
// causes.
func (a *Analyzer) view() *assemble.View {
	window, model := a.merger.Window, a.model()
	v := &assemble.View{
		Version: a.opts.Version, Now: a.opts.Now(), Catalogue: a.cat, Window: window, Account: a.account, Sources: &a.sources, Setup: a.merger.Setup.Setup(),
		Time: a.merger.Clock.Resolve(), Merged: a.merger.Runs.Merged(), Notes: a.notes, Partial: a.partial, Around: &a.around,
	}
	if said := a.othersNote(); said != "" {
		v.Notes = append(slices.Clone(v.Notes), said)
	}
	if window.Set() {
		v.Hidden = v.Time.Within(window.Since, window.Until)
	}
	around := a.circumstances(v.Time, v.Setup)
	judged := a.merger.Runs.Judge(around)
	placed, contrasts := judged.Ordered(), judged.Contrast()
	v.Contrasts = contrasts.Templates
	v.Runs, v.Outcomes = a.runs(placed), around.Outcomes
	v.Places = make([]timeline.Pos, len(placed))
	for i := range placed {
		v.Places[i] = placed[i].Begin.Pos
	}
	episodes := model.Episodes(v.Runs)
	v.Time.AddFailures(failures(episodes, placed, v.Time))
	v.Leak = v.Time.Leak().Report()
	v.Facts = a.sources.Gather(facts.Log{Time: v.Time, Model: model, Runs: v.Runs, Episodes: episodes, Leak: v.Leak, Zone: a.opts.Zone})
	period := v.Period()
	v.Crashes = a.dumps.Find(crashes.Log{Time: v.Time, Inputs: &a.account.Inputs, Traces: a.account.Traces, Catalogue: a.cat, From: period.From, To: period.To, Foreign: around.Foreign})
	v.Diagnosis = model.DiagnoseWith(v.Runs, append(v.Facts.Model, v.Crashes.Facts()...), a.diagnosed(around, placed, &contrasts))
	return v
}

// runs are the runs as the model wants them, in the same order.
func (a *Analyzer) runs(placed []correlate.Placed) []diagnose.Run {
	all := a.cat.All()
	out := make([]diagnose.Run, len(placed))
	for i := range placed {
		q := &placed[i]
		out[i] = diagnose.Run{Pattern: all[q.Pattern].ID, Lifetime: q.Lifetime,
			Time: q.Start, End: q.End, Count: q.Count, Session: q.Session}
	}
	return out
}

// failures are the failing episodes as the timeline wants them.
func failures(episodes []diagnose.Episode, placed []correlate.Placed, t *timeline.Timeline) []timeline.Failure {
	var out []timeline.Failure
	for _, e := range episodes {
		if e.Failing {
			first := *placed[e.First].Begin
			out = append(out, timeline.Failure{Reading: first, Instant: t.At(first), Session: e.Session})
		}
	}
	return out
}
