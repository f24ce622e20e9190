package timeline

// Verdict answers "does failure come with accumulation?".
type Verdict string

// The verdicts.
const (
	LeakLikely       Verdict = "likely"
	LeakUnlikely     Verdict = "unlikely"
	LeakInsufficient Verdict = "insufficient-data"
)

// Axis is what failures grow with.
type Axis string

// The axes.
const (
	AxisSessions  Axis = "sessions"
	AxisUptime    Axis = "uptime"
	AxisWallClock Axis = "wall-clock"
	AxisNone      Axis = "none"
)

// Leak is the outcome of the accumulation test.
type Leak struct {
	Verdict Verdict
	Axis    Axis
	PValue  *float64 // nil without a test
	Why     string   // one sentence
}

// Breakdown compares how often the sessions of groups failed.
type Breakdown struct {
	By     string // app, encoder, resolution, concurrent-sessions
	Groups []Group
	PValue *float64
	Say    string
}

// Group is one row of a Breakdown.
type Group struct {
	Name             string
	Sessions, Failed int
}
