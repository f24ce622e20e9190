package outcome

import "time"

// Phase is where in the life of Wolf and of a session a line was printed.
type Phase string

// The phases. PhaseUnknown is a line of no lifetime.
const (
	PhaseUnknown   Phase = ""
	PhaseStart     Phase = "start"     // before the first session of a lifetime
	PhaseSetup     Phase = "setup"     // a session is being set up
	PhaseStreaming Phase = "streaming" // a session is up
	PhaseTeardown  Phase = "teardown"  // a session ends
	PhaseIdle      Phase = "idle"      // between sessions
	PhaseShutdown  Phase = "shutdown"  // Wolf ends
)

// Phases lists the names of the phases. The result must not be changed.
func Phases() []string {
	return []string{"start", "setup", "streaming", "teardown", "idle", "shutdown"}
}

const (
	setup    = 30 * time.Second // from the start of a session until it streams
	teardown = 10 * time.Second // round its end
	shutdown = 5 * time.Second  // before the end of Wolf
)

// beforeContainer is how long before its container a session shows: its
// compositor is made first.
const beforeContainer = 5 * time.Second

// phaseAt is where a line stands that was printed so long after the start of a
// session, and so long before its stop if that is known: PhaseUnknown when outside it.
func phaseAt(from, left time.Duration, stops bool) Phase {
	switch {
	case from < -beforeContainer:
		return PhaseUnknown
	case stops && left < -teardown:
		return PhaseUnknown
	case stops && left <= teardown && from > setup/3:
		return PhaseTeardown
	case from <= setup:
		return PhaseSetup
	}
	return PhaseStreaming
}
