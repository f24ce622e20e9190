// Package action acts on an incident: it saves the evidence, and runs a command,
// once the incident has stood first for long enough, and not often.
package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/process"
	"wolfdiag/analyze/report"
)

// Options say what to do about an incident. The zero value does nothing.
type Options struct {
	Command        string        // run without a shell: words, with '…', "…" and \ as in one
	On             []string      // cause ids, "gpu-dark", "gpu-memory"; empty: any
	MinProbability float64       // of the cause; 0: 0.5
	Settle         time.Duration // an incident must have ranked first, unchanged, for so long; 0: 5 s, below 0: not at all
	Cooldown       time.Duration // least time between two actions; 0: 10 min
	Timeout        time.Duration // for the command; 0: 1 min
	DryRun         bool          // say what would be done
	Snapshot       string        // folder that gets the report and the raw lines first; "": none
	SnapshotBytes  int64         // all snapshots in the folder, of whichever run, take no more; 0: 1 GiB, below 0: no limit
	SnapshotAge    time.Duration // older ones are removed; 0: 90 days, below 0: never
	// Mask returns what masks one snapshot, its lines and its report.json; nil: they are saved as they are.
	Mask func() Masker
	// WriteReport adds other forms of the report to a snapshot; may be nil.
	WriteReport func(folder string, r *report.Report) error
}

// A Masker takes secrets and names out of what is saved, with the same stand-ins
// in all of it.
type Masker interface {
	// Lines appends whole lines of a log to dst, masked.
	Lines(dst, text []byte) []byte
	// Tree returns a masked copy of a document, as it is to be marshalled.
	Tree(v any) (any, error)
}

const (
	maxOutput   = 4 << 10
	maxEvidence = 8 << 10 // bytes of evidence in the environment
	oldNews     = 15 * time.Minute
	stopWait    = 300 * time.Millisecond
)

// job is one incident to act on.
type job struct {
	event    event.Event
	report   *report.Report
	lines    []byte
	cause    string
	dir      string        // of the snapshot to write
	mask     Masker        // of it; may be nil
	saved    chan struct{} // to be closed when it has been written
	snapshot string        // the folder then
}

// Actor runs at most one command at a time, and not often.
type Actor struct {
	o      Options
	argv   []string
	clock  clock.Clock
	notes  chan<- event.Event
	jobs   chan job
	idle   chan struct{} // holds a token while nothing runs
	done   chan struct{}
	last   time.Time // an action
	first  settling
	ring   ring             // the newest lines
	begun  map[string]begun // the newest incident of a cause, as are:
	acted  map[string]int   // number of the one acted on
	asked  map[string]int   // number of the one that was told why not
	after  *aftermath       // of the newest snapshot
	cancel context.CancelFunc
}

// New makes an actor that tells in notes what it does; it never waits there. The
// error is that of a command that cannot be run, or of a folder that cannot be
// written to.
func New(o Options, clock clock.Clock, notes chan<- event.Event) (*Actor, error) {
	if o.MinProbability <= 0 {
		o.MinProbability = 0.5
	}
	if o.Settle == 0 {
		o.Settle = 5 * time.Second
	}
	o.Settle = max(o.Settle, 0)
	if o.Cooldown <= 0 {
		o.Cooldown = 10 * time.Minute
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if !o.DryRun {
		if err := checkFolder(o.Snapshot); err != nil {
			return nil, err
		}
	}
	a := &Actor{o: o, clock: clock, notes: notes, begun: map[string]begun{}, acted: map[string]int{}, asked: map[string]int{}}
	if o.SnapshotBytes == 0 {
		a.o.SnapshotBytes = 1 << 30
	}
	if o.SnapshotAge == 0 {
		a.o.SnapshotAge = 90 * 24 * time.Hour
	}
	if o.Command == "" {
		return a, nil
	}
	var err error
	if a.argv, err = process.SplitCommand(o.Command); err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(a.argv[0]); err != nil {
		return nil, fmt.Errorf("cannot run %q: %w", a.argv[0], err)
	}
	return a, nil
}

// Enabled reports whether there is anything to do about incidents.
func (a *Actor) Enabled() bool { return a.argv != nil || a.o.Snapshot != "" }

// Start begins to wait for incidents; Stop ends it.
func (a *Actor) Start() {
	if !a.Enabled() {
		return
	}
	var ctx context.Context
	ctx, a.cancel = context.WithCancel(context.Background())
	jobs := make(chan job) // stop takes the field away, perhaps before the goroutine runs
	a.jobs, a.done, a.idle = jobs, make(chan struct{}), make(chan struct{}, 1)
	a.idle <- struct{}{}
	go func() {
		defer close(a.done)
		for j := range jobs {
			a.act(ctx, &j)
			a.idle <- struct{}{}
		}
	}()
}

// Stop waits for a running command; when the end was asked for, only a moment,
// and then ends it.
func (a *Actor) Stop(asked <-chan struct{}) {
	if a.jobs == nil {
		return
	}
	close(a.jobs)
	a.jobs = nil
	select {
	case <-a.done: // at the latest when its time is over
	case <-asked:
		select {
		case <-a.done:
		case <-a.clock.After(stopWait):
		}
	}
	a.cancel()
	<-a.done
	a.SaveAfter()
}

// wanted reports whether a cause is one to act on, and probable enough.
func (a *Actor) wanted(id string, p float64) bool {
	return p >= a.o.MinProbability && (len(a.o.On) == 0 || slices.Contains(a.o.On, id))
}

// Consider decides whether an event is acted on, and says why when it is not.
// old says that the log is still being caught up with.
func (a *Actor) Consider(now time.Time, e event.Event, r *report.Report, onset Lines, old bool) {
	id, p := e.Subject(), e.Probability()
	if a.jobs == nil || e.Number > 0 && a.acted[id] == e.Number || !a.wanted(id, p) {
		return
	}
	skip := ""
	switch {
	case old && (e.Cause == nil || e.Cause.LastSeen == nil || now.Sub(*e.Cause.LastSeen) > oldNews):
		skip = "it happened before wolfdiag began to watch"
	case !a.last.IsZero() && now.Sub(a.last) < a.o.Cooldown:
		skip = "the last action was less than " + a.o.Cooldown.String() + " ago"
	default:
		select {
		case <-a.idle:
		default:
			skip = "the last command still runs"
		}
	}
	if skip != "" {
		if n, ok := a.asked[id]; !ok || n != e.Number {
			a.asked[id] = e.Number
			a.note(e, event.Action{Outcome: "skipped"}, "not acted on: "+skip)
		}
		return
	}
	a.last = now
	a.acted[id] = e.Number
	j := job{event: e, report: r, lines: a.ring.dump(onset), cause: id}
	a.plan(now, &j)
	a.jobs <- j
}

// note tells what was done. It never waits: the follower may be gone.
func (a *Actor) note(e event.Event, act event.Action, text string) {
	act.Incident = e.Number
	act.Cause = e.Subject()
	if e.Number > 0 {
		text = fmt.Sprintf("incident %d %s: %s", e.Number, act.Cause, text)
	} else {
		text = act.Cause + ": " + text
	}
	select {
	case a.notes <- event.Event{Kind: event.KindAction, Time: a.clock.Now(), Number: e.Number, Action: &act, Text: text}:
	default: // more notes than anybody reads
	}
}

// act saves the evidence, then runs the command.
func (a *Actor) act(ctx context.Context, j *job) {
	if j.dir != "" {
		a.snapshot(j)
	}
	if a.argv == nil {
		return
	}
	if a.o.DryRun {
		a.note(j.event, event.Action{Outcome: "dry-run", Command: a.argv}, "would run "+strings.Join(a.argv, " "))
		return
	}
	a.command(ctx, j)
}

func (a *Actor) command(ctx context.Context, j *job) {
	ctx, cancel := context.WithTimeout(ctx, a.o.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, a.argv[0], a.argv[1:]...)
	var out ending
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), a.environment(j)...)
	input, err := json.Marshal(map[string]any{
		"event": "incident", "incident": j.event.Number, "time": j.event.Time, "cause": j.event.Cause, "gpu": j.event.GPU,
		"text": j.event.Text, "summary": j.report.Summary, "snapshot": j.snapshot,
	})
	if err != nil {
		input = nil
	}
	cmd.Stdin = bytes.NewReader(input)
	process.Contain(cmd)
	cmd.WaitDelay = 200 * time.Millisecond // for children that keep our pipes open
	began := a.clock.Now()
	err = cmd.Run()
	act := event.Action{Command: a.argv, Snapshot: j.snapshot, Output: out.String(), Seconds: a.clock.Now().Sub(began).Seconds()}
	if cmd.ProcessState != nil {
		code := cmd.ProcessState.ExitCode()
		act.ExitCode = &code
	}
	switch {
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		act.Outcome = "timeout"
		a.note(j.event, act, fmt.Sprintf("%s did not end within %s and was killed", a.argv[0], a.o.Timeout))
	case err != nil && ctx.Err() != nil:
		act.Outcome = "failed"
		a.note(j.event, act, a.argv[0]+" was killed because wolfdiag ends")
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		act.Outcome = "failed"
		a.note(j.event, act, fmt.Sprintf("%s failed: %v", a.argv[0], err))
	default:
		act.Outcome = "done"
		a.note(j.event, act, a.argv[0]+" ran, exit 0")
	}
}

// environment tells the command what happened.
func (a *Actor) environment(j *job) []string {
	e := &j.event
	var title, summary, evidence, now string
	probability := 1.0
	if c := e.Cause; c != nil {
		title, summary, probability = c.Title, c.Summary, c.Probability
		var b strings.Builder
		for _, v := range c.Evidence {
			fmt.Fprintf(&b, "%s ×%d %s:%d %s\n", v.Pattern, v.Count, v.First.Input, v.First.Line, v.First.Text)
		}
		evidence, now = b.String(), strings.Join(c.Workaround, "\n")
	} else {
		summary = e.Text
	}
	if len(evidence) > maxEvidence {
		evidence = strings.ToValidUTF8(evidence[:maxEvidence], "")
	}
	clean := func(s string) string { return strings.ReplaceAll(s, "\x00", "") }
	return []string{
		"WOLFDIAG_CAUSE=" + clean(j.cause), "WOLFDIAG_TITLE=" + clean(title), fmt.Sprintf("WOLFDIAG_PROBABILITY=%.4f", probability),
		"WOLFDIAG_SUMMARY=" + clean(summary), "WOLFDIAG_EVIDENCE=" + clean(evidence), "WOLFDIAG_WORKAROUND=" + clean(now),
		fmt.Sprintf("WOLFDIAG_INCIDENT=%d", e.Number), "WOLFDIAG_TIME=" + e.Time.UTC().Format(time.RFC3339Nano), "WOLFDIAG_SNAPSHOT=" + j.snapshot,
	}
}

// ending keeps the end of what is written to it.
type ending struct{ b []byte }

func (e *ending) Write(p []byte) (int, error) {
	e.b = append(e.b, p...)
	if n := len(e.b) - maxOutput; n > 0 {
		e.b = append(e.b[:0:0], e.b[n:]...)
	}
	return len(p), nil
}

func (e *ending) String() string { return strings.ToValidUTF8(string(e.b), "·") }

// LastActed is when something was last done about an incident, by this or an
// earlier run of the program; zero: never.
func (a *Actor) LastActed() time.Time { return a.last }

// ActedBefore tells what an earlier run has done.
func (a *Actor) ActedBefore(at time.Time) { a.last = at }

// Settle is how long an incident must have stood first.
func (a *Actor) Settle() time.Duration { return a.o.Settle }

// Running reports whether Start has been called, there is something to do about
// incidents, and Stop has not been called.
func (a *Actor) Running() bool { return a.jobs != nil }

// CalledOff tells that an incident is not acted on because the end was asked
// for before it had settled.
func (a *Actor) CalledOff(e event.Event) {
	a.note(e, event.Action{Outcome: "skipped"}, "not acted on: wolfdiag was ended before it had stood first for "+a.o.Settle.String())
}

// WaitIdle returns when nothing is being done about an incident.
func (a *Actor) WaitIdle() {
	if a.idle != nil {
		a.idle <- <-a.idle
	}
}
