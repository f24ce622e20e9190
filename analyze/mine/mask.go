package mine

import (
	"bytes"
	"unicode/utf8"
)

// Stand-ins for the variable parts of a message.
const (
	maskNumber = "<n>"
	maskHex    = "<hex>"
	maskID     = "<id>"
	maskUUID   = "<uuid>"
	maskIP     = "<ip>"
	maskMAC    = "<mac>"
	maskTime   = "<time>"
	maskPath   = "<path>"
	maskAny    = "<*>"
)

// maxMasked bounds the masked form of a message.
const maxMasked = 600

// Any stands in a template for a token that differs between messages.
const Any = maskAny

// Mask appends text to dst with its variable parts replaced: numbers, hex
// words, ids, UUIDs, addresses, times and paths below the first folder. Only
// the first line counts, cut at a bounded length. Cost: one pass.
func Mask(dst, text []byte) []byte { return mask(dst, text, maxMasked, false) }

// MaskNumbers is Mask for all lines of a message, but paths stay as they are but
// for their digits: what a message is about makes it another one.
func MaskNumbers(dst, text []byte) []byte { return mask(dst, text, maxNumbered, true) }

// maxNumbered bounds what MaskNumbers writes.
const maxNumbered = 4_000

func mask(dst, text []byte, most int, whole bool) []byte {
	limit := len(dst) + most
	for i := 0; i < len(text); {
		if len(dst) >= limit {
			return cut(dst, limit)
		}
		c := text[i]
		switch {
		case c == '\n' && !whole:
			return dst
		case isWord(c) || (c == '/' && i+1 < len(text) && isWord(text[i+1])):
			j := i + 1
			for j < len(text) && (isWord(text[j]) || joins(text, j)) {
				j++
			}
			if whole && bytes.IndexByte(text[i:j], '/') >= 0 {
				dst = maskRuns(dst, text[i:j])
			} else {
				dst = maskWord(dst, text[i:j])
			}
			i = j
		case c < 0x20 || c == 0x7f:
			dst = append(dst, ' ')
			i++
		default:
			dst = append(dst, c)
			i++
		}
	}
	return cut(dst, limit)
}

// cut shortens b to the limit, without halving a character.
func cut(b []byte, limit int) []byte {
	if len(b) <= limit {
		return b
	}
	for i := limit; i > limit-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return b[:i]
		}
	}
	return b[:limit]
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isHex(c byte) bool { return isDigit(c) || (c|0x20)-'a' < 6 }

func isWord(c byte) bool {
	return isDigit(c) || (c|0x20)-'a' < 26 || c == '_' || c >= 0x80
}

// joins reports whether the punctuation at i holds a word together: the dots
// of an address, the dashes of a UUID, the colons of a time, the slashes of a
// path.
func joins(text []byte, i int) bool {
	if text[i] == ':' {
		if i+2 < len(text) && text[i+1] == ':' && isHex(text[i+2]) && isHex(text[i-1]) { // fe80::1
			return true
		}
		if text[i-1] == ':' {
			return isHex(text[i-2]) && i+1 < len(text) && isHex(text[i+1])
		}
	}
	return isJoint(text[i]) && i+1 < len(text) && isWord(text[i+1])
}

func isJoint(c byte) bool { return c == '.' || c == '-' || c == ':' || c == '/' || c == '+' }

var doubleColon = []byte("::")

// isUUID reports whether w of 36 bytes is groups of 8, 4, 4, 4 and 12 digits.
func isUUID(w []byte) bool {
	for i, c := range w {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return true
}

// isPairs reports whether w is six pairs of digits with one punctuation between
// them.
func isPairs(w []byte) bool {
	for i := 2; i < len(w); i += 3 {
		if w[i] != w[2] || isWord(w[i]) || !isWord(w[i-1]) || !isWord(w[i-2]) {
			return false
		}
	}
	return true
}

// maskWord appends the stand-in of a word, or the word when it is no variable.
func maskWord(dst, w []byte) []byte {
	digits, letters, hex, other := 0, 0, true, 0
	var dots, dashes, colons, slashes int
	for _, c := range w {
		switch {
		case isDigit(c):
			digits++
		case isWord(c):
			letters++
			hex = hex && isHex(c)
		default:
			other++
			switch c {
			case '.':
				dots++
			case '-':
				dashes++
			case ':':
				colons++
			case '/':
				slashes++
			}
		}
	}
	switch {
	case slashes > 0 && (w[0] == '/' || slashes > 1) && len(w) > 4:
		return append(dst, maskPath...)
	case hex && len(w) == 17 && (colons == 5 || dashes == 5) && isPairs(w): // aa:bb:cc:dd:ee:ff
		return append(dst, maskMAC...)
	case digits == 0:
		return append(dst, w...)
	case len(w) > 2 && w[0] == '0' && w[1]|0x20 == 'x':
		return append(dst, maskHex...)
	case len(w) == 36 && dashes == 4 && hex:
		return append(dst, maskUUID...)
	case dots == 3 && letters == 0 && colons <= 1 && dashes == 0:
		return append(dst, maskIP...)
	case len(w) > 37 && dashes >= 5 && isUUID(w[len(w)-36:]): // GPU-550e8400-e29b-41d4-a716-446655440000
		return append(append(dst, w[:len(w)-36]...), maskUUID...)
	case colons >= 2 && letters <= 2 && digits >= 5 && !bytes.Contains(w, doubleColon): // 06:40:11.7, 2025-10-02T06:40:11Z
		return append(dst, maskTime...)
	case dashes == 2 && letters == 0 && digits == 8: // 2025-10-02
		return append(dst, maskTime...)
	case colons >= 2 && hex:
		return append(dst, maskIP...)
	case letters == 0 && other == 0 && digits >= 10:
		return append(dst, maskID...)
	case letters == 0:
		return append(dst, maskNumber...)
	case hex && other == 0 && len(w) >= 8:
		return append(dst, maskHex...)
	}
	return maskRuns(dst, w)
}

// MasksHex reports whether Mask writes the same for a word of the text whatever
// the hex digits from a place on are: those of a word that begins with 0x.
func MasksHex(text []byte, from int) bool {
	if from < 2 || text[from-2] != '0' || text[from-1] != 'x' {
		return false
	}
	return from == 2 || !isWord(text[from-3]) && !isJoint(text[from-3])
}

// maskRuns replaces runs of digits inside a word: nvh265enc10 → nvh<n>enc<n>.
func maskRuns(dst, w []byte) []byte {
	for i := 0; i < len(w); {
		if !isDigit(w[i]) {
			dst = append(dst, w[i])
			i++
			continue
		}
		for i < len(w) && isDigit(w[i]) {
			i++
		}
		dst = append(dst, maskNumber...)
	}
	return dst
}
