package recognise

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones      = 0x0101010101010101
	highs     = 0x8080808080808080
	hashSeed0 = 0xa0761d6478bd642f
	hashSeed1 = 0xe7037ed1a0b428db
)

// maskWord replaces the ASCII digits among eight bytes by '0'.
func maskWord(v uint64) uint64 {
	low := v &^ highs
	// A byte in '0'..'9' sets its high bit in the first sum and not in the second.
	digit := (low + (0x80-'0')*ones) &^ (low + (0x80-'9'-1)*ones) &^ v & highs
	// 0x80 >> 7 * 15 is the low nibble, which is what tells digits apart.
	return v &^ ((digit >> 7) * 15)
}

// maskAndHash writes line with its digits masked to dst, which has room for eight
// more bytes, and returns a hash of it. It masks and mixes in one pass.
func maskAndHash(dst, line []byte) uint64 {
	n := len(line)
	if n < 8 {
		var v uint64
		for i, c := range line {
			v |= uint64(c) << (8 * i)
		}
		v = maskWord(v)
		binary.LittleEndian.PutUint64(dst, v)
		hi, lo := bits.Mul64(v^hashSeed1, uint64(n)^hashSeed0)
		return hi ^ lo
	}
	a, b := uint64(n)^hashSeed0, uint64(hashSeed1)
	i := 0
	for ; i+16 <= n; i += 16 {
		src, to := line[i:i+16], dst[i:i+16]
		v := maskWord(binary.LittleEndian.Uint64(src))
		w := maskWord(binary.LittleEndian.Uint64(src[8:]))
		binary.LittleEndian.PutUint64(to, v)
		binary.LittleEndian.PutUint64(to[8:], w)
		hi, lo := bits.Mul64(v^a, hashSeed1)
		a = hi ^ lo
		hi, lo = bits.Mul64(w^b, hashSeed0)
		b = hi ^ lo
	}
	if i+8 <= n {
		v := maskWord(binary.LittleEndian.Uint64(line[i:]))
		binary.LittleEndian.PutUint64(dst[i:], v)
		hi, lo := bits.Mul64(v^a, hashSeed1)
		a = hi ^ lo
	}
	v := maskWord(binary.LittleEndian.Uint64(line[n-8:]))
	binary.LittleEndian.PutUint64(dst[n-8:], v)
	hi, lo := bits.Mul64(v^b, a^hashSeed1)
	return hi ^ lo
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
