package render

import (
	"bufio"
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxMarkdown is how many characters GitHub takes for an issue or a comment.
const maxMarkdown = 65_536

// mdPart is a section of a page.
type mdPart struct{ name, text string }

// part draws a section.
func (m *mdPage) part(name string, draw func()) mdPart {
	var b bytes.Buffer
	m.b = bufio.NewWriter(&b)
	draw()
	_ = m.b.Flush() // into memory
	return mdPart{name, b.String()}
}

// fitMarkdown joins the parts of a page, which stand in the order of what matters,
// and its end. Of a page longer than so many characters those parts are left out
// that do not fit, and named; the first is cut if it must be.
func fitMarkdown(parts []mdPart, end string, most int) string {
	const remark = 400 // characters to say what is left out
	total := utf8.RuneCountInString(end)
	for _, p := range parts {
		total += utf8.RuneCountInString(p.text)
	}
	if total <= most {
		remaining := make([]string, len(parts))
		for i, p := range parts {
			remaining[i] = p.text
		}
		return strings.Join(remaining, "") + end
	}
	room := most - utf8.RuneCountInString(end) - remark
	var b strings.Builder
	var left []string
	for i, p := range parts {
		n := utf8.RuneCountInString(p.text)
		switch {
		case n <= room:
			b.WriteString(p.text)
			room -= n
		case i < 2 && room > most/4: // the verdict and the first cause are told as far as there is room
			text := cutMarkdown(p.text, room)
			b.WriteString(text)
			room -= utf8.RuneCountInString(text)
			left = append(left, "the end of "+p.name)
		default:
			left = append(left, p.name)
		}
	}
	said := strings.Join(left, ", ")
	if utf8.RuneCountInString(said) > remark-100 {
		said = clip(said, remark-100)
	}
	return b.String() + "\n*Cut to what an issue takes. Left out: " + md(said) + ".*\n" + end
}

// cutMarkdown is the beginning of a text, to the end of a line, with what is open
// there closed: a fence, a fold.
func cutMarkdown(text string, most int) string {
	const closing = 64
	var b strings.Builder
	n, fence, folds := 0, "", 0
	for line := range strings.Lines(text) {
		n += utf8.RuneCountInString(line)
		if n > most-closing {
			break
		}
		b.WriteString(line)
		bare := strings.TrimSpace(line)
		ticks := bare[:len(bare)-len(strings.TrimLeft(bare, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && bare == fence:
			fence = ""
		case fence == "" && strings.HasPrefix(bare, "<details"):
			folds++
		case fence == "" && bare == "</details>":
			folds--
		}
	}
	if fence != "" {
		b.WriteString(fence + "\n")
	}
	b.WriteString(strings.Repeat("\n</details>\n", max(folds, 0)))
	return b.String()
}
