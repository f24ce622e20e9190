package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/report"
)

// About is what a Report says of itself beside its hosts.
type About struct {
	Tool   report.Tool
	Asked  string
	By     string
	Mode   Mode
	Window report.Period
	Notes  []string
}

// Assemble makes a report of hosts, in any order. baseline is an earlier report,
// or nil. A host that stands there twice counts once: as the one of which more
// was read.
func Assemble(about About, hosts []Host, baseline *Report) *Report {
	r := &Report{Schema: Schema, Tool: about.Tool, Asked: about.Asked, By: about.By, Mode: about.Mode, Window: about.Window,
		Causes: []CauseRow{}, Groups: []Group{}, Worst: []string{}, Partial: []Partial{}, Notes: append([]string{}, about.Notes...)}
	r.Hosts = r.once(hosts)
	r.since(baseline)
	for i := range r.Hosts {
		h := &r.Hosts[i]
		h.Causes, h.Versions, h.New, h.Gone = filled(h.Causes), filled(h.Versions), filled(h.New), filled(h.Gone)
		if h.Why != "" || !h.Complete {
			r.Partial = append(r.Partial, Partial{Host: h.Host, Why: cmp.Or(h.Why, "not all of it was read")})
		}
	}
	r.causes()
	r.groups()
	r.worst()
	r.Summary = r.summary()
	return r
}

// filled is a list that JSON shows as [].
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// once sorts the hosts by name and leaves out those that stand there twice.
func (r *Report) once(hosts []Host) []Host {
	out := slices.Clone(hosts)
	slices.SortFunc(out, func(a, b Host) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), -cmp.Compare(score(&a), score(&b)), -cmp.Compare(a.Read, b.Read), cmp.Compare(a.Summary, b.Summary))
	})
	twice := 0
	out = slices.CompactFunc(out, func(a, b Host) bool {
		if a.Host == b.Host {
			twice++
		}
		return a.Host == b.Host
	})
	if twice > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s in more than one of the records, and %s once", report.Plural(int64(twice), "host stands", "hosts stand"), plural(twice, "counts", "count")))
	}
	return filled(out)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// score tells a host that was read from one that was not.
func score(h *Host) int {
	switch {
	case h.Complete:
		return 2
	case h.Read > 0:
		return 1
	}
	return 0
}

// since compares with an earlier report. Of a host that was not read whole
// nobody can say what is gone; a host that is missing now is named.
func (r *Report) since(baseline *Report) {
	if baseline == nil {
		for i := range r.Hosts {
			r.Hosts[i].New, r.Hosts[i].Gone = nil, nil
		}
		return
	}
	r.Baseline = &Baseline{Window: baseline.Window, Hosts: len(baseline.Hosts)}
	before := map[string]*Host{}
	for i := range baseline.Hosts {
		before[baseline.Hosts[i].Host] = &baseline.Hosts[i]
	}
	for i := range r.Hosts {
		h := &r.Hosts[i]
		h.New, h.Gone = nil, nil
		old := before[h.Host]
		delete(before, h.Host)
		var was, is []string
		if old != nil {
			was = foundOn(old)
		}
		is = foundOn(h)
		for _, id := range is {
			if !slices.Contains(was, id) {
				h.New = append(h.New, id)
			}
		}
		for _, id := range was {
			if h.Complete && !slices.Contains(is, id) {
				h.Gone = append(h.Gone, id)
			}
		}
	}
	for name := range before {
		r.Hosts = append(r.Hosts, Silent(name, "was in the baseline, and has no record now"))
	}
	slices.SortFunc(r.Hosts, func(a, b Host) int { return cmp.Compare(a.Host, b.Host) })
}

// causes counts the causes over the hosts.
func (r *Report) causes() {
	rows := map[string]*CauseRow{}
	row := func(id, title string) *CauseRow {
		c := rows[id]
		if c == nil {
			c = &CauseRow{ID: id, HostNames: []string{}}
			if r.Baseline != nil {
				c.New, c.Gone = new(int), new(int)
			}
			rows[id] = c
		}
		c.Title = cmp.Or(c.Title, title)
		return c
	}
	for i := range r.Hosts {
		h := &r.Hosts[i]
		for k := range h.Causes {
			c := &h.Causes[k]
			if c.Probability < possibleAt {
				continue // a rival of another
			}
			x := row(c.ID, c.Title)
			if !c.found() {
				x.Possible++
				continue
			}
			x.Hosts++
			x.HostNames = append(x.HostNames, h.Host)
			x.SessionsFailed += c.SessionsFailed
			x.Seen = joined(x.Seen, c.Seen)
		}
		for _, id := range h.New {
			*row(id, "").New++
		}
		for _, id := range h.Gone {
			*row(id, "").Gone++
		}
	}
	for _, c := range rows {
		c.Title = cmp.Or(c.Title, c.ID)
		r.Causes = append(r.Causes, *c)
	}
	slices.SortFunc(r.Causes, func(a, b CauseRow) int {
		return cmp.Or(-cmp.Compare(a.Hosts, b.Hosts), -cmp.Compare(a.SessionsFailed, b.SessionsFailed), -cmp.Compare(a.Possible, b.Possible), cmp.Compare(a.ID, b.ID))
	})
}

// possibleAt is the probability from which a cause is worth acting on.
const possibleAt = 0.25

// joined is the span of time that holds both.
func joined(a, b report.Period) report.Period {
	if b.From != nil && (a.From == nil || b.From.Before(*a.From)) {
		a.From = b.From
	}
	if b.To != nil && (a.To == nil || b.To.After(*a.To)) {
		a.To = b.To
	}
	return a
}

// mostWorst is how many hosts are named as the worst.
const mostWorst = 10

// Worse orders hosts: that with most failed sessions comes first, then that with
// more causes, the likelier ones, more complaints; then by name.
func Worse(a, b *Host) int {
	first := func(h *Host) float64 {
		if len(h.Causes) == 0 {
			return 0
		}
		return h.Causes[0].Probability
	}
	return cmp.Or(-cmp.Compare(a.SessionsFailed, b.SessionsFailed), -cmp.Compare(len(foundOn(a)), len(foundOn(b))),
		-cmp.Compare(first(a), first(b)), -cmp.Compare(a.Complaints, b.Complaints), cmp.Compare(a.Host, b.Host))
}

// worst names the hosts that have a cause, the worst first.
func (r *Report) worst() {
	var list []*Host
	for i := range r.Hosts {
		if h := &r.Hosts[i]; len(foundOn(h)) > 0 {
			list = append(list, h)
		}
	}
	slices.SortFunc(list, Worse)
	for _, h := range list[:min(len(list), mostWorst)] {
		r.Worst = append(r.Worst, h.Host)
	}
}

// summary is the sentence a reader sees first.
func (r *Report) summary() string {
	count := map[report.Verdict]int{}
	failed := 0
	for i := range r.Hosts {
		count[r.Hosts[i].Verdict]++
		failed += r.Hosts[i].SessionsFailed
	}
	all := report.Plural(int64(len(r.Hosts)), "host", "hosts")
	if len(r.Hosts) == 0 {
		return "No host was found."
	}
	var parts []string
	if n := count[report.CauseFound]; n > 0 {
		s := fmt.Sprintf("%d of %s %s a cause", n, all, plural(n, "shows", "show"))
		if c := &r.Causes[0]; c.Hosts > 0 {
			s += fmt.Sprintf(", most of all: %s (%s)", c.Title, report.Plural(int64(c.Hosts), "host", "hosts"))
		}
		if failed > 0 {
			s += fmt.Sprintf("; at least %s failed", report.Plural(int64(failed), "session", "sessions"))
		}
		parts = append(parts, s)
	} else {
		parts = append(parts, fmt.Sprintf("No cause was found on %s", all))
	}
	for _, v := range []struct {
		verdict report.Verdict
		words   string
	}{{report.PossibleCause, "with a possible cause"}, {report.UnexplainedErrors, "with errors that are not explained"}} {
		if n := count[v.verdict]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.words))
		}
	}
	if n := len(r.Partial); n > 0 {
		parts = append(parts, fmt.Sprintf("of %d little or nothing is known", n))
	}
	if r.Baseline != nil {
		fresh, gone := 0, 0
		for i := range r.Hosts {
			fresh += len(r.Hosts[i].New)
			gone += len(r.Hosts[i].Gone)
		}
		parts = append(parts, fmt.Sprintf("since the baseline %d new, %d gone", fresh, gone))
	}
	return strings.Join(parts, "; ") + "."
}

// Failed reports whether any host could not be read whole, against our will.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Hosts, func(h Host) bool { return h.Failed })
}

// Found reports whether a cause was found on any host.
func (r *Report) Found() bool {
	return slices.ContainsFunc(r.Hosts, func(h Host) bool { return h.Verdict == report.CauseFound })
}

// Merge makes one report of several, as one run over all their hosts would have
// made it.
func Merge(parts []*Report, baseline *Report) *Report {
	about := About{Mode: All}
	var hosts []Host
	var asked, by, modes []string
	var version []string
	for i, p := range parts {
		if i == 0 {
			about.Tool = p.Tool
		}
		version = append(version, p.Tool.Version+" "+p.Tool.Catalogue)
		asked, by, modes = append(asked, p.Asked), append(by, p.By), append(modes, string(p.Mode))
		about.Window = joined(about.Window, p.Window)
		for _, n := range p.Notes {
			if !slices.Contains(about.Notes, n) {
				about.Notes = append(about.Notes, n)
			}
		}
		hosts = append(hosts, p.Hosts...)
	}
	about.Asked, about.By, about.Mode = distinct(asked), distinct(by), Mode(distinct(modes))
	if len(parts) > 0 && distinct(version) != version[0] {
		about.Notes = append(about.Notes, "the records were made by different versions of wolfdiag or of its catalogue: "+distinct(version))
	}
	return Assemble(about, hosts, baseline)
}

// distinct lists what differs.
func distinct(list []string) string {
	out := slices.Clone(list)
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// silentSince reports whether a period ends long before the window does: the host may
// have fallen silent. half of the window is long.
func silentSince(window report.Period, last time.Time) bool {
	if window.From == nil || window.To == nil || last.IsZero() {
		return false
	}
	return window.To.Sub(last) > window.To.Sub(*window.From)/2
}

// FellSilent marks a host whose last record lies long before the end of what
// was asked for.
func (h *Host) FellSilent(window report.Period, last time.Time) {
	if silentSince(window, last) && h.Why == "" {
		h.Why = "no record since " + last.UTC().Format(time.DateTime) + " UTC"
	}
}
