package follow

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/report"
)

// deadline is how long a test waits for what must come.
const deadline = 30 * time.Second

// numbered is line n of a stream, with a sum that tells a torn one.
func numbered(n int) string {
	s := fmt.Sprintf("%08d the quick brown line with some padding %s", n, strings.Repeat("x", n%50))
	return fmt.Sprintf("%s %08x\n", s, crc32.ChecksumIEEE([]byte(s)))
}

// gather receives what a reader hands over and checks every line.
type gather struct {
	t       testing.TB
	mu      sync.Mutex
	seen    map[int]int
	torn    []string
	steps   int // back in the order
	last    int
	notices []string
	changed chan struct{}
	peak    int
}

func newGather(t testing.TB) *gather {
	return &gather{t: t, seen: map[int]int{}, last: -1, changed: make(chan struct{}, 1)}
}

func (g *gather) take(p piece) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.notice != "" {
		g.notices = append(g.notices, p.notice)
	}
	for line := range bytes.Lines(p.data) {
		g.line(string(line))
	}
	select {
	case g.changed <- struct{}{}:
	default:
	}
}

func (g *gather) line(l string) {
	l = strings.TrimSuffix(l, "\n")
	n, i := -1, strings.LastIndexByte(l, ' ')
	if i > 0 && fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(l[:i]))) == l[i+1:] {
		fmt.Sscanf(l, "%d", &n)
	}
	if n < 0 {
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
	r    *pathReader
	stop func() FileStats
}

func readPath(t testing.TB, name string, set func(*pathReader)) *reading {
	t.Helper()
	out := make(chan piece)
	r := &pathReader{name: name, clock: SystemClock{}, out: out, kick: make(chan struct{}, 1), initial: true}
	if set != nil {
		set(r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	hard, kill := context.WithCancel(context.Background())
	g := newGather(t)
	stats := make(chan FileStats, 1)
	ended := make(chan struct{})
	go func() { stats <- r.run(ctx, hard); close(out) }()
	go func() {
		defer close(ended)
		for p := range out {
			g.take(p)
		}
	}()
	var once sync.Once
	var st FileStats
	stop := func() FileStats {
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
	return &reading{gather: g, r: r, stop: stop}
}

// writer writes numbered lines to files.
type writer struct {
	t    testing.TB
	f    *os.File
	next int
}

func openWriter(t testing.TB, name string) *writer {
	t.Helper()
	w := &writer{t: t}
	w.open(name)
	t.Cleanup(func() { w.f.Close() })
	return w
}

func (w *writer) open(name string) {
	w.t.Helper()
	if w.f != nil {
		w.f.Close()
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		w.t.Fatal(err)
	}
	w.f = f
}

// lines writes n lines, one write each.
func (w *writer) lines(n int) {
	w.t.Helper()
	for range n {
		w.raw(numbered(w.next))
		w.next++
	}
}

// block writes n lines at once.
func (w *writer) block(n int) {
	var b strings.Builder
	for range n {
		b.WriteString(numbered(w.next))
		w.next++
	}
	w.raw(b.String())
}

func (w *writer) raw(s string) {
	w.t.Helper()
	if _, err := w.f.WriteString(s); err != nil {
		w.t.Fatal(err)
	}
}

func rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// rotate does what docker does: .2 is dropped, .1 becomes .2, the file .1.
func rotate(t testing.TB, name string, keep int) {
	t.Helper()
	for i := keep; i > 1; i-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", name, i-1), fmt.Sprintf("%s.%d", name, i)) // there may be none yet
	}
	rename(t, name, name+".1")
}

func logName(t testing.TB) string { return filepath.Join(t.TempDir(), "wolf.log") }

func newAnalyzer(t testing.TB) *analyze.Analyzer {
	t.Helper()
	a, err := analyze.New(analyze.Options{Version: "test", Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// settled waits until no more than n goroutines run.
func settled(t testing.TB, n int) {
	t.Helper()
	end := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > n {
		if time.Now().After(end) {
			buf := make([]byte, 64<<10)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), n, buf[:runtime.Stack(buf, true)])
		}
		runtime.Gosched()
	}
}

// told collects events.
type told struct {
	mu     sync.Mutex
	events []Event
	more   chan struct{}
	status Status
	ticks  int
}

func newTold() *told { return &told{more: make(chan struct{}, 1)} }

func (e *told) tell(ev Event) {
	e.mu.Lock()
	e.events = append(e.events, ev)
	e.mu.Unlock()
	e.signal()
}

func (e *told) setStatus(s Status) {
	e.mu.Lock()
	e.status = s
	e.ticks++
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
func (e *told) until(t testing.TB, what string, is func(Event) bool) Event {
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

func (e *told) find(is func(Event) bool) (Event, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		if is(ev) {
			return ev, true
		}
	}
	return Event{}, false
}

func (e *told) count(is func(Event) bool) int {
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

func (e *told) lines(t testing.TB, n int64) {
	t.Helper()
	end := time.After(deadline)
	for {
		e.mu.Lock()
		have, begun := e.status.Lines, e.ticks > 0
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

func incident(ev Event) bool { return ev.Kind == EventIncident }

func notice(text string) func(Event) bool {
	return func(ev Event) bool { return ev.Kind == EventNotice && strings.Contains(ev.Text, text) }
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

func startWith(t testing.TB, o Options, e *told, tell func(Event)) *following {
	t.Helper()
	if o.Analyzer == nil {
		o.Analyzer = newAnalyzer(t)
	}
	o.Tell, o.Status = tell, e.setStatus
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
