package reading

import (
	"testing"

	"wolfdiag/patterns"
)

// alone is what a reading of a rule makes of its causes when the log shows
// nothing else: the noisy-OR of docs/ranking.md over the rule's links.
func alone(links []Link, priors map[string]float64) []float64 {
	p, total := make([]float64, len(links)), 0.0
	for set := range 1 << len(links) {
		weight, miss := 1.0, 1-Leak
		for i, l := range links {
			if set>>i&1 != 0 {
				weight *= priors[l.Cause] / (1 - priors[l.Cause])
				miss *= 1 - l.Strength
			}
		}
		weight *= 1 - miss
		total += weight
		for i := range links {
			if set>>i&1 != 0 {
				p[i] += weight
			}
		}
	}
	for i := range p {
		p[i] /= total
	}
	return p
}

// TestStrengths holds strengths against the priors of the catalogue: a reading
// alone lists its first cause and asserts none.
func TestStrengths(t *testing.T) {
	t.Parallel()
	c, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	priors := map[string]float64{}
	for _, cause := range c.Causes() {
		priors[cause.ID] = cause.Prior
	}
	for _, r := range Rules() {
		for _, l := range r.Causes {
			if priors[l.Cause] == 0 {
				t.Fatalf("rule %s: the catalogue has no cause %s", r.ID, l.Cause)
			}
		}
		for i, p := range alone(r.Causes, priors) {
			switch {
			case p >= 0.5:
				t.Errorf("rule %s asserts %s: %.2f", r.ID, r.Causes[i].Cause, p)
			case i == 0 && p < 0.25 && priors[r.Causes[0].Cause] >= 0.005:
				t.Errorf("rule %s does not list its first cause %s: %.2f", r.ID, r.Causes[0].Cause, p)
			}
		}
	}
}
