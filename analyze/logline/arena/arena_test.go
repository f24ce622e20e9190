package arena

import "testing"

// TestArena: what was kept stays good while the arena grows, and until the
// second next line.
func TestArena(t *testing.T) {
	t.Parallel()
	var a Arena
	keep := func(s string) []byte {
		dst, from := a.Open()
		return a.Keep(append(dst, s...), from)
	}
	one, two := keep("one"), keep("two")
	big := keep(string(make([]byte, 1<<12)))
	a.Next()
	three := keep("three")
	if string(one) != "one" || string(two) != "two" || string(three) != "three" || len(big) != 1<<12 {
		t.Errorf("got %q, %q, %q", one, two, three)
	}
	if _ = append(one, "xxx"...); string(two) != "two" {
		t.Errorf("what is appended to one piece runs into the next: %q", two)
	}
	a.Next()
	if dst, from := a.Open(); from != 0 || cap(dst) < 1<<12 {
		t.Errorf("the second next line starts at %d with a capacity of %d", from, cap(dst))
	}
}
