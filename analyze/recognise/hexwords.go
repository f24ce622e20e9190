package recognise

import (
	"slices"

	"wolfdiag/patterns"
)

// Ids of containers, addresses and dumped packets are hex words. Masking their
// characters as digits are masked makes one form of lines that differ in them
// only. A hex word is a run of hex digits between characters that are no
// letters or digits, with a letter among them: eight or more digits, any number
// behind 0x, or the groups of a UUID.

// hexMark stands for a character of a hex word in a masked line.
const hexMark = 0x01

// maxHexWords bounds the hex words of a form; those behind stay as they are.
const maxHexWords = 16

const (
	charOther uint8 = iota
	charDigit
	charHexLetter
	charLetter
)

var charClass = func() (t [256]uint8) {
	for c := range t {
		switch lower := byte(c) | 0x20; {
		case '0' <= c && c <= '9':
			t[c] = charDigit
		case 'a' <= lower && lower <= 'f' && c >= 'A':
			t[c] = charHexLetter
		case 'g' <= lower && lower <= 'z' && c >= 'A':
			t[c] = charLetter
		}
	}
	return t
}()

func isHexDigit(c byte) bool {
	k := charClass[c]
	return k == charDigit || k == charHexLetter
}

// findHexWords appends to dst where the hex words of a line stand, in order.
func findHexWords(dst []patterns.Span, line []byte) []patterns.Span {
	for i := 0; i < len(line) && len(dst) < maxHexWords; {
		if charClass[line[i]] == charOther {
			i++
			continue
		}
		dst, i = appendHexWord(dst, line, i)
	}
	return dst
}

// appendHexWord appends the hex words that the word at i is or begins, and returns
// where what has been looked at ends.
func appendHexWord(dst []patterns.Span, line []byte, i int) ([]patterns.Span, int) {
	from, to, letters, hex := wordAt(line, i)
	switch {
	case !hex || from == to:
	case to-from == 8 && isUUID(line[from:]):
		for _, g := range uuidGroups {
			dst = append(dst, patterns.Span{From: from + g.From, To: from + g.To})
		}
		to = from + uuidLen
	case letters && (from > i || to-from >= 8):
		dst = append(dst, patterns.Span{From: from, To: to})
	}
	return dst, to
}

// wordAt reads the word at i: where its digits stand, behind a 0x, whether there
// are letters, and whether all are hex digits.
func wordAt(line []byte, i int) (from, to int, letters, hex bool) {
	from, hex = i, true
	if i+1 < len(line) && line[i] == '0' && line[i+1] == 'x' {
		from = i + 2
	}
	for to = from; to < len(line); to++ {
		switch charClass[line[to]] {
		case charOther:
			return from, to, letters, hex
		case charHexLetter:
			letters = true
		case charLetter:
			hex = false
		}
	}
	return from, to, letters, hex
}

const uuidLen = 36

// uuidGroups are the groups of a UUID: 123e4567-e89b-12d3-a456-426614174000.
var uuidGroups = [...]patterns.Span{{From: 0, To: 8}, {From: 9, To: 13}, {From: 14, To: 18}, {From: 19, To: 23}, {From: 24, To: uuidLen}}

// isUUID reports whether text begins with a UUID that ends there.
func isUUID(text []byte) bool {
	if len(text) < uuidLen || len(text) > uuidLen && charClass[text[uuidLen]] != charOther {
		return false
	}
	for i, c := range text[:uuidLen] {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHexDigit(c) {
			return false
		}
	}
	return true
}

// maskWords masks the hex words of a line, and returns how many characters that are.
func maskWords(line []byte, words []patterns.Span) (marks int) {
	for _, w := range words {
		marks += w.To - w.From
		for i := w.From; i < w.To; i++ {
			line[i] = hexMark
		}
	}
	return marks
}

// maxVariantsOfLiteral bounds hexVariants.
const maxVariantsOfLiteral = 16

// hexVariants are the ways in which a literal with masked digits may stand in a
// masked line when hex words of the line, or parts of them, are characters of
// the literal. Any hex word may be one that touches an end of the literal,
// for the line's goes on there. It reports false when there are too many.
func hexVariants(literal []byte) ([][]byte, bool) {
	var words []patterns.Span
	for i := 0; i < len(literal); {
		if charClass[literal[i]] == charOther {
			i++
			continue
		}
		from, to, letters, hex := wordAt(literal, i)
		if i == 0 && literal[0] == 'x' { // behind a 0 of the line
			from, to, letters, hex = wordAt(literal, 1)
		}
		dashed := i > 0 && literal[i-1] == '-' || to < len(literal) && literal[to] == '-'
		if hex && from < to && (i == 0 || to == len(literal) || dashed || letters && (from > i || to-from >= 8)) {
			words = append(words, patterns.Span{From: from, To: to})
		}
		i = max(to, i+1)
	}
	if 1<<len(words) > maxVariantsOfLiteral {
		return nil, false
	}
	var out [][]byte
	for set := 1; set < 1<<len(words); set++ {
		v := slices.Clone(literal)
		maskDigits(v)
		for i := range words {
			if set>>i&1 != 0 {
				maskWords(v, words[i:i+1])
			}
		}
		out = append(out, v)
	}
	return out, true
}
