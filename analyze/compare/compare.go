// Package compare sets the reports on two logs side by side, one of when all was
// well and one of when it was not: what is new, gone or changed, and what of that
// chance alone may have done.
//
// It works on reports and not on logs, so that a report which was kept as JSON
// compares as well as a log does. It has no state; all its functions are safe for
// concurrent use.
package compare

import "wolfdiag/analyze/report"

// Schema identifies the JSON form of a Report.
const Schema = "wolfdiag/compare/v1"

// Verdict is the outcome in one word.
type Verdict string

// The verdicts.
const (
	Differs      Verdict = "differs"       // something that chance does not explain
	NoDifference Verdict = "no-difference" // nothing beyond chance
	NoData       Verdict = "no-data"       // one of the two holds nothing
)

// Report is the whole comparison. Slices are never nil.
type Report struct {
	Schema     string         `json:"schema"`
	Tool       report.Tool    `json:"tool"`
	Verdict    Verdict        `json:"verdict"`
	Summary    string         `json:"summary"` // what a human reads first
	Good       Side           `json:"good"`
	Bad        Side           `json:"bad"`
	Causes     CauseChanges   `json:"causes"`
	Templates  MessageChanges `json:"templates"`  // complaints and other messages, known and unknown
	Milestones MessageChanges `json:"milestones"` // what marks the way of a start or a session
	Versions   ValueChanges   `json:"versions"`   // Wolf, driver, GStreamer, kernel, image
	Setup      ValueChanges   `json:"setup"`      // the rest that is known of the deployment
	Rates      []Rate         `json:"rates"`
	Notes      []string       `json:"notes"` // what limits the comparison
}

// Side is one of the two reports in short.
type Side struct {
	Name      string         `json:"name"`
	Verdict   report.Verdict `json:"verdict"`
	Summary   string         `json:"summary"`
	Period    report.Period  `json:"period"`
	Lines     int64          `json:"lines"`
	Hours     float64        `json:"hours"`    // between the first and the last time; 0 when unknown
	Sessions  int            `json:"sessions"` // 0 when unknown
	Lifetimes int            `json:"lifetimes"`
}

// CauseChanges are the causes that differ.
type CauseChanges struct {
	New     []Cause `json:"new"`     // only in bad, most probable first
	Gone    []Cause `json:"gone"`    // only in good, most probable first
	Changed []Cause `json:"changed"` // in both, and of another weight
}

// Cause is a root cause on the two sides.
type Cause struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Good  *CauseSide `json:"good"` // null when it is not listed
	Bad   *CauseSide `json:"bad"`
	Test  *Test      `json:"test"` // of its episodes; null where there was nothing to count
}

// CauseSide is a root cause in one report.
type CauseSide struct {
	Rank        int     `json:"rank"`
	Probability float64 `json:"probability"`
	Occurrences int64   `json:"occurrences"` // episodes
}

// MessageChanges are the messages that differ.
type MessageChanges struct {
	New     []Message `json:"new"`     // only in bad, the most telling first
	Gone    []Message `json:"gone"`    // only in good
	Changed []Message `json:"changed"` // in both, at rates that chance does not explain
}

// Message is one kind of message on the two sides.
type Message struct {
	ID     string       `json:"id"`   // of the catalogue, "" for a kind that it does not know
	Role   string       `json:"role"` // cause, symptom, benign, lifecycle, milestone, or unknown
	Level  string       `json:"level"`
	Text   string       `json:"text"` // what it means, or the shape of an unknown one
	Good   Count        `json:"good"`
	Bad    Count        `json:"bad"`
	First  report.Where `json:"first"`  // in bad; in good for what is gone
	Test   *Test        `json:"test"`   // null where there was nothing to count
	Chance bool         `json:"chance"` // so few may come, or stay away, by chance
}

// Count is how often one kind of message was printed.
type Count struct {
	Messages int64 `json:"messages"`
	Bursts   int64 `json:"bursts"` // stretches of messages close in time; what the test counts
}

// ValueChanges are the versions and settings that differ.
type ValueChanges struct {
	New     []Value `json:"new"`     // known of bad only
	Gone    []Value `json:"gone"`    // known of good only
	Changed []Value `json:"changed"` // known of both
}

// Value is one version or setting on the two sides.
type Value struct {
	What string `json:"what"`
	Good string `json:"good"` // "" when unknown; several are joined by ", "
	Bad  string `json:"bad"`
}

// Rate is how often something happened on the two sides.
type Rate struct {
	Name    string `json:"name"`
	Good    int64  `json:"good"`
	Bad     int64  `json:"bad"`
	Test    *Test  `json:"test"` // null where there was nothing to count
	Changed bool   `json:"changed"`
}

// Input is a report with the name that the operator gave.
type Input struct {
	Name   string
	Report *report.Report
}

// Reports compares two reports. Cost: in proportion to what they list; of
// unknown messages, to the product of both lists, which are bounded.
func Reports(good, bad Input, tool report.Tool) *Report {
	c := &comparison{good: good.Report, bad: bad.Report}
	r := &Report{Schema: Schema, Tool: tool, Good: sideOf(good), Bad: sideOf(bad)}
	c.exposed(&r.Good, &r.Bad)
	causes := c.causes()
	messages := c.messages()
	milestones := c.milestones()
	r.Rates = c.rates()
	adjust(c.tests)
	r.Causes = causeChanges(causes)
	r.Templates = messageChanges(messages)
	r.Milestones = messageChanges(milestones)
	r.Versions, r.Setup = c.values()
	for i := range r.Rates {
		r.Rates[i].Changed = r.Rates[i].Test.differs()
	}
	r.Notes = c.notes(r)
	r.Verdict = r.verdict()
	r.Summary = r.summary()
	return r
}

// comparison is what the parts of a Report need.
type comparison struct {
	good, bad *report.Report
	session   []exposure // what complaints can be counted by
	start     []exposure // what marks of starts and sessions can be counted by
	tests     []*Test    // all of them
}

func sideOf(in Input) Side {
	r := in.Report
	s := Side{Name: in.Name, Verdict: r.Verdict, Summary: r.Summary, Period: r.Period, Lines: r.Coverage.Lines, Lifetimes: len(r.Lifetimes)}
	if r.Period.From != nil && r.Period.To != nil {
		s.Hours = max(r.Period.To.Sub(*r.Period.From).Hours(), 0)
	}
	for i := range r.Lifetimes {
		n := r.Lifetimes[i].Sessions
		if n == nil {
			s.Sessions = 0
			break
		}
		s.Sessions += *n
	}
	return s
}

// verdict: what may be chance is no difference, and neither is what only one of
// the two tells of its deployment.
func (r *Report) verdict() Verdict {
	if r.Good.Lines == 0 || r.Bad.Lines == 0 {
		return NoData
	}
	differ := len(r.Causes.New)+len(r.Causes.Gone)+len(r.Causes.Changed)+len(r.Versions.Changed)+len(r.Setup.Changed) > 0
	for _, m := range []*MessageChanges{&r.Templates, &r.Milestones} {
		differ = differ || len(m.Changed) > 0 || surely(m.New) > 0 || surely(m.Gone) > 0
	}
	for i := range r.Rates {
		differ = differ || r.Rates[i].Changed
	}
	if differ {
		return Differs
	}
	return NoDifference
}
