package outcome

import (
	"time"

	"wolfdiag/analyze/timeline"
)

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

// Phase returns the phase of a line. Of several sessions the one in the most
// delicate phase counts: set-up before teardown before streaming. A session
// whose container has not started yet waits for another one to end: who quits
// an app and starts the next within seconds sees the first one's end. Cost: some
// binary searches. Not safe for concurrent use.
func (o *Outcomes) Phase(r timeline.Reading) Phase {
	life := o.time.Lifetime(r)
	if life < 0 {
		return PhaseUnknown
	}
	at := o.time.At(r)
	l := &o.time.Lifetimes[life]
	if d, ok := l.End.Sub(at); ok && l.EndKind != timeline.EndRunning && d <= shutdown {
		return PhaseShutdown
	}
	switch g := o.calendar(life).signs(at, r.Pos); {
	case g.setup, g.coming && !g.ending:
		return PhaseSetup
	case g.teardown:
		return PhaseTeardown
	case g.streaming:
		return PhaseStreaming
	case g.begun:
		return PhaseIdle
	}
	return PhaseStart
}

// beforeContainer is how long before its container a session shows: its
// compositor is made first.
const beforeContainer = 5 * time.Second

// phase is where a line stands that was printed so long after the start of the
// session: PhaseUnknown when outside it.
func (s *Session) phase(from time.Duration, at timeline.Instant) Phase {
	left, ok := s.Stop.Sub(at)
	switch {
	case from < -beforeContainer:
		return PhaseUnknown
	case ok && left < -teardown:
		return PhaseUnknown
	case ok && left <= teardown && from > setup/3:
		return PhaseTeardown
	case from <= setup:
		return PhaseSetup
	}
	return PhaseStreaming
}
