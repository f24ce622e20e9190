// Package action acts on an incident: it saves the evidence, and runs a command,
// once the incident has stood first for long enough, and not often.
package action

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
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

// wanted reports whether a cause is one to act on, and probable enough.
func (a *Actor) wanted(id string, p float64) bool {
	return p >= a.o.MinProbability && (len(a.o.On) == 0 || slices.Contains(a.o.On, id))
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

// WaitIdle returns when nothing is being done about an incident.
func (a *Actor) WaitIdle() {
	if a.idle != nil {
		a.idle <- <-a.idle
	}
}
