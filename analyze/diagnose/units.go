package diagnose

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"wolfdiag/patterns"
)

// Run is a stretch of matches of one pattern that came close together.
type Run struct {
	Pattern  string
	Lifetime int       // index of the lifetime, -1 when it belongs to none
	Time     time.Time // first match; zero when unknown
	End      time.Time // last match; zero when unknown
	Count    int64
	Session  string
}

// Fact is a snapshot or timeline fact, as a pseudo-pattern.
type Fact struct {
	ID       string // starts with patterns.FactPrefix
	Lifetime int    // the lifetime it speaks of, -1 for all
}

// Episode is a group of complaints that came together.
type Episode struct {
	First, Last int // indexes of the first and last run
	Lifetime    int
	Time        time.Time // zero when unknown
	Failing     bool      // something in it is a failure, not only a warning
	Session     string
}

const (
	episodeGap = 30 * time.Second // between complaints of one episode
	unitGap    = 10 * time.Minute // between episodes that are judged together
)

// observed is one pattern as a unit shows it.
type observed struct {
	id      string
	count   int64
	order   float64 // seconds after the unit's first complaint
	last    int     // index of its last run, -1 for a fact
	undated bool    // order is not known
	context bool    // seen earlier in the same lifetime, not in the unit itself
}

// unit is what is judged together: episodes close in time inside one lifetime.
type unit struct {
	lifetime int
	seen     []observed
	runs     []int // indexes of its runs
}

// places are where in the seen of a unit patterns stand, while some are added. The
// zero value is ready, for one unit after the other.
type places struct {
	of *unit
	at map[string]int
}

func (m *Model) complains(id string) bool {
	switch m.role(id) {
	case patterns.RoleCause, patterns.RoleSymptom:
		return true
	case patterns.RoleReading:
		return !m.ablation.NoReading
	}
	return false
}

// Episodes groups runs, which must be in order, into episodes. Runs of benign
// and lifecycle patterns take no part.
func (m *Model) Episodes(runs []Run) []Episode {
	var out []Episode
	var end time.Time
	for i := range runs {
		r := &runs[i]
		if !m.complains(r.Pattern) {
			continue
		}
		if n := len(out); n == 0 || out[n-1].Lifetime != r.Lifetime || apart(end, r.Time, episodeGap) {
			out = append(out, Episode{First: i, Lifetime: r.Lifetime, Time: r.Time})
			end = time.Time{}
		}
		e := &out[len(out)-1]
		e.Last = i
		if e.Session == "" {
			e.Session = r.Session
		}
		if p := m.patterns[r.Pattern]; p != nil && p.Role != patterns.RoleReading && (p.Severity == "error" || p.Severity == "fatal") {
			e.Failing = true
		}
		end = latest(end, r.Time, r.End)
	}
	return out
}

// apart reports whether two known times are further apart than gap; unknown
// times are never apart.
func apart(a, b time.Time, gap time.Duration) bool {
	return !a.IsZero() && !b.IsZero() && b.Sub(a) > gap
}

func latest(ts ...time.Time) time.Time {
	var l time.Time
	for _, t := range ts {
		if t.After(l) {
			l = t
		}
	}
	return l
}

// units groups episodes into what is judged together.
func (m *Model) units(runs []Run, episodes []Episode, facts []Fact) []unit {
	var out []unit
	var at places
	var end time.Time
	var start time.Time
	for _, e := range episodes {
		n := len(out)
		first := n == 0
		if !first && !m.ablation.NoLifetimes {
			first = out[n-1].lifetime != e.Lifetime || apart(end, e.Time, unitGap)
		}
		if first {
			out = append(out, unit{lifetime: e.Lifetime})
			start, end = e.Time, time.Time{}
		}
		u := &out[len(out)-1]
		for i := e.First; i <= e.Last; i++ {
			r := &runs[i]
			if !m.complains(r.Pattern) || (r.Lifetime != e.Lifetime && !m.ablation.NoLifetimes) {
				continue
			}
			u.runs = append(u.runs, i)
			o := observed{id: r.Pattern, count: r.Count, last: i, undated: start.IsZero() || r.Time.IsZero()}
			if !o.undated {
				o.order = r.Time.Sub(start).Seconds()
			}
			u.add(o, &at)
			end = latest(end, r.Time, r.End)
		}
	}
	m.addContext(out, &at)
	if !m.ablation.NoFacts {
		out = m.factUnits(out, facts)
		for i := range out {
			for _, f := range facts {
				if f.Lifetime < 0 || f.Lifetime == out[i].lifetime {
					out[i].add(observed{id: f.ID, count: 1, last: -1, undated: true}, &at)
				}
			}
		}
	}
	for i := range out {
		slices.SortFunc(out[i].seen, func(a, b observed) int { return strings.Compare(a.id, b.id) })
	}
	return out
}

// factUnits adds a unit for a lifetime that nothing complains in, when a fact
// alone names a cause: a client that comes back every few seconds leaves no
// line that is wrong by itself, and nvidia-smi may know of a driver that the
// log has not asked yet. A fact of no lifetime gets a unit of its own only
// when there is no other to judge it in.
func (m *Model) factUnits(units []unit, facts []Fact) []unit {
	judged := map[int]bool{}
	for i := range units {
		judged[units[i].lifetime] = true
	}
	for _, f := range facts {
		if judged[f.Lifetime] || !m.decisive[f.ID] || f.Lifetime < 0 && len(units) > 0 {
			continue
		}
		judged[f.Lifetime] = true
		units = append(units, unit{lifetime: f.Lifetime})
	}
	return units
}

// add merges an observation into the unit, keeping the earliest order.
func (u *unit) add(o observed, at *places) {
	i := at.place(u, o.id)
	if i < 0 {
		if at.of == u {
			at.at[o.id] = len(u.seen)
		}
		u.seen = append(u.seen, o)
		return
	}
	s := &u.seen[i]
	s.count += o.count
	s.last = max(s.last, o.last)
	if !o.undated && (s.undated || o.order < s.order) {
		s.order, s.undated = o.order, false
	}
	s.context = s.context && o.context
}

// few is how many patterns are gone through faster than looked up.
const few = 8

// place is where in the seen of a unit a pattern stands, -1 when it does not.
func (p *places) place(u *unit, id string) int {
	if len(u.seen) <= few {
		return slices.IndexFunc(u.seen, func(s observed) bool { return s.id == id })
	}
	if p.of != u {
		if p.at == nil {
			p.at = map[string]int{}
		}
		clear(p.at)
		p.of = u
		for i := range u.seen {
			p.at[u.seen[i].id] = i
		}
	}
	if i, ok := p.at[id]; ok {
		return i
	}
	return -1
}

// addContext carries direct evidence of causes forward inside a lifetime: a
// GPU that fell off the bus an hour ago still explains the failure of now.
func (m *Model) addContext(units []unit, at *places) {
	if m.ablation.NoLifetimes {
		return
	}
	type past struct { // of a lifetime
		seen map[string]bool
		list []string // in the order of their coming
	}
	lifetimes := map[int]*past{}
	for i := range units {
		u := &units[i]
		before := lifetimes[u.lifetime]
		if before == nil {
			before = &past{seen: map[string]bool{}}
			lifetimes[u.lifetime] = before
		}
		own := u.seen
		for _, id := range before.list {
			u.add(observed{id: id, order: longAgo, last: -1, context: true}, at)
		}
		for k := range own {
			if id := own[k].id; !before.seen[id] && m.role(id) == patterns.RoleCause {
				before.seen[id] = true
				before.list = append(before.list, id)
			}
		}
	}
}

// longAgo is the order of what was seen earlier in a lifetime.
const longAgo = -3600

// key appends to b what identifies what a unit shows, as far as inference looks: units of one key are
// judged once. Of the order that is which patterns stand further apart than
// lateSeconds; of what worked afterwards, how many sessions count.
func (u *unit) key(b []byte, c *Circumstances) []byte {
	near := u.near()
	for i := range u.seen {
		s := &u.seen[i]
		b = append(b, s.id...)
		if s.context {
			b = append(b, '*')
		}
		switch {
		case s.undated:
			b = append(b, '@')
		case near && s.order != longAgo:
			b = append(b, '~')
		default:
			b = strconv.AppendFloat(append(b, '='), s.order, 'g', -1, 64)
		}
		if c != nil && s.last >= 0 {
			b = append(b, '#', '0'+byte(c.workedAfter(u.lifetime, s.last)))
		}
		b = append(b, ' ')
	}
	return b
}

// near reports whether all that is dated, but for what was long ago, stands so close
// together that no order counts in it.
func (u *unit) near() bool {
	first, last := math.Inf(1), math.Inf(-1)
	for i := range u.seen {
		if s := &u.seen[i]; !s.undated && s.order != longAgo {
			first, last = min(first, s.order), max(last, s.order)
		}
	}
	return first > longAgo+lateSeconds && last-first <= lateSeconds && last <= first+lateSeconds
}
