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
func (t *Runs) findOrdinary(c *Circumstances) (out, asWorked []bool) {
	out, asWorked = make([]bool, len(t.list)), make([]bool, len(t.list))
	around := &surroundings{Circumstances: c, places: t.places(), counts: t.counts(), ending: t.ending()}
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
	places map[int32][]*Run // of the patterns that conditions name
	counts map[tally]int64
	ending []bool // see ending
	// failing are the patterns of the errors of each lifetime, without those that are
	// ordinary alone.
	failing map[lifetime][]int32
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
		if q.onlyBy([]string{"wolf", "compositor"}) {
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
	return !slices.ContainsFunc(c.failing[q.lifetime()], func(p int32) bool {
		return c.Related == nil || c.Related(t.all[q.Pattern].ID, t.all[p].ID)
	})
}

// tally is a pattern in one lifetime of one input.
type tally struct{ pattern, input, epoch int32 }

func (r *Run) tally() tally { return tally{r.Pattern, r.Last.Input, r.epoch} }

// counts is the number of matches of each pattern in each lifetime.
func (t *Runs) counts() map[tally]int64 {
	out := map[tally]int64{}
	for i := range t.list {
		out[t.list[i].tally()] += t.list[i].Count
	}
	return out
}

// places collects the runs of the patterns that conditions look at, in the
// order in which they began.
func (t *Runs) places() map[int32][]*Run {
	out := map[int32][]*Run{}
	for id := range named(t.all) {
		if at, ok := t.byID[id]; ok {
			out[at] = nil
		}
	}
	for i := range t.list {
		q := &t.list[i]
		if _, ok := out[q.Pattern]; ok {
			out[q.Pattern] = append(out[q.Pattern], q)
		}
	}
	return out
}

// holds reports whether all parts of a condition hold for a run.
func (t *Runs) holds(k *patterns.Condition, i int, c *surroundings) bool {
	q := &t.list[i]
	switch {
	case k.Idle != "" && (c.Setup == nil || !c.Setup.Idle(k.Idle)):
	case k.InUse != "" && (c.Setup == nil || c.Setup.InUse(k.InUse) != setup.Yes):
	case len(k.Speakers) > 0 && !q.onlyBy(k.Speakers):
	case len(k.Phases) > 0 && (c.NoPhase || c.Outcomes == nil || !slices.Contains(k.Phases, string(c.Outcomes.Phase(q.Last)))):
	case k.Most > 0 && c.counts[q.tally()] > k.Most:
	case k.Alone && !t.alone(q, c):
	case k.Ending && !c.ending[i]:
	case k.Elsewhere && t.streams.ofWolf(q.Last.Input):
	case k.Unnamed && !t.unnamed(q):
	case k.Stranger && !t.stranger(q):
	case k.Stopped && !t.wasStopped(q):
	case k.GoesOn && !t.wentOn(q):
	case k.Worked && (c.Outcomes == nil || !c.Outcomes.Around(q.Last)):
	case len(k.FollowedBy) > 0 && !t.some(k.FollowedBy, c.places, func(n *Run) bool { return n.follows(q) }):
	case len(k.NotFollowedBy) > 0 && t.some(k.NotFollowedBy, c.places, func(n *Run) bool { return n.follows(q) }):
	case len(k.PrecededBy) > 0 && !t.some(k.PrecededBy, c.places, func(n *Run) bool { return n.precedes(q) }):
	default:
		return true
	}
	return false
}

// programs are the speakers of whom it tells something that they go on. Daemons and
// kernels do so whatever happens to a session.
var programs = []string{"app", "app-compositor", "pulse", "init", "client", "foreign"}

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
	if !q.onlyBy(nil) || q.Last.Service == "" {
		return false
	}
	s := t.streams.of(q.Last.Input, q.Last.Service)
	return s != nil && !s.wolf
}

// unnamed reports whether nothing says who says a run: nobody is named, and Wolf
// does not speak beside it.
func (t *Runs) unnamed(q *Run) bool {
	return q.onlyBy(nil) && (!t.streams.ofWolf(q.Last.Input) || t.stranger(q))
}

// onlyBy reports whether nobody but these classes, or an unknown speaker, says
// the run.
func (r *Run) onlyBy(classes []string) bool {
	rest := r.Speakers &^ (1 << speaker.Unknown)
	for _, name := range classes {
		if c, ok := speaker.Parse(name); ok {
			rest &^= 1 << c
		}
	}
	return rest == 0
}

func (t *Runs) some(ids []string, places map[int32][]*Run, is func(*Run) bool) bool {
	for _, id := range ids {
		if at, ok := t.byID[id]; ok && slices.ContainsFunc(places[at], is) {
			return true
		}
	}
	return false
}

// follows reports whether a run has a match after the last of q, in the same
// lifetime.
func (r *Run) follows(q *Run) bool { return r.beside(q) && q.Last.Before(r.Last.Pos) }

// precedes reports whether a run has a match shortly before the last of q.
func (r *Run) precedes(q *Run) bool {
	if !r.beside(q) || !r.First.Before(q.Last.Pos) {
		return false
	}
	before := r.Last
	if !before.Before(q.Last.Pos) {
		return true // it goes on over the complaint
	}
	if d, ok := q.Last.Since(&before); ok {
		return d <= resolvedWithin
	}
	return q.Last.Line-before.Line <= resolvedWithinLines
}
