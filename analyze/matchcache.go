package analyze

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// shape is what is known about all messages that differ only in digits: which
// patterns recognise them. Recognition of such messages is the same by
// construction: when a pattern in question looks at digits, the digits are
// part of the key.
type shape struct {
	key      []byte // as hashed, to tell collisions apart
	patterns []*patterns.Pattern
	places   [][]patterns.Place // of each pattern's captures, where they are known; nil otherwise
}

// shapeCache maps message keys to shapes. One worker owns it. When it is full
// it is emptied: a storm of distinct messages costs time, never memory.
type shapeCache struct {
	m     map[uint64]*shape
	bytes int
}

const (
	maxShapes     = 8_192
	maxShapeBytes = 2 << 20
	maxKey        = 4_096 // longer messages are not cached
)

func (c *shapeCache) get(h uint64, key []byte) *shape {
	if s, ok := c.m[h]; ok && bytes.Equal(s.key, key) {
		return s
	}
	return nil
}

func (c *shapeCache) put(h uint64, s *shape) {
	if c.m == nil || len(c.m) >= maxShapes || c.bytes > maxShapeBytes {
		c.m = make(map[uint64]*shape, 256)
		c.bytes = 0
	}
	c.m[h] = s
	c.bytes += len(s.key) + 64
}

// appendKey writes the cache key of a record: everything matching looks at,
// with every digit of the text replaced by 0 when digits do not matter.
func appendKey(dst []byte, r *logline.Record, text []byte, digitsMatter bool) []byte {
	dst = append(dst, byte(r.Format), byte(r.Level))
	dst = append(dst, r.Component...)
	dst = append(dst, 0)
	dst = append(dst, r.Function...)
	dst = append(dst, 0)
	n := len(dst)
	dst = append(dst, r.Element...)
	dst = append(dst, 0)
	dst = append(dst, text...)
	if !digitsMatter {
		maskDigits(dst[n:])
	}
	return dst
}

// maskDigits replaces every ASCII digit by '0', eight bytes at a time.
func maskDigits(b []byte) {
	const (
		ones = 0x0101010101010101
		high = 0x8080808080808080
	)
	for len(b) >= 8 {
		v := binary.LittleEndian.Uint64(b)
		low := v &^ uint64(high)
		// A byte in '0'..'9' sets its high bit in ge0 and not in gt9.
		ge0 := low + (0x80-'0')*ones
		gt9 := low + (0x80-'9'-1)*ones
		digit := ge0 &^ gt9 &^ v & high
		if digit != 0 {
			mask := (digit >> 7) * 0xff
			v = v&^mask | mask&('0'*ones)
			binary.LittleEndian.PutUint64(b, v)
		}
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
	const k0, k1 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db
	h := uint64(len(b)) ^ k0
	for len(b) >= 8 {
		hi, lo := bits.Mul64(binary.LittleEndian.Uint64(b)^k1, h^k0)
		h = hi ^ lo
		b = b[8:]
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	hi, lo := bits.Mul64(tail^k1, h^k0)
	return hi ^ lo
}
