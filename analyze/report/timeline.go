package report

import (
	"fmt"
	"time"
)

// Session is one client's stream inside a lifetime of Wolf. Times are null where
// they are unknown.
type Session struct {
	ID       string     `json:"id"`       // "" when the log names none
	App      string     `json:"app"`      // xfce, steam, …; "" when unknown
	Client   string     `json:"client"`   // address of the client, by the order of the lines; "" when unknown
	Lifetime int        `json:"lifetime"` // index into lifetimes
	Number   int        `json:"number"`   // 1-based, inside its lifetime
	Start    *time.Time `json:"start"`
	End      *time.Time `json:"end"`     // null while it runs
	Outcome  string     `json:"outcome"` // worked, failed, running, unknown
	Cause    string     `json:"cause"`   // of its failure, by id; "" when it did not fail, or no listed cause shows in it
	First    Where      `json:"first"`
	Lines    Lines      `json:"lines"`
}

// Name is what a session is called: its id, else "1.3", the third of the first
// lifetime.
func (s *Session) Name() string {
	if s.ID != "" {
		return s.ID
	}
	return fmt.Sprintf("%d.%d", s.Lifetime+1, s.Number)
}

// The outcomes of a session.
const (
	Worked  = "worked"  // it streamed for a minute or more and ended as sessions end
	Failed  = "failed"  // a failure fell into it
	Running = "running" // it had not ended when the log did, and nothing had failed
	Unclear = "unknown" // too short to tell, or too little of it is in the log
)

// Timeline is what happened when, beside lifetimes, sessions and crashes: what a
// picture needs. It is bounded; the newest is kept.
type Timeline struct {
	Episodes []Episode `json:"episodes"` // complaints that came together, in their order
	Series   []Series  `json:"series"`   // measured values, by name
}

// Episode is a group of complaints that came together.
type Episode struct {
	Start   *time.Time `json:"start"`
	End     *time.Time `json:"end"`
	Failing bool       `json:"failing"` // something in it is a failure, and not only a warning
	Session string     `json:"session"` // that it names, "" for none
	Pattern string     `json:"pattern"` // of its first complaint
	Title   string     `json:"title"`
	Count   int64      `json:"count"` // messages
	First   Where      `json:"first"` // text is "" where the line was not kept
}

// Series is a value measured over time.
type Series struct {
	Name   string  `json:"name"`   // "GPU memory", "memory of wolf-1"
	Source string  `json:"source"` // input it comes from; of several, the first
	Unit   string  `json:"unit"`   // MiB
	Limit  float64 `json:"limit"`  // the most there is, 0 when unknown
	Points []Point `json:"points"` // in order of time; thinned out where there are many, peaks kept
}

// Point is one reading.
type Point struct {
	Time  time.Time `json:"time"`
	Value float64   `json:"value"`
}
