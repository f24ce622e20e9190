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
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return narrow.StringWidth(text)
		}
	}
	return len(text)
}

// clip shortens text to columns with an ellipsis.
func clip(text string, columns int) string { return clipWith(text, columns, "…") }

func clipWith(text string, columns int, tail string) string {
	if width(text) <= columns {
		return text
	}
	if columns <= width(tail) {
		return narrow.Truncate(tail, max(columns, 0), "")
	}
	return strings.TrimRight(narrow.Truncate(text, columns-width(tail), ""), " ") + tail
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
	return narrow.Truncate(text, left, "") + tail + rest
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
	head := narrow.Truncate(word, columns, "")
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
