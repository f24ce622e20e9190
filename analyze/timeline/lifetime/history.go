package lifetime

import (
	"fmt"
	"slices"

	"wolfdiag/analyze/timeline/clock"
)

// Dropped counts what was summarised away to keep memory bounded.
type Dropped struct {
	Streams   int64 // services beyond the limit: their lines have no clock of their own
	Knots     int64 // clock samples thinned out
	Clocks    int64 // elapsed-clock segments of the distant past
	Lifetimes int64 // oldest lifetimes
	Sessions  int64 // details of sessions; they still count
	Elements  int64 // element types beyond the limit
}

// History is the resolved view of what a Collector has seen. It does not
// change when the Collector goes on. AddFailures and Within write to it; all else
// only reads and may be used by several goroutines.
type History struct {
	Lifetimes   []Lifetime // by server, then in order
	Sessions    []Session  // newest kept when there are too many; ordered by lifetime, then number
	Loops       []Loop
	Assumptions []string // sentences for the report
	Dropped     Dropped

	view    *clock.View
	spans   map[int32][]lineSpan // by input, in line order of each service
	locator func() *locator      // finds lifetimes; made when first asked for
	mixed   bool                 // some lifetimes are not to be trusted
}

// note adds a sentence to the assumptions once.
func (t *History) note(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if len(t.Assumptions) < 64 && !slices.Contains(t.Assumptions, s) {
		t.Assumptions = append(t.Assumptions, s)
	}
}
