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
}

// Breaks is a line that says that a session broke: a pipeline in error.
type Breaks struct {
	Reading timeline.Reading
	Session string // "" when the line names none
}

// Judge tells how sessions went. breaks are the lines of the log that say that
// a session broke, in any order. Cost: sessions × breaks of one lifetime.
func Judge(t *timeline.Timeline, breaks []Breaks) *Outcomes {
	o := &Outcomes{time: t, Sessions: make([]Session, 0, len(t.Sessions))}
	at := make([]timeline.Instant, len(breaks))
	for i := range breaks {
		at[i] = t.At(breaks[i].Reading)
	}
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
		case broken(s, &out, breaks, at, t):
			out.Result = Failed
		case known && lasted >= worksFor:
			out.Result = Worked
		}
		o.Sessions = append(o.Sessions, out)
	}
	return o
}

// slack is how long after its stop a session may still be said to break: its
// pipelines end a moment later.
const slack = 2 * time.Second

// broken reports whether one of the lines says that the session broke: it names
// the session, or stands inside it while no other runs.
func broken(s *timeline.Session, out *Session, breaks []Breaks, at []timeline.Instant, t *timeline.Timeline) bool {
	for i := range breaks {
		if breaks[i].Session != "" {
			if breaks[i].Session == s.ID {
				return true
			}
			continue
		}
		if t.Lifetime(breaks[i].Reading) != s.Lifetime {
			continue
		}
		from, ok1 := at[i].Sub(out.Start)
		to, ok2 := out.Stop.Sub(at[i])
		if ok1 && ok2 && from >= -slack && to >= slack {
			return true
		}
	}
	return false
}

// After counts the sessions of a lifetime that worked and began after a line.
func (o *Outcomes) After(r timeline.Reading) int {
	at, life := o.time.At(r), o.time.Lifetime(r)
	n := 0
	for i := range o.Sessions {
		s := &o.Sessions[i]
		if s.Lifetime != life || s.Result != Worked {
			continue
		}
		if d, ok := s.Start.Sub(at); ok && d > 0 || !ok && r.Pos.Before(s.StartPos) {
			n++
		}
	}
	return n
}

// Around reports whether a session that worked was up when a line was printed,
// or began after it in the same lifetime.
func (o *Outcomes) Around(r timeline.Reading) bool {
	at, life := o.time.At(r), o.time.Lifetime(r)
	for i := range o.Sessions {
		s := &o.Sessions[i]
		if s.Lifetime != life || s.Result != Worked {
			continue
		}
		from, ok1 := at.Sub(s.Start)
		to, ok2 := s.Stop.Sub(at)
		if ok1 && ok2 && from >= -setup && to > 0 || ok1 && from < 0 || !ok1 && r.Pos.Before(s.StartPos) {
			return true
		}
	}
	return false
}
