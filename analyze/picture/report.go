package picture

import (
	"fmt"
	"time"

	"wolfdiag/analyze/report"
)

// The lanes of a report.
const (
	LaneLifetimes = "Lifetimes of Wolf"
	LaneSessions  = "Sessions"
	LaneFailures  = "Failures and warnings"
	LaneCrashes   = "Crashes"
)

// Of lays a report on an axis; nil when nothing in it has a time. The axis is the
// time of the log, and what lies round it within half of it.
func Of(r *report.Report) *Picture {
	lives, starts := lifetimes(r)
	sessions, failures, crashes := sessions(r), failures(r), crashes(r)
	from, to, ok := extent(r, lives, sessions, failures, crashes)
	if !ok {
		return nil
	}
	a := newAxis(from, to)
	p := &Picture{From: a.from, To: a.to, Ticks: a.ticks()}
	for _, l := range []struct {
		title  string
		events []Event
	}{{LaneLifetimes, lives}, {LaneSessions, sessions}, {LaneFailures, failures}, {LaneCrashes, crashes}} {
		if len(l.events) > 0 {
			p.Lanes = append(p.Lanes, a.lane(l.title, l.events))
		}
	}
	p.number()
	for _, at := range starts {
		if x := a.at(at); x >= 0 && x <= 100 && len(p.Starts) < maxMarks {
			p.Starts = append(p.Starts, x)
		}
	}
	for i := range r.Timeline.Series {
		c, off := a.curve(&r.Timeline.Series[i])
		if len(c.Points) > 0 {
			p.Curves = append(p.Curves, c)
		}
		if off > 0 {
			p.Off = append(p.Off, fmt.Sprintf("%s: %s off this axis", c.Name, report.Plural(int64(off), "reading", "readings")))
		}
	}
	if p.Empty() {
		return nil
	}
	return p
}

func (p *Picture) number() {
	n := 0
	for i := range p.Lanes {
		for k := range p.Lanes[i].Marks {
			n++
			p.Lanes[i].Marks[k].ID = n
		}
	}
}

// moment is a time that may be unknown.
func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// place says where a record stands.
func place(w report.Where) string {
	switch {
	case w.Input == "" && w.Line == 0:
		return ""
	case w.Line == 0:
		return w.Input
	case w.Input == "" || w.Input == "-":
		return fmt.Sprintf("line %d", w.Line)
	}
	return fmt.Sprintf("%s:%d", w.Input, w.Line)
}

func lifetimes(r *report.Report) (out []Event, starts []time.Time) {
	for i := range r.Lifetimes {
		l := &r.Lifetimes[i]
		e := Event{From: moment(l.Start), To: moment(l.End), Where: place(l.FirstLine), Text: l.FirstLine.Text}
		switch l.EndKind {
		case "crash":
			e.Class = Crash
		case "clean":
			e.Class = Ended
		case "killed":
			e.Class = Killed
		case "running":
			e.Class = Running
		default:
			e.Class = Unclear
		}
		if e.From.IsZero() { // the log begins inside it
			e.From = moment(r.Period.From)
		} else {
			starts = append(starts, e.From)
		}
		if e.To.IsZero() {
			e.To = moment(r.Period.To)
		}
		if e.To.Before(e.From) {
			e.To = e.From
		}
		e.Title = fmt.Sprintf("Wolf, %s", e.Class.Words())
		if l.ExitMeaning != "" {
			e.Title += fmt.Sprintf(" (exit %s)", l.ExitMeaning)
		}
		if l.Sessions != nil {
			e.Title += ": " + report.Plural(int64(*l.Sessions), "session", "sessions")
		}
		if l.Failures > 0 {
			e.Title += ", " + report.Plural(int64(l.Failures), "failure", "failures")
		}
		out = append(out, e)
	}
	return out, starts
}

func sessions(r *report.Report) []Event {
	var out []Event
	for i := range r.Sessions {
		s := &r.Sessions[i]
		e := Event{From: moment(s.Start), To: moment(s.End), Where: place(s.First), Text: s.First.Text}
		switch s.Outcome {
		case report.Worked:
			e.Class = Worked
		case report.Failed:
			e.Class = Failed
		case report.Running:
			e.Class = Running
		default:
			e.Class = Unclear
		}
		if e.To.IsZero() {
			e.To = moment(r.Period.To)
		}
		if e.To.Before(e.From) {
			e.To = e.From
		}
		e.Title = fmt.Sprintf("Session %d", s.Number)
		if s.App != "" {
			e.Title += " of " + s.App
		}
		if s.ID != "" {
			e.Title += " (" + s.ID + ")"
		}
		e.Title += ": " + e.Class.Words()
		for k := range r.Causes {
			if s.Cause != "" && r.Causes[k].ID == s.Cause {
				e.Title += ", " + r.Causes[k].Title
			}
		}
		out = append(out, e)
	}
	return out
}

func failures(r *report.Report) []Event {
	var out []Event
	for i := range r.Timeline.Episodes {
		x := &r.Timeline.Episodes[i]
		e := Event{From: moment(x.Start), To: moment(x.End), Class: Warning, Title: x.Title, Where: place(x.First), Text: x.First.Text}
		if x.Failing {
			e.Class = Failed
		}
		if x.Count > 1 {
			e.Title += fmt.Sprintf(" and what came with it (%s)", report.Plural(x.Count, "message", "messages"))
		}
		out = append(out, e)
	}
	return out
}

func crashes(r *report.Report) []Event {
	var out []Event
	for i := range r.Crashes {
		c := &r.Crashes[i]
		e := Event{From: moment(c.First), Class: Crash, Title: "Crash: " + c.Signature}
		if len(c.Files) > 0 {
			e.Where = c.Files[0]
		}
		if c.What != "" {
			e.Text = c.What
		}
		if c.Count > 1 {
			e.Title += fmt.Sprintf(", the first of %d", c.Count)
			if last := moment(c.Last); last.After(e.From) {
				second := e
				second.From, second.Where = last, c.Files[len(c.Files)-1]
				second.Title = fmt.Sprintf("Crash: %s, the last of %d", c.Signature, c.Count)
				out = append(out, second)
			}
		}
		out = append(out, e)
	}
	return out
}

// extent is the time that the axis covers.
func extent(r *report.Report, lives, sessions, failures, crashes []Event) (from, to time.Time, ok bool) {
	note := func(t time.Time) {
		if t.IsZero() {
			return
		}
		if from.IsZero() || t.Before(from) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	note(moment(r.Period.From))
	note(moment(r.Period.To))
	for _, list := range [][]Event{failures, sessions} {
		for i := range list {
			note(list[i].From)
			note(list[i].To)
		}
	}
	measured := func(note func(time.Time)) {
		for i := range r.Timeline.Series {
			for _, p := range r.Timeline.Series[i].Points {
				note(p.Time)
			}
		}
		for _, list := range [][]Event{crashes, lives} {
			for i := range list {
				note(list[i].From)
				note(list[i].To)
			}
		}
	}
	if from.IsZero() {
		measured(note)
		return from, to, !from.IsZero()
	}
	room := max(to.Sub(from)/2, time.Minute)
	first, last := from.Add(-room), to.Add(room)
	measured(func(t time.Time) {
		if !t.Before(first) && !t.After(last) {
			note(t)
		}
	})
	return from, to, true
}

// curve lays a series on the axis; off is the number of points that lie beside it.
func (a axis) curve(s *report.Series) (c Curve, off int) {
	c = Curve{Name: s.Name, Unit: s.Unit, Top: s.Limit, Limited: s.Limit > 0}
	var points []report.Point
	for _, p := range s.Points {
		if !p.Time.Before(a.from) && !p.Time.After(a.to) {
			points = append(points, p)
		}
	}
	off = len(s.Points) - len(points)
	if len(points) == 0 {
		return c, off
	}
	c.Low, c.High, c.Last = points[0].Value, points[0].Value, points[len(points)-1].Value
	for _, p := range points {
		c.Low, c.High = min(c.Low, p.Value), max(c.High, p.Value)
	}
	if !c.Limited || c.Top < c.High {
		c.Top, c.Limited = max(c.High, 1), false
	}
	step := (len(points) + maxCurve - 1) / maxCurve
	for i := 0; i < len(points); i += step {
		top := points[i]
		for _, p := range points[i:min(i+step, len(points))] {
			if p.Value > top.Value {
				top = p
			}
		}
		c.Points = append(c.Points, Dot{X: a.at(top.Time), Y: 100 * top.Value / c.Top, When: a.clock(top.Time), Value: top.Value})
	}
	return c, off
}
