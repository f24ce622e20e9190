package recognise

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A mask hides digits and nothing else, and lines that differ in more have
// keys that differ.
func TestMaskAndHash(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 3))
	dst := make([]byte, 200)
	for n := range 150 {
		for range 20 {
			line := make([]byte, n)
			for i := range line {
				line[i] = byte(rng.IntN(256))
				if rng.IntN(2) == 0 {
					line[i] = byte('/' + rng.IntN(12))
				}
			}
			want := bytes.Clone(line)
			for i, c := range want {
				if c >= '0' && c <= '9' {
					want[i] = '0'
				}
			}
			h := maskAndHash(dst, line)
			if !bytes.Equal(dst[:n], want) {
				t.Fatalf("%q masked to %q, want %q", line, dst[:n], want)
			}
			if again := maskAndHash(dst, want); again != h {
				t.Fatalf("%q and %q have different hashes", line, want)
			}
			if n == 0 {
				continue
			}
			want[rng.IntN(n)] ^= 0x80
			if other := maskAndHash(dst, want); other == h {
				t.Fatalf("%q and %q have one hash", line, want)
			}
		}
	}
}
