package analyze

import (
	"slices"
	"sort"

	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/merge"
	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
)

// circumstances gathers what the meaning of complaints depends on.
func (a *Analyzer) circumstances(t *timeline.Timeline, s *setup.Setup) *correlate.Circumstances {
	c := &correlate.Circumstances{Times: t, Foreign: a.account.Foreign(), NoPhase: a.opts.Ablation.NoPhase}
	model := a.model()
	c.Related, c.Stops = model.Related, model.Stops
	c.Hangs = func(pattern string) bool { return model.Supports(pattern, merge.OfDisplay) }
	if !a.opts.Ablation.NoSetup {
		c.Setup = s
	}
	if !a.opts.Ablation.NoOutcome {
		c.Outcomes = outcome.Judge(t, a.merger.Runs.Breaks())
	}
	if window := a.merger.Window; window.Set() {
		c.Outside = func(r timeline.Reading) bool { return window.Outside(t, r) }
	}
	return c
}

// diagnosed is what the ranking takes of the circumstances.
func (a *Analyzer) diagnosed(c *correlate.Circumstances, placed []correlate.Placed, contrasts *correlate.Contrasts) diagnose.Circumstances {
	out := diagnose.Circumstances{OtherVendor: map[string]bool{}}
	if s := c.Setup; s != nil {
		for _, k := range a.cat.Causes() {
			out.OtherVendor[k.ID] = len(k.Vendors) > 0 && !slices.ContainsFunc(k.Vendors, func(v string) bool { return !s.Idle(v) })
		}
	}
	if c.Outcomes == nil {
		return out
	}
	out.Contrast = a.contrast(contrasts)
	for i := range c.Outcomes.Sessions {
		s := &c.Outcomes.Sessions[i]
		if s.Result != outcome.Worked {
			continue
		}
		after := sort.Search(len(placed), func(k int) bool { return !begunBefore(&placed[k], s) })
		out.Worked = append(out.Worked, diagnose.Worked{Lifetime: s.Lifetime, After: after})
	}
	return out
}

// contrast compares sessions by pattern. What is read from messages of several
// kinds is as telling as the most telling of them.
func (a *Analyzer) contrast(c *correlate.Contrasts) map[string]diagnose.Contrast {
	out := make(map[string]diagnose.Contrast, len(c.Patterns))
	for id, k := range c.Patterns {
		out[id] = diagnose.Contrast(k)
	}
	read := map[string]bool{}
	for t := range a.account.Templates {
		if t.ReadAs == nil {
			continue
		}
		id, k := t.ReadAs.ID, diagnose.Contrast(c.Templates[t.ID])
		if !read[id] || k.Most() > out[id].Most() {
			read[id], out[id] = true, k
		}
	}
	return out
}

// begunBefore reports whether a run began before a session did.
func begunBefore(q *correlate.Placed, s *outcome.Session) bool {
	if q.Start.IsZero() || !s.Start.Known() {
		return q.Begin.Before(s.StartPos)
	}
	return q.Start.Before(s.Start.Time)
}
