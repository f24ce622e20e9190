package analyze

import "wolfdiag/analyze/timeline"

// windowed reports whether only a part of the log counts.
func (a *Analyzer) windowed() bool { return !a.opts.Since.IsZero() || !a.opts.Until.IsZero() }

// inWindow drops the hits that are known to lie outside the window. Their
// clocks are read first: a time may only be known from lines after it. Records
// without a time stay; leaving them out would hide evidence.
func (a *Analyzer) inWindow(input int32, hits []hit) []hit {
	for i := range hits {
		a.clock.Clock(a.reading(input, &hits[i]))
	}
	t := a.clock.Resolve()
	kept := hits[:0]
	for _, h := range hits {
		if a.outside(t, a.reading(input, &h)) && !h.sample {
			a.excluded++
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

func (a *Analyzer) outside(t *timeline.Timeline, r timeline.Reading) bool {
	at := t.At(r)
	if !at.Known() {
		return false
	}
	return (!a.opts.Since.IsZero() && at.Time.Before(a.opts.Since)) || (!a.opts.Until.IsZero() && at.Time.After(a.opts.Until))
}
