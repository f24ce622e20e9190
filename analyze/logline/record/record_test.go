package record

import "testing"

// TestLevels: the levels rise, each has a name, and what is none of them says so.
func TestLevels(t *testing.T) {
	t.Parallel()
	want := []string{"none", "trace", "debug", "info", "warning", "error", "fatal", "unknown"}
	for i, name := range want {
		if got := Level(i).String(); got != name {
			t.Errorf("level %d is called %q, want %q", i, got, name)
		}
	}
	if LevelFatal.String() != "fatal" || int(LevelFatal) != len(levelNames)-1 {
		t.Errorf("%d names do not fit the levels, which end at %d", len(levelNames), LevelFatal)
	}
}

func TestLevelless(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		r    Record
		want bool
	}{
		{"no level", Record{}, true},
		{"a level that it states", Record{Level: LevelWarning}, false},
		{"a level that its words say", Record{Level: LevelWarning, Worded: true}, true},
	} {
		if got := tc.r.Levelless(); got != tc.want {
			t.Errorf("%s: Levelless() = %v", tc.name, got)
		}
	}
}
