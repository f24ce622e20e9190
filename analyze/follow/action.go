package follow

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

	"wolfdiag/analyze/report"
)

// ActionOptions say what to do about an incident. The zero value does nothing.
type ActionOptions struct {
	Command        string        // run without a shell: words, with '…', "…" and \ as in one
	On             []string      // cause ids, "gpu-dark", "gpu-memory"; empty: any
	MinProbability float64       // of the cause; 0: 0.5
	Settle         time.Duration // an incident must have ranked first, unchanged, for so long; 0: 5 s, below 0: not at all
	Cooldown       time.Duration // least time between two actions; 0: 10 min
	Timeout        time.Duration // for the command; 0: 1 min
	DryRun         bool          // say what would be done
	Snapshot       string        // folder that gets the report and the raw lines first; "": none
	// WriteReport adds other forms of the report to a snapshot; may be nil.
	WriteReport func(folder string, r *report.Report) error
}

// Action is what was done about an incident.
type Action struct {
	Incident int      `json:"incident"`
	Cause    string   `json:"cause"`
	Outcome  string   `json:"outcome"` // done, failed, timeout, skipped, dry-run, snapshot
	Command  []string `json:"command,omitempty"`
	ExitCode *int     `json:"exit_code,omitempty"`
	Seconds  float64  `json:"seconds,omitempty"`
	Snapshot string   `json:"snapshot,omitempty"`
	Output   string   `json:"output,omitempty"` // the end of what the command printed
}

const (
	maxOutput    = 4 << 10
	maxEvidence  = 8 << 10 // bytes of evidence in the environment
	maxSnapshots = 200     // of one run of the program
	oldNews      = 15 * time.Minute
	stopWait     = 300 * time.Millisecond
)

// job is one incident to act on.
type job struct {
	event    Event
	report   *report.Report
	lines    []byte
	cause    string
	dir      string        // of the snapshot to write
	saved    chan struct{} // to be closed when it has been written
	snapshot string        // the folder then
}

// actor runs at most one command at a time, and not often.
type actor struct {
	o      ActionOptions
	argv   []string
	clock  Clock
	notes  chan<- Event
	jobs   chan job
	idle   chan struct{} // holds a token while nothing runs
	done   chan struct{}
	last   time.Time
	first  settling
	begun  map[string]begun // the newest incident of a cause, as are:
	acted  map[string]int   // number of the one acted on
	asked  map[string]int   // number of the one that was told why not
	taken  int              // snapshots
	after  *aftermath       // of the newest snapshot
	cancel context.CancelFunc
}

func newActor(o ActionOptions, clock Clock, notes chan<- Event) (*actor, error) {
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
	a := &actor{o: o, clock: clock, notes: notes, begun: map[string]begun{}, acted: map[string]int{}, asked: map[string]int{}}
	if o.Command == "" {
		return a, nil
	}
	var err error
	if a.argv, err = SplitCommand(o.Command); err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(a.argv[0]); err != nil {
		return nil, fmt.Errorf("cannot run %q: %w", a.argv[0], err)
	}
	return a, nil
}

func (a *actor) enabled() bool { return a.argv != nil || a.o.Snapshot != "" }

func (a *actor) start() {
	if !a.enabled() {
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

// stop waits for a running command; when the end was asked for, only a moment,
// and then ends it.
func (a *actor) stop(asked <-chan struct{}) {
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
	a.saveAfter()
}

// wanted reports whether a cause is one to act on, and probable enough.
func (a *actor) wanted(id string, p float64) bool {
	return p >= a.o.MinProbability && (len(a.o.On) == 0 || slices.Contains(a.o.On, id))
}

// consider decides whether an event is acted on, and says why when it is not.
// old says that the log is still being caught up with.
func (a *actor) consider(now time.Time, e Event, r *report.Report, lines func() []byte, old bool) {
	id, p := causeOf(&e)
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
			a.note(e, Action{Outcome: "skipped"}, "not acted on: "+skip)
		}
		return
	}
	a.last = now
	a.acted[id] = e.Number
	j := job{event: e, report: r, lines: lines(), cause: id}
	a.plan(now, &j)
	a.jobs <- j
}

func causeOf(e *Event) (string, float64) {
	if e.Cause == nil {
		return "gpu-" + e.Change, 1
	}
	return e.Cause.ID, e.Cause.Probability
}

// note tells what was done. It never waits: the follower may be gone.
func (a *actor) note(e Event, act Action, text string) {
	act.Incident = e.Number
	act.Cause, _ = causeOf(&e)
	if e.Number > 0 {
		text = fmt.Sprintf("#%d %s: %s", e.Number, act.Cause, text)
	} else {
		text = act.Cause + ": " + text
	}
	select {
	case a.notes <- Event{Kind: EventAction, Time: a.clock.Now(), Number: e.Number, Action: &act, Text: text}:
	default: // more notes than anybody reads
	}
}

// act saves the evidence, then runs the command.
func (a *actor) act(ctx context.Context, j *job) {
	if j.dir != "" {
		a.snapshot(j)
	}
	if a.argv == nil {
		return
	}
	if a.o.DryRun {
		a.note(j.event, Action{Outcome: "dry-run", Command: a.argv}, "would run "+strings.Join(a.argv, " "))
		return
	}
	a.command(ctx, j)
}

func (a *actor) command(ctx context.Context, j *job) {
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
	wholeGroup(cmd)
	cmd.WaitDelay = 200 * time.Millisecond // for children that keep our pipes open
	began := a.clock.Now()
	err = cmd.Run()
	act := Action{Command: a.argv, Snapshot: j.snapshot, Output: out.String(), Seconds: a.clock.Now().Sub(began).Seconds()}
	if cmd.ProcessState != nil {
		code := cmd.ProcessState.ExitCode()
		act.ExitCode = &code
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		act.Outcome = "timeout"
		a.note(j.event, act, fmt.Sprintf("%s did not end within %s and was killed", a.argv[0], a.o.Timeout))
	case ctx.Err() != nil:
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
func (a *actor) environment(j *job) []string {
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
