package lifetime

import (
	"math/rand/v2"
	"testing"
)

// TestCalledIsPlain: the last session of a name is found as by asking each.
func TestCalledIsPlain(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		word := func(most int) string {
			b := make([]byte, r.IntN(most))
			for i := range b {
				b[i] = "ab__"[r.IntN(4)]
			}
			return string(b)
		}
		list := make([]Session, r.IntN(12))
		for i := range list {
			list[i] = Session{ID: word(3), Container: word([]int{6, 24}[r.IntN(2)])}
		}
		c := names{}.of(0, list)
		for range 20 {
			name := word(5) + "b"
			want := -1
			for i := range list {
				if list[i].is(name) {
					want = i
				}
			}
			if got := c.last(name); got != want {
				t.Fatalf("seed %d: %q is session %d of %+v, want %d", seed, name, got, list, want)
			}
			if want >= 0 {
				found++
			}
		}
	}
	if found < 5000 {
		t.Errorf("only %d names were found", found)
	}
}
