package assemble

import (
	"time"

	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// A report holds at most so many, the newest.
const (
	maxSessionsShown = 5_000
	maxEpisodesShown = 5_000
)

// sessions renders the timeline's sessions with how they went, and what those that
// failed died of.
func (v *View) sessions(causes []report.Cause) []report.Session {
	results := map[timeline.Pos]outcome.Result{}
	if v.Outcomes != nil {
		results = make(map[timeline.Pos]outcome.Result, len(v.Outcomes.Sessions))
		for i := range v.Outcomes.Sessions {
			results[v.Outcomes.Sessions[i].StartPos] = v.Outcomes.Sessions[i].Result
		}
	}
	list := make([]*timeline.Session, 0, len(v.Time.Sessions))
	for i := range v.Time.Sessions {
		if s := &v.Time.Sessions[i]; !s.Outside {
			list = append(list, s)
		}
	}
	list = list[max(0, len(list)-maxSessionsShown):]
	out := make([]report.Session, 0, len(list))
	for _, s := range list {
		start := s.Start.Pointer()
		x := report.Session{ID: s.ID, App: s.App, Client: s.Client, Lifetime: s.Lifetime, Number: s.Number, Start: start,
			First: report.Where{Input: v.Account.Inputs.Name(s.Pos.Input), Line: s.Pos.Line, Time: start}, Lines: v.lines(s)}
		var l *timeline.Lifetime
		if s.Lifetime >= 0 && s.Lifetime < len(v.Time.Lifetimes) {
			l = &v.Time.Lifetimes[s.Lifetime]
		}
		switch {
		case s.Stopped:
			x.End = s.Stop.Pointer()
		case l != nil && l.EndKind != timeline.EndRunning:
			x.End = l.End.Pointer()
		}
		switch r := results[s.Pos]; {
		case s.Failed, r == outcome.Failed:
			x.Outcome = report.Failed
		case r == outcome.Worked && (s.Stopped || x.End != nil):
			x.Outcome = report.Worked
		case !s.Stopped && l != nil && l.EndKind == timeline.EndRunning:
			x.Outcome = report.Running
		default:
			x.Outcome = report.Unclear
		}
		out = append(out, x)
	}
	v.diedOf(list, out, causes)
	return out
}

// events renders what happened when.
func (v *View) events() report.Timeline {
	out := report.Timeline{Episodes: []report.Episode{}, Series: v.Facts.Series}
	if out.Series == nil {
		out.Series = []report.Series{}
	}
	firsts := map[*patterns.Pattern]report.Where{} // the first message of each pattern
	list := v.Diagnosis.Episodes
	for _, e := range list[max(0, len(list)-maxEpisodesShown):] {
		x := report.Episode{Start: report.KnownTime(e.Time), Failing: e.Failing, Session: e.Session}
		var end time.Time
		for i := e.First; i <= e.Last && i < len(v.Runs); i++ {
			x.Count += v.Runs[i].Count
			if v.Runs[i].End.After(end) {
				end = v.Runs[i].End
			}
		}
		x.End = report.KnownTime(end)
		if p := v.pattern(v.Runs[e.First].Pattern); p != nil {
			x.Pattern, x.Title = p.ID, p.Title
			r := v.Places[e.First]
			x.First = report.Where{Input: v.Account.Inputs.Name(r.Input), Line: r.Line, Time: x.Start}
			first, known := firsts[p]
			if !known {
				first = v.where(&v.Account.Pattern(p).First)
				firsts[p] = first
			}
			if first.Input == x.First.Input && first.Line == x.First.Line {
				x.First.Text = first.Text
			}
		}
		out.Episodes = append(out.Episodes, x)
	}
	return out
}
