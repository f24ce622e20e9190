package reading

import (
	"bytes"
	"strings"
)

const (
	maxRead   = 1200 // bytes of a complaint that are read
	maxTokens = 192
	maxChunk  = 160 // bytes of a run without spaces that are looked at
)

// token is a word of a complaint, or something that has a shape of its own.
type token struct {
	from, to int
	word     uint16 // in the lexicon; 0 when it knows none
	kind     tokenKind
	named    bool // part of a name in quotes, or of one that Wolf gives
	count    bool // a number that stands by itself: "0 devices", "found: 2"
	zero     bool // a count of nothing
	number   int  // of tokenNumber
}

type tokenKind uint8

const (
	tokenWord tokenKind = iota
	tokenNumber
	tokenHex
	tokenShape // a path, a library, a device: its object is known already
	tokenBreak // the end of a sentence or line
	tokenColon // what comes after it is another clause
)

// scanner cuts a complaint into tokens. It keeps what it needs in place, so that
// reading allocates nothing.
type scanner struct {
	text   []byte
	x      *lexicon
	tokens [maxTokens]token
	n      int
	low    [maxStem]byte
	opaque bool // a hex word is a word that the lexicon does not know
	tells  part // with other digits in it, or other hex words, other tokens may come

	// Counts stand by themselves: "0 devices", "found: 2". Whether one is zero
	// decides what a text says, and lines that differ in nothing else are told apart.
	count   bool // there is a count
	digit   int  // how many there are of a single digit
	singles part // where these stand
}

// again takes all counts of the text for zero, or none.
func (s *scanner) again(zero bool) {
	for i := range s.tokens[:s.n] {
		if t := &s.tokens[i]; t.count {
			t.zero = zero
		}
	}
}

func (s *scanner) push(t token) {
	if s.n < maxTokens {
		s.tokens[s.n] = t
		s.n++
	}
}

// scan goes through the text once.
func (s *scanner) scan() {
	b := s.text
	for i := 0; i < len(b) && s.n < maxTokens; {
		c := b[i]
		switch n := typographic(b[i:]); {
		case n > 0:
			i += n
		case chunkByte(c):
			j := i + 1
			for j < len(b) && chunkByte(b[j]) && typographic(b[j:]) == 0 {
				j++
			}
			s.chunk(i, j)
			if j < len(b) && b[j] == '(' && s.n > 0 && hasFront(b[i:j], "video/", "audio/") { // video/x-raw(memory:CUDAMemory)
				for j < len(b) && b[j] != ')' {
					j++
				}
			}
			if j < len(b) && b[j] == '?' && (c == '/' || has(b[i:j], "://")) { // /applist?title=GL_OUT_OF_MEMORY
				for j < len(b) && b[j] != ' ' {
					j++
				}
			}
			i = j
		default:
			switch c {
			case '\n', ';':
				s.push(token{from: i, to: i, kind: tokenBreak})
			case ',':
				s.push(token{from: i, to: i, kind: tokenColon})
			}
			i += max(1, titled(b[i:]))
		}
	}
}

// typographic is the length of a quotation mark at the start of b that is none of
// ASCII's, as GNU's tools print them: ‘/data/app’; 0 when there is none.
func typographic(b []byte) int {
	switch {
	case len(b) > 2 && b[0] == 0xe2 && b[1] == 0x80 && b[2] >= 0x98 && b[2] <= 0x9f:
		return 3
	case len(b) > 1 && b[0] == 0xc2 && (b[1] == 0xab || b[1] == 0xbb):
		return 2
	}
	return 0
}

// titled is the length of a JSON title or name at the start of b, whose words are
// somebody else's: "title":"cannot open display"; 0 when there is none.
func titled(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return 0
	}
	for _, key := range [...]string{`"title":"`, `"name":"`, `"title": "`, `"name": "`} {
		if hasFront(b, key) {
			if i := bytes.IndexByte(b[len(key):], '"'); i >= 0 {
				return len(key) + i
			}
		}
	}
	return 0
}

// chunkByte reports whether a byte can be part of a path, a name or a word.
func chunkByte(c byte) bool {
	switch {
	case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c >= 0x80:
		return true
	}
	switch c {
	case '/', '.', '_', '-', ':', '+', '@', '~', '%', '#', '\'', '*', '$':
		return true
	}
	return false
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// chunk takes one run of bytes without a space.
func (s *scanner) chunk(from, to int) {
	b := s.text
	if to > from+maxChunk {
		s.tells.add(part{from, to}) // it may end in a hex word
		to = from + maxChunk
	}
	if s.n == maxTokens {
		return
	}
	for from < to && (b[from] == '\'' || b[from] == ':' || b[from] == '*' || b[from] == '#') {
		from++
	}
	stop, colon := false, false
	for to > from && (b[to-1] == '\'' || b[to-1] == ':' || b[to-1] == '.' || b[to-1] == '*') {
		stop, colon = stop || b[to-1] == '.', colon || b[to-1] == ':'
		to--
	}
	if first := s.n; from < to {
		s.piece(from, to)
		if name(b, from, to) {
			for i := first; i < s.n; i++ {
				s.tokens[i].named = true
			}
		}
	}
	switch {
	case stop:
		s.push(token{from: to, to: to, kind: tokenBreak})
	case colon:
		s.push(token{from: to, to: to, kind: tokenColon})
	}
}

// name reports whether a chunk is the name of one thing, which says nothing of
// what kind it is: a word in quotes, or a container that Wolf names
// (WolfXFCE_9302176413854061187).
func name(b []byte, from, to int) bool {
	quote := func(c byte) bool { return c == '"' || c == '`' || c == '\'' }
	if from > 0 && to < len(b) && quote(b[from-1]) && quote(b[to]) || from > 2 && typographic(b[from-3:]) == 3 && typographic(b[to:]) == 3 {
		return true
	}
	return to-from > 6 && hasFront(b[from:to], "Wolf") && upper(b[from+4]) && bytes.IndexByte(b[from:to], '_') > 0
}

// piece takes a chunk without the marks around it.
func (s *scanner) piece(from, to int) {
	b := s.text
	w := b[from:to]
	if numberedFront(w) {
		s.tells.add(part{from, to})
	}
	slash, colon := -1, -1
	for i, c := range w {
		if c == '/' && slash < 0 {
			slash = i
		}
		if c == ':' && colon < 0 {
			colon = i
		}
		if c >= 0x80 && hexWord(w[i+1:]) > 0 { // it becomes a part of a word
			s.tells.add(part{from, to})
		}
	}
	switch {
	case colon > 0 && slash == colon+1 && slash+1 < len(w) && w[slash+1] == '/':
		s.push(token{from: from, to: to, kind: tokenShape})
		return
	case slash >= 0:
		if path(w, slash) {
			if k := pathEnd(w); k < len(w) {
				s.push(token{from: from, to: from + k, kind: tokenShape})
				s.chunk(from+k+1, to)
				return
			}
			s.push(token{from: from, to: to, kind: tokenShape})
			return
		}
	case colon > 0 && slash < 0 && shaped(w[:colon]): // style.css:3:16
		s.push(token{from: from, to: from + colon, kind: tokenShape})
		s.words(from+colon, to)
		return
	case colon < 0 && shaped(w):
		s.push(token{from: from, to: to, kind: tokenShape})
		// A shape may be a word as well: "libcuda", "wayland-1".
		return
	}
	s.words(from, to)
}

// words cuts a name at its joints: underscores, dashes, dots, humps.
func (s *scanner) words(from, to int) {
	b := s.text
	for i := from; i < to; {
		c := b[i]
		if s.opaque && (i == 0 || !letter(b[i-1]) && !digit(b[i-1])) {
			if n := hexWord(b[i:to]); n > 0 {
				s.push(token{from: i, to: i + n})
				i += n
				continue
			}
		}
		switch {
		case digit(c) || (c == '-' || c == '+') && i+1 < to && digit(b[i+1]) && (i == from || !letter(b[i-1]) && !digit(b[i-1])):
			i = s.numeral(i, to)
		case letter(c):
			if j := s.whole(i, to); j > 0 {
				i = j
				continue
			}
			j := i + 1
			for j < to {
				if digit(b[j]) { // h264, x11, s6
					j++
					continue
				}
				if !letter(b[j]) && !(b[j] == '\'' && j+1 < to && letter(b[j+1])) {
					break
				}
				if upper(b[j]) && (!upper(b[j-1]) || j+1 < to && b[j+1] >= 'a' && b[j+1] <= 'z' && !(j+2 >= to && b[j+1] == 's')) {
					break
				}
				j++
			}
			s.word(i, j)
			i = j
		default:
			i++
		}
	}
}

// whole pushes letters and digits up to the next joint as one word when the
// lexicon knows it: PulseAudio, mDNS, IPv4. It returns where the word ends, 0
// when there is none.
func (s *scanner) whole(from, to int) int {
	b, n, humps := s.text, 0, false
	i := from
	for ; i < to && (letter(b[i]) || digit(b[i])); i++ {
		c := b[i]
		if n == maxStem {
			return 0
		}
		if upper(c) {
			humps = humps || i > from
			c |= 0x20
		}
		s.low[n] = c
		n++
	}
	if !humps {
		return 0
	}
	id := s.known(n, from, i)
	if id == 0 {
		return 0
	}
	s.push(token{from: from, to: i, word: id})
	return i
}

// numeral takes a number: 12, -28, 0x1f, 11.2 (its first part).
func (s *scanner) numeral(i, to int) int {
	b := s.text
	from, neg := i, false
	if b[i] == '-' || b[i] == '+' {
		neg = b[i] == '-'
		i++
	}
	n, kind := 0, tokenNumber
	if halfHex(b[i:to]) {
		s.tells.add(part{i, to})
	}
	if i+2 < to && b[i] == '0' && b[i+1]|0x20 == 'x' {
		kind = tokenHex
		i += 2
		for ; i < to; i++ {
			c := b[i] | 0x20
			switch {
			case digit(b[i]):
				n = n<<4 | int(b[i]-'0')
			case c >= 'a' && c <= 'f':
				n = n<<4 | int(c-'a'+10)
			default:
				goto done
			}
			n &= 1<<40 - 1
		}
	} else {
		for ; i < to && digit(b[i]); i++ {
			n = min(n*10+int(b[i]-'0'), 1<<40)
		}
		if i < to && letter(b[i]) { // 4k, 8007000e, 2nd
			j := i
			for j < to && (letter(b[j]) || digit(b[j])) {
				j++
			}
			s.word(from, j)
			return j
		}
	}
done:
	if neg {
		n = -n
	}
	count := kind == tokenNumber && standsAlone(b, from, i)
	if count {
		s.count = true
		if i == from+1 {
			s.digit++
			s.singles.add(part{from, i})
		}
	}
	s.push(token{from: from, to: i, kind: kind, count: count, zero: count && n == 0 && i == from+1, number: n})
	return i
}

// standsAlone reports whether a number is no part of a name, a version or a clock.
func standsAlone(b []byte, from, to int) bool {
	if from > 0 && strings.IndexByte(" \t([=:\"'", b[from-1]) < 0 {
		return false
	}
	return to == len(b) || strings.IndexByte(" \t\n)],;\"'", b[to]) >= 0 || b[to] == '.' && (to+1 == len(b) || b[to+1] == ' ') ||
		b[to] == '/' && to+1 < len(b) && digit(b[to+1]) // "0/3 nodes are available"
}

// word pushes one word. "can't", "doesn't" and the like push "not".
func (s *scanner) word(from, to int) {
	w := s.text[from:to]
	n := 0
	for _, c := range w {
		if n == maxStem {
			s.push(token{from: from, to: to})
			return
		}
		if c == '\'' {
			continue
		}
		if upper(c) {
			c |= 0x20
		}
		s.low[n] = c
		n++
	}
	if len(w) != n && n > 2 && string(s.low[n-2:n]) == "nt" {
		s.push(token{from: from, to: to, word: s.x.words["not"]})
		return
	}
	s.push(token{from: from, to: to, word: s.known(n, from, to)})
}

// known looks the word in s.low, of n bytes, up in the lexicon. It is what stands
// between from and to.
func (s *scanner) known(n, from, to int) uint16 {
	w := stem(s.low[:n])
	if s.x.likeNumbered(w) {
		s.tells.add(part{from, to})
	}
	return s.x.words[string(w)]
}
