package loggen

import (
	"fmt"
	"time"
)

// Scenario describes a server's history.
type Scenario struct {
	Seed      uint64
	Start     time.Time // UTC; zero: a fixed day
	Cause     string    // what fails; "" for a healthy server
	Lifetimes int       // runs of Wolf; 0: 1
	// FailAt gives, per lifetime, the 1-based session during which the first
	// failure comes; 0: none in that life. Sessions after it fail too. Empty:
	// the last session of each life fails.
	FailAt   []int
	Sessions int            // sessions per lifetime; 0: 3, or what FailAt asks for
	Gap      time.Duration  // between sessions; 0: about 10 minutes
	Zone     *time.Location // local clocks; nil: UTC
	Quiet    bool           // no DEBUG lines
	ExitCode int            // printed between lifetimes; -1: nothing
}

// Life is the truth about one lifetime.
type Life struct {
	Start        time.Time
	Sessions     int
	FirstFailure int // 1-based session, 0 when none
	Failures     int
}

// Truth is what a diagnosis should find.
type Truth struct {
	Cause string
	Lives []Life
}

// Play writes the history and says what is true of it.
func Play(s Scenario) ([]Line, Truth, error) {
	if s.Start.IsZero() {
		s.Start = time.Date(2025, 9, 30, 13, 43, 42, 817138220, time.UTC)
	}
	if s.Lifetimes == 0 {
		s.Lifetimes = 1
	}
	if s.Gap == 0 {
		s.Gap = 10 * time.Minute
	}
	var f *failure
	if s.Cause != "" {
		if f = failureOf(s.Cause); f == nil {
			return nil, Truth{}, fmt.Errorf("loggen: no failure for cause %q", s.Cause)
		}
	}
	w := newWorld(s.Seed, s.Start)
	w.debug = !s.Quiet
	if s.Zone != nil {
		w.zone = s.Zone
	}
	truth := Truth{Cause: s.Cause}
	for i := range s.Lifetimes {
		truth.Lives = append(truth.Lives, w.life(&s, f, i))
		if i < s.Lifetimes-1 {
			w.tick(s.Gap/2, s.Gap)
			w.stop(s.ExitCode)
		}
	}
	return w.lines, truth, nil
}

// life plays lifetime i.
func (w *world) life(s *Scenario, f *failure, i int) Life {
	life := Life{Start: w.now}
	sessions, failAt := s.Sessions, 0
	if sessions == 0 {
		sessions = 3
	}
	if i < len(s.FailAt) {
		failAt = s.FailAt[i]
		if s.Sessions == 0 {
			sessions = max(failAt+1, 2)
		}
	} else if f != nil && len(s.FailAt) == 0 {
		failAt = sessions
	}
	w.start()
	if f != nil && f.start {
		f.write(w, client{})
		life.Failures++
	}
	for n := 1; n <= sessions; n++ {
		w.tick(s.Gap/2, s.Gap)
		c := w.open()
		life.Sessions++
		if f == nil || f.start || failAt == 0 || n < failAt {
			w.stream(c, s.Gap/3)
			continue
		}
		if life.FirstFailure == 0 {
			life.FirstFailure = n
		}
		life.Failures++
		f.write(w, c)
		w.close(c)
	}
	return life
}
