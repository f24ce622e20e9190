package recognise

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"
)

// checkMaskLine proves that maskLine does what maskLinePlain does.
func checkMaskLine(t *testing.T, data []byte) {
	t.Helper()
	var dst, plain [maxMasked]byte
	var xs, wantXs [xWords]uint64
	n, sum, some := maskLine(&dst, data, &xs)
	wantN, wantSum, wantSome := maskLinePlain(&plain, data, &wantXs)
	if n != wantN {
		t.Fatalf("%q: length %d, want %d", data, n, wantN)
	}
	if n < 0 {
		return
	}
	last := n / 64
	xs[last] &= 1<<(n%64) - 1
	if sum != wantSum || some != wantSome || !bytes.Equal(dst[:n/16*16+16], plain[:n/16*16+16]) || !slices.Equal(xs[:last+1], wantXs[:last+1]) {
		t.Fatalf("%q: %q, %x, %v; want %q, %x, %v", data, dst[:n], sum, some, plain[:n], wantSum, wantSome)
	}
}

// A mask hides digits and nothing else, and lines that differ in more have sums
// that differ.
func TestMaskLine(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 3))
	var masked, other [maxMasked]byte
	var xs [xWords]uint64
	for n := range 150 {
		for range 20 {
			line := make([]byte, n, n+40)
			for i := range line {
				if line[i] = byte(rng.IntN(256)); line[i] == '\n' || rng.IntN(2) == 0 {
					line[i] = "/0123456789:x\r"[rng.IntN(14)]
				}
			}
			checkMaskLine(t, line)
			data := append(append(line, '\n'), "0x and more, so that a block ends there\n"...)
			checkMaskLine(t, data)
			m, sum, _ := maskLine(&masked, data, &xs)
			if want := bytes.Map(maskRune, line); m != n || !bytes.Equal(masked[:n], want) && utf8.Valid(line) {
				t.Fatalf("%q masked to %q, want %q", line, masked[:m], want)
			}
			if n == 0 {
				continue
			}
			if data[rng.IntN(n)] ^= 0x80; bytes.IndexByte(data[:n], '\n') >= 0 {
				continue
			}
			if _, again, _ := maskLine(&other, data, &xs); again == sum {
				t.Fatalf("%q and %q have one sum", line, data[:n])
			}
		}
	}
}

func FuzzMaskLine(f *testing.F) {
	f.Add([]byte("13:43:42.347730860 TRACE | packet type 0x5d95 of 1920x1080\n and a second line, so that it is long"))
	f.Fuzz(checkMaskLine)
}
