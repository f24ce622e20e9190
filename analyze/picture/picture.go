// Package picture lays what happened on one axis of time: lifetimes, sessions,
// failures, crashes and measured values, as marks with places in percent of the
// axis and words for each. It knows nothing of how they are drawn.
//
// A picture is bounded whatever it shows: what is too dense to tell apart is put
// together in bins, each of which says how many it stands for.
package picture

import (
	"fmt"
	"slices"
	"time"
)

const (
	maxMarks = 120 // of a lane; more are put into bins
	bins     = 60  // of a lane
	maxRows  = 6   // on which a lane's bars lie above one another
	maxCurve = 240 // points of a curve
	least    = 0.4 // percent of the axis; what is shorter is drawn as wide as this
)

// Class says what a mark means; it decides how it is drawn.
type Class string

// The classes, the worst first: a bin is of the worst class that it holds.
const (
	Crash   Class = "crash"
	Failed  Class = "failed"
	Warning Class = "warning"
	Killed  Class = "killed"
	Unclear Class = "unknown"
	Ended   Class = "ended"
	Running Class = "running"
	Worked  Class = "worked"
)

// order is how bad a class is.
var order = []Class{Crash, Failed, Warning, Killed, Unclear, Ended, Running, Worked}

func rank(c Class) int { return slices.Index(order, c) }

// Worse reports whether a class is worse than another.
func (c Class) Worse(than Class) bool { return rank(c) < rank(than) }

// Words names a class for the legend.
func (c Class) Words() string {
	switch c {
	case Crash:
		return "crash"
	case Killed:
		return "ended from outside"
	case Ended:
		return "ended by itself"
	case Unclear:
		return "not known"
	}
	return string(c)
}

// Event is something that happened, as a picture is given it. To is zero where it
// has no length, From where its time is not known.
type Event struct {
	From, To time.Time
	Class    Class
	Title    string // what it is, in few words
	Where    string // the line or file, "" when there is none
	Text     string // what the line says
}

// Mark is an event, or a bin of them, on the axis.
type Mark struct {
	ID       int     // unique in the picture, from 1
	X, Width float64 // percent of the axis
	Row      int     // in its lane, from 0
	Class    Class
	Count    int     // events
	Share    float64 // of the events that are of Class
	CutLeft  bool    // it began before the axis
	CutRight bool    // it went on after it
	When     string
	Title    string
	Where    string
	Text     string
}

// Lane is a row of marks of one kind.
type Lane struct {
	Title    string
	Rows     int
	Marks    []Mark
	Classes  []Class // that it shows, the worst first
	Unplaced int     // events whose time is not known, or that lie off the axis
	Binned   bool
}

// Tick is a label of the axis.
type Tick struct {
	X    float64
	Text string
}

// Curve is a series of measured values. Y is the percent of Top.
type Curve struct {
	Name, Unit string
	Top        float64 // that the height stands for: the limit, or the highest value
	Limited    bool    // Top is the most there is
	Points     []Dot
	Low, High  float64 // of the values
	Last       float64
}

// Dot is a point of a curve.
type Dot struct {
	X, Y  float64
	When  string
	Value float64
}

// Picture is everything on one axis.
type Picture struct {
	From, To time.Time
	Ticks    []Tick
	Lanes    []Lane
	Starts   []float64 // places of starts of Wolf
	Curves   []Curve
	Off      []string // remarks on what lies beside the axis
}

// Empty reports whether there is nothing to draw.
func (p *Picture) Empty() bool {
	return p == nil || !slices.ContainsFunc(p.Lanes, func(l Lane) bool { return len(l.Marks) > 0 }) && len(p.Curves) == 0
}

// Marks is the number of marks of all lanes.
func (p *Picture) Marks() int {
	n := 0
	for i := range p.Lanes {
		n += len(p.Lanes[i].Marks)
	}
	return n
}

// axis turns times into places.
type axis struct {
	from, to time.Time
	layout   string // that tells the times of this axis apart
}

func newAxis(from, to time.Time) axis {
	if span := to.Sub(from); span < time.Second {
		from, to = from.Add(-30*time.Second), to.Add(30*time.Second)
	} else {
		from, to = from.Add(-span/50), to.Add(span/50)
	}
	a := axis{from: from, to: to}
	switch span := to.Sub(from); {
	case span < 10*time.Minute:
		a.layout = "2006-01-02 15:04:05.000"
	default:
		a.layout = "2006-01-02 15:04:05"
	}
	return a
}

func (a axis) at(t time.Time) float64 {
	return 100 * float64(t.Sub(a.from)) / float64(a.to.Sub(a.from))
}

func (a axis) clock(t time.Time) string { return t.UTC().Format(a.layout) }

// span is the time of an event in words.
func (a axis) span(e *Event) string {
	switch {
	case e.From.IsZero():
		return ""
	case e.To.IsZero() || !e.To.After(e.From):
		return a.clock(e.From)
	}
	end := a.clock(e.To)
	if from := e.From.UTC().Format(time.DateOnly); from == e.To.UTC().Format(time.DateOnly) {
		end = end[len(from)+1:]
	}
	return a.clock(e.From) + " – " + end
}

// steps are the distances of ticks, and how a tick of each is written.
var steps = []struct {
	d      time.Duration
	layout string
}{
	{100 * time.Millisecond, "15:04:05.0"}, {500 * time.Millisecond, "15:04:05.0"},
	{time.Second, "15:04:05"}, {2 * time.Second, "15:04:05"}, {5 * time.Second, "15:04:05"}, {10 * time.Second, "15:04:05"}, {30 * time.Second, "15:04:05"},
	{time.Minute, "15:04"}, {5 * time.Minute, "15:04"}, {10 * time.Minute, "15:04"}, {30 * time.Minute, "15:04"},
	{time.Hour, "15:04"}, {2 * time.Hour, "15:04"}, {4 * time.Hour, "2 Jan 15:04"}, {12 * time.Hour, "2 Jan 15:04"},
	{24 * time.Hour, "2 Jan"}, {48 * time.Hour, "2 Jan"}, {7 * 24 * time.Hour, "2 Jan"}, {14 * 24 * time.Hour, "2 Jan"}, {30 * 24 * time.Hour, "2 Jan 2006"},
	{91 * 24 * time.Hour, "Jan 2006"}, {365 * 24 * time.Hour, "2006"},
}

// maxTicks is how many labels stand beside one another on a narrow page.
const maxTicks = 5

func (a axis) ticks() []Tick {
	span := a.to.Sub(a.from)
	step := steps[len(steps)-1]
	for _, s := range steps {
		if span/s.d <= maxTicks {
			step = s
			break
		}
	}
	d := max(step.d, span/maxTicks)
	var out []Tick
	for t := a.from.Truncate(d).Add(d); t.Before(a.to); t = t.Add(d) {
		if x := a.at(t); x > 4 && x < 95 {
			out = append(out, Tick{X: x, Text: t.UTC().Format(step.layout)})
		}
	}
	return out
}

// lane lays events on the axis; those of few words are packed into rows.
func (a axis) lane(title string, events []Event) Lane {
	l := Lane{Title: title}
	var placed []Event
	for _, e := range events {
		end := e.To
		if end.IsZero() {
			end = e.From
		}
		if e.From.IsZero() || end.Before(a.from) || e.From.After(a.to) {
			l.Unplaced++
			continue
		}
		placed = append(placed, e)
	}
	slices.SortStableFunc(placed, func(x, y Event) int { return x.From.Compare(y.From) })
	for i := range placed {
		if !slices.Contains(l.Classes, placed[i].Class) {
			l.Classes = append(l.Classes, placed[i].Class)
		}
	}
	slices.SortFunc(l.Classes, func(x, y Class) int { return rank(x) - rank(y) })
	if len(placed) <= maxMarks {
		if l.Marks, l.Rows = a.packed(placed); l.Rows <= maxRows {
			return l
		}
	}
	l.Marks, l.Rows, l.Binned = a.binned(placed), 1, true
	return l
}

// packed gives each event the first row in which nothing is in its way.
func (a axis) packed(list []Event) (marks []Mark, rows int) {
	var ends []float64 // by row
	for i := range list {
		e := &list[i]
		m := Mark{Class: e.Class, Count: 1, Share: 1, When: a.span(e), Title: e.Title, Where: e.Where, Text: e.Text}
		x, end := a.at(e.From), a.at(e.From)
		if !e.To.IsZero() {
			end = a.at(e.To)
		}
		if x < 0 {
			x, m.CutLeft = 0, true
		}
		if end > 100 {
			end, m.CutRight = 100, true
		}
		m.X, m.Width = min(x, 100-least), max(end-x, least)
		for m.Row < len(ends) && ends[m.Row] > m.X {
			m.Row++
		}
		if m.Row == len(ends) {
			ends = append(ends, 0)
		}
		ends[m.Row] = m.X + m.Width + least/4
		marks = append(marks, m)
	}
	return marks, max(len(ends), 1)
}

// binned puts events together by where they begin.
func (a axis) binned(list []Event) []Mark {
	var out []Mark
	for len(list) > 0 {
		bin := min(max(int(a.at(list[0].From)*bins/100), 0), bins-1)
		n := 1
		for n < len(list) && min(max(int(a.at(list[n].From)*bins/100), 0), bins-1) == bin {
			n++
		}
		out = append(out, a.bin(bin, list[:n]))
		list = list[n:]
	}
	return out
}

func (a axis) bin(bin int, list []Event) Mark {
	counts := map[Class]int{}
	worst := &list[0]
	for i := range list {
		counts[list[i].Class]++
		if rank(list[i].Class) < rank(worst.Class) {
			worst = &list[i]
		}
	}
	m := Mark{X: 100 * float64(bin) / bins, Width: 100.0/bins - least/4, Class: worst.Class, Count: len(list), Share: float64(counts[worst.Class]) / float64(len(list)),
		Where: worst.Where, Text: worst.Text, Title: worst.Title}
	if len(list) > 1 {
		said := ""
		for _, c := range order {
			if n := counts[c]; n > 0 {
				if said != "" {
					said += ", "
				}
				said += fmt.Sprintf("%d %s", n, c.Words())
			}
		}
		m.Title = fmt.Sprintf("%d: %s; %s", len(list), said, worst.Title)
	}
	m.When = a.span(&Event{From: list[0].From, To: list[len(list)-1].From})
	return m
}
