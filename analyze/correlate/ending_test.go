package correlate

import (
	"testing"

	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// TestEnding: what loses its display as an app comes to its end is no failure, and
// what loses it for no reason is one. No line has a clock.
func TestEnding(t *testing.T) {
	t.Parallel()
	all := []*patterns.Pattern{
		{ID: "goodbye", Role: patterns.RoleLifecycle, Excuses: []string{"lost"}},
		{ID: "put-away", Role: patterns.RoleLifecycle, Excuses: []string{"lost"}, Resolves: []string{"lost"}},
		{ID: "lost", Role: patterns.RoleCause, Severity: "error"},
		{ID: "read-lost", Role: patterns.RoleReading, Ordinary: []patterns.Condition{{Ending: true}}},
	}
	type said struct {
		pattern  int32
		from, to int64 // lines
	}
	for _, tc := range []struct {
		name string
		log  []said
		want int // complaints left
	}{
		{"nothing ended", []said{{2, 10, 10}, {3, 11, 11}}, 2},
		{"an app had said goodbye", []said{{0, 9, 9}, {2, 10, 10}, {3, 11, 11}}, 0},
		{"it said so long before", []said{{0, 9, 9}, {2, 100, 100}, {3, 101, 101}}, 2},
		{"it said so afterwards, having lost its display", []said{{2, 10, 10}, {3, 11, 11}, {0, 12, 12}}, 2},
		{"an app put away what it had afterwards", []said{{2, 10, 10}, {3, 11, 11}, {1, 12, 12}}, 0},
		{"a storm of losses in between", []said{{0, 9, 9}, {2, 10, 45}, {3, 50, 55}}, 0},
		{"a loss that goes on for long", []said{{0, 9, 9}, {2, 10, 400}}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New(all)
			for _, s := range tc.log {
				runs.Add(s.pattern, timeline.Reading{Pos: timeline.Pos{Line: s.from}})
				if s.to > s.from {
					runs.Add(s.pattern, timeline.Reading{Pos: timeline.Pos{Line: s.to}})
				}
			}
			if n := len(runs.Judge(&Circumstances{}).Ordered()); n != tc.want {
				t.Errorf("%d complaints are left, want %d", n, tc.want)
			}
		})
	}
}
