package complaint

import (
	"strings"
	"sync"

	"wolfdiag/analyze/logline/lex"
)

// lexicon is the vocabulary made ready for looking up, and what the bytes are.
type lexicon struct {
	kinds   [256]byteKind
	lengths [256]uint32 // of words that start with a byte, as bits
	seconds [256]uint32 // of words whose second byte it is
	slots   [2048]struct {
		word  string
		class wordClass
	}
}

type byteKind uint8

const (
	byteOther byteKind = iota
	byteLetter
	byteDigit
	byteGlue       // makes a name of the words beside it
	byteApostrophe // between letters
	byteColon      // the same, when it is double
	byteBeyond     // beyond ASCII
)

// words is made when the first message is looked at, which takes some 20 µs.
var words = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	x := &lexicon{}
	for c := range x.kinds {
		switch c := byte(c); {
		case isLetter(c):
			x.kinds[c] = byteLetter
		case lex.IsDigit(c):
			x.kinds[c] = byteDigit
		case strings.IndexByte(`_-./\=@~+%$#`, c) >= 0:
			x.kinds[c] = byteGlue
		case c == '\'':
			x.kinds[c] = byteApostrophe
		case c == ':':
			x.kinds[c] = byteColon
		case c >= 0x80:
			x.kinds[c] = byteBeyond
		}
	}
	for _, v := range vocabulary {
		for w := range strings.FieldsSeq(v.words) {
			x.lengths[w[0]] |= 1 << len(w)
			x.seconds[w[1]] |= 1 << len(w)
			at := hashWord([]byte(w)) % uint32(len(x.slots))
			for x.slots[at].word != "" && x.slots[at].word != w {
				at = (at + 1) % uint32(len(x.slots))
			}
			x.slots[at].word, x.slots[at].class = w, v.class
		}
	}
	return x
}

// may reports whether a word may be one of the vocabulary, by its first bytes
// and its length: most are not.
func (x *lexicon) may(w []byte) bool {
	if len(w) < 2 || len(w) > maxWord {
		return false
	}
	a, b := w[0], w[1]
	if a-'A' < 26 {
		a |= 0x20
	}
	if b-'A' < 26 {
		b |= 0x20
	}
	return x.lengths[a]&x.seconds[b]>>len(w)&1 != 0
}

// class looks a word up that is in lower case.
func (x *lexicon) class(w []byte) wordClass {
	at := hashWord(w) % uint32(len(x.slots))
	for x.slots[at].word != "" {
		if x.slots[at].word == string(w) {
			return x.slots[at].class
		}
		at = (at + 1) % uint32(len(x.slots))
	}
	return wordOther
}

// hashWord is FNV-1a.
func hashWord(w []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
