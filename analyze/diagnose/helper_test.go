package diagnose

import (
	"time"

	"wolfdiag/patterns"
)

var noon = time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)

// at makes a run of one match, so many seconds after noon.
func at(seconds float64, pattern string) Run {
	when := noon.Add(time.Duration(seconds * float64(time.Second)))
	return Run{Pattern: pattern, Time: when, End: when, Count: 1}
}

func inLife(life int, r Run) Run { r.Lifetime = life; return r }

func untimed(pattern string) Run { return Run{Pattern: pattern, Count: 1} }

// ids lists the findings in order.
func ids(d Diagnosis) []string {
	out := []string{}
	for _, f := range d.Findings {
		out = append(out, f.Cause.ID)
	}
	return out
}

func find(d Diagnosis, id string) *Finding {
	for i := range d.Findings {
		if d.Findings[i].Cause.ID == id {
			return &d.Findings[i]
		}
	}
	return nil
}

func chance(d Diagnosis, id string) float64 {
	if f := find(d, id); f != nil {
		return f.Probability
	}
	return 0
}

// small is a catalogue of a GPU that is lost and one that is full, and of what
// follows from both.
func small() ([]*patterns.Cause, []*patterns.Pattern) {
	list := append(pats(patterns.RoleCause, "bus", "full", "context", "loop"), pats(patterns.RoleSymptom, "black", "vague")...)
	list = append(list, pats(patterns.RoleBenign, "noise")...)
	list = append(list, pats(patterns.RoleLifecycle, "start")...)
	return []*patterns.Cause{
		{ID: "lost", Prior: 0.02, Evidence: links("bus", 0.95, "vague", 0.3), Explains: []string{"failed"},
			Rivals: []patterns.Rival{{Cause: "memory", Why: "both refuse", Settle: "look at the bus"}}},
		{ID: "memory", Prior: 0.04, Evidence: links("full", 0.9, "vague", 0.4, "fact-full", 0.5), Against: links("fact-empty", 0.9), Explains: []string{"failed"}},
		{ID: "failed", Prior: 0.02, Evidence: links("context", 0.6), Explains: []string{"black"}},
		{ID: "loop", Prior: 0.02, Evidence: links("loop", 0.9, "fact-loop", 0.95)},
	}, list
}

func smallModel(a Ablation) *Model {
	causes, list := small()
	return NewModel(causes, list, a)
}
