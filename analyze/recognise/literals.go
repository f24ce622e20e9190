package recognise

import (
	"bytes"

	"wolfdiag/patterns/scan"
)

// maskedLiterals are the literals that another line of a key may hold where the
// first does not, because they have digits or characters of hex words.
type maskedLiterals struct {
	scanner *scan.Scanner // of the literals as masked lines hold them
	index   []uint16      // of each in the matcher
	all     bool          // false when some literal has too many ways to stand in a line
}

func newMaskedLiterals(literals [][]byte, hexed bool) *maskedLiterals {
	e := &maskedLiterals{all: true}
	var masked [][]byte
	for i, l := range literals {
		m := bytes.Clone(l)
		maskDigits(m)
		if !bytes.Equal(m, l) || bytes.IndexByte(l, '0') >= 0 {
			masked, e.index = append(masked, m), append(e.index, uint16(i))
		}
		if !hexed {
			continue
		}
		variants, ok := hexVariants(l)
		e.all = e.all && ok
		for _, v := range variants {
			masked, e.index = append(masked, v), append(e.index, uint16(i))
		}
	}
	e.scanner = scan.New(masked)
	return e
}
