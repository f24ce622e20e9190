package analyze

import (
	"fmt"
	"io"
	"time"
)

// WriteStats prints what each pattern cost, the dearest first: a slow one of a
// user's catalogue is named here. It prints nothing without Options.Stats.
func (a *Analyzer) WriteStats(w io.Writer) {
	if !a.opts.Stats {
		return
	}
	fmt.Fprintf(w, "%10s %10s %12s  %s\n", "tries", "matches", "time", "pattern")
	for _, s := range a.matcher.Stats() {
		fmt.Fprintf(w, "%10d %10d %12s  %s\n", s.Tries, s.Matches, s.Time.Round(time.Microsecond), s.Pattern.ID)
	}
}
