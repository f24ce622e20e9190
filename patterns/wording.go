package patterns

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Wording is what a program prints in one of several languages. Patterns are
// written for Text; a message that holds one of In is matched as if it held
// Text. Both may have places, %1 to %9, for what the program fills in.
type Wording struct {
	ID       string   `toml:"id"`
	Text     string   `toml:"text"`
	Source   string   `toml:"source"`
	In       []string `toml:"in"`
	Disabled bool     `toml:"disabled"`
	File     string   `toml:"-"`
	Line     int      `toml:"-"`
}

// wordingIndex finds the wordings that a text may hold: each has an anchor, a
// word of its own that a text must contain. It is static data for the built-in
// catalogue, so that it costs nothing to those who log in English.
type wordingIndex struct {
	anchors []string   // sorted
	uses    [][]uint16 // of each anchor, positions in list
	slots   []uint16   // hash table: 1 + position in anchors, 0 for none
	list    []rewording
}

// rewording is one In of a Wording.
type rewording struct {
	from, to string
}

const maxAnchor = 48

func newWordingIndex(wordings []*Wording) *wordingIndex {
	x := &wordingIndex{}
	for _, w := range wordings {
		for _, in := range w.In {
			x.list = append(x.list, rewording{in, w.Text})
		}
	}
	// The rarest word of each, then the longest, is looked for; one that English
	// has as well only when there is no other.
	const ordinary = 1000
	often := map[string]int{}
	for _, r := range x.list {
		eachAnchor(r.from, func(a string) { often[a]++ })
	}
	english := healthyText()
	for _, w := range wordings {
		english += w.Text + "\n"
	}
	for i := 0; i < len(english); {
		from, to, next := nextAnchor(english, i)
		if n := often[english[from:to]]; n > 0 && n < ordinary {
			often[english[from:to]] += ordinary
		}
		i = next
	}
	uses := map[string][]uint16{}
	for i, r := range x.list {
		best := ""
		eachAnchor(r.from, func(a string) {
			if best == "" || cmp.Or(cmp.Compare(often[best], often[a]), cmp.Compare(len(a), len(best)), strings.Compare(best, a)) > 0 {
				best = a
			}
		})
		if best != "" {
			uses[best] = append(uses[best], uint16(i))
		}
	}
	for a := range uses {
		x.anchors = append(x.anchors, a)
	}
	slices.Sort(x.anchors)
	size := 64
	for size < 3*len(x.anchors) {
		size *= 2
	}
	x.slots = make([]uint16, size)
	for i, a := range x.anchors {
		x.uses = append(x.uses, uses[a])
		at := hashAnchor(a) & (size - 1)
		for x.slots[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		x.slots[at] = uint16(i + 1)
	}
	return x
}

func hashAnchor[T string | []byte](s T) int {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return int(h>>15 ^ h&0x7fff)
}

// find returns the position of an anchor, -1 for a word that is none.
func (x *wordingIndex) find(w []byte) int {
	for at := hashAnchor(w) & (len(x.slots) - 1); x.slots[at] != 0; at = (at + 1) & (len(x.slots) - 1) {
		if i := int(x.slots[at] - 1); x.anchors[i] == string(w) {
			return i
		}
	}
	return -1
}

// wordByte reports whether a byte is part of a word: letters, and all beyond
// ASCII.
func wordByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

// wide reports whether a byte starts a character of a script that sets no
// spaces. Two such characters make an anchor.
func wide(c byte) bool { return c >= 0xe3 && c <= 0xed }

// nextAnchor finds the next word, or the next two characters of a script without
// spaces, in s from i on. After such two the search goes on at the second.
func nextAnchor[T string | []byte](s T, i int) (from, to, next int) {
	for i < len(s) && !wordByte(s[i]) {
		i++
	}
	from = i
	if i < len(s) && wide(s[i]) {
		if i+6 <= len(s) && wide(s[i+3]) {
			return from, i + 6, i + 3
		}
		return from, from, min(i+3, len(s))
	}
	for i < len(s) && wordByte(s[i]) && !wide(s[i]) {
		i++
	}
	return from, i, i
}

// eachAnchor lists what may be the anchor of a wording: words of three bytes or
// more that do not touch a place, where what is filled in may continue them.
func eachAnchor(wording string, yield func(string)) {
	for _, part := range wordingParts(wording) {
		if part.place > 0 {
			continue
		}
		t := part.text
		for i := 0; i < len(t); {
			from, to, next := nextAnchor(t, i)
			open := from == 0 && part.after || to == len(t) && part.before
			if to-from > 2 && to-from <= maxAnchor && (!open || wide(t[from])) {
				yield(t[from:to])
			}
			i = next
		}
	}
}

// wordingPart is a piece of a wording: text, or a place.
type wordingPart struct {
	text          string
	place         int  // 1 to 9; 0 for text
	after, before bool // of text: a place stands in front of it, behind it
}

// wordingParts cuts a wording at its places.
func wordingParts(s string) []wordingPart {
	var parts []wordingPart
	placed := false
	for s != "" {
		i := 0
		for i < len(s) && !(s[i] == '%' && i+1 < len(s) && s[i+1] >= '1' && s[i+1] <= '9') {
			i++
		}
		if i > 0 {
			parts = append(parts, wordingPart{text: s[:i], after: placed, before: i < len(s)})
		}
		if placed = i < len(s); placed {
			parts = append(parts, wordingPart{place: int(s[i+1] - '0')})
			i += 2
		}
		s = s[i:]
	}
	return parts
}

// may reports whether a text holds an anchor: false for nearly all that is in
// English. It costs about as much as a hash of the text.
func (x *wordingIndex) may(text []byte) bool {
	if len(x.list) == 0 {
		return false
	}
	for i := 0; i < len(text); {
		from, to, next := nextAnchor(text, i)
		if n := to - from; n > 2 && n <= maxAnchor && x.find(text[from:to]) >= 0 {
			return true
		}
		i = next
	}
	return false
}

// english puts the texts that patterns are written for in the place of wordings
// in other languages. It returns text itself when there are none.
func (x *wordingIndex) english(text []byte) []byte {
	out, changed := text, false
	for _, i := range x.candidates(text) {
		if next, ok := x.list[i].apply(out); ok {
			out, changed = next, true
		}
	}
	if !changed {
		return text
	}
	return plainQuotes(out)
}

// settled reports whether a text stays as it is, and every text that differs from
// it in digits does: no wording whose anchor it holds stands in it or has digits.
func (x *wordingIndex) settled(text []byte) bool {
	for _, i := range x.candidates(text) {
		for _, p := range wordingParts(x.list[i].from) {
			if strings.ContainsAny(p.text, "0123456789") {
				return false
			}
		}
		if _, ok := x.list[i].apply(text); ok {
			return false
		}
	}
	return true
}

// candidates are the wordings whose anchors a text holds, the longest first: it
// says most.
func (x *wordingIndex) candidates(text []byte) []uint16 {
	if len(x.list) == 0 {
		return nil
	}
	var found []uint16
	for i := 0; i < len(text); {
		from, to, next := nextAnchor(text, i)
		if n := to - from; n > 2 && n <= maxAnchor {
			if at := x.find(text[from:to]); at >= 0 {
				found = append(found, x.uses[at]...)
			}
		}
		i = next
	}
	slices.SortFunc(found, func(a, b uint16) int {
		return cmp.Or(cmp.Compare(len(x.list[b].from), len(x.list[a].from)), cmp.Compare(a, b))
	})
	return slices.Compact(found)
}

// apply rewords the first occurrence in a text.
func (r *rewording) apply(text []byte) ([]byte, bool) {
	parts := wordingParts(r.from)
	var values [10][]byte
	for at := 0; at < len(text); {
		from, to, ok := matchWording(text, at, parts, &values)
		if !ok {
			return text, false
		}
		if from > to {
			at = to
			continue
		}
		out := append([]byte(nil), text[:from]...)
		for _, p := range wordingParts(r.to) {
			out = append(out, p.text...)
			if p.place > 0 {
				out = append(out, values[p.place]...)
			}
		}
		return append(out, text[to:]...), true
	}
	return text, false
}

// matchWording finds parts in text from at on and what stands in their places. When
// it finds them in the middle of words, from is beyond to, and to is where to
// go on.
func matchWording(text []byte, at int, parts []wordingPart, values *[10][]byte) (from, to int, ok bool) {
	from, to = -1, at
	open := 0 // the place before the text at hand
	for i, p := range parts {
		if p.place > 0 {
			open = p.place
			continue
		}
		n := bytes.Index(text[to:], []byte(p.text))
		if n < 0 {
			return 0, 0, false
		}
		n += to
		end := n + len(p.text)
		if from < 0 && !p.after && n > 0 && joined(text[n-1], p.text[0]) || i == len(parts)-1 && end < len(text) && joined(p.text[len(p.text)-1], text[end]) {
			return end, n + 1, true
		}
		switch {
		case open > 0 && from < 0:
			from = valueBefore(text, n)
			values[open] = text[from:n]
		case open > 0:
			values[open] = text[to:n]
		case from < 0:
			from = n
		}
		if open > 0 && (len(values[open]) == 0 || bytes.IndexByte(values[open], '\n') >= 0) {
			return end, n + 1, true
		}
		open, to = 0, end
	}
	if open > 0 {
		end := valueAfter(text, to)
		values[open] = text[to:end]
		to = end
	}
	return from, to, true
}

// joined reports whether two bytes side by side belong to one word.
func joined(a, b byte) bool { return wordByte(a) && wordByte(b) && !wide(a) && a < 0x80 && b < 0x80 }

// valueBefore returns where the value starts that ends at end: a quoted name, or
// all since the last colon.
func valueBefore(text []byte, end int) int {
	b := bytes.TrimRight(text[:end], " ")
	if bytes.HasSuffix(b, []byte(":")) {
		return end
	}
	if n := len(b); n > 1 {
		for _, q := range quotes {
			if bytes.HasSuffix(b, []byte(q[1])) {
				if i := bytes.LastIndex(b[:n-len(q[1])], []byte(q[0])); i >= 0 {
					return i
				}
			}
		}
	}
	if i := bytes.LastIndex(b, []byte(": ")); i >= 0 {
		return i + 2
	}
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return 0
}

// valueAfter is valueBefore for the other side.
func valueAfter(text []byte, from int) int {
	b := text[from:]
	for _, q := range quotes {
		if bytes.HasPrefix(b, []byte(q[0])) {
			if i := bytes.Index(b[len(q[0]):], []byte(q[1])); i >= 0 {
				return from + len(q[0]) + i + len(q[1])
			}
		}
	}
	for i, c := range b {
		if c == '\n' || (c == ':' || c == ',' || c == '.') && (i+1 == len(b) || b[i+1] == ' ') {
			return from + i
		}
	}
	return len(text)
}

var quotes = [...][2]string{{"'", "'"}, {"‘", "’"}, {"„", "“"}, {"„", "”"}, {"“", "”"}, {"«\u00a0", "\u00a0»"}, {"« ", " »"}, {"«", "»"}, {"»", "«"},
	{"”", "”"}, {"’", "’"}, {"`", "'"}, {"‚", "‘"}, {"「", "」"}, {`"`, `"`}}

var quoteReplacer = strings.NewReplacer("«\u00a0", "'", "\u00a0»", "'", "«\u202f", "'", "\u202f»", "'", "« ", "'", " »", "'", "«", "'", "»", "'", "„", "'",
	"“", "'", "”", "'", "‘", "'", "’", "'", "‚", "'", "「", "'", "」", "'")

// plainQuotes puts ' for the quotation marks of other languages.
func plainQuotes(text []byte) []byte { return []byte(quoteReplacer.Replace(string(text))) }

// sameText reports whether two slices are one.
func sameText(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
