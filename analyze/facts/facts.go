// Package facts gathers what no single line of a log says: what state files
// say, placed on the log's clock against its failures, and what can be read off
// the lifetimes.
package facts

import (
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Log is the log as resolved, which facts are held against.
type Log struct {
	Time     *timeline.Timeline
	Model    *diagnose.Model
	Runs     []diagnose.Run     // in their order
	Episodes []diagnose.Episode // of Runs
	Leak     report.Leak
	Zone     *time.Location // that the operator gives for local times; nil: none
}

// Found are the facts of a log and of what was given beside it.
type Found struct {
	Model  []diagnose.Fact // what counts for the ranking
	Series []report.Series // values measured over time; never nil after Gather
	Shown  []report.Fact   // what the state files say, whether it counts or not; never nil

	placed []placedSource
	time   *timeline.Timeline
}

// placedSource is a source with its facts on the clock of the log.
type placedSource struct {
	name  string
	facts []placedFact
}

// placedFact is what a state file says, on the clock of the log.
type placedFact struct {
	snapshot.Fact      // Time in UTC; Bears says what was assumed and why it may not count
	used          bool // it counts for the ranking
	lifetime      int  // that it speaks of, -1 for all
}

// Gather holds the sources against a log. Cost: independent of the length of
// the log.
func (s *Sources) Gather(l Log) *Found {
	out := &Found{Model: []diagnose.Fact{}, Shown: []report.Fact{}, Series: []report.Series{}, time: l.Time}
	out.Model = append(out.Model, leakFacts(l.Leak)...)
	out.Model = append(out.Model, lifetimeFacts(l.Time)...)
	if len(s.list) == 0 {
		return out
	}
	p := newPlacer(l)
	for i := range s.list {
		src := &s.list[i]
		placed := placedSource{name: src.name, facts: p.place(src)}
		out.placed = append(out.placed, placed)
		for _, f := range placed.facts {
			if f.used && f.ID != "" {
				out.Model = append(out.Model, diagnose.Fact{ID: f.ID, Lifetime: f.lifetime})
			}
			out.Shown = append(out.Shown, report.Fact{Source: src.name, Kind: string(src.kind), Time: report.KnownTime(f.Time), Text: f.Text, Bears: f.Bears})
		}
	}
	out.Series = s.series(p.zone)
	for i := range s.list {
		s.list[i].memory(l.Time, p.zone, out)
	}
	return out
}

// leakFacts is what the verdict on a leak says of causes.
func leakFacts(l report.Leak) []diagnose.Fact {
	var id string
	switch {
	case l.Verdict == "likely" && l.Axis == "sessions":
		id = "fact-grows-with-sessions"
	case l.Verdict == "likely" && l.Axis == "uptime":
		id = "fact-grows-with-uptime"
	case l.Axis == "wall-clock":
		id = "fact-sudden-onset"
	default:
		return nil
	}
	return []diagnose.Fact{{ID: id, Lifetime: -1}}
}

// Where is the place of a fact: in a state file, or in the log where a lifetime
// shows it. With neither, only the text of what it returns is set.
func (f *Found) Where(id string, inputName func(int32) string) report.Where {
	for _, s := range f.placed {
		for _, p := range s.facts {
			if p.ID == id && p.used {
				return report.Where{Input: s.name, Line: p.Line, Time: report.KnownTime(p.Time), Text: p.Text}
			}
		}
	}
	w := report.Where{Text: patterns.Facts[id]}
	if r, ok := lifetimeFactAt(f.time, id); ok {
		w.Input, w.Line, w.Time = inputName(r.Input), r.Line, f.time.At(r).Pointer()
	}
	return w
}
