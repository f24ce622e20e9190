// Package follow watches logs as they grow and says what is wrong the moment
// it begins.
//
// A Follower reads files (through hpcloud/tail, one inode at a time, so that
// no line is lost at a rotation) and pipes, feeds one Analyzer, and turns the
// changes of its report into events: an incident begins, grows, recovers; Wolf
// restarts. The report at the end is the one `analyze` gives for the same
// bytes.
package follow

import (
	"time"

	"wolfdiag/analyze/report"
)

// EventKind names an event.
type EventKind string

// The events; in NDJSON they are the value of "event".
const (
	EventIncident   EventKind = "incident" // a cause shows for the first time, or again after it had recovered
	EventUpdate     EventKind = "update"   // an open incident: more of it, more certain, recovered
	EventLifetime   EventKind = "lifetime" // Wolf started or ended
	EventNotice     EventKind = "notice"   // about the following itself: rotation, truncation, a file gone
	EventGPU        EventKind = "gpu"      // the GPU monitor crossed a threshold or went dark
	EventAction     EventKind = "action"   // a command was run, or why not; a snapshot was written
	EventReport     EventKind = "report"   // the full report, at the end or when asked
	changeMore                = "more"
	changeEscalated           = "escalation"
	changeRecovered           = "recovery"
	changeStarted             = "started"
	changeEnded               = "ended"
)

// Event is one thing to tell the operator.
type Event struct {
	Kind   EventKind `json:"event"`
	Time   time.Time `json:"time"`               // by the follower's clock
	Number int       `json:"incident,omitempty"` // of the incident, from 1
	Change string    `json:"change,omitempty"`   // of an update: more, escalation, recovery; of gpu: memory, dark, back;
	// of a lifetime: started, ended
	More     int64            `json:"more,omitempty"` // records since the last event of this incident
	Cause    *report.Cause    `json:"cause,omitempty"`
	Lifetime *report.Lifetime `json:"lifetime,omitempty"`
	GPU      *GPUState        `json:"gpu,omitempty"`
	Action   *Action          `json:"action,omitempty"`
	Report   *report.Report   `json:"report,omitempty"`
	Text     string           `json:"text"` // one line for people
}
