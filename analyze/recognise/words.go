package recognise

import (
	"bytes"

	"wolfdiag/analyze/reading"
)

const (
	maxWords    = 64
	maxWordsLen = 300 // longer texts are read each time
)

// words remembers which texts without a level complain by their words, the last
// one of each hash: lines that the line cache cannot hold often say the same.
type words [maxWords]struct {
	text     []byte
	is       bool
	from, to int
}

// complains is reading.Complains, remembered.
func (w *words) complains(text []byte) (is bool, from, to int) {
	if len(text) == 0 || len(text) > maxWordsLen {
		return reading.Complains(text)
	}
	e := &w[hash(text)%maxWords]
	if !bytes.Equal(e.text, text) {
		e.is, e.from, e.to = reading.Complains(text)
		e.text = append(e.text[:0], text...)
	}
	return e.is, e.from, e.to
}
