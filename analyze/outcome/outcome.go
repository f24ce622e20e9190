// Package outcome tells how sessions went and in which phase of them a message
// was printed, from the lifecycle lines alone: whatever was complained of, a
// session that streamed for a minute and ended as sessions end has worked.
//
// That is what makes an ordinary line ordinary: it is there when it works, too.
package outcome

import (
	"time"

	"wolfdiag/analyze/timeline"
)

// Result is how a session went.
type Result uint8

// The results. Unknown is a session that was too short, or too little of it
// stands in the log.
const (
	Unknown Result = iota
	Worked
	Failed
)

// Moment is a line placed in time.
type Moment struct {
	At       timeline.Instant
	Lifetime int // -1: of none
	Pos      timeline.Pos
}

// Place finds when a line was written and in which lifetime. It costs some binary
// searches.
func Place(t *timeline.Timeline, r *timeline.Reading) Moment {
	return Moment{At: t.At(*r), Lifetime: t.Lifetime(*r), Pos: r.Pos}
}

// Session is one session and how it went.
type Session struct {
	ID       string // "" when the log names none
	Lifetime int
	Start    timeline.Instant
	Stop     timeline.Instant // the end of its lifetime where no stop is logged
	StartPos timeline.Pos
	Result   Result
}

// worksFor is how long a session must stream to count as one that worked.
const worksFor = time.Minute

// Outcomes is how the sessions of a log went.
type Outcomes struct {
	Sessions []Session // by lifetime, then in order
	time     *timeline.Timeline

	calendars []*calendar // by lifetime; made when first asked for
}

// Judge tells how sessions went. breaks are the lines of the log that say that
// a session broke, in any order. Cost: a sort of the breaks.
func Judge(t *timeline.Timeline, breaks []Breaks) *Outcomes {
	o := &Outcomes{time: t, Sessions: make([]Session, 0, len(t.Sessions))}
	broken := newBroken(t, breaks)
	for i := range t.Sessions {
		s := &t.Sessions[i]
		if s.Outside || s.Lifetime < 0 || s.Lifetime >= len(t.Lifetimes) {
			continue
		}
		l := &t.Lifetimes[s.Lifetime]
		out := Session{ID: s.ID, Lifetime: s.Lifetime, Start: s.Start, Stop: s.Stop, StartPos: s.Pos}
		if !s.Stopped {
			out.Stop = l.End
		}
		lasted, known := out.Stop.Sub(s.Start)
		switch {
		case !s.Stopped && l.EndKind == timeline.EndCrash:
			out.Result = Failed
		case broken.is(&out):
			out.Result = Failed
		case known && lasted >= worksFor:
			out.Result = Worked
		}
		o.Sessions = append(o.Sessions, out)
	}
	return o
}

// Phase returns the phase of a line. Of several sessions the one in the most
// delicate phase counts: set-up before teardown before streaming. A session
// whose container has not started yet waits for another one to end: who quits
// an app and starts the next within seconds sees the first one's end. Cost: some
// binary searches. Not safe for concurrent use.
func (o *Outcomes) Phase(m *Moment) Phase {
	if m.Lifetime < 0 {
		return PhaseUnknown
	}
	l := &o.time.Lifetimes[m.Lifetime]
	if d, ok := l.End.Sub(m.At); ok && l.EndKind != timeline.EndRunning && d <= shutdown {
		return PhaseShutdown
	}
	switch g := o.calendar(m.Lifetime).signs(m.At, m.Pos); {
	case g.setup, g.coming && !g.ending:
		return PhaseSetup
	case g.teardown:
		return PhaseTeardown
	case g.streaming:
		return PhaseStreaming
	case g.begun:
		return PhaseIdle
	}
	return PhaseStart
}

// Around reports whether a session that worked was up when a line was printed,
// or began after it in the same lifetime. Cost and concurrency as of Phase.
func (o *Outcomes) Around(m *Moment) bool {
	return m.Lifetime >= 0 && o.calendar(m.Lifetime).around(m.At, m.Pos)
}

// calendar returns what tells of the sessions of a lifetime.
func (o *Outcomes) calendar(life int) *calendar {
	if o.calendars == nil {
		byLife := make([][]*Session, len(o.time.Lifetimes))
		for i := range o.Sessions {
			s := &o.Sessions[i]
			byLife[s.Lifetime] = append(byLife[s.Lifetime], s)
		}
		o.calendars = make([]*calendar, len(byLife))
		for i, list := range byLife {
			o.calendars[i] = newCalendar(list)
		}
	}
	return o.calendars[life]
}
