package facts

import (
	"fmt"
	"sort"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/timeline"
)

const (
	// afterFailure is how long after the last failure what the machine says of
	// itself still speaks of that failure.
	afterFailure = time.Hour
	// lostTime is how much younger than the log a file is whose time was lost
	// when it was copied.
	lostTime = 24 * time.Hour
	// maxWindows bounds the lifetimes that a series of readings is cut into.
	maxWindows = 32
)

// A failureWindow is the time in which a reading speaks of the failures of one
// lifetime: from the start of the lifetime to a while after its last failure.
type failureWindow struct {
	lifetime int // -1: of no lifetime
	from, to time.Time
	restart  bool // to is the start of the next lifetime
}

func (t *failureWindow) holds(at time.Time) bool { return !at.Before(t.from) && !at.After(t.to) }

// placer holds state files against the failures of a log.
type placer struct {
	model    *diagnose.Model
	time     *timeline.Timeline
	windows  []failureWindow // in order of time, the last maxWindows
	undated  bool            // there are failures, and none has a time
	zone     *time.Location
	zoneSaid string
}

func newPlacer(log Log) *placer {
	p := &placer{model: log.Model, time: log.Time}
	p.zone, p.zoneSaid = machineZone(log)
	eps := log.Episodes
	failing := false
	for i := range eps {
		failing = failing || eps[i].Failing
	}
	ends := map[int]time.Time{} // lifetime → its last failure
	begins := map[int]time.Time{}
	for _, e := range eps {
		if failing && !e.Failing {
			continue
		}
		for i := e.First; i <= e.Last; i++ {
			r := &log.Runs[i]
			if r.Lifetime != e.Lifetime || r.Time.IsZero() {
				continue
			}
			if b, ok := begins[e.Lifetime]; !ok || r.Time.Before(b) {
				begins[e.Lifetime] = r.Time
			}
			for _, t := range []time.Time{r.Time, r.End} {
				if t.After(ends[e.Lifetime]) {
					ends[e.Lifetime] = t
				}
			}
		}
	}
	for lifetime, end := range ends {
		p.windows = append(p.windows, p.window(lifetime, begins[lifetime], end))
	}
	p.undated = len(eps) > 0 && len(ends) == 0
	sort.Slice(p.windows, func(i, j int) bool {
		x, y := p.windows[i], p.windows[j]
		return x.from.Before(y.from) || x.from.Equal(y.from) && x.lifetime < y.lifetime
	})
	p.windows = p.windows[max(0, len(p.windows)-maxWindows):]
	return p
}

// window is the time around the failures of one lifetime.
func (p *placer) window(lifetime int, first, last time.Time) failureWindow {
	t := failureWindow{lifetime: lifetime, from: first.Add(-afterFailure), to: last.Add(afterFailure)}
	if lifetime < 0 {
		return t
	}
	l := &p.time.Lifetimes[lifetime]
	if l.Start.Known() {
		t.from = l.Start.Time
	} else if at := p.time.At(timeline.Reading{Pos: l.First, Service: l.Service}); at.Known() && at.Time.Before(first) {
		t.from = at.Time.Add(-afterFailure) // the log begins later than the lifetime
	}
	for i := lifetime + 1; i < len(p.time.Lifetimes); i++ {
		next := &p.time.Lifetimes[i]
		if next.Server == l.Server && next.Start.Known() && next.Start.Time.After(last) {
			if next.Start.Time.Before(t.to) {
				t.to, t.restart = next.Start.Time, true
			}
			break
		}
	}
	return t
}

// place says of each fact whether it counts, and for which lifetime.
func (p *placer) place(s *source) []placedFact {
	var out []placedFact
	rows := false
	for _, f := range s.facts {
		switch {
		case f.Series && f.Local:
			rows = true
		case f.Local:
			out = append(out, p.own(f))
		default:
			out = append(out, p.byFile(f, s.snap.Time))
		}
	}
	if !rows {
		return out
	}
	for i := range p.windows {
		t := &p.windows[i]
		for _, f := range s.snap.Series(func(at time.Time) bool { return !at.IsZero() && t.holds(p.utc(at)) }) {
			out = append(out, p.own(f))
		}
	}
	// What lies outside, which is all of it when there is no failure.
	for _, f := range s.snap.Series(func(at time.Time) bool { return !at.IsZero() && p.during(p.utc(at)) == nil }) {
		out = append(out, p.own(f))
	}
	for _, f := range s.snap.Series(time.Time.IsZero) {
		out = append(out, p.byFile(f, s.snap.Time))
	}
	return out
}

func (p *placer) utc(local time.Time) time.Time { return inZone(local, p.zone) }

// during returns the window that a time lies in, the latest of several.
func (p *placer) during(at time.Time) *failureWindow {
	for i := len(p.windows) - 1; i >= 0; i-- {
		if p.windows[i].holds(at) {
			return &p.windows[i]
		}
	}
	return nil
}

// own places a fact whose time was read off the clock of the machine.
func (p *placer) own(f snapshot.Fact) placedFact {
	f.Time = p.utc(f.Time)
	out := placedFact{Fact: f, used: true, lifetime: -1}
	if f.Lasting {
		return out
	}
	switch t := p.during(f.Time); {
	case t != nil:
		out.lifetime = t.lifetime
	case len(p.windows) > 0:
		out.used = false
		out.Bears = p.outside(f.Time) + ": it does not count"
	case p.undated:
		out.Bears = report.Clauses(f.Bears, "the failures of this log have no date: whether it was taken then is not known")
	}
	out.Bears = report.Clauses(out.Bears, p.zoneSaid)
	return out
}

// outside says how a time lies that is in no window.
func (p *placer) outside(at time.Time) string {
	first, last := &p.windows[0], &p.windows[0]
	for i := range p.windows {
		if p.windows[i].to.After(last.to) {
			last = &p.windows[i]
		}
	}
	switch {
	case at.Before(first.from) && first.lifetime < 0:
		return "taken long before the first failure"
	case at.Before(first.from):
		return "taken before the life that failed began"
	case at.After(last.to) && last.restart:
		return "taken after Wolf was restarted: it proves nothing about the life that failed"
	case at.After(last.to):
		return fmt.Sprintf("taken %s after the last failure", report.RoughDuration(at.Sub(last.to)+afterFailure))
	}
	return "taken outside the lives that failed"
}

// byFile places a fact by the time of its file. A file taken in a later lifetime
// than the last failing one proves nothing about the failure; but a fact that
// names a cause by itself still speaks of that later lifetime.
func (p *placer) byFile(f snapshot.Fact, at time.Time) placedFact {
	out := placedFact{Fact: f, used: true, lifetime: -1}
	lifetimes := p.time.Lifetimes
	if at.IsZero() || len(lifetimes) == 0 || f.Lasting {
		return out
	}
	last := -1
	var end time.Time
	for i := range lifetimes {
		if lifetimes[i].Failures > 0 {
			last = i
		}
		if e := lifetimes[i].End; e.Known() && e.Time.After(end) {
			end = e.Time
		}
	}
	if last < 0 {
		return out
	}
	if !end.IsZero() && at.Sub(end) > lostTime {
		if f.ID != "" {
			out.Bears = report.Clauses(f.Bears, "the file is much younger than the log: when it was taken is not known")
		}
		return out
	}
	for i := last + 1; i < len(lifetimes); i++ {
		if s := lifetimes[i].Start; s.Known() && at.After(s.Time) {
			out.used, out.lifetime = false, i
		}
	}
	switch {
	case out.lifetime < 0:
	case p.model.Decisive(f.ID):
		out.used = true
		out.Bears = report.Clauses(f.Bears, "taken after Wolf was restarted: it speaks of that life and not of the one that failed")
	default:
		out.Bears = "taken after Wolf was restarted: it proves nothing about the life that failed"
	}
	return out
}

// machineZone is the zone in which times without one are read that a tool
// printed on the machine, and a remark on where it comes from.
func machineZone(log Log) (*time.Location, string) {
	if z := log.Zone; z != nil {
		return z, fmt.Sprintf("its time is local, read in %s, as given", z)
	}
	if off, ok := log.Time.Zone(); ok {
		z := time.FixedZone("", int(off/time.Second))
		return z, "its time is local, read as UTC" + time.Time{}.In(z).Format("-07:00") + " like the local times of the log"
	}
	return time.UTC, "its time is local and nothing shows the zone: read as UTC; --tz gives it"
}

// inZone reads a local time, kept as if it were UTC, in a zone.
func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC()
}
