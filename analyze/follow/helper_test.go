package follow

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/report"

	"wolfdiag/analyze/follow/event"
)

// deadline is how long a test waits for what must come.
const deadline = 30 * time.Second

func newAnalyzer(t testing.TB) *analyze.Analyzer {
	t.Helper()
	a, err := analyze.New(analyze.Options{Version: "test", Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// told collects events.
type told struct {
	mu     sync.Mutex
	events []event.Event
	more   chan struct{}
	status Status
}

func newTold() *told { return &told{more: make(chan struct{}, 1)} }

func (e *told) tell(ev event.Event) {
	e.mu.Lock()
	e.events = append(e.events, ev)
	e.mu.Unlock()
	e.signal()
}

func (e *told) setStatus(s Status) {
	e.mu.Lock()
	e.status = s
	e.mu.Unlock()
	e.signal()
}

func (e *told) signal() {
	select {
	case e.more <- struct{}{}:
	default:
	}
}

// until waits for an event.
func (e *told) until(t testing.TB, what string, is func(event.Event) bool) event.Event {
	t.Helper()
	end := time.After(deadline)
	for {
		if ev, ok := e.find(is); ok {
			return ev
		}
		select {
		case <-e.more:
		case <-end:
			t.Fatalf("waited in vain for %s; events:\n%s", what, e)
		}
	}
}

func (e *told) find(is func(event.Event) bool) (event.Event, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		if is(ev) {
			return ev, true
		}
	}
	return event.Event{}, false
}

func (e *told) count(is func(event.Event) bool) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, ev := range e.events {
		if is(ev) {
			n++
		}
	}
	return n
}

// lines waits until so many have come, and all that was there at the start.
func (e *told) lines(t testing.TB, n int64) {
	t.Helper()
	end := time.After(deadline)
	for {
		e.mu.Lock()
		have, begun := e.status.Lines, e.status.CaughtUp
		e.mu.Unlock()
		if have >= n && begun {
			return
		}
		select {
		case <-e.more:
		case <-end:
			t.Fatalf("waited in vain for %d lines, have %d; events:\n%s", n, have, e)
		}
	}
}

func (e *told) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	for _, ev := range e.events {
		fmt.Fprintf(&b, "%s %s %s\n", ev.Kind, ev.Change, ev.Text)
	}
	return b.String()
}

func isIncident(ev event.Event) bool { return ev.Kind == event.KindIncident }

func notice(text string) func(event.Event) bool {
	return func(ev event.Event) bool { return ev.Kind == event.KindNotice && strings.Contains(ev.Text, text) }
}

// following is a Follower at work.
type following struct {
	*told
	f    *Follower
	stop func() *report.Report
}

func start(t testing.TB, o Options) *following {
	t.Helper()
	e := newTold()
	return startWith(t, o, e, e.tell)
}

func startWith(t testing.TB, o Options, e *told, tell func(event.Event)) *following {
	t.Helper()
	if o.Analyzer == nil {
		o.Analyzer = newAnalyzer(t)
	}
	o.Emit, o.Status = tell, e.setStatus
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan *report.Report, 1)
	go func() { done <- f.Run(ctx) }()
	var once sync.Once
	var r *report.Report
	stop := func() *report.Report {
		once.Do(func() {
			cancel()
			select {
			case r = <-done:
			case <-time.After(deadline):
				t.Error("the follower does not end")
			}
		})
		return r
	}
	t.Cleanup(func() { stop() })
	return &following{told: e, f: f, stop: stop}
}

// settled waits until no more than n goroutines run.
func settled(t testing.TB, n int) {
	t.Helper()
	end := time.Now().Add(deadline)
	for runtime.NumGoroutine() > n {
		if time.Now().After(end) {
			buf := make([]byte, 64<<10)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), n, buf[:runtime.Stack(buf, true)])
		}
		runtime.Gosched()
	}
}
