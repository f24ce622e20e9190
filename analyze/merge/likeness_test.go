package merge

import (
	"slices"
	"testing"

	"wolfdiag/analyze/reading/alike"
	"wolfdiag/patterns"
)

// TestKnownTexts: what a complaint may be like are the samples of the enabled
// patterns that speak for a cause, and only for the causes that they speak for most.
func TestKnownTexts(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Load(patterns.UserFile{Name: "site.toml", Data: []byte(`
[[pattern]]
id = "docker-mount-unmapped"
disabled = true

[[pattern]]
id = "site-strong"
title = "a zebra"
why = "zebras"
source = "site"
role = "cause"
regex = "zebra crossed"
samples = ["the zebra crossed the road"]

[[pattern]]
id = "site-alone"
title = "a zebra"
why = "zebras"
source = "site"
role = "cause"
regex = "okapi"
samples = ["an okapi that speaks for nothing"]

[[cause]]
id = "site-cause"
title = "a zebra"
prior = 0.01
explanation = "zebras"
evidence = [{ pattern = "site-strong", strength = 0.9 }]

[[cause]]
id = "site-hint"
title = "a horse"
prior = 0.01
explanation = "horses"
evidence = [{ pattern = "site-strong", strength = 0.3 }]
`)})
	if err != nil {
		t.Fatal(err)
	}
	texts := knownTexts(cat)
	has := func(text string) int {
		return slices.IndexFunc(texts, func(k alike.Text) bool { return k.Text == text })
	}
	if i := has("the zebra crossed the road"); i < 0 || !slices.Equal(texts[i].Causes, []string{"site-cause"}) {
		t.Errorf("the sample of a pattern with a cause stands at %d", i)
	}
	if has("an okapi that speaks for nothing") >= 0 {
		t.Error("a sample that speaks for nothing is known")
	}
	builtin, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	off := builtin.Pattern("docker-mount-unmapped")
	if off == nil || len(off.Samples) == 0 {
		t.Fatal("no pattern to switch off")
	}
	for _, s := range off.Samples {
		if has(s) >= 0 {
			t.Errorf("%q is known, and its pattern is off", s)
		}
	}
}

// TestLikePatterns: each cause can be what a complaint is like, and so weakly that
// this alone lists none.
func TestLikePatterns(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cat.Causes() {
		var p patterns.Pattern
		likePattern(&p, c)
		s := p.Supports[0]
		odds := c.Prior / (1 - c.Prior) * (1 - (1-s.Strength)*(1-0.005)) / 0.005
		if s.Cause != c.ID || odds < 0.02 || odds > 0.2 {
			t.Errorf("%s: strength %.3f makes odds of %.3f", p.ID, s.Strength, odds)
		}
	}
}
