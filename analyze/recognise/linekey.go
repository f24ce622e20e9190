package recognise

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// lineKey is what is the same in all lines of one form: the line with its digits,
// the address of GStreamer's thread and its hex words masked. The words behind a
// 0x are masked first, as others are rare: a key in which only they are masked
// is that of a known line only if it has no others.
type lineKey struct {
	n        int             // of its bytes; -1 when the line is too long
	sum      uint64          // of maskLine, kept up to date
	prefixed bool            // there may be words behind a 0x: at the digits that xs tells
	marks    int             // characters of hex words that are masked
	words    []patterns.Span // hex words that are masked
	xs       [xWords]uint64
	room     [maxMasked]byte // the key, with zeros behind it
	apart    [maxMasked]byte // a line at the end of its block
}

const (
	maxLineKey = 1024
	hashSeed0  = 0xa0761d6478bd642f
	hashSeed1  = 0xe7037ed1a0b428db
)

// text is the key.
func (k *lineKey) text() []byte { return k.room[:k.n] }

// read takes the line that data begins with and masks its digits. It returns how
// long the line is with its end.
func (k *lineKey) read(data []byte) (size int) {
	k.words, k.marks = k.words[:0], 0
	k.n, k.sum, k.prefixed = maskLine(&k.room, data, &k.xs)
	size = k.n + 1
	if k.n < 0 {
		size = lineLen(data)
	} else if k.n == 0 || data[k.n-1] != '\r' {
		if k.n > maxLineKey {
			k.n = -1
		}
		return size
	}
	k.n = -1
	if line := trimEOL(data[:size]); len(line) <= maxLineKey {
		k.take(line)
	}
	return size
}

// take is read for a line without its end, which need not have others behind it.
func (k *lineKey) take(line []byte) {
	k.words, k.marks = k.words[:0], 0
	copy(k.apart[:], line)
	k.apart[len(line)] = '\n'
	k.n, k.sum, k.prefixed = maskLine(&k.room, k.apart[:], &k.xs)
}

// maskPrefixed masks the thread and the words behind a 0x.
func (k *lineKey) maskPrefixed() {
	if !k.prefixed {
		return
	}
	text, last := k.text(), k.n/64
	done, first := 0, true
	for i := 0; i <= last; i++ {
		digits := k.xs[i]
		if i == last {
			digits &= 1<<(k.n%64) - 1
		}
		for ; digits != 0; digits &= digits - 1 {
			at := i*64 + bits.TrailingZeros64(digits)
			if first {
				first = false
				if from, to := k.maskThread(at + 1); from == at+2 {
					done = to
				}
			}
			if at >= done && (at == 0 || charClass[text[at-1]] == charOther) && len(k.words) < maxHexWords {
				k.words, done = appendHexWord(k.words, text, at)
			}
		}
	}
	k.maskWords()
}

// maskAll masks all hex words of the line at hand. It reports whether the key is
// another one now.
func (k *lineKey) maskAll(line []byte) bool {
	before := k.hash()
	k.take(line)
	k.maskThread(0)
	if k.words = findHexWords(k.words[:0], k.text()); bytes.IndexByte(k.text(), hexMark) >= 0 {
		k.words = k.words[:0]
	}
	k.maskWords()
	return k.hash() != before
}

// maskThread masks the thread, whose x does not stand before one at x. It returns
// where its digits stand.
func (k *lineKey) maskThread(x int) (from, to int) {
	from, to = logline.ThreadAt(k.text(), x)
	if to > 0 {
		k.fill(from, to, '0')
	}
	return from, to
}

// maskWords masks the hex words that were found.
func (k *lineKey) maskWords() {
	k.marks = 0
	for _, w := range k.words {
		k.fill(w.From, w.To, hexMark)
		k.marks += w.To - w.From
	}
}

// fill puts one character from one place to another.
func (k *lineKey) fill(from, to int, c byte) {
	with := uint64(c) * ones
	for i := from &^ 7; i < to; i += 8 {
		was := binary.LittleEndian.Uint64(k.room[i:])
		inside := ^uint64(0) << (8 * max(from-i, 0)) & (^uint64(0) >> (8 * max(i+8-to, 0)))
		is := was&^inside | with&inside
		binary.LittleEndian.PutUint64(k.room[i:], is)
		k.sum += sumOf(is, i) - sumOf(was, i)
	}
}

// hash is a hash of the key.
func (k *lineKey) hash() uint64 {
	return mix(k.sum^hashSeed0, uint64(k.n)^uint64(k.marks)<<32^hashSeed1)
}
