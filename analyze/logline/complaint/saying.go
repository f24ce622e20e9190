package complaint

const (
	maxSaid = 1024 // bytes of a message that are looked at
	maxWord = 24   // bytes of the longest word that means something
	maxGap  = 6    // words between "no" and "found"
)

// word is a token of a message: letters, or something with digits and marks.
type word struct {
	from, to int
	pure     bool // letters only
	mark     byte // the byte that follows, 0 at the end
	sep      byte // the first byte between the word before and this one that is no space
}

// saying walks through the words of one message.
type saying struct {
	text      []byte
	lexicon   *lexicon
	here      lowered // the word at hand, when it may mean something
	prev      lowered // the word before, when it means something
	prevClass wordClass
	first     bool // no word so far
	negated   int  // words for which "no" or "not" still holds
	no        bool // it was "no", which "found" completes
	glad      bool // between "no" and here stood what one is glad not to have
	condition bool // "if …": nothing has happened yet
	limit     bool // a limit was spoken of
	exited    int  // words for which "exited" still holds
	out       int  // the same for "out" of memory
	already   int  // and "already" in use
	from, to  int  // the part of the text on whose digits the outcome depends
}

// next finds the first word from i on; it is empty when there is none.
func (s *saying) next(i int, w *word) {
	b, kinds := s.text, &s.lexicon.kinds
	w.sep, w.mark, w.pure = 0, 0, true
	for ; i < len(b); i++ {
		c := b[i]
		k := kinds[c]
		if k == byteBeyond {
			if n := separatorLen(b[i:]); n > 0 {
				i += n - 1
				continue
			}
		}
		if k != byteOther && k != byteApostrophe && k != byteColon {
			break
		}
		if c != ' ' && w.sep == 0 {
			w.sep = c
		}
	}
	w.from, w.to = i, i
	if i >= len(b) {
		return
	}
	if cjk(b[i]) {
		w.to, w.mark = min(i+3, len(b)), ' '
		return
	}
	for ; i < len(b); i++ {
		switch c := b[i]; kinds[c] {
		case byteLetter:
		case byteBeyond:
			if cjk(c) || separatorLen(b[i:]) > 0 {
				w.end(b, i)
				return
			}
		case byteGlue:
			if c != '-' || i == w.from || i+1 >= len(b) || !isLetter(b[i+1]) { // read-only
				w.pure = false
			}
		case byteDigit:
			w.pure = false
		case byteApostrophe:
			if i == w.from || i+1 >= len(b) || !isLetter(b[i+1]) { // can't
				w.end(b, i)
				return
			}
		case byteColon:
			if i+2 >= len(b) || b[i+1] != ':' || !isLetter(b[i+2]) { // std::exception
				w.end(b, i)
				return
			}
			w.pure = false
			i++
		default:
			w.end(b, i)
			return
		}
	}
	w.end(b, i)
}

// end ends a word at i, before a full stop.
func (w *word) end(b []byte, i int) {
	w.to = i
	if w.to > w.from+1 && (b[w.to-1] == '.' || b[w.to-1] == '-') {
		for w.to > w.from+1 && (b[w.to-1] == '.' || b[w.to-1] == '-') {
			w.to--
		}
		w.pure = true
		for _, c := range b[w.from:w.to] {
			if !isLetter(c) && c < 0x80 && c != '\'' && c != '-' {
				w.pure = false
			}
		}
	}
	if w.to < len(b) {
		w.mark = b[w.to]
	}
	w.pure = w.pure && b[w.from] != '-'
}

// separatorLen is the length of a typographic mark or space at the start of b,
// 0 when there is none: “ ” ‘ « » – … a no-break space, 。 ， ：.
func separatorLen(b []byte) int {
	switch {
	case len(b) > 1 && b[0] == 0xc2 && (b[1] == 0xa0 || b[1] == 0xab || b[1] == 0xbb || b[1] == 0xb7):
		return 2
	case len(b) > 2 && b[0] == 0xe2 && b[1] == 0x80:
		if b[2] == 0x99 && len(b) > 3 && isLetter(b[3]) { // n’accepte
			return 0
		}
		return 3
	case len(b) > 2 && b[0] == 0xe3 && b[1] == 0x80, len(b) > 2 && b[0] == 0xef && b[1] == 0xbc:
		return 3
	}
	return 0
}

// cjk reports whether a byte starts a character of a script without spaces.
func cjk(c byte) bool { return c >= 0xe3 && c <= 0xed }

// lowered is a word in lower case; it is empty when the word is too long to mean
// anything.
type lowered struct {
	b [maxWord]byte
	n int
}

func (l *lowered) bytes() []byte { return l.b[:l.n] }

func (l *lowered) set(raw []byte) {
	l.n = 0
	if len(raw) > maxWord {
		return
	}
	for i, c := range raw {
		if c-'A' < 26 {
			c |= 0x20
		}
		l.b[i] = c
	}
	l.n = len(raw)
}
