package scan

import (
	"bytes"
	"encoding/binary"
)

const (
	maxTiers   = 3
	longWindow = 10 // literals at least this long share the fast tier
	midWindow  = 5  // below, every position is looked at

	maxSearch = 64 // bytes of a literal in which its window is looked for

	filterBits = 18 // 2^18 bits, 32 KB: fits beside the text in a first-level cache
	bucketBits = 12

	hashMul = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4)
)

// tier finds the literals of one range of lengths.
type tier struct {
	w, q, s int    // window, gram, step: w = q + s - 1
	mask    uint64 // of the low q bytes
	filter  *[1 << (filterBits - 6)]uint64
	starts  *[1<<bucketBits + 1]uint32
	entries []entry
}

// entry is one gram of a literal's window.
type entry struct {
	tag uint32 // hash bits below those of the bucket
	lit uint16
	off uint16 // of the gram within the literal
}

// makeTiers sorts the literals into tiers by length.
func makeTiers(literals [][]byte) []*tier {
	var groups [maxTiers][]uint16
	for i, l := range literals {
		switch {
		case len(l) == 0 || bytes.IndexByte(l, '\n') >= 0:
		case len(l) >= longWindow:
			groups[0] = append(groups[0], uint16(i))
		case len(l) >= midWindow:
			groups[1] = append(groups[1], uint16(i))
		default:
			groups[2] = append(groups[2], uint16(i))
		}
	}
	var tiers []*tier
	for _, g := range groups {
		if len(g) > 0 {
			tiers = append(tiers, newTier(literals, g))
		}
	}
	return tiers
}

func newTier(literals [][]byte, members []uint16) *tier {
	shortest := 1 << 30
	for _, m := range members {
		shortest = min(shortest, len(literals[m]))
	}
	t := &tier{w: min(shortest, longWindow)}
	switch {
	case t.w >= longWindow:
		t.q = longGram
	case t.w >= midWindow:
		t.q = 4
	default:
		t.q = t.w
	}
	t.s = t.w - t.q + 1
	t.mask = 1<<(8*t.q) - 1
	t.filter = new([1 << (filterBits - 6)]uint64)
	t.starts = new([1<<bucketBits + 1]uint32)

	type gram struct {
		hash uint64
		entry
	}
	grams := make([]gram, 0, len(members)*t.s)
	for _, m := range members {
		l := literals[m]
		at := bestWindow(l, t.w, t.q)
		for o := at; o < at+t.s; o++ {
			h := t.hash(load(l, o, t.q))
			grams = append(grams, gram{h, entry{uint32(h >> 8), m, uint16(o)}})
			t.filter[h>>(64-filterBits+6)] |= 1 << (h >> (64 - filterBits) & 63)
			t.starts[h>>(64-bucketBits)+1]++
		}
	}
	for i := 1; i < len(t.starts); i++ {
		t.starts[i] += t.starts[i-1]
	}
	t.entries = make([]entry, len(grams))
	fill := *t.starts
	for _, g := range grams {
		b := g.hash >> (64 - bucketBits)
		t.entries[fill[b]] = g.entry
		fill[b]++
	}
	return t
}

// bestWindow chooses the part of a literal whose commonest gram is rarest. It
// looks at the first maxSearch bytes only.
func bestWindow(l []byte, w, q int) int {
	l = l[:min(len(l), maxSearch)]
	var grams [maxSearch]uint16 // rarity of the gram at each place
	sum := 0
	for i, c := range l {
		sum += int(rarity[c])
		if i >= q {
			sum -= int(rarity[l[i-q]])
		}
		if i >= q-1 {
			grams[i-q+1] = uint16(sum)
		}
	}
	best, bestWorst := 0, uint16(0)
	for at := 0; at+w <= len(l); at++ {
		worst := grams[at]
		for _, g := range grams[at+1 : at+w-q+1] {
			worst = min(worst, g)
		}
		if worst > bestWorst {
			best, bestWorst = at, worst
		}
	}
	return best
}

func (t *tier) hash(gram uint64) uint64 { return (gram & t.mask) * hashMul }

// maybe reports whether a gram of this hash may be in the table.
func (t *tier) maybe(h uint64) bool {
	return t.filter[h>>(64-filterBits+6)]&(1<<(h>>(64-filterBits)&63)) != 0
}

// load reads up to eight bytes at i as a little-endian number; it may read
// past the gram, not past the text.
func load(b []byte, i, q int) uint64 {
	if i+8 <= len(b) {
		return binary.LittleEndian.Uint64(b[i:])
	}
	var v uint64
	for k := min(q, len(b)-i) - 1; k >= 0; k-- {
		v = v<<8 | uint64(b[i+k])
	}
	return v
}

// next returns a position inside the first literal that starts at or after
// from, len(b) when there is none.
func (t *tier) next(literals [][]byte, b []byte, from int) int {
	for i := from; ; i += t.s {
		i = t.skip(b, i)
		if i+t.q > len(b) {
			return len(b)
		}
		h := t.hash(load(b, i, t.q))
		bucket := h >> (64 - bucketBits)
		for _, e := range t.entries[t.starts[bucket]:t.starts[bucket+1]] {
			if e.tag == uint32(h>>8) && occurs(literals[e.lit], b, i-int(e.off), from) {
				return i
			}
		}
	}
}

// all appends every literal that b contains, in no order and perhaps more than once.
func (t *tier) all(dst []uint16, literals [][]byte, b []byte) []uint16 {
	for i := 0; ; i += t.s {
		i = t.skip(b, i)
		if i+t.q > len(b) {
			return dst
		}
		h := t.hash(load(b, i, t.q))
		bucket := h >> (64 - bucketBits)
		for _, e := range t.entries[t.starts[bucket]:t.starts[bucket+1]] {
			if e.tag == uint32(h>>8) && occurs(literals[e.lit], b, i-int(e.off), 0) {
				dst = append(dst, e.lit)
			}
		}
	}
}

func occurs(lit, b []byte, at, from int) bool {
	return at >= from && at+len(lit) <= len(b) && bytes.Equal(b[at:at+len(lit)], lit)
}

// skip returns the first of i, i+s, i+2s, … whose gram may be in the table, or
// a position too close to the end for a gram.
func (t *tier) skip(b []byte, i int) int {
	if t.s == longStep && t.q == longGram {
		i = t.skipLong(b, i)
	}
	for ; i+8 <= len(b); i += t.s {
		if t.maybe(t.hash(binary.LittleEndian.Uint64(b[i:]))) {
			return i
		}
	}
	for ; i+t.q <= len(b); i += t.s {
		if t.maybe(t.hash(load(b, i, t.q))) {
			return i
		}
	}
	return i
}
