// Package event holds what a follower tells, as plain data: one object a line
// with --format json. Keys may be added; none is removed or renamed.
package event

import (
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/report"
)

// Kind names an event.
type Kind string

// The events; in NDJSON they are the value of "event".
const (
	KindIncident Kind = "incident" // a cause shows for the first time, or again after it had recovered
	KindUpdate   Kind = "update"   // an open incident: more of it, more certain, recovered
	KindLifetime Kind = "lifetime" // Wolf started or ended
	KindNotice   Kind = "notice"   // about the following itself: rotation, truncation, a file gone
	KindGap      Kind = "gap"      // a part of a log was not read, and why
	KindGPU      Kind = "gpu"      // the GPU monitor crossed a threshold or went dark
	KindAction   Kind = "action"   // a command was run, or why not; a snapshot was written
	KindReport   Kind = "report"   // the full report, at the end or when asked
)

// The changes that an event may tell of.
const (
	More      = "more"       // update: more of it
	Escalated = "escalation" // update: it has become more probable
	Recovered = "recovery"   // update: quiet, or ended by a restart
	Started   = "started"    // lifetime
	Ended     = "ended"      // lifetime
	GPUMemory = "memory"     // gpu: above the threshold
	GPUDark   = "dark"       // gpu: no answer
	GPUBack   = "back"       // gpu: an answer again, or below the threshold again
)

// Event is one thing to tell the operator.
type Event struct {
	Kind     Kind             `json:"event"`
	Time     time.Time        `json:"time"`               // by the follower's clock
	Number   int              `json:"incident,omitempty"` // of the incident, from 1
	Change   string           `json:"change,omitempty"`   // of an update, a lifetime, the GPU
	More     int64            `json:"more,omitempty"`     // records since the last event of this incident
	Cause    *report.Cause    `json:"cause,omitempty"`
	Lifetime *report.Lifetime `json:"lifetime,omitempty"`
	GPU      *GPU             `json:"gpu,omitempty"`
	Action   *Action          `json:"action,omitempty"`
	Gap      *account.Gap     `json:"gap,omitempty"`
	Files    []account.File   `json:"files,omitempty"` // of a report: what became of each source
	Report   *report.Report   `json:"report,omitempty"`
	Text     string           `json:"text"` // one line for people
}

// Subject is what an action on the event is about: the id of its cause, or
// gpu-memory, gpu-dark.
func (e *Event) Subject() string {
	if e.Cause == nil {
		return "gpu-" + e.Change
	}
	return e.Cause.ID
}

// Probability is that of the cause; 1 for what is not a matter of belief.
func (e *Event) Probability() float64 {
	if e.Cause == nil {
		return 1
	}
	return e.Cause.Probability
}

// GPU is the last that is known of the GPU.
type GPU struct {
	Time        time.Time `json:"time"`
	Used        float64   `json:"used_mib"`
	Total       float64   `json:"total_mib"`
	High        bool      `json:"high"`
	Dark        bool      `json:"dark"` // the monitor says nothing, or that it cannot
	DarkBecause string    `json:"dark_because,omitempty"`
}

// Action is what was done about an incident.
type Action struct {
	Incident int      `json:"incident"`
	Cause    string   `json:"cause"`
	Outcome  string   `json:"outcome"` // done, failed, timeout, skipped, dry-run, snapshot
	Command  []string `json:"command,omitempty"`
	ExitCode *int     `json:"exit_code,omitempty"`
	Seconds  float64  `json:"seconds,omitempty"`
	Snapshot string   `json:"snapshot,omitempty"`
	Output   string   `json:"output,omitempty"` // the end of what the command printed
}
