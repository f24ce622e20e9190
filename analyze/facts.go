package analyze

import (
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// facts gathers what snapshots and the timeline add to the lines of the log.
func (a *Analyzer) facts(v *view) ([]diagnose.Fact, []report.Fact) {
	facts := []diagnose.Fact{}
	shown := []report.Fact{}
	switch {
	case v.leak.Verdict == "likely" && v.leak.Axis == "sessions":
		facts = append(facts, diagnose.Fact{ID: "fact-grows-with-sessions", Lifetime: -1})
	case v.leak.Verdict == "likely" && v.leak.Axis == "uptime":
		facts = append(facts, diagnose.Fact{ID: "fact-grows-with-uptime", Lifetime: -1})
	case v.leak.Axis == "wall-clock":
		facts = append(facts, diagnose.Fact{ID: "fact-sudden-onset", Lifetime: -1})
	}
	facts = append(facts, lifetimeFacts(v.time)...)
	for _, more := range []func(*view) ([]diagnose.Fact, []report.Fact){a.snapshotFacts, a.memoryFacts} {
		f, s := more(v)
		facts, shown = append(facts, f...), append(shown, s...)
	}
	return facts, shown
}

// factWhere finds where a fact stands: in a snapshot, or nowhere in the log.
func (a *Analyzer) factWhere(v *view, id string) report.Where {
	for _, s := range a.snapshots {
		for _, f := range s.placed {
			if f.ID == id && f.used {
				return report.Where{Input: s.name, Line: f.Line, Time: timePtr(f.Time), Text: f.Text}
			}
		}
	}
	w := report.Where{Text: patterns.Facts[id]}
	for i := range v.time.Lifetimes {
		l := &v.time.Lifetimes[i]
		at := l.ReconnectPos
		switch {
		case id == factReconnecting && l.Reconnects > 0:
		case id == factPilingUp && l.Piled > 0:
			at = l.PilePos
		default:
			continue
		}
		w.Input, w.Line = a.inputs.Name(at.Input), at.Line
		w.Time = v.time.At(timeline.Reading{Pos: at, Service: l.Service}).Pointer()
		break
	}
	return w
}
