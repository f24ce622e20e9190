package scan

import (
	"bytes"
	"encoding/binary"
)

const (
	maxTiers   = 3
	longWindow = 10 // literals at least this long share the fast tier
	midWindow  = 6  // shorter ones cost twice to four times as much

	maxSearch = 64 // bytes of a literal in which its window is looked for

	longBits  = 19 // bits of the fast tier's filter: 64 KB, for some 15,000 grams
	otherBits = 16 // of the other tiers' filters: 8 KB

	longBuckets  = 12 // bits of a bucket's number
	otherBuckets = 8

	hashMul = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4)
)

// tier finds the literals of one range of lengths.
type tier struct {
	w, q, s     int    // window, gram, step: w = q + s - 1
	mask        uint64 // of the low q bytes
	shift       uint   // takes a hash to its bit in the filter
	filter      []uint64
	entries     []entry  // by bucket, which is the top bits of a hash
	starts      []uint32 // of each bucket in entries
	bucketShift uint
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
	shortest := longWindow
	for _, m := range members {
		shortest = min(shortest, len(literals[m]))
	}
	t := &tier{}
	bits, buckets := uint(otherBits), uint(otherBuckets)
	switch {
	case shortest >= longWindow:
		t.w, t.q, bits, buckets = longWindow, longGram, longBits, longBuckets
	case shortest >= midWindow:
		t.w, t.q = midWindow, midGram
	default:
		t.w, t.q = shortest, min(shortest, 4)
	}
	t.s = t.w - t.q + 1
	t.mask = 1<<(8*t.q) - 1
	t.shift, t.bucketShift = 64-bits, 64-buckets
	t.filter = make([]uint64, 1<<(bits-6))
	t.starts = make([]uint32, 1<<buckets+1)
	t.entries = make([]entry, len(members)*t.s)

	// First count the entries of each bucket, then put them in from its end.
	usual := newGrams(t.q)
	windows := make([]uint8, len(members))
	for i, m := range members {
		at := bestWindow(literals[m], t.w, t.q, usual)
		windows[i] = uint8(at)
		for o := at; o < at+t.s; o++ {
			h := t.hash(load(literals[m], o, t.q))
			t.filter[h>>t.shift>>6] |= 1 << (h >> t.shift & 63)
			t.starts[h>>t.bucketShift]++
		}
	}
	for i := 1; i < len(t.starts); i++ {
		t.starts[i] += t.starts[i-1]
	}
	for i, m := range members {
		at := int(windows[i])
		for o := at; o < at+t.s; o++ {
			h := t.hash(load(literals[m], o, t.q))
			b := h >> t.bucketShift
			t.starts[b]--
			t.entries[t.starts[b]] = entry{uint32(h >> 8), m, uint16(o)}
		}
	}
	return t
}

// bucket lists the entries whose grams may have a hash.
func (t *tier) bucket(h uint64) []entry {
	b := h >> t.bucketShift
	return t.entries[t.starts[b]:t.starts[b+1]]
}

// bestWindow chooses the first part of a literal whose grams are seen least in
// ordinary lines. It looks at the first maxSearch bytes only.
func bestWindow(l []byte, w, q int, usual *grams) int {
	l = l[:min(len(l), maxSearch)]
	if len(l) == w {
		return 0
	}
	var costs [maxSearch]uint8
	best, bestSum, sum := 0, 1<<30, 0
	for i := 0; i+q <= len(l); i++ {
		costs[i] = usual.cost(load(l, i, q))
		sum += int(costs[i])
		first := i - (w - q) // start of the window that ends with this gram
		if first < 0 {
			continue
		}
		if sum < bestSum {
			best, bestSum = first, sum
			if sum == 0 {
				break
			}
		}
		sum -= int(costs[first])
	}
	return best
}

func (t *tier) hash(gram uint64) uint64 { return (gram & t.mask) * hashMul }

// maybe reports whether a gram of this hash may be in the table.
func (t *tier) maybe(h uint64) bool {
	return t.filter[h>>t.shift>>6]&(1<<(h>>t.shift&63)) != 0
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
		for _, e := range t.bucket(h) {
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
		for _, e := range t.bucket(h) {
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
	switch t.w {
	case longWindow:
		i = t.skipLong(b, i)
	case midWindow:
		i = t.skipMid(b, i)
	}
	for ; i+t.q <= len(b); i += t.s {
		if t.maybe(t.hash(load(b, i, t.q))) {
			return i
		}
	}
	return i
}
