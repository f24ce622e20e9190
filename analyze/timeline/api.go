package timeline

// Timeline is the resolved view of what a Collector has seen. It does not
// change when the Collector goes on. AddFailures writes to it; all else only
// reads and may be used by several goroutines.
type Timeline struct {
	Lifetimes   []Lifetime // by server, then in order
	Sessions    []Session  // newest kept when there are too many; ordered by lifetime, then number
	Loops       []Loop
	Assumptions []string // sentences for the report
	Dropped     Dropped

	view    *view
	mixed   bool              // some lifetimes are not to be trusted
	rebuilt map[*builder]bool // from events sorted by time
}
