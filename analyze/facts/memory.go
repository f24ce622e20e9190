package facts

import (
	"fmt"
	"math"
	"sort"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/timeline"
)

// memoryPoints is how many readings a series needs before it is held against
// sessions.
const memoryPoints = 8

// memory holds a series of GPU memory against the sessions that had been
// started by then in the same lifetime: a slope above zero is what a leak costs
// per session.
func (s *source) memory(t *timeline.Timeline, zone *time.Location, out *Found) {
	xs, ys := memoryBySession(t, zone, s.snap.Memory)
	if len(xs) < memoryPoints || xs[0] == xs[len(xs)-1] {
		return
	}
	slope, half := snapshot.Slope(len(xs), func(i int) (float64, float64) { return xs[i], ys[i] })
	if math.IsInf(half, 0) {
		return
	}
	f := report.Fact{Source: s.name, Kind: string(s.kind), Text: fmt.Sprintf("GPU memory against sessions started: %+.0f ± %.0f MiB per session, %s", slope, half, sparkline(ys))}
	if slope-half > 0 {
		f.Bears = "each session leaves memory behind"
		out.Model = append(out.Model, diagnose.Fact{ID: "fact-vram-growing", Lifetime: -1})
	} else {
		f.Bears = "no growth with sessions is to be seen"
	}
	out.Shown = append(out.Shown, f)
}

// memoryBySession pairs readings with the number of sessions started before
// them, within the lifetime that had most readings. Readings outside every
// lifetime are left out.
func memoryBySession(t *timeline.Timeline, zone *time.Location, ms []snapshot.Memory) (xs, ys []float64) {
	byLifetime := map[int][][2]float64{}
	for _, m := range ms {
		if m.Time.IsZero() {
			continue
		}
		at := inZone(m.Time, zone)
		for i := range t.Lifetimes {
			l := &t.Lifetimes[i]
			if !l.Start.Known() || !l.End.Known() || at.Before(l.Start.Time) || at.After(l.End.Time) {
				continue
			}
			n := 0
			for k := range t.Sessions {
				if s := &t.Sessions[k]; s.Lifetime == i && s.Start.Known() && !s.Start.Time.After(at) {
					n++
				}
			}
			byLifetime[i] = append(byLifetime[i], [2]float64{float64(n), m.Used})
			break
		}
	}
	lifetimes := make([]int, 0, len(byLifetime))
	for i := range byLifetime {
		lifetimes = append(lifetimes, i)
	}
	sort.Slice(lifetimes, func(i, j int) bool {
		x, y := len(byLifetime[lifetimes[i]]), len(byLifetime[lifetimes[j]])
		return x > y || x == y && lifetimes[i] < lifetimes[j]
	})
	if len(lifetimes) == 0 {
		return nil, nil
	}
	for _, p := range byLifetime[lifetimes[0]] {
		xs, ys = append(xs, p[0]), append(ys, p[1])
	}
	return xs, ys
}

// sparkline draws values in a row of at most 24 blocks.
func sparkline(ys []float64) string {
	const blocks = "▁▂▃▄▅▆▇█"
	rs := []rune(blocks)
	lo, hi := ys[0], ys[0]
	for _, y := range ys {
		lo, hi = min(lo, y), max(hi, y)
	}
	n := min(len(ys), 24)
	out := make([]rune, n)
	for i := range out {
		y := ys[i*len(ys)/n]
		k := 0
		if hi > lo {
			k = int((y - lo) / (hi - lo) * float64(len(rs)-1))
		}
		out[i] = rs[k]
	}
	return fmt.Sprintf("%.0f %s %.0f MiB", ys[0], string(out), ys[len(ys)-1])
}
