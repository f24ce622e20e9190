package merge

import (
	"slices"
	"testing"

	"wolfdiag/analyze/reading"
	"wolfdiag/patterns"
)

// TestReadings: each rule of the reading layer is a pseudo-pattern of its own
// role, for causes that exist, and another one, weaker, as a second reading.
func TestReadings(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	list := Readings(cat)
	all := cat.WithReadings(list)
	for _, r := range reading.Rules() {
		if second := all.Pattern(secondID(&r)); (second != nil) != (len(r.Causes) > 0) {
			t.Errorf("%s: as a second reading it is %v", r.ID, second)
		} else if second != nil && second.Supports[0].Strength >= r.Causes[0].Strength {
			t.Errorf("%s speaks as loudly as a second reading", r.ID)
		}
	}
	if len(list) < len(reading.Rules()) || len(all.All()) != len(cat.Patterns())+len(list) {
		t.Fatalf("%d readings for %d rules, %d patterns in all", len(list), len(reading.Rules()), len(all.All()))
	}
	for i, p := range all.All() {
		if p.Index != i || all.Pattern(p.ID) != p {
			t.Errorf("%s stands at %d and says %d", p.ID, i, p.Index)
		}
		if i < len(cat.Patterns()) {
			continue
		}
		if p.Role != patterns.RoleReading || p.Title == "" {
			t.Errorf("%s: role %s, title %q", p.ID, p.Role, p.Title)
		}
		for _, s := range p.Supports {
			if cat.Cause(s.Cause) == nil {
				t.Errorf("%s speaks for %s, which does not exist", p.ID, s.Cause)
			}
		}
	}
	if slices.ContainsFunc(cat.Patterns(), func(p *patterns.Pattern) bool { return p.Role == patterns.RoleReading }) {
		t.Error("a matcher would look for a reading")
	}
}
