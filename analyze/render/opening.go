package render

import (
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// opening is how a report begins, the same in all formats: why the first cause
// is the first, the command that decides and what its output means.
type opening struct {
	reasons []reason
	run     *report.Decision // nil without one
	means   []string         // what the output of run means, a clause each
	look    *report.Template // the complaint to look at first where no cause was found; nil without lines around it
	next    []string         // what to do then
}

// reason is one thing that speaks for a cause.
type reason struct {
	title string // what it means
	at    string // where it stands, "" for a fact of no place
	text  string // the message itself, "" for a fact
	count int64
}

const maxReasons = 2

// openingOf makes the opening of a report.
func openingOf(r *report.Report, n names) opening {
	o := opening{run: r.Decide}
	if len(r.Causes) > 0 {
		o.reasons = reasonsOf(n, &r.Causes[0])
	}
	if r.Decide != nil {
		o.means = means(r)
	}
	o.next = r.Next
	if len(r.Unexplained) > 0 && len(r.Unexplained[0].Around) > 0 {
		o.look = &r.Unexplained[0]
	}
	return o
}

// reasonsOf are what speaks for a cause, the strongest first.
func reasonsOf(n names, c *report.Cause) []reason {
	var out []reason
	for _, e := range c.Evidence {
		if e.Weight <= 0 {
			break
		}
		q := reason{title: clean(e.Title), count: e.Count}
		if e.First.Line > 0 {
			q.at, q.text = n.at(e.First), clean(e.First.Text)
		}
		out = append(out, q)
	}
	return out
}

// String names the reason and where it stands.
func (q reason) String() string {
	switch {
	case q.at != "" && q.count > 1:
		return fmt.Sprintf("%s (%s times, from %s)", q.title, report.Count(q.count), q.at)
	case q.at != "":
		return fmt.Sprintf("%s (%s)", q.title, q.at)
	}
	return q.title
}

// quotes are the reasons at different places, at most so many: what a reader
// would find in the log.
func (o opening) quotes(most int) []reason {
	var out []reason
	for _, q := range o.reasons {
		if len(out) < most && (q.at == "" || !slices.ContainsFunc(out, func(o reason) bool { return o.at == q.at })) {
			out = append(out, q)
		}
	}
	return out
}

// lines are those around the complaint to look at first, itself marked.
func (o opening) lines() []string {
	if o.look == nil {
		return nil
	}
	var out []string
	for _, l := range o.look.Around {
		mark := " "
		if l.Line == o.look.First.Line {
			mark = ">"
		}
		out = append(out, fmt.Sprintf("%s %d  %s", mark, l.Line, clean(l.Text)))
	}
	return out
}

// because are the reasons in words.
func (o opening) because() []string {
	var out []string
	for _, q := range o.reasons[:min(len(o.reasons), maxReasons)] {
		out = append(out, q.String())
	}
	return out
}

// means says what the output of the deciding command speaks for.
func means(r *report.Report) []string {
	d := r.Decide
	if d.Says == "" {
		return nil
	}
	title := func(id string) string {
		for i := range r.Causes {
			if r.Causes[i].ID == id {
				return clean(r.Causes[i].Title)
			}
		}
		return id
	}
	says := clean(strings.TrimSuffix(d.Says, "."))
	if d.Else == "" {
		return []string{"→ " + says}
	}
	return []string{"if it shows: " + says + " → " + title(d.Then), "else → " + title(d.Else)}
}
