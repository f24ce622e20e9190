package correlate

import (
	"slices"

	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Circumstances are what the meaning of a complaint depends on. Times must be
// set; the others may be nil, and then nothing is ordinary because of them.
type Circumstances struct {
	Times    *timeline.Timeline
	Setup    *setup.Setup
	Outcomes *outcome.Outcomes
	Outside  func(timeline.Reading) bool // of the window asked for
	// Related reports whether one cause could account for both of two patterns, by
	// id; nil: any could.
	Related func(complaint, beside string) bool
	// Stops reports whether all that a pattern, by id, can be evidence of keeps a
	// program from running at all; nil: of none.
	Stops func(pattern string) bool
	// Hangs reports whether a pattern, by id, can be evidence of what programs wait
	// for instead of ending, such as a display; nil: of nothing.
	Hangs   func(pattern string) bool
	Foreign bool // the log is of other software: only what is about Wolf's counts
	NoPhase bool // no condition on a phase holds
}

// Breaks lists the lines that say that a session broke.
func (t *Runs) Breaks() []outcome.Breaks {
	var out []outcome.Breaks
	for i := range t.list {
		if q := &t.list[i]; t.all[q.Pattern].Breaks {
			out = append(out, outcome.Breaks{Reading: q.First, Session: q.Session})
		}
	}
	return out
}

// Watched tells, by Pattern.Index, at which patterns the conditions of others
// look: their matches are kept as runs, whatever their role.
func Watched(all []*patterns.Pattern) []bool {
	named := named(all)
	out := make([]bool, len(all))
	for _, p := range all {
		out[p.Index] = named[p.ID]
	}
	return out
}

// named lists the patterns at which conditions look.
func named(all []*patterns.Pattern) map[string]bool {
	out := map[string]bool{}
	for _, p := range all {
		for i := range p.Ordinary {
			for _, id := range p.Ordinary[i].Names() {
				out[id] = true
			}
		}
	}
	return out
}

// findOrdinary tells which runs are what a working deployment prints too, and which
// of these are so for nothing but a session that worked.
func (t *Runs) findOrdinary(c *Circumstances, placed []ends) (out, asWorked []bool) {
	out, asWorked = make([]bool, len(t.list)), make([]bool, len(t.list))
	t.findComplaints()
	around := &surroundings{Circumstances: c, placed: placed, places: t.places(), counts: t.counts(), ending: t.ending(), related: map[about]bool{}}
	pass := func(alone bool) {
		for i := range t.list {
			q := &t.list[i]
			for _, k := range t.all[q.Pattern].Ordinary {
				if k.Alone == alone && t.holds(&k, i, around) {
					asWorked[i] = k.Worked && (asWorked[i] || !out[i])
					out[i] = true
				}
			}
		}
	}
	for i := range t.list {
		out[i] = t.survived(&t.list[i], c) || t.notWolfs(&t.list[i])
	}
	pass(false)
	around.failing = t.failing(out)
	pass(true)
	return out, asWorked
}

// surroundings are what the conditions of one log look at.
type surroundings struct {
	*Circumstances
	placed []ends
	places map[about]*neighbours // of the patterns that conditions name
	counts map[about]int64
	ending []bool // see ending
	// failing are the patterns of the errors of each lifetime, without those that are
	// ordinary alone.
	failing map[lifetime][]int32
	related map[about]bool // a complaint could account for one of failing, as far as asked
}

// about is a pattern in a lifetime.
type about struct {
	pattern int32
	lifetime
}

// failing finds the errors of Wolf, its compositor or an unknown speaker in each
// lifetime, leaving out what is ordinary whatever else there is.
func (t *Runs) failing(ordinary []bool) map[lifetime][]int32 {
	out := map[lifetime][]int32{}
	for i := range t.list {
		q := &t.list[i]
		p := t.all[q.Pattern]
		alone := slices.ContainsFunc(p.Ordinary, func(k patterns.Condition) bool { return k.Alone })
		if ordinary[i] || alone || p.Role != patterns.RoleCause && p.Role != patterns.RoleSymptom || p.Severity != "error" && p.Severity != "fatal" {
			continue
		}
		if q.onlyBy(stack) {
			if l := q.lifetime(); !slices.Contains(out[l], q.Pattern) {
				out[l] = append(out[l], q.Pattern)
			}
		}
	}
	return out
}

// alone reports whether no error of a run's lifetime is one that the run's
// complaint could account for: a sink without sound says nothing of a GPU.
func (t *Runs) alone(q *Run, c *surroundings) bool {
	k := about{q.Pattern, q.lifetime()}
	related, known := c.related[k]
	if !known {
		related = slices.ContainsFunc(c.failing[k.lifetime], func(p int32) bool {
			return c.Related == nil || c.Related(t.all[q.Pattern].ID, t.all[p].ID)
		})
		c.related[k] = related
	}
	return !related
}

// counts is the number of matches of each pattern in each lifetime.
func (t *Runs) counts() map[about]int64 {
	out := map[about]int64{}
	for i := range t.list {
		q := &t.list[i]
		out[about{q.Pattern, q.lifetime()}] += q.Count
	}
	return out
}

// places collects the runs of the patterns that conditions look at.
func (t *Runs) places() map[about]*neighbours {
	asked := map[int32]bool{}
	for id := range named(t.all) {
		if at, ok := t.byID[id]; ok {
			asked[at] = true
		}
	}
	out := map[about]*neighbours{}
	for i := range t.list {
		q := &t.list[i]
		if !asked[q.Pattern] {
			continue
		}
		k := about{q.Pattern, q.lifetime()}
		if out[k] == nil {
			out[k] = &neighbours{}
		}
		out[k].add(q)
	}
	for _, n := range out {
		n.sort()
	}
	return out
}

// holds reports whether all parts of a condition hold for a run.
func (t *Runs) holds(k *patterns.Condition, i int, c *surroundings) bool {
	q := &t.list[i]
	switch {
	case k.Idle != "" && (c.Setup == nil || !c.Setup.Idle(k.Idle)):
	case k.InUse != "" && (c.Setup == nil || c.Setup.InUse(k.InUse) != setup.Yes):
	case len(k.Speakers) > 0 && !q.onlyBy(speakersOf(k.Speakers...)):
	case len(k.Phases) > 0 && (c.NoPhase || c.Outcomes == nil || !slices.Contains(k.Phases, string(c.Outcomes.Phase(&c.placed[i].last)))):
	case k.Most > 0 && c.counts[about{q.Pattern, q.lifetime()}] > k.Most:
	case k.Alone && !t.alone(q, c):
	case k.Ending && !c.ending[i]:
	case k.Elsewhere && t.streams.ofWolf(q.Last.Input):
	case k.Unnamed && !t.unnamed(q):
	case k.Stranger && !t.stranger(q):
	case k.Stopped && !t.wasStopped(q):
	case k.GoesOn && !t.wentOn(q):
	case k.Worked && (c.Outcomes == nil || !c.Outcomes.Around(&c.placed[i].last)):
	case len(k.FollowedBy) > 0 && !t.some(k.FollowedBy, q, c, (*neighbours).follow):
	case len(k.NotFollowedBy) > 0 && t.some(k.NotFollowedBy, q, c, (*neighbours).follow):
	case len(k.PrecededBy) > 0 && !t.some(k.PrecededBy, q, c, (*neighbours).precede):
	default:
		return true
	}
	return false
}

// programs are the speakers of whom it tells something that they go on. Daemons and
// kernels do so whatever happens to a session.
var programs = speakersOf("app", "app-compositor", "pulse", "init", "client", "foreign")

// stack are the speakers whose errors are Wolf's own.
var stack = speakersOf("wolf", "compositor")

// survived reports whether a program ended well, or found another way, after a
// complaint that could only mean that it cannot run: a helper that a desktop does not find is not the desktop.
// That it has more to say is not enough here, since a script has too.
func (t *Runs) survived(q *Run, c *Circumstances) bool {
	p := t.all[q.Pattern]
	if c.Stops == nil || p.Role != patterns.RoleCause && p.Role != patterns.RoleSymptom || p.Severity == "fatal" {
		return false
	}
	if !q.onlyBy(programs) || !c.Stops(p.ID) {
		return false
	}
	return t.endedWell(q) || t.triedNext(q) || t.wasStopped(q) && (c.Hangs == nil || !c.Hangs(p.ID))
}

// notWolfs reports whether a service that is not Wolf says what only Wolf's words
// mean.
func (t *Runs) notWolfs(q *Run) bool {
	p := t.all[q.Pattern]
	if len(p.Speakers) == 0 || slices.ContainsFunc(p.Speakers, func(s string) bool { return s != "wolf" && s != "compositor" }) {
		return false
	}
	return t.stranger(q) && t.streams.ofWolf(q.Last.Input)
}

// stranger reports whether a run stands in the stream of a service whose name tells
// nothing, and in which Wolf does not speak.
func (t *Runs) stranger(q *Run) bool {
	if !q.onlyBy(0) || q.Last.Service == "" {
		return false
	}
	s := t.streams.of(q.Last.Input, q.Last.Service)
	return s != nil && !s.wolf
}

// unnamed reports whether nothing says who says a run: nobody is named, and Wolf
// does not speak beside it.
func (t *Runs) unnamed(q *Run) bool {
	return q.onlyBy(0) && (!t.streams.ofWolf(q.Last.Input) || t.stranger(q))
}

// onlyBy reports whether nobody but these classes, or an unknown speaker, says
// the run.
func (r *Run) onlyBy(classes speakers) bool {
	return r.Speakers&^(1<<speaker.Unknown)&^uint16(classes) == 0
}

// speakers are bits of classes, as of Run.Speakers.
type speakers uint16

func speakersOf(names ...string) speakers {
	var out speakers
	for _, name := range names {
		if c, ok := speaker.Parse(name); ok {
			out |= 1 << c
		}
	}
	return out
}

// some reports whether one of the patterns has runs in the lifetime of q of which
// something is.
func (t *Runs) some(ids []string, q *Run, c *surroundings, is func(n *neighbours, q *Run) bool) bool {
	for _, id := range ids {
		if at, ok := t.byID[id]; ok {
			if n := c.places[about{at, q.lifetime()}]; n != nil && is(n, q) {
				return true
			}
		}
	}
	return false
}
