// Package leak tests whether failures come with accumulation: whether the number
// of sessions, or the uptime, up to the first failure of each lifetime is more
// regular than a failure without memory allows. It knows numbers and times alone.
package leak

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"wolfdiag/analyze/report"
)

// Verdict answers "does failure come with accumulation?".
type Verdict string

// The verdicts.
const (
	Likely       Verdict = "likely"
	Unlikely     Verdict = "unlikely"
	Insufficient Verdict = "insufficient-data"
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

// Evidence is what the lifetimes of a log say, in numbers.
type Evidence struct {
	Sessions, Uptime []Trial     // of the lifetimes in order: how many sessions, how many seconds
	Steps            []Trial     // seconds of uptime from session to session
	Failed           int         // lifetimes with a failure
	At               []time.Time // of first failures, where known
	Candidates       []time.Time // session starts up to first failures: when failures could have come
	Doubtful         bool        // the order of the log cannot be trusted
	During           string      // of a single failure, for the sentence: " (during session 12)"
}

// Test tests whether failures come with accumulation: whether the number of
// sessions, or the uptime, up to the first failure of each lifetime is more
// regular than a failure without memory allows. Lifetimes that did not fail
// count as censored. "likely" is wrong in at most 5 % of the cases in which
// failure has no memory. The outcome is the same each time it is asked.
func (ev *Evidence) Test() Leak {
	rng := rand.New(rand.NewPCG(seed1, seed2))
	switch {
	case ev.Doubtful && ev.Failed > 0:
		return Leak{Verdict: Insufficient, Why: "the order of the log cannot be trusted, so lifetimes and the sessions in them are not certain enough for a test"}
	case ev.Failed == 0:
		return Leak{Verdict: Insufficient, Why: "no lifetime shows a failure, so there is nothing that could grow"}
	case ev.Failed == 1:
		return Leak{Verdict: Insufficient, Why: fmt.Sprintf("only one lifetime shows a failure%s; one cannot tell accumulation from chance", ev.During)}
	}
	sg, ug := gaps(ev.Sessions), gaps(ev.Uptime)
	if longest := slices.Max(append([]float64{0}, ug...)); len(ug) == ev.Failed && longest < atStart {
		return Leak{Verdict: Unlikely, Axis: AxisNone, Why: fmt.Sprintf(
			"Wolf fails within %.0f s of each of %d starts: nothing can have accumulated by then", math.Ceil(longest), ev.Failed)}
	}
	ps, pu := regularity(sg, true, rng), regularity(ug, false, rng)
	if len(sg) > 0 && pu < level {
		pu = max(pu, bySessions(ev.Steps, false, rng), bySessions(ev.Steps, true, rng))
	}
	pw := ev.clockwork(rng)
	p := math.Min(1, 2*math.Min(ps, pu)) // Bonferroni: two ways to be regular
	if pw < level/2 && (p >= level || ev.tighter(ug)) {
		q := math.Min(1, 2*pw)
		return Leak{Verdict: Unlikely, Axis: AxisWallClock, PValue: &q, Why: fmt.Sprintf(
			"first failures come at the same time of day (around %s UTC) whatever the uptime and the number of sessions, which points to a scheduled event", meanTime(ev.At))}
	}
	if p < level {
		return likely(sg, ug, ps, pu, p)
	}
	if pl := ev.onset(rng); pl < level/2 {
		q := math.Min(1, 2*pl)
		return Leak{Verdict: Unlikely, Axis: AxisWallClock, PValue: &q, Why: fmt.Sprintf(
			"lifetimes were healthy until about %s and fail early since: that points to an event at that time, not to accumulation", onsetTime(ev.At))}
	}
	n := max(len(sg), len(ug))
	if n < unlikelyFrom {
		return Leak{Verdict: Insufficient, PValue: &p, Why: fmt.Sprintf(
			"%d first failures are too few to tell accumulation from chance (p = %.2f)", ev.Failed, p)}
	}
	if p < 0.2 {
		return Leak{Verdict: Insufficient, PValue: &p, Why: fmt.Sprintf(
			"first failures are somewhat regular, but not enough to rule out chance (p = %.2f, %d failures)", p, ev.Failed)}
	}
	return Leak{Verdict: Unlikely, Axis: AxisNone, PValue: &p, Why: fmt.Sprintf(
		"first failures scatter over the life of Wolf as chance would have it (p = %.2f, %d failures): neither many sessions nor a long uptime is needed%s", p, ev.Failed, spanText(sg))}
}

func likely(sg, ug []float64, ps, pu, p float64) Leak {
	l := Leak{Verdict: Likely, PValue: &p}
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

func spanText(sg []float64) string {
	if len(sg) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.0f to %.0f sessions)", slices.Min(sg), slices.Max(sg))
}

// Report returns the leak verdict in the form of the report.
func (l Leak) Report() report.Leak {
	return report.Leak{Verdict: string(l.Verdict), Axis: string(l.Axis), PValue: l.PValue, Why: l.Why}
}
