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
	// the last session of each life fails, or every one when the cause is one
	// that was there from the start (a missing library, a refused device).
	FailAt   []int
	Sessions int            // sessions per lifetime; 0: 3, or what FailAt asks for
	Gap      time.Duration  // between sessions; 0: about 10 minutes
	Zone     *time.Location // local clocks; nil: UTC
	Quiet    bool           // no DEBUG lines
	Vague    bool           // the lines that would settle the cause are missing
	Noise    bool           // much harmless chatter of other programs in between
	Then     string         // another cause that shows in the last life some minutes after the first, in a session of its own
	Survivor bool           // a session that began before the first failure goes on beyond the last
	ExitCode int            // printed between lifetimes, a crash prints its own; -1: nothing
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
	w.debug, w.vague, w.noisy = !s.Quiet, s.Vague, s.Noise
	w.sound = s.Noise && s.Cause != "audio-pulse" && s.Then != "audio-pulse"
	if s.Zone != nil {
		w.zone = s.Zone
	}
	truth := Truth{Cause: s.Cause}
	for i := range s.Lifetimes {
		life, died := w.life(&s, f, i)
		truth.Lives = append(truth.Lives, life)
		if i == s.Lifetimes-1 {
			break
		}
		if died {
			w.tick(200*time.Millisecond, time.Second)
			if s.ExitCode >= 0 {
				w.stop(f.code)
			}
			w.tick(time.Second, 3*time.Second)
			continue
		}
		w.tick(s.Gap/2, s.Gap)
		w.stop(s.ExitCode)
	}
	return w.lines, truth, nil
}

// life plays lifetime i. It reports whether the failure ended it.
func (w *world) life(s *Scenario, f *failure, i int) (life Life, died bool) {
	life = Life{Start: w.now}
	sessions, failAt := s.Sessions, 0
	if sessions == 0 {
		sessions = 3
	}
	switch {
	case i < len(s.FailAt):
		failAt = s.FailAt[i]
		if s.Sessions == 0 {
			sessions = max(failAt+1, 2)
		}
	case f != nil && len(s.FailAt) == 0 && f.always:
		failAt = 1
	case f != nil && len(s.FailAt) == 0:
		failAt = sessions
	}
	w.start()
	if f != nil && f.start {
		f.write(w, client{})
		life.Failures++
		if f.ends {
			return life, true
		}
		failAt = 1
	}
	var survivor *client
	for n := 1; n <= sessions; n++ {
		w.tick(s.Gap/2, s.Gap)
		c := w.open()
		life.Sessions++
		if f == nil || failAt == 0 || n < failAt {
			if s.Survivor && survivor == nil && n == max(failAt-1, 1) {
				w.connect(c)
				survivor = &c
				continue
			}
			w.stream(c, s.Gap/3)
			continue
		}
		if life.FirstFailure == 0 {
			life.FirstFailure = n
		}
		life.Failures++
		f.write(w, c)
		if f.ends {
			return life, true
		}
		w.close(c)
	}
	if then := failureOf(s.Then); then != nil && i == max(s.Lifetimes, 1)-1 {
		w.tick(3*time.Minute, 6*time.Minute)
		c := w.open()
		life.Sessions++
		life.Failures++
		if then.write(w, c); then.ends {
			return life, true
		}
		w.close(c)
	}
	if survivor != nil {
		w.tick(2*time.Minute, 4*time.Minute)
		w.leave(*survivor)
	}
	return life, false
}
