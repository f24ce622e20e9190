package diagnose

import (
	"testing"

	"wolfdiag/patterns"
)

// BenchmarkNewModel is what preparing the built-in catalogue adds to every run.
func BenchmarkNewModel(b *testing.B) {
	c, err := patterns.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if m := NewModel(c.Causes(), c.Patterns(), Ablation{}); len(m.causes) != len(c.Causes()) {
			b.Fatalf("%d causes", len(m.causes))
		}
	}
}
