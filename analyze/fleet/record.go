package fleet

import (
	"strings"

	"wolfdiag/analyze/report"
)

// HostOf cuts a diagnosis down to what a fleet's report needs. lines is how many
// lines there are, where that is known to be more than were read.
func HostOf(name string, r *report.Report, lines int64) Host {
	h := Host{
		Host: name, Verdict: r.Verdict, Summary: r.Summary, Lines: max(lines, r.Coverage.Lines), Read: r.Coverage.Lines, Complete: true,
		Complaints: r.Coverage.ErrorLines, Unexplained: r.Coverage.Unexplained, Period: r.Period,
	}
	for i := range r.Causes {
		c := &r.Causes[i]
		h.Causes = append(h.Causes, Cause{ID: c.ID, Title: c.Title, Probability: c.Probability, Episodes: c.Occurrences,
			SessionsFailed: max(len(c.Affected.Sessions), int(c.Occurrences)), Seen: report.Period{From: c.FirstSeen, To: c.LastSeen}})
		if h.Causes[i].found() {
			h.SessionsFailed = max(h.SessionsFailed, h.Causes[i].SessionsFailed)
		}
	}
	for i := range r.Lifetimes {
		if n := r.Lifetimes[i].Sessions; n != nil {
			if h.Sessions == nil {
				h.Sessions = new(int)
			}
			*h.Sessions += *n
		}
	}
	for _, k := range r.Setup.Known {
		what := strings.TrimPrefix(k.What, "version of ")
		if what != k.What || what == "image" {
			h.Versions = append(h.Versions, Version{What: what, Value: k.Value})
		}
	}
	return h
}

// Silent is a host of which there is no record.
func Silent(name, why string) Host {
	return Host{Host: name, Verdict: report.NoData, Why: why}
}

// LeftOut is a host that was not read because its count did not stand out.
func LeftOut(name string, lines, complaints int64, why string) Host {
	return Host{Host: name, Verdict: NotRead, Lines: lines, Complaints: complaints, Why: why}
}

// Incomplete marks a host as read in part, against our will.
func (h *Host) Incomplete(why string) {
	h.Complete, h.Failed = false, true
	if h.Why != "" {
		why = h.Why + "; " + why
	}
	h.Why = why
}
