// Package assemble puts the resolved view of a log into a report: what to say,
// in which order and in which words. It decides nothing.
package assemble

import (
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/around"
	"wolfdiag/analyze/crashes"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/facts"
	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// View is everything the parts of a report need, resolved once.
type View struct {
	Version   string // of the program
	Now       time.Time
	Catalogue *patterns.Catalogue
	Window    account.Window
	Account   *account.Account
	Crashes   *crashes.Found
	Sources   *facts.Sources
	Setup     *setup.Setup
	Time      *timeline.Timeline
	Runs      []diagnose.Run
	Places    []timeline.Pos // where each of Runs begins
	Merged    int64          // runs that became part of others
	Diagnosis diagnose.Diagnosis
	Outcomes  *outcome.Outcomes // nil when sessions are not judged
	Leak      report.Leak
	Facts     *facts.Found
	Contrasts map[int]outcome.Contrast // of templates, by number
	Hidden    int                      // lifetimes wholly outside the window
	Notes     []string                 // about the limits of the report
	Partial   bool                     // not all of the input was read
	Around    *around.Keeper           // nil: no lines around complaints
}

// where renders a kept message for the report.
func (v *View) where(m *account.Message) report.Where { return v.Account.Inputs.Where(v.Time, m) }

// pattern is the pattern of an id, nil for what is none.
func (v *View) pattern(id string) *patterns.Pattern { return v.Catalogue.Pattern(id) }
