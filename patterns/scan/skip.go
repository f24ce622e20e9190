package scan

import "encoding/binary"

// The two tiers that matter have loops of their own, since steps, masks and
// shifts that the compiler knows make them faster by half.
const (
	longGram = 6
	longStep = longWindow - longGram + 1
	longMask = 1<<(8*longGram) - 1

	midGram = 4
	midStep = midWindow - midGram + 1
	midMask = 1<<(8*midGram) - 1
)

// skipLong goes to the first gram of the long tier that may be in the table, or
// close to the end. It takes four at a time: their look-ups have nothing to
// wait for in each other, and one branch serves all.
func (t *tier) skipLong(b []byte, i int) int {
	filter := (*[1 << (longBits - 6)]uint64)(t.filter)
	for ; i+3*longStep+8 <= len(b); i += 4 * longStep {
		c := b[i : i+3*longStep+8]
		h0 := (binary.LittleEndian.Uint64(c) & longMask) * hashMul
		h1 := (binary.LittleEndian.Uint64(c[longStep:]) & longMask) * hashMul
		h2 := (binary.LittleEndian.Uint64(c[2*longStep:]) & longMask) * hashMul
		h3 := (binary.LittleEndian.Uint64(c[3*longStep:]) & longMask) * hashMul
		m0 := filter[h0>>(64-longBits+6)] >> (h0 >> (64 - longBits) & 63)
		m1 := filter[h1>>(64-longBits+6)] >> (h1 >> (64 - longBits) & 63)
		m2 := filter[h2>>(64-longBits+6)] >> (h2 >> (64 - longBits) & 63)
		m3 := filter[h3>>(64-longBits+6)] >> (h3 >> (64 - longBits) & 63)
		if (m0|m1|m2|m3)&1 != 0 {
			return i + firstOf(m0, m1, m2)*longStep
		}
	}
	return i
}

// skipMid is skipLong for the middle tier.
func (t *tier) skipMid(b []byte, i int) int {
	filter := (*[1 << (otherBits - 6)]uint64)(t.filter)
	for ; i+3*midStep+8 <= len(b); i += 4 * midStep {
		c := b[i : i+3*midStep+8]
		h0 := (binary.LittleEndian.Uint64(c) & midMask) * hashMul
		h1 := (binary.LittleEndian.Uint64(c[midStep:]) & midMask) * hashMul
		h2 := (binary.LittleEndian.Uint64(c[2*midStep:]) & midMask) * hashMul
		h3 := (binary.LittleEndian.Uint64(c[3*midStep:]) & midMask) * hashMul
		m0 := filter[h0>>(64-otherBits+6)] >> (h0 >> (64 - otherBits) & 63)
		m1 := filter[h1>>(64-otherBits+6)] >> (h1 >> (64 - otherBits) & 63)
		m2 := filter[h2>>(64-otherBits+6)] >> (h2 >> (64 - otherBits) & 63)
		m3 := filter[h3>>(64-otherBits+6)] >> (h3 >> (64 - otherBits) & 63)
		if (m0|m1|m2|m3)&1 != 0 {
			return i + firstOf(m0, m1, m2)*midStep
		}
	}
	return i
}

// firstOf returns which of four filter words has its low bit set first, given
// that one has.
func firstOf(m0, m1, m2 uint64) int {
	switch {
	case m0&1 != 0:
		return 0
	case m1&1 != 0:
		return 1
	case m2&1 != 0:
		return 2
	}
	return 3
}
