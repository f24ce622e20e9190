// Package fleet sets the diagnoses of many hosts side by side: which causes are
// on which hosts, what is new since an earlier report, which versions a cause
// goes with, and of which hosts little or nothing is known.
//
// A Host is a diagnosis cut down to about a kilobyte. A Report is made of Hosts
// alone, so that reports made apart can be merged: the result is that of one run.
// The package has no state; all its functions are safe for concurrent use.
package fleet

import "wolfdiag/analyze/report"

// Schema identifies the JSON form of a Report.
const Schema = "wolfdiag/fleet/v1"

// NotRead is the verdict on a host that was left out because a count of
// complaints did not stand out. It is no word on its health.
const NotRead report.Verdict = "not-read"

// Mode says how much of the logs was read.
type Mode string

// The modes.
const (
	All       Mode = "all"       // every line
	Prefilter Mode = "prefilter" // only lines that hold a literal of the catalogue or a word of complaint
	Triage    Mode = "triage"    // every line of the hosts that stand out by a count
)

// Report is the diagnosis of a fleet. Slices are never nil.
type Report struct {
	Schema   string        `json:"schema"`
	Tool     report.Tool   `json:"tool"`
	Summary  string        `json:"summary"` // what a human reads first
	Asked    string        `json:"asked"`   // the engine and the query, or "files"
	By       string        `json:"by"`      // label that tells hosts apart, "" for files
	Mode     Mode          `json:"mode"`
	Window   report.Period `json:"window"`   // that was asked for; null for files
	Hosts    []Host        `json:"hosts"`    // by name
	Causes   []CauseRow    `json:"causes"`   // that of most hosts first
	Groups   []Group       `json:"groups"`   // causes by image, driver and version
	Worst    []string      `json:"worst"`    // hosts with most to do, first
	Partial  []Partial     `json:"partial"`  // hosts of which little or nothing is known, by name
	Baseline *Baseline     `json:"baseline"` // null without one
	Notes    []string      `json:"notes"`
}

// Host is the diagnosis of one host, cut down.
type Host struct {
	Host           string         `json:"host"`
	Verdict        report.Verdict `json:"verdict"`
	Summary        string         `json:"summary"`
	Lines          int64          `json:"lines"`    // that there are
	Read           int64          `json:"read"`     // of them
	Complete       bool           `json:"complete"` // all that there is was read, or all that the mode asks for
	Why            string         `json:"why"`      // it is not complete, "" when it is
	Failed         bool           `json:"failed"`   // something could not be read, against our will
	Complaints     int64          `json:"complaints"`
	Unexplained    int64          `json:"unexplained"`
	Causes         []Cause        `json:"causes"` // best first
	Sessions       *int           `json:"sessions"`
	SessionsFailed int            `json:"sessions_failed"`
	Period         report.Period  `json:"period"`
	Versions       []Version      `json:"versions"`
	New            []string       `json:"new"`  // causes that the baseline does not have here
	Gone           []string       `json:"gone"` // causes of the baseline that are no longer here
}

// Cause is a cause on one host.
type Cause struct {
	ID          string  `json:"id"`
	Title       string  `json:"title"`
	Probability float64 `json:"probability"`
	Episodes    int64   `json:"episodes"`
	// SessionsFailed is how many sessions its evidence names, at least one for
	// each episode.
	SessionsFailed int           `json:"sessions_failed"`
	Seen           report.Period `json:"seen"`
}

// found reports whether a cause counts as found, and not only as possible.
func (c *Cause) found() bool { return c.Probability >= report.FoundAt }

// Version is one thing that is known of a host's deployment.
type Version struct {
	What  string `json:"what"` // image, Wolf, NVIDIA driver, …
	Value string `json:"value"`
}

// CauseRow is a cause over the fleet.
type CauseRow struct {
	ID             string        `json:"id"`
	Title          string        `json:"title"`
	Hosts          int           `json:"hosts"`    // on which it was found
	Possible       int           `json:"possible"` // others, on which it is possible
	SessionsFailed int           `json:"sessions_failed"`
	New            *int          `json:"new"`  // hosts that did not have it in the baseline; null without one
	Gone           *int          `json:"gone"` // hosts that no longer have it
	Seen           report.Period `json:"seen"`
	HostNames      []string      `json:"host_names"` // on which it was found
}

// Group is how often a cause is found on the hosts that share a version.
type Group struct {
	What  string `json:"what"`
	Value string `json:"value"`
	Cause string `json:"cause"`
	Hosts int    `json:"hosts"` // with the version, as far as it is known
	With  int    `json:"with"`  // of them with the cause
	// Low and High bound the share of such hosts, with 95 % confidence.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Partial names a host of which little or nothing is known.
type Partial struct {
	Host string `json:"host"`
	Why  string `json:"why"`
}

// Baseline is the report that this one is compared with.
type Baseline struct {
	Window report.Period `json:"window"`
	Hosts  int           `json:"hosts"`
}

// foundOn are the ids of the causes that are found on a host.
func foundOn(h *Host) []string {
	var out []string
	for i := range h.Causes {
		if h.Causes[i].found() {
			out = append(out, h.Causes[i].ID)
		}
	}
	return out
}
