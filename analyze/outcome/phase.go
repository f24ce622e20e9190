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
// an app and starts the next within seconds sees the first one's end.
func (o *Outcomes) Phase(r timeline.Reading) Phase {
	life := o.time.Lifetime(r)
	if life < 0 {
		return PhaseUnknown
	}
	at := o.time.At(r)
	best, begun, coming, ending := PhaseUnknown, false, false, false
	for i := range o.Sessions {
		s := &o.Sessions[i]
		if s.Lifetime != life {
			continue
		}
		from, ok := at.Sub(s.Start)
		if !ok {
			if s.StartPos.Before(r.Pos) {
				begun = true
			}
			continue
		}
		if from >= -beforeContainer {
			begun = true
		}
		p := s.phase(from, at)
		if from < 0 && p == PhaseSetup {
			coming = true
			continue
		}
		if left, ok := s.Stop.Sub(at); ok && left >= 0 && p == PhaseTeardown {
			ending = true
		}
		best = later(best, p)
	}
	if coming && !ending {
		best = later(best, PhaseSetup)
	}
	l := &o.time.Lifetimes[life]
	if d, ok := l.End.Sub(at); ok && l.EndKind != timeline.EndRunning && d <= shutdown {
		return PhaseShutdown
	}
	switch {
	case best != PhaseUnknown:
		return best
	case begun:
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

// later picks the phase that counts of two.
func later(a, b Phase) Phase {
	rank := func(p Phase) int {
		switch p {
		case PhaseSetup:
			return 3
		case PhaseTeardown:
			return 2
		case PhaseStreaming:
			return 1
		}
		return 0
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}
