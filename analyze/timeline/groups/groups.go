// Package groups compares how often the sessions of groups failed.
package groups

import (
	"cmp"
	"fmt"
	"slices"

	"wolfdiag/analyze/report"
)

// Breakdown compares how often the sessions of groups failed.
type Breakdown struct {
	By     string // app, encoder, resolution, concurrent-sessions
	Groups []Group
	PValue *float64 // Fisher's exact test; r×2 by Freeman and Halton
	Say    string
}

// Group is one row of a Breakdown.
type Group struct {
	Name             string
	Sessions, Failed int
}

const (
	maxGroups   = 8
	otherGroup  = "other"
	maxTables   = 200_000 // tables enumerated before simulation takes over
	fewSessions = 8
	fewInAGroup = 2
	level       = 0.05
)

// Compare compares groups, the largest first and small ones put together. It is
// false when there are fewer than two groups of two or more sessions, fewer than
// eight sessions, or no failure, or nothing but failures.
func Compare(by string, gs []Group) (Breakdown, bool) {
	gs = slices.Clone(gs)
	slices.SortFunc(gs, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Name, b.Name))
	})
	gs = foldSmall(gs)
	big, total, failed := 0, 0, 0
	for _, g := range gs {
		total += g.Sessions
		failed += g.Failed
		if g.Sessions >= fewInAGroup {
			big++
		}
	}
	if big < 2 || total < fewSessions || failed == 0 || failed == total {
		return Breakdown{}, false
	}
	p := FreemanHalton(gs)
	return Breakdown{By: by, Groups: gs, PValue: &p, Say: say(by, gs, p)}, true
}

// foldSmall keeps the largest groups and adds up the rest.
func foldSmall(gs []Group) []Group {
	if len(gs) <= maxGroups {
		return gs
	}
	rest := Group{Name: otherGroup}
	for _, g := range gs[maxGroups-1:] {
		rest.Sessions += g.Sessions
		rest.Failed += g.Failed
	}
	return append(gs[:maxGroups-1:maxGroups-1], rest)
}

func say(name string, gs []Group, p float64) string {
	if p >= level {
		return fmt.Sprintf("no difference by %s beyond chance (p = %.2f)", name, p)
	}
	rate := func(g Group) float64 { return float64(g.Failed) / float64(g.Sessions) }
	worst, best := gs[0], gs[0]
	for _, g := range gs[1:] {
		if rate(g) > rate(worst) {
			worst = g
		}
		if rate(g) < rate(best) {
			best = g
		}
	}
	return fmt.Sprintf("failures differ by %s: %s %d of %d sessions, %s %d of %d (p = %.4f, this comparison alone)",
		name, worst.Name, worst.Failed, worst.Sessions, best.Name, best.Failed, best.Sessions, p)
}

// Report returns the breakdown in the form of the report.
func (b Breakdown) Report() report.Breakdown {
	out := report.Breakdown{By: b.By, PValue: b.PValue, Say: b.Say, Groups: []report.BreakdownRow{}}
	for _, g := range b.Groups {
		out.Groups = append(out.Groups, report.BreakdownRow{Name: g.Name, Sessions: g.Sessions, Failed: g.Failed})
	}
	return out
}
