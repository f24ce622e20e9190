package timeline

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// Breakdown compares how often the sessions of groups failed.
type Breakdown struct {
	By     string // app, encoder, resolution, concurrent-sessions
	Groups []Group
	PValue *float64 // Fisher's exact test; r×2 by Freeman and Halton
	Say    string
}

// Group is one row of a Breakdown.
type Group struct {
	Name             string
	Sessions, Failed int
}

const (
	maxGroups    = 8
	otherGroup   = "other"
	maxTables    = 200_000 // tables enumerated before simulation takes over
	fewSessions  = 8
	fewInAGroups = 2
)

// Compare breaks the sessions down by app, encoder, resolution and number of
// concurrent sessions. A breakdown is left out when it has fewer than two
// groups of two or more sessions, fewer than eight sessions, or no failure.
// Call it after AddFailures. The p-values are of each comparison by itself.
func (t *Timeline) Compare() []Breakdown {
	var out []Breakdown
	for _, by := range [...]struct {
		name string
		of   func(*Session) string
	}{
		{"app", func(s *Session) string { return s.App }},
		{"encoder", func(s *Session) string { return s.Encoder }},
		{"resolution", func(s *Session) string { return s.Resolution }},
		{"concurrent-sessions", concurrency},
	} {
		if b, ok := t.breakdown(by.name, by.of); ok {
			out = append(out, b)
		}
	}
	return out
}

func concurrency(s *Session) string {
	switch {
	case s.Concurrent < 0:
		return ""
	case s.Concurrent >= 4:
		return "4 or more"
	}
	return strconv.Itoa(s.Concurrent)
}

func (t *Timeline) breakdown(name string, of func(*Session) string) (Breakdown, bool) {
	counts := make(map[string]*Group)
	total, failed := 0, 0
	for i := range t.Sessions {
		s := &t.Sessions[i]
		k := of(s)
		if k == "" || s.Outside || s.numbered {
			continue
		}
		g := counts[k]
		if g == nil {
			g = &Group{Name: k}
			counts[k] = g
		}
		g.Sessions++
		total++
		if s.Failed {
			g.Failed++
			failed++
		}
	}
	var gs []Group
	for _, g := range counts {
		gs = append(gs, *g)
	}
	slices.SortFunc(gs, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Name, b.Name))
	})
	gs = foldSmall(gs)
	big := 0
	for _, g := range gs {
		if g.Sessions >= fewInAGroups {
			big++
		}
	}
	if big < 2 || total < fewSessions || failed == 0 || failed == total {
		return Breakdown{}, false
	}
	p := FreemanHalton(gs)
	b := Breakdown{By: name, Groups: gs, PValue: &p}
	b.Say = say(name, gs, p)
	return b, true
}

// foldSmall keeps the largest groups and adds up the rest.
func foldSmall(gs []Group) []Group {
	if len(gs) <= maxGroups {
		return gs
	}
	rest := Group{Name: otherGroup}
	for _, g := range gs[maxGroups-1:] {
		rest.Sessions += g.Sessions
		rest.Failed += g.Failed
	}
	return append(gs[:maxGroups-1:maxGroups-1], rest)
}

func say(name string, gs []Group, p float64) string {
	if p >= level {
		return fmt.Sprintf("no difference by %s beyond chance (p = %.2f)", name, p)
	}
	rate := func(g Group) float64 { return float64(g.Failed) / float64(g.Sessions) }
	worst, best := gs[0], gs[0]
	for _, g := range gs[1:] {
		if rate(g) > rate(worst) {
			worst = g
		}
		if rate(g) < rate(best) {
			best = g
		}
	}
	return fmt.Sprintf("failures differ by %s: %s %d of %d sessions, %s %d of %d (p = %.4f, this comparison alone)",
		name, worst.Name, worst.Failed, worst.Sessions, best.Name, best.Failed, best.Sessions, p)
}

// FreemanHalton returns the p-value of Fisher's exact test for an r×2 table:
// the probability, all margins fixed, of the tables no more probable than this
// one (Freeman and Halton, Biometrika 38, 1951). Tables too many to enumerate
// are sampled with a fixed seed. A table without information gives 1.
func FreemanHalton(gs []Group) float64 {
	total, failed := 0, 0
	for _, g := range gs {
		if g.Sessions < 0 || g.Failed < 0 || g.Failed > g.Sessions {
			return 1
		}
		total += g.Sessions
		failed += g.Failed
	}
	if failed == 0 || failed == total || len(gs) < 2 {
		return 1
	}
	seen := 0.0
	for _, g := range gs {
		seen += logChoose(g.Sessions, g.Failed)
	}
	if tables(gs, failed) > maxTables {
		return sampled(gs, total, failed, seen)
	}
	all := logChoose(total, failed)
	return math.Min(1, enumerate(gs, failed, 0, seen, all))
}

// slackLog makes tables as probable as the one seen count in spite of rounding.
const slackLog = 1e-7

func enumerate(gs []Group, left int, sum, seen, all float64) float64 {
	if len(gs) == 1 {
		if left > gs[0].Sessions {
			return 0
		}
		if sum += logChoose(gs[0].Sessions, left); sum <= seen+slackLog {
			return math.Exp(sum - all)
		}
		return 0
	}
	room := 0
	for _, g := range gs[1:] {
		room += g.Sessions
	}
	p := 0.0
	for k := max(0, left-room); k <= min(left, gs[0].Sessions); k++ {
		p += enumerate(gs[1:], left-k, sum+logChoose(gs[0].Sessions, k), seen, all)
	}
	return p
}

// tables bounds the number of tables with these margins.
func tables(gs []Group, failed int) float64 {
	n := 1.0
	for _, g := range gs[1:] {
		n *= float64(min(g.Sessions, failed) + 1)
	}
	return n
}

func sampled(gs []Group, total, failed int, seen float64) float64 {
	rng := rand.New(rand.NewPCG(seed1, seed2))
	hits := 0
	n := 1999
	if total > 4000 {
		n = 499
	}
	for range n {
		left, out, sum := failed, total, 0.0
		for _, g := range gs {
			k := 0 // hypergeometric, one session at a time
			for i := range g.Sessions {
				if rng.IntN(out-i) < left-k {
					k++
				}
			}
			out -= g.Sessions
			left -= k
			sum += logChoose(g.Sessions, k)
		}
		if sum <= seen+slackLog {
			hits++
		}
	}
	return float64(hits+1) / float64(n+1)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
