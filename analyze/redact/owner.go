package redact

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"wolfdiag/internal/lazyset"
)

// deviceOf finds a device that is named after its owner, from the word for the
// device on: iPhone von Robin, Robins Tablet, Robin'in telefonu, robins-thinkpad.
func deviceOf(f *finder, h hit) {
	v := f.v
	start, end := h.at, h.end
	if v[start] == ' ' || v[start] == '-' {
		start++
	}
	for end < len(v) && end-h.end < 8 && (isLetter(v[end]) || v[end] >= 0x80 && v[end] < 0xe2) {
		end++
	}
	if r, _ := utf8.DecodeRune(v[start:]); unspaced(r) || start > 0 && v[start-1] >= 0xe2 || f.particleBefore(start) {
		f.ownedCJK(start, h.end, h.by)
		return
	}
	if start > 0 && (isLetter(v[start-1]) || v[start-1] >= 0x80) || end < len(v) && (isDigit(v[end]) || v[end] == '_' || v[end] == '/' || v[end] == '=') {
		return
	}
	noun := string(v[start:end])
	for n := 0; n < 3; n++ { // Galaxy S24 Ultra, MacBook Pro
		next := f.wordAt(end)
		if next == "" || !modelWords.Has(strings.ToLower(next)) && !(len(next) <= 4 && strings.ContainsAny(next, "0123456789")) {
			break
		}
		end += 1 + len(next)
	}
	if to := f.ownerBehind(end, noun); to > 0 {
		f.owned(start, to, h.by)
		return
	}
	if from := f.ownerBefore(start, noun); from >= 0 {
		f.owned(from, end, h.by)
	}
}

func (f *finder) owned(start, end int, by *rule) {
	if f.set.passes(by, clean(f.v[start:end]), style{}) {
		f.spans = append(f.spans, span{start, end, by})
	}
}

// wordAt is the word that a space separates from what ends at i.
func (f *finder) wordAt(i int) string {
	if i >= len(f.v) || f.v[i] != ' ' {
		return ""
	}
	end := i + 1
	for end < len(f.v) && (isWord(f.v[end]) || f.v[end] >= 0x80 || f.v[end] == '\'' || f.v[end] == '-') {
		end++
	}
	return string(f.v[i+1 : end])
}

func isName(w string) bool {
	r, size := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) && utf8.RuneCountInString(w) > 2 && strings.IndexFunc(w[size:], func(c rune) bool { return !unicode.IsLetter(c) && c != '-' && c != '\'' }) < 0
}

// ownerBehind is the end of an owner's name behind a device: of Robin, (Robin), or
// his name alone where a language says it by its ending. It is 0 for none.
func (f *finder) ownerBehind(end int, noun string) int {
	v := f.v
	if end+3 < len(v) && v[end] == ' ' && v[end+1] == '(' {
		if i := bytes.IndexByte(v[end:min(len(v), end+40)], ')'); i > 0 && isName(string(v[end+2:end+i])) {
			return end + i + 1
		}
	}
	if end < len(v) && v[end] == '-' { // iPhone-von-Robin
		parts := strings.SplitN(string(v[end+1:min(len(v), end+40)]), "-", 2)
		if len(parts) == 2 && ofWords.Has(parts[0]) {
			to := end + 2 + len(parts[0])
			for to < len(v) && (isLetter(v[to]) || v[to] >= 0x80) {
				to++
			}
			return to
		}
		return 0
	}
	word := f.wordAt(end)
	first, _ := utf8.DecodeRuneInString(noun)
	switch {
	case word == "":
	case ofWords.Has(word):
		to := end + 1 + len(word)
		name := f.wordAt(to)
		if !isName(name) {
			return 0
		}
		to += 1 + len(name)
		if last := f.wordAt(to); isName(last) && !modelWords.Has(strings.ToLower(last)) {
			to += 1 + len(last)
		}
		return to
	case unicode.IsUpper(first) && isName(word) && (unicode.Is(unicode.Cyrillic, []rune(word)[0]) || slavicNouns.Has(strings.ToLower(noun)) && strings.IndexByte("yiua", word[len(word)-1]) >= 0):
		return end + 1 + len(word)
	}
	return 0
}

// ownerBefore is the beginning of an owner's name in front of a device: Robins, Ayşe'nin,
// robins-. It is -1 for none.
func (f *finder) ownerBefore(start int, noun string) int {
	v := f.v
	if start < 4 || v[start-1] != ' ' && v[start-1] != '-' {
		return -1
	}
	from := start - 1
	for from > 0 && (isLetter(v[from-1]) || v[from-1] >= 0x80 || v[from-1] == '\'') {
		from--
	}
	for from < start && v[from] == '\'' {
		from++
	}
	name := string(v[from : start-1])
	if from > 0 && (isWord(v[from-1]) || strings.IndexByte("_./-@", v[from-1]) >= 0) || len(name) < 3 {
		return -1
	}
	if v[start-1] == '-' {
		if ownNouns.Has(strings.ToLower(noun)) {
			return from
		}
		return -1
	}
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsUpper(first) {
		return -1
	}
	stem, suffix, apostrophe := strings.Cut(strings.ReplaceAll(name, "’", "'"), "'")
	nounFirst, _ := utf8.DecodeRuneInString(noun)
	switch {
	case apostrophe:
		if isName(stem) && (suffix == "s" || suffix == "" || genitives.Has(suffix)) {
			return from
		}
	case !isName(name) || len(name) < 4 || strings.ToLower(name[1:]) != name[1:]: // SMBus
	case strings.HasSuffix(name, "ss") || strings.HasSuffix(name, "es") && strings.HasSuffix(name, "ces"):
	case strings.HasSuffix(name, "s") && (unicode.IsUpper(nounFirst) || nordicNouns.Has(strings.ToLower(noun))),
		strings.HasSuffix(name, "n") && strings.HasPrefix(noun, "puhelin"),
		strings.HasSuffix(noun, "ja") || strings.HasSuffix(noun, "je"): // Anna telefonja
		return from
	}
	return -1
}

// particleBefore reports whether の, 的 or 의 stands in front of i.
func (f *finder) particleBefore(i int) bool {
	lead := bytes.TrimRight(f.v[:i], " ")
	return bytes.HasSuffix(lead, []byte("の")) || bytes.HasSuffix(lead, []byte("的")) || bytes.HasSuffix(lead, []byte("의"))
}

// ownedCJK finds 小明的手机, from the word for the device on.
func (f *finder) ownedCJK(start, end int, by *rule) {
	if !f.particleBefore(start) {
		return
	}
	from := len(bytes.TrimRight(f.v[:start], " "))
	for n := 0; n < 9 && from > 0; n++ {
		r, size := utf8.DecodeLastRune(f.v[:from])
		if !unicode.IsOneOf([]*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul}, r) {
			break
		}
		from -= size
	}
	if utf8.RuneCount(f.v[from:start]) > 1 {
		f.owned(from, end, by)
	}
}

var (
	modelWords  = lazyset.New("pro air mini max ultra plus se fe lite note tab ultra oled xl fold flip gen tv pc watch phone duo")
	ofWords     = lazyset.New("von vom de del della di da do dos van od från fra för til af av d'")
	slavicNouns = lazyset.New("telefon laptop tablet komputer počítač notebook iphone ipad")
	nordicNouns = lazyset.New("telefon mobil dator laptop telefoon surfplatta nettbrett tablet iphone ipad macbook pc dærbar datamaskin")
	ownNouns    = lazyset.New("thinkpad macbook laptop iphone ipad steamdeck pc notebook")
	genitives   = lazyset.New("nin nın nun nün in ın un ün n e")
)
