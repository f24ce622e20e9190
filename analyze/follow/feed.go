package follow

import (
	"fmt"
	"time"

	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/snapshot"
)

// due is when work has something to do next; zero: not before something comes.
func (f *Follower) due(now time.Time) time.Time {
	var at time.Time
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if f.o.Analyzer.Revision() != f.revision {
		earlier(f.nextAt)
	} else if t := f.actor.Ripe(); !t.IsZero() {
		earlier(t)
	}
	if t := f.actor.Awaited(); !t.IsZero() {
		earlier(t)
	}
	for _, s := range f.sources {
		if len(s.rest) > 0 {
			earlier(s.restSince.Add(openWait))
		}
	}
	return at
}

// take feeds a piece to the analyzer.
func (f *Follower) take(p files.Piece) {
	s := f.sources[p.Source]
	if p.Notice != "" {
		f.emit(event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: p.Notice})
	}
	if p.Gap != nil {
		s.count(p.Gap)
		f.emit(event.Event{Kind: event.KindGap, Time: f.clock.Now(), Gap: p.Gap, Text: s.name + ": " + p.Gap.String()})
	}
	if p.Ended {
		f.flush(s)
		s.ended = true
		switch {
		case !s.gpu:
			f.live--
		case !f.interrupted():
			f.emitGPU(f.gpu.Ended(f.clock.Now()))
		}
		return
	}
	if s.gpu {
		f.emitGPU(f.gpu.Take(f.clock.Now(), p.Data, p.Old, p.Mod))
		return
	}
	s.bytes += int64(len(p.Data)) + p.Skipped
	if p.Skipped > 0 || p.Cut > 0 {
		f.o.Analyzer.Skipped(s.name, p.Skipped, p.Cut)
	}
	if len(p.Data) == 0 {
		return
	}
	s.mod = p.Mod
	if p.Old {
		s.oldAt = f.clock.Now()
	}
	f.actor.Came(s.name, p.Data)
	data := p.Data
	if len(s.rest) > 0 {
		data = append(s.rest, data...)
	}
	final := p.Torn || len(data) > maxRest
	n := f.o.Analyzer.Feed(s.name, s.kind, s.mod, data, final)
	got := countLines(p.Data)
	s.lines += got
	f.lines += got
	f.rate.add(got)
	s.rest = append(s.rest[:0:0], data[n:]...)
	s.restSince = f.clock.Now()
	if p.At != nil && !p.Torn {
		at := *p.At
		at.Offset = max(at.Offset-int64(len(s.rest)), 0)
		s.place = &at
		f.placed = true
	}
}

// flush gives up waiting for more of a record.
func (f *Follower) flush(s *origin) {
	if len(s.rest) == 0 {
		return
	}
	f.o.Analyzer.Feed(s.name, s.kind, s.mod, s.rest, true)
	if s.place != nil {
		s.place.Offset += int64(len(s.rest))
		f.placed = true
	}
	s.rest = nil
}

// work does what is due: records that wait no longer, a report when something
// new was recognised, and an action when the report has stood for long enough.
func (f *Follower) work(now time.Time) {
	for _, s := range f.sources {
		if len(s.rest) > 0 && now.Sub(s.restSince) >= openWait {
			f.flush(s)
		}
	}
	if f.o.Analyzer.Revision() != f.revision && !now.Before(f.nextAt) {
		f.observe(now)
	}
	if f.o.Analyzer.Revision() == f.revision {
		f.debounce(now, false)
	}
	if t := f.actor.Awaited(); !t.IsZero() && !now.Before(t) {
		f.actor.SaveAfter()
	}
}

// observe asks for a report and emits what is new in it. The slower a report
// is, the rarer they become.
func (f *Follower) observe(now time.Time) {
	f.revision = f.o.Analyzer.Revision()
	f.report = f.o.Analyzer.Report()
	done := f.clock.Now()
	f.nextAt = done.Add(max(reportEvery, reportShare*done.Sub(now)))
	f.changes(now)
}

// changes emits what the tracker finds in the last report.
func (f *Follower) changes(now time.Time) {
	for _, e := range f.tracker.Observe(now, f.report) {
		f.emit(e)
		if e.Kind == event.KindLifetime && e.Change == event.Started {
			f.gpu.Forget()
		}
		if e.Kind == event.KindIncident || e.Change == event.Escalated {
			f.actor.Began(e, f.catchingUp(now))
		}
	}
	f.stands(now)
	if f.emitted {
		f.save(now)
	}
}

// act has an event acted on, unless the end was asked for: what would be
// started now would be killed at once. onset are the lines that came before it.
func (f *Follower) act(now time.Time, e event.Event, old bool, onset action.Lines) {
	if f.interrupted() {
		return
	}
	last := f.actor.LastActed()
	f.actor.Consider(now, e, f.report, onset, old)
	if !f.actor.LastActed().Equal(last) {
		f.save(now)
	}
}

// stands follows the rank of the causes from one report to the next.
func (f *Follower) stands(now time.Time) {
	if f.actor.Running() {
		k, c := f.tracker.Leader(now, f.report, f.actor.Settle())
		f.actor.Stand(now, k, c)
	}
}

// debounce has the incident acted on that has stood first for long enough, or
// atOnce, as it is known now. It wants a report of all that has been read.
func (f *Follower) debounce(now time.Time, atOnce bool) {
	if at := f.actor.Ripe(); at.IsZero() || !atOnce && now.Before(at) {
		return
	}
	f.stands(now) // one that has recovered may have had its time
	at := f.actor.Ripe()
	if at.IsZero() || !atOnce && now.Before(at) {
		return
	}
	k, c := f.tracker.Leader(now, f.report, f.actor.Settle())
	began, onset, old := f.actor.Settled(c.ID)
	cause := *c
	e := event.Event{Kind: event.KindIncident, Time: began, Number: k.Number, Cause: &cause,
		Text: fmt.Sprintf("incident %d %s (%.0f %%): %s", k.Number, c.ID, 100*c.Probability, c.Title)}
	if f.interrupted() && !old {
		f.actor.CalledOff(e)
	}
	f.act(now, e, old, onset)
}

// emitGPU passes on what the GPU monitor says: to the report, to the operator,
// and to who acts on it.
func (f *Follower) emitGPU(events []event.Event) {
	now := f.clock.Now()
	if facts, fresh := f.gpu.Facts(); fresh {
		f.o.Analyzer.SetFacts(f.gpu.Source(), snapshot.NvidiaCSV, now, facts, f.gpu.Readings())
	}
	for _, e := range events {
		f.emit(e)
		if e.Change == event.GPUBack {
			continue
		}
		if f.report == nil {
			f.observe(now)
		}
		f.act(now, e, false, nil)
	}
}

func (f *Follower) interrupted() bool { return f.asked.Err() != nil }

// catchingUp reports whether some file is still read where it was written
// before the start, or was a moment ago.
func (f *Follower) catchingUp(now time.Time) bool {
	for _, s := range f.sources {
		if !s.oldAt.IsZero() && now.Sub(s.oldAt) < 2*time.Second {
			return true
		}
	}
	return false
}

// tick is what happens once a second.
func (f *Follower) tick(now time.Time) {
	f.rate.tick(now)
	if f.report != nil {
		f.changes(now) // time alone makes incidents recover
	}
	if f.gpu != nil {
		f.emitGPU(f.gpu.Tick(now))
	}
	if f.placed && now.Sub(f.lastSave) >= saveEvery {
		if f.o.Analyzer.Revision() != f.revision {
			f.observe(now) // what is said to be read must have been emitted
		}
		f.save(now)
	}
	f.emitStatus()
}
