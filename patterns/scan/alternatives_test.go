package scan

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// wuManber is the usual algorithm for this task, for comparison: it looks at
// the last four bytes of a window as long as the shortest literal, and shifts
// by what a table says of their hash.
type wuManber struct {
	literals [][]byte
	m        int
	shift    [1 << 16]uint8
	ends     map[uint32][]uint16 // hash of the window's end -> literals
}

func wmHash(b []byte) uint32 { return binary.LittleEndian.Uint32(b) * 0x9E3779B1 >> 16 }

func newWuManber(literals [][]byte) *wuManber {
	w := &wuManber{literals: literals, m: 255, ends: map[uint32][]uint16{}}
	for _, l := range literals {
		w.m = min(w.m, len(l))
	}
	for i := range w.shift {
		w.shift[i] = uint8(w.m - 3)
	}
	for n, l := range literals {
		for i := 4; i <= w.m; i++ {
			h := wmHash(l[i-4:])
			w.shift[h] = min(w.shift[h], uint8(w.m-i))
		}
		h := wmHash(l[w.m-4:])
		w.ends[h] = append(w.ends[h], uint16(n))
	}
	return w
}

// lines counts the lines that hold a literal.
func (w *wuManber) lines(b []byte) int {
	n := 0
	for i := w.m - 4; i+4 <= len(b); {
		h := wmHash(b[i:])
		if s := w.shift[h]; s > 0 {
			i += int(s)
			continue
		}
		start := i + 4 - w.m
		if slices.ContainsFunc(w.ends[h], func(l uint16) bool { return bytes.HasPrefix(b[start:], w.literals[l]) }) {
			n++
			end := bytes.IndexByte(b[i:], '\n')
			if end < 0 {
				return n
			}
			i += end + w.m - 3
			continue
		}
		i++
	}
	return n
}

// BenchmarkAlternatives sets the scanner beside Wu and Manber's algorithm, on
// all literals and on those of ten bytes and more, where both do best.
func BenchmarkAlternatives(b *testing.B) {
	var long [][]byte
	for _, l := range testLiterals() {
		if len(l) >= longWindow {
			long = append(long, l)
		}
	}
	block := wolfLines(1<<20, 200)
	for _, set := range []struct {
		name     string
		literals [][]byte
	}{{"all", testLiterals()}, {"long", long}} {
		want := len(plain(set.literals, block))
		run := func(name string, lines func() int) {
			b.Run(set.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(block)))
				b.ReportAllocs()
				for b.Loop() {
					if n := lines(); n != want {
						b.Fatalf("%d lines, want %d", n, want)
					}
				}
			})
		}
		s, wm := New(set.literals), newWuManber(set.literals)
		run("sampled grams", func() int {
			n := 0
			for c := s.Cursor(block); ; n++ {
				if _, _, ok := c.Next(); !ok {
					return n
				}
			}
		})
		run("Wu-Manber", func() int { return wm.lines(block) })
	}
}
