package metrics

import (
	"slices"

	"wolfdiag/analyze/report"
)

// verdicts in the order of report.
var verdicts = []report.Verdict{report.CauseFound, report.PossibleCause, report.UnexplainedErrors, report.NothingKnown, report.NoData, report.Healthy}

// OfReport returns the figures of a report. Names begin with prefix, which ends
// in an underscore. As Counter, counts are of something that goes on, and their
// names end in _total; as Gauge, they are of one log. causes are the ids of all
// causes that there may be: each has a series, whether it was found or not.
func OfReport(prefix string, kind Kind, r *report.Report, causes []string) []Family {
	total := ""
	if kind == Counter {
		total = "_total"
	}
	count := func(name, help string, n int64) Family { return One(prefix+name+total, kind, help, float64(n)) }
	verdict := Family{Name: prefix + "verdict", Kind: Gauge, Help: "1 for the verdict that the report has, 0 for the others."}
	for _, v := range verdicts {
		verdict.Add(truth(v == r.Verdict), "verdict", string(v))
	}
	var sessions, failures, crashes int64
	for i := range r.Lifetimes {
		l := &r.Lifetimes[i]
		if l.Sessions != nil {
			sessions += int64(*l.Sessions)
		}
		failures += int64(l.Failures)
		if l.EndKind == "crash" {
			crashes++
		}
	}
	return []Family{
		verdict,
		probabilities(prefix, r, causes),
		count("sessions", "Sessions that the log shows, in all lifetimes of Wolf whose sessions can be counted.", sessions),
		count("failures", "Failures that the log shows: stretches of messages of a cause or its symptoms.", failures),
		count("restarts", "Starts of Wolf that the log shows, but for the first.", max(int64(len(r.Lifetimes))-1, 0)),
		count("crashes", "Runs of the Wolf process that ended in a crash.", crashes),
		count("error_lines", "Messages that complain, or that the catalogue knows as a complaint.", r.Coverage.ErrorLines),
		count("unexplained_lines", "Complaints that no pattern of the catalogue explains.", r.Coverage.Unexplained),
	}
}

// probabilities has a series for each cause: 0 where it was not found.
func probabilities(prefix string, r *report.Report, causes []string) Family {
	f := Family{Name: prefix + "cause_probability", Kind: Gauge, Help: "Probability of a cause in the report, 0 when it was not found."}
	found := map[string]float64{}
	all := slices.Clone(causes)
	for i := range r.Causes {
		found[r.Causes[i].ID] = r.Causes[i].Probability
		all = append(all, r.Causes[i].ID)
	}
	slices.Sort(all)
	for _, c := range slices.Compact(all) {
		f.Add(found[c], "cause", c)
	}
	return f
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
