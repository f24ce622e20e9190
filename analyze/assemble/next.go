package assemble

import (
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
)

// maxAround is of how many complaints the lines around them are shown.
const maxAround = 3

// lookAround shows, where no cause was found, the lines around the first
// complaints: whoever reads on has where to begin.
func (v *View) lookAround(r *report.Report) {
	if r.Verdict != report.UnexplainedErrors && r.Verdict != report.NothingKnown || v.Around == nil {
		return
	}
	for i := range r.Unexplained[:min(len(r.Unexplained), maxAround)] {
		u := &r.Unexplained[i]
		for _, l := range v.Around.Lines(u.First.Input, u.First.Line) {
			u.Around = append(u.Around, report.Line{Line: l.Number, Text: string(logline.CleanText(nil, l.Text))})
		}
	}
}

// next says what to do where no cause was found; nothing where none is needed.
func next(r *report.Report) []string {
	const gather = "$ wolfdiag collect | sh -s -- incident; wolfdiag analyze incident"
	var steps []string
	switch r.Verdict {
	case report.UnexplainedErrors:
		if len(r.Crashes) > 0 {
			return r.Crashes[0].Next
		}
		if len(r.Facts) == 0 {
			steps = append(steps, "Gather the state of GPU, containers and host before anything is restarted; it often names what a log does not:", gather)
		}
		steps = append(steps, "Let it fail again with WOLF_LOG_LEVEL=DEBUG and GST_DEBUG=3 in Wolf's environment, and analyze that log.")
		if len(r.Lifetimes) == 0 {
			steps = append(steps, "Read the whole log: in what was read here, Wolf neither starts nor ends.")
		}
	case report.NoData:
		steps = append(steps, "Name the log of Wolf's container, or have everything gathered:", gather)
	}
	return steps
}
