package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// narrow measures text the same way on every machine: characters whose width
// is ambiguous take one column, whatever the locale says.
var narrow = runewidth.Condition{StrictEmojiNeutral: true}

// width is the number of terminal columns that text takes: two for Chinese,
// Japanese and Korean characters, none for combining ones.
func width(text string) int {
	if n, ok := singles(text); ok {
		return n
	}
	if isASCII(text) { // with control characters
		return len(text)
	}
	return narrow.StringWidth(text)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// singles counts the characters of a text in which each takes one column, as in
// nearly all that a report prints. It reports false for any other text. The
// library's table, made when it is first asked, takes longer than a short log.
func singles(text string) (n int, ok bool) {
	for _, r := range text {
		if !single(r) {
			return 0, false
		}
		n++
	}
	return n, true
}

// single reports whether a character takes one column whatever stands beside
// it: ASCII, letters of western languages, and the marks that reports are made
// of. It is false for many others that do.
func single(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f:
		return true
	case r > 0xa0 && r < 0x300:
		return r != 0xad && r != 0xa9 && r != 0xae // a soft hyphen; signs that may be pictures
	case r >= 0x2010 && r <= 0x2027: // dashes, quotes, bullet, ellipsis
		return true
	case r >= 0x2190 && r <= 0x21ff, r >= 0x2500 && r <= 0x25fc, r >= 0x2713 && r <= 0x2718: // arrows, boxes and shapes, check marks
		return true
	case r >= 0x370 && r <= 0x482, r >= 0x48a && r <= 0x52f: // Greek, Cyrillic
		return true
	}
	return false
}

// truncate is the part of a text at its start that fits columns.
func truncate(text string, columns int) string {
	if n, ok := singles(text); ok {
		if n <= columns {
			return text
		}
		for i := range text {
			if columns--; columns < 0 {
				return text[:i]
			}
		}
	}
	return narrow.Truncate(text, columns, "")
}

// clip shortens text to columns with an ellipsis.
func clip(text string, columns int) string { return clipWith(text, columns, "…") }

func clipWith(text string, columns int, tail string) string {
	if width(text) <= columns {
		return text
	}
	if columns <= width(tail) {
		return truncate(tail, max(columns, 0))
	}
	return strings.TrimRight(truncate(text, columns-width(tail)), " ") + tail
}

// clipMiddle shortens text to columns and keeps both ends, which is what tells
// paths apart.
func clipMiddle(text string, columns int, tail string) string {
	if width(text) <= columns {
		return text
	}
	left := (columns - width(tail)) / 3
	if left < 1 {
		return clipWith(text, columns, tail)
	}
	rest := text
	for rest != "" && width(rest) > columns-width(tail)-left {
		_, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
	}
	return truncate(text, left) + tail + rest
}

// pad fills text with blanks up to columns.
func pad(text string, columns int) string {
	if n := columns - width(text); n > 0 {
		return text + strings.Repeat(" ", n)
	}
	return text
}

// wrap breaks text into lines of at most columns at blanks. A percent sign
// stays with its number. A word longer than a line is broken, after a
// separator where there is one near the end: what must survive copy and paste
// is not for wrap.
func wrap(text string, columns int) []string {
	columns = max(columns, 4)
	var lines []string
	used := 0
	put := func(word string) {
		n := width(word)
		if len(lines) > 0 && used+1+n <= columns {
			lines[len(lines)-1] += " " + word
			used += 1 + n
			return
		}
		for n > columns {
			head := breakAt(word, columns)
			lines = append(lines, head)
			word = word[len(head):]
			n = width(word)
		}
		lines = append(lines, word)
		used = n
	}
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		word := words[i]
		for i+1 < len(words) && strings.HasPrefix(words[i+1], "%") {
			i++
			word += " " + words[i]
		}
		put(word)
	}
	return lines
}

// breakAt is the part of a long word that goes onto a line of its own; never
// empty.
func breakAt(word string, columns int) string {
	head := truncate(word, columns)
	if head == "" { // one character wider than the line
		_, n := utf8.DecodeRuneInString(word)
		return word[:n]
	}
	if i := strings.LastIndexAny(head, "/,:;=_-.&"); i > len(head)*2/3 {
		return head[:i+1]
	}
	return head
}

// OneLine makes text one line of at most so many columns: blanks and control
// characters become single blanks, "…" stands for what is left out.
func OneLine(text string, columns int) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(text, "·"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	return clip(clean(strings.Join(words, " ")), columns)
}

// Rows is how many rows of a terminal with so many columns text takes, its
// colours left out: longer lines are broken.
func Rows(text string, columns int) int {
	n := 0
	for line := range strings.Lines(text) {
		n += max(1, (width(escapes.ReplaceAllString(strings.TrimSuffix(line, "\n"), ""))+columns-1)/columns)
	}
	return n
}
