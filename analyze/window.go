package analyze

import (
	"fmt"
	"time"

	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// windowed reports whether only a part of the log counts.
func (a *Analyzer) windowed() bool { return !a.opts.Since.IsZero() || !a.opts.Until.IsZero() }

// place hands the clocks, events and elements of a block to the timeline,
// whether they lie in the window or not: lifetimes are found from the whole
// log. What the block's lines say about time is read once, here; afterwards
// their times are known as well as the log up to the block's end tells them.
func (a *Analyzer) place(input int32, hits []recognise.Hit, before int64) {
	for i := range hits {
		h := &hits[i]
		if h.Taken(before) {
			continue // belongs to a record that began in the block before
		}
		r := a.reading(input, h)
		a.named(r, h)
		told := false
		if !h.Sample {
			a.element(r, h)
			for _, p := range h.Match.Patterns {
				if p.Role == patterns.RoleLifecycle && p.Event != "" {
					a.event(r, h, p)
					a.revision++
					told = true
				}
			}
		}
		if !told {
			a.clock.Clock(r)
		}
	}
	a.times = a.clock.Times()
}

// leave reports whether a record is known to lie outside the window, and
// counts it when it is of note. Records without a time stay; leaving them out
// would hide evidence.
func (a *Analyzer) leave(r timeline.Reading, h *recognise.Hit) bool {
	if !a.outside(a.times, r) {
		a.inside++
		return false
	}
	a.seen(r.Input, h)
	if h.Sample {
		return true
	}
	a.excluded++
	for _, p := range h.Match.Patterns {
		if p.Role == patterns.RoleLifecycle {
			a.boundary(r, p)
		}
	}
	return true
}

func (a *Analyzer) outside(t *timeline.Timeline, r timeline.Reading) bool {
	at := t.At(r)
	return at.Known() && a.beyond(at.Time)
}

// beyond reports whether a time lies outside the window.
func (a *Analyzer) beyond(t time.Time) bool {
	return (!a.opts.Since.IsZero() && t.Before(a.opts.Since)) || (!a.opts.Until.IsZero() && t.After(a.opts.Until))
}

// clipped is what the window leaves of a period; empty when that is nothing.
func (a *Analyzer) clipped(from, to time.Time) report.Period {
	if from.IsZero() {
		return report.Period{}
	}
	if since := a.opts.Since; !since.IsZero() && from.Before(since) {
		from = since
	}
	if until := a.opts.Until; !until.IsZero() && to.After(until) {
		to = until
	}
	if to.Before(from) {
		return report.Period{}
	}
	return report.Period{From: &from, To: &to}
}

// windowNote says what the window leaves out, "" when that is nothing. Where
// it leaves nothing at all, the report's summary says so too: no complaint is
// no good news then.
func (a *Analyzer) windowNote(r *Report, v *view) string {
	if !a.windowed() || a.excluded == 0 && v.hidden == 0 && r.Period.From != nil {
		return ""
	}
	left := fmt.Sprintf("%s %s left out", report.Plural(a.excluded, "record of note", "records of note"), isAre(a.excluded))
	if v.hidden > 0 {
		left += fmt.Sprintf(", and %s of Wolf not shown", report.Plural(int64(v.hidden), "lifetime", "lifetimes"))
	}
	if a.inside == 0 && len(r.Lifetimes) == 0 && len(r.Causes) == 0 && a.excluded > 0 {
		r.Period = report.Period{}
		r.Summary = fmt.Sprintf("Nothing of note lies %s, so nothing can be said of that time.", a.windowText())
		return fmt.Sprintf("nothing of note lies %s: %s", a.windowText(), left)
	}
	return fmt.Sprintf("only what lies %s counts: %s", a.windowText(), left)
}

// windowText is the window in words.
func (a *Analyzer) windowText() string {
	since, until := a.opts.Since.UTC().Format(time.RFC3339), a.opts.Until.UTC().Format(time.RFC3339)
	switch {
	case a.opts.Until.IsZero():
		return "at or after " + since
	case a.opts.Since.IsZero():
		return "at or before " + until
	}
	return "between " + since + " and " + until
}

func isAre(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
