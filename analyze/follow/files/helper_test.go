package files

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/clock/clocktest"
	"wolfdiag/analyze/follow/filestest"
)

// deadline is how long a test waits for what must come.
const deadline = 30 * time.Second

// gather receives what a reader hands over and checks every line.
type gather struct {
	t       testing.TB
	mu      sync.Mutex
	seen    map[int]int
	torn    []string
	steps   int // back in the order
	last    int
	notices []string
	gaps    []account.Gap
	changed chan struct{}
	peak    int
}

func newGather(t testing.TB) *gather {
	return &gather{t: t, seen: map[int]int{}, last: -1, changed: make(chan struct{}, 1)}
}

func (g *gather) take(p Piece) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.Notice != "" {
		g.notices = append(g.notices, p.Notice)
	}
	if p.Gap != nil {
		g.gaps = append(g.gaps, *p.Gap)
	}
	for line := range bytes.Lines(p.Data) {
		g.line(string(line))
	}
	select {
	case g.changed <- struct{}{}:
	default:
	}
}

func (g *gather) line(l string) {
	l = strings.TrimSuffix(l, "\n")
	n, ok := filestest.Number(l)
	if !ok {
		g.torn = append(g.torn, l[:min(len(l), 80)])
		return
	}
	g.seen[n]++
	if n < g.last {
		g.steps++
	}
	g.last = n
	g.peak = max(g.peak, n)
}

// wait blocks until n different lines have come.
func (g *gather) wait(n int) {
	g.t.Helper()
	g.until(fmt.Sprintf("%d lines", n), func() bool { return len(g.seen) >= n })
}

func (g *gather) until(what string, is func() bool) {
	g.t.Helper()
	end := time.After(deadline)
	for {
		g.mu.Lock()
		ok, have := is(), len(g.seen)
		g.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-g.changed:
		case <-end:
			g.t.Fatalf("waited in vain for %s; have %d lines, notices %q", what, have, g.notices)
		}
	}
}

func (g *gather) noticed(text string) func() bool {
	return func() bool {
		for _, n := range g.notices {
			if strings.Contains(n, text) {
				return true
			}
		}
		return false
	}
}

// check wants lines 0 to n-1, each once and whole.
func (g *gather) check(n int) {
	g.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	lost, twice := 0, 0
	for i := range n {
		switch c := g.seen[i]; {
		case c == 0:
			lost++
		case c > 1:
			twice++
		}
	}
	if lost > 0 || twice > 0 || len(g.torn) > 0 || len(g.seen) > n {
		g.t.Errorf("of %d lines: %d lost, %d more than once, %d torn %.3q, %d not written; notices %q",
			n, lost, twice, len(g.torn), g.torn, max(len(g.seen)-n, 0), g.notices)
	}
}

// reading runs a path reader until the test, or stop, ends it.
type reading struct {
	*gather
	r     *Path
	clock *clocktest.Patient
	stop  func() account.File
}

// looked waits until the reader has looked at its file once more.
func (r *reading) looked() {
	r.t.Helper()
	for range 3 { // what waits in the channel, the look that is under way, and a whole one
		select {
		case <-r.clock.Waits():
		case <-time.After(deadline):
			r.t.Fatal("the reader looks no more")
		}
	}
}

// rested waits until the reader takes its file for a quiet one.
func (r *reading) rested() {
	r.t.Helper()
	r.clock.Move(restAfter + 300*time.Millisecond)
	r.looked()
}

func readPath(t testing.TB, name string, set func(*Path)) *reading {
	t.Helper()
	out, clock := make(chan Piece), clocktest.NewPatient()
	r := &Path{Shared: Shared{Clock: clock, Out: out}, Name: name, Kick: make(chan struct{}, 1), Initial: true}
	if set != nil {
		set(r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	hard, kill := context.WithCancel(context.Background())
	g := newGather(t)
	stats := make(chan account.File, 1)
	ended := make(chan struct{})
	go func() { stats <- r.Run(ctx, hard); close(out) }()
	go func() {
		defer close(ended)
		for p := range out {
			g.take(p)
		}
	}()
	var once sync.Once
	var st account.File
	stop := func() account.File {
		once.Do(func() {
			cancel()
			select {
			case st = <-stats:
			case <-time.After(deadline):
				t.Error("the reader does not end")
			}
			kill()
			<-ended
		})
		return st
	}
	t.Cleanup(func() { stop() })
	return &reading{gather: g, r: r, clock: clock, stop: stop}
}
