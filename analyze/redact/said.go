package redact

import (
	"bytes"
	"iter"
	"strings"
	"unicode/utf8"

	"wolfdiag/internal/lazyset"
)

// A hook looks at what stands behind a literal of its rule: a word that names a
// credential, in a sentence rather than in front of a separator.
type hook func(f *finder, h hit)

var hooks = map[string]hook{
	"said-password":  saidPassword,
	"said-code":      saidCode,
	"said-token":     saidToken,
	"said-seed":      saidSeed,
	"compound-label": compoundLabel,
	"device-of":      deviceOf,
}

// said is a word of a sentence.
type said struct {
	start, end int
	text       string
	quoted     bool
	colon      bool // a colon or an equals sign stands in front of it
	last       bool // it ends a sentence
}

const (
	saidWords = 18 // how far a value may be from the word that names it
	saidBytes = 140
)

// following are the words of a sentence from i on. Scripts without spaces change
// to a new word where Latin letters begin.
func (f *finder) following(i int) iter.Seq[said] {
	return func(yield func(said) bool) {
		v, stop := f.v, min(len(f.v), i+saidBytes)
		colon := false
		for n := 0; n < saidWords; n++ {
			var w said
			for w.start = i; w.start < stop; {
				r, size := utf8.DecodeRune(v[w.start:])
				switch {
				case r == ':' || r == '=' || r == '：' || r == '＝' || r == '→':
					colon = true
				case r == '"' || r == '\'' || r == '`' || r == '“' || r == '„' || r == '«' || r == '「':
					w.quoted = true
				case r == '\n':
					return
				case r == '[' && bytes.HasPrefix(v[w.start:], []byte(masked)):
					size = 0
				case r == ' ' || r == '\t' || r == filler || r == '(' || r == '[' || r == '*' || r == '>' || r == '—' || r == '–' || r == '，':
				case r == '-' && w.start+1 < len(v) && isSpace(v[w.start+1]):
				default:
					size = 0
				}
				if size == 0 {
					break
				}
				w.start += size
			}
			if w.start >= stop {
				return
			}
			w.colon, colon = colon, false
			i = f.saidEnd(&w)
			if w.end <= w.start {
				return
			}
			w.text = clean(v[w.start:w.end])
			for _, c := range v[w.end:i] {
				colon = colon || c == ':' || c == '='
			}
			if !yield(w) || w.last {
				return
			}
		}
	}
}

// saidEnd finds the end of a word and returns where to go on.
func (f *finder) saidEnd(w *said) int {
	v, i := f.v, w.start
	if w.quoted {
		for i < len(v) && i-w.start < 64 && v[i] != '\n' {
			r, size := utf8.DecodeRune(v[i:])
			if r == '"' || r == '\'' && (i+1 == len(v) || !isLetter(v[i+1])) || r == '`' || r == '”' || r == '“' || r == '»' || r == '」' {
				w.end = i
				for w.end > w.start && v[w.end-1] == filler {
					w.end--
				}
				return i + size
			}
			i += size
		}
		w.quoted, i = false, w.start
	}
	first, _ := utf8.DecodeRune(v[i:])
	for i < len(v) && !isSpace(v[i]) && v[i] != '"' && v[i] != filler {
		r, size := utf8.DecodeRune(v[i:])
		if unspaced(r) != unspaced(first) || r == '，' || r == '。' || r == '：' || r == '、' {
			break
		}
		i += size
	}
	w.end = i
	for w.end > w.start && bytes.IndexByte([]byte(".,;:!?)]}'"), v[w.end-1]) >= 0 {
		w.last = w.last || v[w.end-1] == '.' || v[w.end-1] == ';'
		w.end--
	}
	if w.end == w.start {
		w.end = i
	}
	if i == w.start { // punctuation
		_, size := utf8.DecodeRune(v[i:])
		w.end, i = i+size, i+size
	}
	return i
}

// wordEnd is the end of the word that a literal begins or ends; ok is false
// where it is a part of another name, a path, or an option.
func (f *finder) wordEnd(h hit) (end int, ok bool) {
	v := f.v
	if v[h.at] == ' ' && v[h.end-1] == ' ' { // a short word, with what has to stand around it
		return h.end - 1, true
	}
	last, _ := utf8.DecodeLastRune(v[h.at:h.end])
	if h.at > 0 {
		switch c := v[h.at-1]; {
		case c == '/' || c == '\\' || c == '.' || c == '-' && h.at > 1 && isSpace(v[h.at-2]) || c == '-' && h.at > 1 && v[h.at-2] == '-':
			return 0, false
		case (isWord(c) || c >= 0x80) && h.end-h.at < 6 && !unspaced(last):
			return 0, false
		}
	}
	end = h.end
	if unspaced(last) {
		return end, true
	}
	if end < len(v) && h.end-h.at < 6 && (isLetter(v[end]) || v[end] >= 0x80) {
		return 0, false // ping, passes
	}
	for end < len(v) && end-h.end < 8 && (isLetter(v[end]) || v[end] >= 0x80 && v[end] < 0xe2) {
		end++
	}
	if end < len(v) && (isWord(v[end]) || v[end] == '_' || v[end] == '=' || v[end] == '@' || v[end] == '-' && end+1 < len(v) && isWord(v[end+1]) || v[end] == '/' || v[end] == '(' || v[end] == '.' && end+1 < len(v) && isWord(v[end+1])) {
		return 0, false
	}
	if end < len(v) && isQuote(v[end]) && h.at > 0 && isQuote(v[h.at-1]) {
		end++
	}
	return end, true
}

// copulas stand between what is named and its value.
var copulas = lazyset.New(`is are was be being now = lautet ist est sont es são é è jest to brzmi это це je är er on heter lyder is: becomes werden wird becomes was: zijn 是 为 為 は です 는 은`)

// saidPassword finds what looks like a password behind such a word: next to it, or
// behind a colon or an "is" that follows within the sentence.
func saidPassword(f *finder, h hit) {
	at, ok := f.wordEnd(h)
	if !ok {
		return
	}
	n, near, short, direct := 0, 1, h.end-h.at < 5, true
	for w := range f.following(at) {
		if w.colon {
			near = 2
		}
		low := strings.ToLower(w.text)
		was := direct && n > 0
		direct = false
		switch {
		case short && (!w.quoted && (n > 0 || !made(w.text)) || w.quoted && n > 1):
			return // pass 1: vp9_nvenc
		case copulas.Has(low) && !w.quoted:
			near, direct = 3, true
		case (low == "from" || low == "to" || low == "with" || low == "as") && !w.quoted:
			near, direct = max(near, 2), true
		case f.set.placeholder(w.text, true), f.set.common(w.text, secretKind) && !w.quoted:
			near--
		case w.quoted && was && !short && len(w.text) > 3 && !strings.ContainsAny(w.text, "/<>=:") && !programmed().MatchString(w.text) && !strings.HasSuffix(w.text, "ed"),
			w.quoted && near > 0 && passwordish(w.text),
			!w.quoted && near > 0 && passwordish(w.text),
			!w.quoted && n < 8 && len(w.text) >= 8 && made(w.text) && passwordish(w.text):
			f.spans = append(f.spans, span{w.start, w.end, h.by})
			near = 0
		default:
			near--
		}
		n++
	}
}

// compoundLabel finds the value behind a label of several parts where nothing but
// a space lies between: what ends the line, or looks like a password.
func compoundLabel(f *finder, h hit) {
	v := f.v
	start, end := h.at, h.end-1
	for start > 0 && end-start < maxLabel && isLabelByte(v[start-1]) {
		start--
	}
	if start == h.at || start > 0 && (v[start-1] == '/' || v[start-1] == '=') || h.end >= len(v) {
		return
	}
	rules := f.memo.lookUp(f.set, v, label{start: start, end: end})
	to := h.end
	for to < len(v) && !isSpace(v[to]) && !isQuote(v[to]) && v[to] != filler {
		to++
	}
	value := clean(v[h.end:to])
	last := len(bytes.TrimSpace(v[to:])) == 0
	if len(rules) == 0 || !rules[0].secret || len(value) < 4 || number(value) || strings.ContainsAny(value[:1], "-=:|/($<[{") || f.set.placeholder(value, true) || f.set.common(value, secretKind) || strings.HasSuffix(value, "ed") {
		return
	}
	if passwordish(value) || last && value[len(value)-1] != '.' && (rules[0].Check != "random" || random(value)) {
		f.spans = append(f.spans, span{h.end, to, h.by})
	}
}

// saidCode finds a one-time code or a PIN: digits next to the word, or behind a
// colon or an "is".
func saidCode(f *finder, h hit) {
	at, ok := f.wordEnd(h)
	if !ok {
		return
	}
	near, colon := 1, false
	for w := range f.following(at) {
		if colon = w.colon; colon {
			near = 4
		}
		switch {
		case copulas.Has(strings.ToLower(w.text)):
			near = 4
		case codeWords.Has(strings.ToLower(w.text)):
		case near > 0 && (isCode(w.text) || (colon || near == 1) && isGuard(w.text) || isGroupCode(w.text)):
			end := w.end
			if end+4 < len(f.v) && len(w.text) == 3 {
				end += 4 // 739 204
			}
			if !units.Has(f.after(end)) {
				f.spans = append(f.spans, span{w.start, end, h.by})
			}
			return
		case len(w.text) == 3 && number(w.text) && near > 0 && w.end+4 <= len(f.v) && f.v[w.end] == ' ' && number(string(f.v[w.end+1:w.end+4])) && (w.end+4 == len(f.v) || !isWord(f.v[w.end+4])):
			f.spans = append(f.spans, span{w.start, w.end + 4, h.by})
			return
		default:
			near--
		}
	}
}

// codeWords may stand between what a code is for and the code.
var codeWords = lazyset.New("code codes number no pin")

// isGroupCode reports whether a word is a code in groups of capitals and digits:
// ABCD-EFG7.
func isGroupCode(s string) bool {
	dashes := strings.Count(s, "-")
	return dashes > 0 && dashes < 5 && len(s) >= 9 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" && strings.ContainsAny(s, "0123456789") && s[0] != '-'
}

// isCode reports whether a word is a code of four to eight digits: 739204, 739-204,
// G-739204.
func isCode(s string) bool {
	if len(s) > 2 && isUpper(s[0]) && s[1] == '-' {
		s = s[2:]
	}
	digits := strings.ReplaceAll(s, "-", "")
	return len(s)-len(digits) < 2 && len(digits) >= 4 && len(digits) <= 8 && number(digits) && s[0] != '-'
}

// isGuard reports whether a word is a code of capitals and digits, without the
// vowels that a word has: K7RQX.
func isGuard(s string) bool {
	return len(s) >= 5 && len(s) <= 10 && strings.Trim(s, "0123456789BCDFGHJKLMNPQRSTVWXYZ-") == "" && strings.Trim(s, "BCDFGHJKLMNPQRSTVWXYZ-") != s || len(s) == 5 && strings.Trim(s, "23456789BCDFGHJKMNPQRTVWXY") == "" && !number(s)
}

// digestWords say that what follows is the name of a thing, not what opens one.
var digestWords = lazyset.New("commit digest sha sha1 sha256 sha512 md5 hash build revision image layer version rev checksum blob tree object etag crc id guid clsid iid")

// saidToken finds what a machine drew behind a word for a key or a token.
func saidToken(f *finder, h hit) {
	at, ok := f.wordEnd(h)
	if !ok {
		return
	}
	n := 0
	for w := range f.following(at) {
		if n++; n > 6 || digestWords.Has(strings.ToLower(w.text)) {
			return
		}
		if w.start > 0 && (f.v[w.start-1] == '@' || f.v[w.start-1] == '/') || f.set.placeholder(w.text, true) {
			continue
		}
		if strings.Contains(w.text, ":") {
			return
		}
		if f.set.passes(h.by, w.text, style{}) && random(w.text) && !programmed().MatchString(w.text) && !mangled([]byte(w.text)) && !isUUID([]byte(w.text)) {
			f.spans = append(f.spans, span{w.start, w.end, h.by})
			return
		}
	}
}

// seedLeast is how many words a recovery phrase has at least (BIP 39).
const seedLeast = 12

// saidSeed finds the words of a recovery phrase: twelve or more of three to eight
// letters, with nothing between them but spaces, commas or their numbers.
func saidSeed(f *finder, h hit) {
	v, i := f.v, h.end
	count, start, end := 0, 0, 0
	for stop := min(len(v), h.end+600); i < stop; {
		for i < stop && (isSpace(v[i]) || isDigit(v[i]) || v[i] == filler || strings.IndexByte(".,:=\"'`[](){}", v[i]) >= 0) {
			i++
		}
		from := i
		for i < stop && isLower(v[i]) {
			i++
		}
		n := i - from
		if n < 3 || n > 8 || i < stop && (isWord(v[i]) || v[i] == '_' || v[i] >= 0x80) || notSeed.HasBytes(v[from:i]) {
			if count >= seedLeast {
				break
			}
			count = 0
			for i < stop && !isSpace(v[i]) && v[i] != '"' {
				i++
			}
			if i == from {
				i++
			}
			continue
		}
		if count == 0 {
			start = from
		}
		count, end = count+1, i
	}
	if count >= seedLeast {
		f.spans = append(f.spans, span{start, end, h.by})
	}
}

// notSeed are words that every sentence has and no recovery phrase.
var notSeed = lazyset.New("the and for was not are but has had its were been our your they from which")
