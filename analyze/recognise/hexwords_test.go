package recognise

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHexWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line string
		want       []string
	}{
		{"address", "buffer at 0x7f051e4efa08 is gone", []string{"7f051e4efa08"}},
		{"short code", "[EGL] 0x300c (BAD_PARAMETER)", []string{"300c"}},
		{"code of digits alone", "code 0x3003, Xid 79, 12345678", nil},
		{"container id", "Stopping 4f2a9c1b8d3e:", []string{"4f2a9c1b8d3e"}},
		{"words are no hex", "added a feed to the facade, deadbeef", []string{"deadbeef"}},
		{"part of a word", "WolfXFCE_0badcafe0bad0 xdeadbeef0", []string{"0badcafe0bad0"}},
		{"UUID", "id=123e4567-0000-12d3-9456-426614174000.", []string{"123e4567", "0000", "12d3", "9456", "426614174000"}},
		{"almost a UUID", "id=123e4567-0000-12d3-9456-426614174", []string{"123e4567"}},
		{"upper case", "HEX: 00FF13AB99", []string{"00FF13AB99"}},
		{"nothing behind 0x", "0x 0xg", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, w := range findHexWords(nil, []byte(tt.line)) {
				got = append(got, tt.line[w.From:w.To])
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("hex words of %q (-want +got):\n%s", tt.line, d)
			}
		})
	}
}

// checkVariants proves on one line that a literal found in it is found in its
// masked form by one of the literal's own masked forms.
func checkVariants(t *testing.T, line []byte, from, to int) {
	t.Helper()
	literal := line[from:to]
	variants, ok := hexVariants(literal)
	if !ok {
		return
	}
	key := bytes.Clone(line)
	maskDigits(key)
	maskWords(key, findHexWords(nil, line))
	plain := bytes.Clone(literal)
	maskDigits(plain)
	for _, v := range append(variants, plain) {
		if bytes.Equal(key[from:to], v) {
			return
		}
	}
	t.Fatalf("%q in %q: %q is none of its forms %q", literal, line, key[from:to], variants)
}

func TestHexVariants(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	bits := []string{"0x", "x", "-", " ", "_", "dead", "beef", "0", "1234", "9", "abcdef01", "123e4567-e89b-12d3-a456-426614174000", "failed", "id=", "g", "AB"}
	words := 0
	for range 20_000 {
		var line []byte
		for range 1 + rng.IntN(8) {
			line = append(line, bits[rng.IntN(len(bits))]...)
		}
		words += len(findHexWords(nil, line))
		from := rng.IntN(len(line))
		checkVariants(t, line, from, from+1+rng.IntN(len(line)-from))
	}
	if words < 1000 {
		t.Errorf("%d hex words: too few to prove anything", words)
	}
}

func FuzzHexVariants(f *testing.F) {
	f.Add([]byte("mapped at 0x7f05dead, bad file descriptor"), uint8(14), uint8(10))
	f.Add([]byte("id 123e4567-e89b-12d3-a456-426614174000 is gone"), uint8(9), uint8(12))
	f.Fuzz(func(t *testing.T, line []byte, from, n uint8) {
		if int(from)+int(n) > len(line) || n == 0 || bytes.IndexByte(line, hexMark) >= 0 {
			return
		}
		checkVariants(t, line, int(from), int(from)+int(n))
	})
}
