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
	level       = 0.05 // of all tests together
	draws       = 4999 // Monte-Carlo draws of one test, at most
	enough      = 200  // extreme draws after which it stops
	seed1       = 0x9e3779b97f4a7c15
	seed2       = 0xbf58476d1ce4e5b9
	maxFailures = 512 // gaps used by a test
	// unlikelyFrom is how many first failures a test must have seen before a
	// high p-value says anything: with fewer, clear accumulation can be missed.
	unlikelyFrom = 5
	atStart      = 60 // seconds of uptime in which nothing piles up
)

// A trial is one lifetime as the accumulation test sees it: how far it came,
// and whether it failed there or was merely no longer observed (censored).
type trial struct {
	at     float64
	failed bool
}

// gaps returns the exposures between failures, in the order of the lifetimes.
//
// When failure has no memory, the exposures of all lifetimes may be strung
// together: a lifetime that ends without failure leaves the chance per unit
// where it was, so the exposure up to the next failure is geometric (sessions)
// or exponential (uptime) whatever the restarts between. That keeps the test
// exact with censored lifetimes, at the price of power. What follows the last
// failure is not used.
func gaps(ts []trial) []float64 {
	var out []float64
	sum := 0.0
	for _, t := range ts {
		sum += t.at
		if t.failed {
			out = append(out, sum)
			sum = 0
		}
	}
	if len(out) > maxFailures {
		out = out[len(out)-maxFailures:]
	}
	return out
}

// gapSquares is sumSquares(gaps(ts)) without the slice between.
func gapSquares(ts []trial) float64 {
	s, sum := 0.0, 0.0
	for _, t := range ts {
		sum += t.at
		if t.failed {
			s += sum * sum
			sum = 0
		}
	}
	return s
}

func sumSquares(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x * x
	}
	return s
}

// regularity tests whether gaps are more alike than without memory. Given
// their sum, memoryless gaps are uniform over all ways to divide it (whole
// numbers: compositions into positive parts; else the flat Dirichlet
// distribution), and the sum of squares is small when they are alike. It
// returns P(sum of squares ≤ the one seen).
func regularity(gs []float64, whole bool, rng *rand.Rand) float64 {
	n := len(gs)
	if n < 2 {
		return 1
	}
	total := 0.0
	for _, g := range gs {
		total += g
	}
	if total <= 0 || whole && int(total) <= n {
		return 1
	}
	seen := sumSquares(gs)
	if whole {
		if p, ok := compositions(n, int(total), int(math.Round(seen))); ok {
			return p
		}
	}
	draw := make([]float64, n)
	var cuts []bool
	if whole {
		cuts = make([]bool, int(total))
	}
	return simulated(func() bool {
		if whole {
			drawComposition(draw, cuts, rng)
		} else {
			drawSpacings(draw, total, rng)
		}
		return sumSquares(draw) <= seen*(1+1e-12)
	})
}

// simulated returns the p-value of a Monte-Carlo test whose draws report
// whether they are as extreme as what was seen. It stops early when enough of
// them are, which leaves the test exact (Besag and Clifford, "Sequential Monte
// Carlo p-values", Biometrika 78, 1991).
func simulated(extreme func() bool) float64 {
	hits := 0
	for i := 1; i <= draws; i++ {
		if extreme() {
			if hits++; hits == enough {
				return float64(hits) / float64(i)
			}
		}
	}
	return float64(hits+1) / (draws + 1)
}

// compositions returns the exact share of the compositions of total into n
// positive parts whose sum of squares is at most limit, by dynamic
// programming over (parts, sum, squares); false when that table is too large.
func compositions(n, total, limit int) (float64, bool) {
	if n*total*limit > 400_000 {
		return 0, false
	}
	// ways[s][q]: of the parts so far, summing to s with squares summing to q.
	ways := make([][]float64, total+1)
	for s := range ways {
		ways[s] = make([]float64, limit+1)
	}
	ways[0][0] = 1
	for range n {
		next := make([][]float64, total+1)
		for s := range next {
			next[s] = make([]float64, limit+1)
		}
		for s := range ways {
			for q, w := range ways[s] {
				if w == 0 {
					continue
				}
				for k := 1; s+k <= total && q+k*k <= limit; k++ {
					next[s+k][q+k*k] += w
				}
			}
		}
		ways = next
	}
	hits := 0.0
	for _, w := range ways[total] {
		hits += w
	}
	return hits / binomial(total-1, n-1), true
}

func binomial(n, k int) float64 {
	r := 1.0
	for i := range k {
		r = r * float64(n-i) / float64(i+1)
	}
	return math.Round(r)
}

// drawComposition fills out with a uniform composition of len(cuts) into
// positive whole parts: n−1 distinct cuts, by Floyd's sampling (Bentley and
// Floyd, "A sample of brilliance", CACM 30, 1987). cuts is scratch, all false.
func drawComposition(out []float64, cuts []bool, rng *rand.Rand) {
	total, n := len(cuts), len(out)
	for j := total - (n - 1); j < total; j++ {
		c := 1 + rng.IntN(j)
		if cuts[c] {
			c = j
		}
		cuts[c] = true
	}
	prev, i := 0, 0
	for c := range cuts {
		if cuts[c] {
			cuts[c] = false
			out[i] = float64(c - prev)
			prev = c
			i++
		}
	}
	out[n-1] = float64(total - prev)
}

// drawSpacings fills out with uniform spacings: exponentials scaled to total.
func drawSpacings(out []float64, total float64, rng *rand.Rand) {
	sum := 0.0
	for i := range out {
		out[i] = rng.ExpFloat64()
		sum += out[i]
	}
	for i := range out {
		out[i] *= total / sum
	}
}

// lateness tests whether failures crowd at the end of all exposure, as after
// an event at some time: without memory their places are uniform (Laplace's
// trend test, made exact by simulation). tail is the exposure after the last.
func lateness(gs []float64, tail float64, rng *rand.Rand) float64 {
	n := len(gs)
	total, mean, at := tail, 0.0, 0.0
	for _, g := range gs {
		total += g
		at += g
		mean += at
	}
	if n < 3 || total <= 0 {
		return 1
	}
	return simulated(func() bool {
		s := 0.0
		for range n {
			s += rng.Float64()
		}
		return s*total >= mean
	})
}

// bySessions tests the uptimes at failure against the other kind of chance:
// that each session fails with the same probability whenever it comes. Then
// every choice of failing sessions is equally likely, and the uptime between
// failures is the sum of the steps between sessions. Without this, a Wolf that
// fails in the first session after each restart would look like one that fails
// after a certain uptime. Each trial is one session: its step and outcome.
func bySessions(steps []trial, rng *rand.Rand) float64 {
	last, n := -1, 0
	for i, s := range steps {
		if s.failed {
			last = i
			n++
		}
	}
	if n < 2 || last+1 <= n {
		return 1
	}
	steps = steps[:last+1]
	seen := gapSquares(steps)
	order := make([]int, last)
	draw := slices.Clone(steps)
	return simulated(func() bool {
		for i := range order {
			order[i] = i
			draw[i].failed = false
		}
		for i := range n - 1 { // the last failure ends the observation
			j := i + rng.IntN(last-i)
			order[i], order[j] = order[j], order[i]
			draw[order[i]].failed = true
		}
		return gapSquares(draw) <= seen*(1+1e-12)
	})
}

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
		pu = math.Max(pu, bySessions(ev.steps, rng))
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
