package account

import (
	"time"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// Window is the part of a log that counts. The zero value is all of it.
type Window struct{ Since, Until time.Time } // zero: open

// Set reports whether only a part of the log counts.
func (w Window) Set() bool { return !w.Since.IsZero() || !w.Until.IsZero() }

// Outside reports whether a record is known to lie outside the window. Records
// without a time do not: leaving them out would hide evidence.
func (w Window) Outside(t *timeline.Timeline, r timeline.Reading) bool {
	at := t.At(r)
	return at.Known() && w.beyond(at.Time)
}

func (w Window) beyond(t time.Time) bool {
	return (!w.Since.IsZero() && t.Before(w.Since)) || (!w.Until.IsZero() && t.After(w.Until))
}

// Clip is what the window leaves of a period; empty when that is nothing.
func (w Window) Clip(from, to time.Time) report.Period {
	if from.IsZero() {
		return report.Period{}
	}
	if !w.Since.IsZero() && from.Before(w.Since) {
		from = w.Since
	}
	if !w.Until.IsZero() && to.After(w.Until) {
		to = w.Until
	}
	if to.Before(from) {
		return report.Period{}
	}
	return report.Period{From: &from, To: &to}
}

// String is the window in words, "at or after …".
func (w Window) String() string {
	since, until := w.Since.UTC().Format(time.RFC3339), w.Until.UTC().Format(time.RFC3339)
	switch {
	case w.Until.IsZero():
		return "at or after " + since
	case w.Since.IsZero():
		return "at or before " + until
	}
	return "between " + since + " and " + until
}
