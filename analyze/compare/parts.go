package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// causes pairs the causes of the two reports.
func (c *comparison) causes() []Cause {
	var out []Cause
	sideOf := func(k *report.Cause) *CauseSide {
		return &CauseSide{Rank: k.Rank, Probability: k.Probability, Occurrences: k.Occurrences}
	}
	for i := range c.bad.Causes {
		k := &c.bad.Causes[i]
		out = append(out, Cause{ID: k.ID, Title: k.Title, Bad: sideOf(k)})
	}
	for i := range c.good.Causes {
		k := &c.good.Causes[i]
		at := slices.IndexFunc(out, func(x Cause) bool { return x.ID == k.ID })
		if at < 0 {
			out = append(out, Cause{ID: k.ID, Title: k.Title})
			at = len(out) - 1
		}
		out[at].Good = sideOf(k)
	}
	for i := range out {
		out[i].Test = c.test(out[i].Good.episodes(), out[i].Bad.episodes(), c.session)
	}
	return out
}

func (s *CauseSide) episodes() int64 {
	if s == nil {
		return 0
	}
	return s.Occurrences
}

// The classes of a cause's probability, as verdicts have them.
const (
	likely   = 0.5
	possible = 0.25
)

func class(p float64) int {
	switch {
	case p >= likely:
		return 2
	case p >= possible:
		return 1
	}
	return 0
}

func causeChanges(list []Cause) CauseChanges {
	out := CauseChanges{New: []Cause{}, Gone: []Cause{}, Changed: []Cause{}}
	for _, k := range list {
		switch {
		case k.Good == nil:
			out.New = append(out.New, k)
		case k.Bad == nil:
			out.Gone = append(out.Gone, k)
		case class(k.Good.Probability) != class(k.Bad.Probability), k.Test.differs():
			out.Changed = append(out.Changed, k)
		}
	}
	probability := func(k *Cause) float64 {
		if k.Bad != nil {
			return k.Bad.Probability
		}
		return k.Good.Probability
	}
	for _, l := range [][]Cause{out.New, out.Gone, out.Changed} {
		slices.SortStableFunc(l, func(a, b Cause) int {
			return cmp.Or(cmp.Compare(probability(&b), probability(&a)), cmp.Compare(a.ID, b.ID))
		})
	}
	return out
}

// versionOf begins what a report knows of versions.
const versionOf = "version of "

// values pairs what is known of the deployments: versions and images, and the
// rest. The name of Wolf's container and the place a fact comes from say nothing.
func (c *comparison) values() (versions, rest ValueChanges) {
	known := func(r *report.Report) map[string]string {
		out := map[string]string{}
		for _, k := range r.Setup.Known {
			switch {
			case k.What == "wolf":
			case out[k.What] == "":
				out[k.What] = k.Value
			case !slices.Contains(strings.Split(out[k.What], ", "), k.Value):
				out[k.What] += ", " + k.Value
			}
		}
		return out
	}
	good, bad := known(c.good), known(c.bad)
	var names []string
	for _, m := range []map[string]string{good, bad} {
		for name := range m {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	empty := func() ValueChanges { return ValueChanges{New: []Value{}, Gone: []Value{}, Changed: []Value{}} }
	versions, rest = empty(), empty()
	for _, name := range names {
		v := Value{What: name, Good: good[name], Bad: bad[name]}
		list := &rest
		if what, ok := strings.CutPrefix(name, versionOf); ok || name == "image" {
			list, v.What = &versions, what
		}
		switch {
		case v.Good == v.Bad:
		case v.Good == "":
			list.New = append(list.New, v)
		case v.Bad == "":
			list.Gone = append(list.Gone, v)
		default:
			list.Changed = append(list.Changed, v)
		}
	}
	return versions, rest
}

// rates counts what happens to Wolf and its sessions.
func (c *comparison) rates() []Rate {
	out := []Rate{}
	add := func(name string, by []exposure, count func(*report.Report) int64) {
		r := Rate{Name: name, Good: count(c.good), Bad: count(c.bad)}
		r.Test = c.test(r.Good, r.Bad, by)
		out = append(out, r)
	}
	var hours []exposure
	for _, e := range c.session {
		if e.per == "hour" {
			hours = append(hours, e)
		}
	}
	lives := func(of func(*report.Lifetime) int) func(*report.Report) int64 {
		return func(r *report.Report) int64 {
			n := 0
			for i := range r.Lifetimes {
				n += of(&r.Lifetimes[i])
			}
			return int64(n)
		}
	}
	add("failures", c.session, lives(func(l *report.Lifetime) int { return l.Failures }))
	add("restarts of Wolf", hours, func(r *report.Report) int64 { // not the first start: whoever copied the log let it begin there
		return int64(max(len(r.Lifetimes)-1, 0))
	})
	add("ends by a crash", c.session, lives(func(l *report.Lifetime) int {
		if l.EndKind == "crash" {
			return 1
		}
		return 0
	}))
	add("bursts of complaints that nothing explains", c.session, func(r *report.Report) (n int64) {
		for _, t := range unknown(r) {
			n += counted(t.Count, t.Bursts).Bursts
		}
		return n
	})
	return out
}

// listed is how many unknown messages a report lists at the most.
const listed = 200

func (c *comparison) notes(r *Report) []string {
	out := []string{}
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if g, b := c.good.Tool.Catalogue, c.bad.Tool.Catalogue; g != b {
		say("the reports were made with catalogues %s and %s: what one of them does not know may seem new or gone", g, b)
	}
	for _, side := range []struct {
		s *Side
		r *report.Report
	}{{&r.Good, c.good}, {&r.Bad, c.bad}} {
		if side.r.Partial {
			say("%s was not read to its end", side.s.Name)
		}
		if len(side.r.Unexplained) >= listed {
			say("%s holds more kinds of unknown messages than are listed: what seems new or gone may be among the others", side.s.Name)
		}
		if side.s.Sessions == 0 && side.s.Lines > 0 {
			say("the number of sessions in %s is not known: nothing is counted by session", side.s.Name)
		}
		if side.s.Hours == 0 && side.s.Lines > 0 {
			say("the time that %s covers is not known: nothing is counted by hour", side.s.Name)
		}
	}
	if n := len(c.tests); n > 0 {
		say("%s: what is called changed is beyond chance (one false call in twenty) and differs by half at the least; messages close in time count once", report.Plural(int64(n), "comparison of rates", "comparisons of rates"))
	}
	return out
}
