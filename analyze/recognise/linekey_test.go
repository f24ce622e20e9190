package recognise

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"wolfdiag/analyze/logline"
)

// plainKey is the key of a line with all that is masked, byte by byte, and how
// many characters of hex words are.
func plainKey(line []byte) (key []byte, marks int) {
	key = bytes.Clone(line)
	for i, c := range key {
		if '0' <= c && c <= '9' {
			key[i] = '0'
		}
	}
	from, to := logline.ThreadAt(key, 0)
	for i := from; i < to; i++ {
		key[i] = '0'
	}
	words := findHexWords(nil, key)
	if bytes.IndexByte(key, hexMark) >= 0 {
		return key, 0
	}
	maskWords(key, words)
	return key, bytes.Count(key, []byte{hexMark})
}

// checkKey proves of a line that its key is the plain one, and that its hash is
// that of its bytes. It returns the key with what stands behind 0x masked alone.
func checkKey(t *testing.T, line []byte) (prefixed []byte, marks int) {
	t.Helper()
	var k lineKey
	check := func() {
		t.Helper()
		sum := uint64(0)
		for i := 0; i <= k.n/16*16+8; i += 8 {
			sum += sumOf(binary.LittleEndian.Uint64(k.room[i:]), i)
		}
		if sum != k.sum {
			t.Fatalf("%q: the sum of %q is %x, not %x", line, k.text(), sum, k.sum)
		}
	}
	for _, end := range []string{"", "\n", "\r\n", "\nand another line behind it"} {
		size := k.read([]byte(string(line) + end))
		k.maskPrefixed()
		if want := len(line) + bytes.IndexByte([]byte(end), '\n') + 1; size != want && end != "" || k.n != len(line) {
			t.Fatalf("%q%q: %d bytes, of them %d of the line; want %d and %d", line, end, size, k.n, want, len(line))
		}
		check()
		if key := bytes.Clone(k.text()); prefixed == nil {
			prefixed, marks = key, k.marks
		} else if !bytes.Equal(prefixed, key) || marks != k.marks {
			t.Fatalf("%q%q has the key %q, not %q", line, end, key, prefixed)
		}
	}
	k.maskAll(line)
	check()
	if want, marks := plainKey(line); !bytes.Equal(k.text(), want) || k.marks != marks {
		t.Fatalf("%q has the key %q with %d marks, want %q with %d", line, k.text(), k.marks, want, marks)
	}
	return prefixed, marks
}

// pieces make lines that hold much that is a hex word or a thread, or nearly one.
var pieces = []string{"0x", "x", "-", " ", " ", "_", "dead", "beef", "0", "1234", "9", "abcdef01", "12345678", "00000000-0000-0000-0000-000000000000",
	"123e4567-e89b-12d3-a456-426614174000", " 0x7f051e4efa08 DEBUG ", "failed", "id=", "g", "AB", "/usr/lib/x86_64-linux-gnu/", "é", "\x01", "\r"}

func pieced(rng *rand.Rand) (line []byte) {
	for range 1 + rng.IntN(1<<rng.IntN(7)) {
		line = append(line, pieces[rng.IntN(len(pieces))]...)
	}
	return append(line, '.')
}

func TestLineKey(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	type form struct {
		key   string
		marks int
	}
	whole := map[form]bool{} // keys with all masked
	var lines [][]byte
	for range 20_000 {
		line := pieced(rng)
		if len(line) > maxLineKey {
			continue
		}
		lines = append(lines, line)
		key, marks := plainKey(line)
		whole[form{string(key), marks}] = true
	}
	met := 0
	for _, line := range lines {
		prefixed, marks := checkKey(t, line)
		if !whole[form{string(prefixed), marks}] {
			continue
		}
		met++
		if key, n := plainKey(line); n != marks || !bytes.Equal(key, prefixed) {
			t.Fatalf("%q is taken for a line of key %q, and its key is %q", line, prefixed, key)
		}
	}
	if met < len(lines)/4 {
		t.Errorf("%d of %d lines were known: too few to prove anything", met, len(lines))
	}
}

func FuzzLineKey(f *testing.F) {
	f.Add([]byte("13:43:42.347730860 TRACE | packet type 0x5d95 of 123e4567-e89b-12d3-a456-426614174000, and 4f2a9c1b8d3e"))
	f.Add([]byte("0:00:00.214744451     1 0x7f051e4efa08 DEBUG           interpipesrc gstinterpipesrc.c:502:"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(line) > maxLineKey || bytes.IndexByte(line, '\n') >= 0 || bytes.HasSuffix(line, []byte{'\r'}) {
			return
		}
		checkKey(t, line)
	})
}
