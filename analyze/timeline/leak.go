package timeline

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Verdict answers "does failure come with accumulation?".
type Verdict string

// The verdicts.
const (
	LeakLikely       Verdict = "likely"
	LeakUnlikely     Verdict = "unlikely"
	LeakInsufficient Verdict = "insufficient-data"
)

// Axis is what failures go with.
type Axis string

// The axes. AxisUnknown goes with insufficient data.
const (
	AxisSessions  Axis = "sessions"
	AxisUptime    Axis = "uptime"
	AxisWallClock Axis = "wall-clock"
	AxisNone      Axis = "none"
	AxisUnknown   Axis = ""
)

// Leak is the outcome of the accumulation test.
type Leak struct {
	Verdict Verdict
	Axis    Axis
	PValue  *float64 // nil without a test
	Why     string   // one sentence
}

const (
	level = 0.05 // of all tests together
	seed1 = 0x9e3779b97f4a7c15
	seed2 = 0xbf58476d1ce4e5b9
	// unlikelyFrom is how many first failures a test must have seen before a
	// high p-value says anything: with fewer, clear accumulation can be missed.
	unlikelyFrom = 5
	atStart      = 60 // seconds of uptime in which nothing piles up
)

// evidence is what the lifetimes say, in numbers.
type evidence struct {
	sessions, uptime []trial
	steps            []trial // uptime from session to session
	failed, censored int
	at               []time.Time // of first failures, where known
	candidates       []time.Time // session starts up to first failures: when failures could have come
	starts           []time.Time // of lifetimes that failed
}

func (t *Timeline) evidence() evidence {
	var ev evidence
	for _, i := range t.ordered() {
		l := &t.Lifetimes[i]
		failed := l.Failures > 0
		if failed {
			ev.failed++
			if l.FirstFailure.Known() {
				ev.at = append(ev.at, l.FirstFailure.Time)
				if l.Start.Known() {
					ev.starts = append(ev.starts, l.Start.Time)
				}
			}
		} else {
			ev.censored++
		}
		end, sessions := l.observed()
		switch {
		case l.CutStart:
		case failed && l.FirstFailureSession > 0:
			ev.sessions = append(ev.sessions, trial{float64(l.FirstFailureSession), true})
		case !failed && sessions > 0:
			ev.sessions = append(ev.sessions, trial{float64(sessions), false})
		}
		if failed {
			end = l.FirstFailure
		}
		if up, ok := end.Sub(l.Start); ok && up > 0 && !l.CutStart {
			ev.uptime = append(ev.uptime, trial{up.Seconds(), failed})
		}
		from, to := t.sessions(i)
		if !l.CutStart {
			ss := t.Sessions[from:to]
			if l.CutEnd && !failed {
				ss = ss[:min(len(ss), l.watched)]
			}
			ev.step(l, ss)
		}
		for k := from; k < to; k++ {
			s := &t.Sessions[k]
			if s.Start.Known() && !s.Outside && (!failed || l.FirstFailureSession < 0 || s.Number <= l.FirstFailureSession) {
				ev.candidates = append(ev.candidates, s.Start.Time)
			}
		}
	}
	return ev
}

// step adds the sessions of a lifetime up to its first failure as trials of
// bySessions; nothing when some of them are not known.
func (ev *evidence) step(l *Lifetime, ss []Session) {
	failed := l.Failures > 0
	n := len(ss)
	if failed {
		if n = l.FirstFailureSession - 1; n < 0 {
			return
		}
	}
	if n > len(ss) || n > 0 && ss[n-1].Number != n {
		return
	}
	prev := l.Start
	add := func(at Instant, failed bool) bool {
		d, ok := at.Sub(prev)
		if ok {
			ev.steps = append(ev.steps, trial{max(d.Seconds(), 0), failed})
			prev = at
		}
		return ok
	}
	mark := len(ev.steps)
	for i := range ss[:n] {
		if !add(ss[i].Start, false) {
			ev.steps = ev.steps[:mark]
			return
		}
	}
	if failed && !add(l.FirstFailure, true) {
		ev.steps = ev.steps[:mark]
	}
}

// Leak tests whether failures come with accumulation: whether the number of
// sessions, or the uptime, up to the first failure of each lifetime is more
// regular than a failure without memory allows. Lifetimes that did not fail
// count as censored. "likely" is wrong in at most 5 % of the cases in which
// failure has no memory. The outcome is the same each time it is asked.
func (t *Timeline) Leak() Leak {
	ev := t.evidence()
	rng := rand.New(rand.NewPCG(seed1, seed2))
	switch {
	case t.mixed && ev.failed > 0:
		return Leak{Verdict: LeakInsufficient, Why: "the order of the log cannot be trusted, so lifetimes and the sessions in them are not certain enough for a test"}
	case ev.failed == 0:
		return Leak{Verdict: LeakInsufficient, Why: "no lifetime shows a failure, so there is nothing that could grow"}
	case ev.failed == 1:
		return Leak{Verdict: LeakInsufficient, Why: fmt.Sprintf("only one lifetime shows a failure%s; one cannot tell accumulation from chance", t.only())}
	}
	sg, ug := gaps(ev.sessions), gaps(ev.uptime)
	if longest := slices.Max(append([]float64{0}, ug...)); len(ug) == ev.failed && longest < atStart {
		return Leak{Verdict: LeakUnlikely, Axis: AxisNone, Why: fmt.Sprintf(
			"Wolf fails within %.0f s of each of %d starts: nothing can have accumulated by then", math.Ceil(longest), ev.failed)}
	}
	ps, pu := regularity(sg, true, rng), regularity(ug, false, rng)
	if len(sg) > 0 && pu < level {
		pu = max(pu, bySessions(ev.steps, false, rng), bySessions(ev.steps, true, rng))
	}
	pw := ev.clockwork(rng)
	p := math.Min(1, 2*math.Min(ps, pu)) // Bonferroni: two ways to be regular
	if pw < level/2 && (p >= level || ev.tighter(ug)) {
		q := math.Min(1, 2*pw)
		return Leak{Verdict: LeakUnlikely, Axis: AxisWallClock, PValue: &q, Why: fmt.Sprintf(
			"first failures come at the same time of day (around %s UTC) whatever the uptime and the number of sessions, which points to a scheduled event", meanTime(ev.at))}
	}
	if p < level {
		return likely(sg, ug, ps, pu, p)
	}
	if pl := ev.onset(rng); pl < level/2 {
		q := math.Min(1, 2*pl)
		return Leak{Verdict: LeakUnlikely, Axis: AxisWallClock, PValue: &q, Why: fmt.Sprintf(
			"lifetimes were healthy until about %s and fail early since: that points to an event at that time, not to accumulation", onsetTime(ev.at))}
	}
	n := max(len(sg), len(ug))
	if n < unlikelyFrom {
		return Leak{Verdict: LeakInsufficient, PValue: &p, Why: fmt.Sprintf(
			"%d first failures are too few to tell accumulation from chance (p = %.2f)", ev.failed, p)}
	}
	if p < 0.2 {
		return Leak{Verdict: LeakInsufficient, PValue: &p, Why: fmt.Sprintf(
			"first failures are somewhat regular, but not enough to rule out chance (p = %.2f, %d failures)", p, ev.failed)}
	}
	return Leak{Verdict: LeakUnlikely, Axis: AxisNone, PValue: &p, Why: fmt.Sprintf(
		"first failures scatter over the life of Wolf as chance would have it (p = %.2f, %d failures): neither many sessions nor a long uptime is needed%s", p, ev.failed, spanText(sg))}
}

func (t *Timeline) only() string {
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if l.Failures > 0 && l.FirstFailureSession > 0 {
			if l.LowerBound {
				return fmt.Sprintf(" (during session %d or later)", l.FirstFailureSession)
			}
			return fmt.Sprintf(" (during session %d)", l.FirstFailureSession)
		}
	}
	return ""
}

func likely(sg, ug []float64, ps, pu, p float64) Leak {
	l := Leak{Verdict: LeakLikely, PValue: &p}
	// When sessions and uptime are both regular, the tighter of them leads.
	if ps < level/2 && (pu >= level/2 || spread(sg) <= spread(ug)) {
		l.Axis = AxisSessions
		l.Why = fmt.Sprintf("Wolf first fails after about as many sessions each time (%s); chance alone would be this regular with p = %.4f", meanSpread(sg, ""), p)
		return l
	}
	l.Axis = AxisUptime
	hours := make([]float64, len(ug))
	for i, g := range ug {
		hours[i] = g / 3600
	}
	l.Why = fmt.Sprintf("Wolf first fails after about the same uptime each time (%s); chance alone would be this regular with p = %.4f", meanSpread(hours, " h"), p)
	return l
}

func meanSpread(xs []float64, unit string) string {
	mean, sd := moments(xs)
	return fmt.Sprintf("%.1f ± %.1f%s over %d failures", mean, sd, unit, len(xs))
}

func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x
	}
	mean /= float64(len(xs))
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	if len(xs) > 1 {
		sd = math.Sqrt(sd / float64(len(xs)-1))
	}
	return mean, sd
}

// spread is the coefficient of variation.
func spread(xs []float64) float64 {
	mean, sd := moments(xs)
	return sd / mean
}

func spanText(sg []float64) string {
	if len(sg) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.0f to %.0f sessions)", slices.Min(sg), slices.Max(sg))
}
