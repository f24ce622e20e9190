package recognise

import (
	"bytes"
	"encoding/binary"
)

// The hash of a masked line is a sum over its words of eight bytes, so that it
// can be made anew when a few of them change (NH: Black, Halevi, Krawczyk,
// Krovetz and Rogaway, UMAC, 1999; with xor, as XXH3 has it).
const (
	sumSeed = 0xa0761d6478bd642f
	sumStep = 0xe7037ed1a0b428db
)

// sumOf is what the word v at byte i contributes; i is a multiple of eight.
func sumOf(v uint64, i int) uint64 {
	return halves(v ^ (sumSeed + uint64(i)/8*sumStep))
}

func halves(v uint64) uint64 { return v >> 32 * (v & (1<<32 - 1)) }

const (
	// maxMasked bounds what maskLine writes, in bytes: a multiple of 64.
	maxMasked = maxLineKey + 64
	xWords    = maxMasked / 64
)

// maskLinePlain writes the line that data begins with to dst, with its digits
// masked and with zeros behind it, in blocks of 16 bytes. It returns the line's
// length, the sum of these blocks, and whether an x stands behind a digit of it:
// where, xs tells, a bit for each digit. The length is -1 when the line does not
// end in a block that dst has room for and data holds with a byte behind it.
func maskLinePlain(dst *[maxMasked]byte, data []byte, xs *[xWords]uint64) (n int, sum uint64, some bool) {
	n = bytes.IndexByte(data[:max(min(len(dst), len(data))-1, 0)&^15], '\n')
	if n < 0 {
		return -1, 0, false
	}
	i, key := 0, uint64(sumSeed)
	for ; i+16 <= n; i += 16 {
		from, to := data[i:i+16], dst[i:i+16]
		v, w := maskWord(binary.LittleEndian.Uint64(from)), maskWord(binary.LittleEndian.Uint64(from[8:]))
		binary.LittleEndian.PutUint64(to, v)
		binary.LittleEndian.PutUint64(to[8:], w)
		sum += halves(v^key) + halves(w^(key+sumStep))
		key += 2 * sumStep & (1<<64 - 1)
	}
	last := dst[i : i+16]
	clear(last)
	copy(last, data[i:n])
	maskDigits(last)
	sum += halves(binary.LittleEndian.Uint64(last)^key) + halves(binary.LittleEndian.Uint64(last[8:])^(key+sumStep))
	clear(xs[:n/64+1])
	for x := 0; ; x++ {
		next := bytes.IndexByte(dst[x:n], 'x')
		if next < 0 {
			return n, sum, some
		}
		if x += next; x > 0 && dst[x-1] == '0' {
			xs[(x-1)/64] |= 1 << ((x - 1) % 64)
			some = true
		}
	}
}
