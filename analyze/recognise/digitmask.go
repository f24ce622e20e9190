package recognise

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// maskWord replaces the ASCII digits among eight bytes by '0'.
func maskWord(v uint64) uint64 {
	low := v &^ highs
	// A byte in '0'..'9' sets its high bit in the first sum and not in the second.
	digit := (low + (0x80-'0')*ones) &^ (low + (0x80-'9'-1)*ones) &^ v & highs
	// 0x80 >> 7 * 15 is the low nibble, which is what tells digits apart.
	return v &^ ((digit >> 7) * 15)
}

// maskDigits replaces every ASCII digit by '0', eight bytes at a time.
func maskDigits(b []byte) {
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, maskWord(binary.LittleEndian.Uint64(b)))
		b = b[8:]
	}
	for i, c := range b {
		if c-'0' < 10 {
			b[i] = '0'
		}
	}
}

// hash is a fast 64-bit hash of a short key (wyhash's mixing step, Wang Yi,
// 2020); collisions are caught by comparing keys.
func hash(b []byte) uint64 {
	h := uint64(len(b)) ^ hashSeed0
	for len(b) >= 8 {
		hi, lo := bits.Mul64(binary.LittleEndian.Uint64(b)^hashSeed1, h^hashSeed0)
		h = hi ^ lo
		b = b[8:]
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	hi, lo := bits.Mul64(tail^hashSeed1, h^hashSeed0)
	return hi ^ lo
}

// mix is wyhash's mixing step.
func mix(v, w uint64) uint64 {
	hi, lo := bits.Mul64(v, w)
	return hi ^ lo
}
