package action

import (
	"context"
	"strings"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/report"
)

const (
	oldNews  = 15 * time.Minute
	stopWait = 300 * time.Millisecond
)

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

// CalledOff tells that an incident is not acted on because the end was asked
// for before it had settled.
func (a *Actor) CalledOff(e event.Event) {
	a.note(e, event.Action{Outcome: "skipped"}, "not acted on: wolfdiag was ended before it had stood first for "+a.o.Settle.String())
}
