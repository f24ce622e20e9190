package assemble

import (
	"fmt"
	"slices"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// lifetimes renders the timeline's lifetimes.
func (v *View) lifetimes() []report.Lifetime {
	out := []report.Lifetime{}
	for i := range v.Time.Lifetimes {
		l := &v.Time.Lifetimes[i]
		first := timeline.Reading{Pos: l.First, Service: l.Service}
		out = append(out, l.Report(report.Where{Input: v.Account.Inputs.Name(l.First.Input), Line: l.First.Line, Time: v.Time.At(first).Pointer()}))
	}
	return out
}

func (v *View) breakdowns() []report.Breakdown {
	out := []report.Breakdown{}
	for _, b := range v.Time.Compare() {
		out = append(out, b.Report())
	}
	return out
}

// loops tells of starts that did not last.
func loops(t *timeline.Timeline) []string {
	var out []string
	for _, l := range t.Loops {
		n := l.LastLifetime - l.FirstLifetime + 1
		s := fmt.Sprintf("restart loop: %d starts of Wolf in a row ended soon", n)
		if len(l.TimesToDeath) > 0 {
			shortest, longest := slices.Min(l.TimesToDeath), slices.Max(l.TimesToDeath)
			s += fmt.Sprintf(", after %s to %s", report.RoughDuration(shortest), report.RoughDuration(longest))
		}
		if l.Same {
			s += ", all in the same way"
		}
		out = append(out, s)
	}
	return out
}
