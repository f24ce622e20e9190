package assemble

import (
	"fmt"
	"sort"
	"time"

	"wolfdiag/analyze/report"
)

// Report renders the view.
func (v *View) Report() *report.Report {
	r := &report.Report{
		Schema:  report.Schema,
		Tool:    report.Tool{Name: "wolfdiag", Version: v.Version, Catalogue: v.Catalogue.Version()},
		Partial: v.Partial,
		Clocks:  append([]string{}, v.Time.Assumptions...),
		Notes:   append([]string{}, v.Notes...),
	}
	r.Coverage = v.Account.Coverage
	r.Inputs, r.Coverage.Lines = v.Account.Inputs.Reports()
	r.Period = v.Period()
	r.Causes = v.causes()
	r.Decide = decide(r.Causes)
	r.Setup = v.deployment()
	r.Lifetimes = v.lifetimes()
	r.Sessions = v.sessions(r.Causes)
	r.Timeline = v.events()
	r.Leak = v.Leak
	r.Crashes = v.Crashes.Report(v.firstFailure(), v.failed())
	r.Unexplained = v.unexplained()
	if len(r.Causes) == 0 {
		if known := v.symptoms(); len(known) > 0 {
			r.Unexplained = append(known, r.Unexplained...)
		}
	}
	r.Known = v.known()
	r.Patterns = v.patternCounts()
	r.Facts = v.Facts.Shown
	r.Breakdowns = v.breakdowns()
	r.Verdict = v.verdict(r)
	r.Recognised = v.Account.Known || len(r.Patterns) > 0 || len(r.Facts) > 0 || len(r.Crashes) > 0
	r.Summary = summary(r)
	v.lookAround(r)
	r.Next = next(r)
	v.addNotes(r)
	return r
}

// addNotes says what the limits of the report are.
func (v *View) addNotes(r *report.Report) {
	if note := v.windowNote(r); note != "" {
		r.Notes = append(r.Notes, note)
	}
	r.Notes = append(r.Notes, knownNotes(r.Known)...)
	r.Notes = append(r.Notes, loops(v.Time)...)
	if note := unlisted(r); note != "" {
		r.Notes = append(r.Notes, note)
	}
	if n := v.sessionsLeft(len(r.Sessions)); n > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s not listed: those that failed and the newest are", report.Plural(int64(n), "session is", "sessions are")))
	}
	if v.Merged > 0 {
		r.Notes = append(r.Notes, "this log holds more separate complaints than are kept one by one; close ones were counted together")
	}
}

func (v *View) patternCounts() []report.PatternCount {
	out := []report.PatternCount{}
	for _, p := range v.Catalogue.All() {
		s := v.Account.Pattern(p)
		if s.Count == 0 {
			continue
		}
		out = append(out, report.PatternCount{ID: p.ID, Role: string(p.Role), Title: p.Title, Count: s.Count, Bursts: s.Bursts(),
			First: v.where(&s.First), Last: v.where(&s.Last)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// Period is the first and last time known in the logs themselves.
func (v *View) Period() report.Period {
	var from, to time.Time
	note := func(t time.Time) {
		if t.IsZero() {
			return
		}
		if from.IsZero() || t.Before(from) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	for first, last := range v.Account.Inputs.Spans {
		note(v.Time.At(first).Time)
		note(v.Time.At(last).Time)
	}
	for i := range v.Runs {
		note(v.Runs[i].Time)
		note(v.Runs[i].End)
	}
	return v.Window.Clip(from, to)
}

// firstFailure is the first failing episode of the newest lifetime that fails;
// zero when none has a time.
func (v *View) firstFailure() time.Time {
	for i := len(v.Time.Lifetimes) - 1; i >= 0; i-- {
		if l := &v.Time.Lifetimes[i]; l.Failures > 0 && l.FirstFailure.Known() {
			return l.FirstFailure.Time
		}
	}
	for _, e := range v.Diagnosis.Episodes {
		if e.Failing && !e.Time.IsZero() {
			return e.Time
		}
	}
	return time.Time{}
}

// failed reports whether an episode is a failure, timed or not.
func (v *View) failed() bool {
	for _, e := range v.Diagnosis.Episodes {
		if e.Failing {
			return true
		}
	}
	return false
}

// windowNote says what the window leaves out, "" when that is nothing. Where
// it leaves nothing at all, the report's summary says so too: no complaint is
// no good news then.
func (v *View) windowNote(r *report.Report) string {
	excluded := v.Account.Excluded
	if !v.Window.Set() || excluded == 0 && v.Hidden == 0 && r.Period.From != nil {
		return ""
	}
	left := fmt.Sprintf("%s %s left out", report.Plural(excluded, "record of note", "records of note"), isAre(excluded))
	if v.Hidden > 0 {
		left += fmt.Sprintf(", and %s of Wolf not shown", report.Plural(int64(v.Hidden), "lifetime", "lifetimes"))
	}
	if v.Account.Inside == 0 && len(r.Lifetimes) == 0 && len(r.Causes) == 0 && excluded > 0 {
		r.Period = report.Period{}
		r.Summary = fmt.Sprintf("Nothing of note lies %s, so nothing can be said of that time.", v.Window)
		return fmt.Sprintf("nothing of note lies %s: %s", v.Window, left)
	}
	return fmt.Sprintf("only what lies %s counts: %s", v.Window, left)
}

func isAre(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
