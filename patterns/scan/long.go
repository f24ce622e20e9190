package scan

import "encoding/binary"

const (
	longGram = 5
	longStep = longWindow - longGram + 1
	longMask = 1<<(8*longGram) - 1
)

// skipLong is skip for the fast tier, four grams at a time. The four look-ups
// have nothing to wait for in each other; one branch serves all.
func (t *tier) skipLong(b []byte, i int) int {
	filter := t.filter
	for ; i+3*longStep+8 <= len(b); i += 4 * longStep {
		c := b[i : i+3*longStep+8]
		h0 := (binary.LittleEndian.Uint64(c) & longMask) * hashMul
		h1 := (binary.LittleEndian.Uint64(c[longStep:]) & longMask) * hashMul
		h2 := (binary.LittleEndian.Uint64(c[2*longStep:]) & longMask) * hashMul
		h3 := (binary.LittleEndian.Uint64(c[3*longStep:]) & longMask) * hashMul
		m0 := filter[h0>>(64-filterBits+6)] >> (h0 >> (64 - filterBits) & 63)
		m1 := filter[h1>>(64-filterBits+6)] >> (h1 >> (64 - filterBits) & 63)
		m2 := filter[h2>>(64-filterBits+6)] >> (h2 >> (64 - filterBits) & 63)
		m3 := filter[h3>>(64-filterBits+6)] >> (h3 >> (64 - filterBits) & 63)
		if (m0|m1|m2|m3)&1 == 0 {
			continue
		}
		switch {
		case m0&1 != 0:
			return i
		case m1&1 != 0:
			return i + longStep
		case m2&1 != 0:
			return i + 2*longStep
		default:
			return i + 3*longStep
		}
	}
	return i
}
