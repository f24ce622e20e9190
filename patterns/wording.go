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
	*Position

	anchors []string // of each In: a word that a text which holds it must contain; "" when there is none
}

// wordingIndex finds the wordings that a text may hold, by their anchors.
type wordingIndex struct {
	wordings []*Wording
	list     []reference // every In of every wording
	slots    []anchorSlot
	next     []uint16 // of list: 1 + the next one of the same anchor
}

// anchorSlot is an entry of the hash table of anchors: the first of list that
// has it.
type anchorSlot struct {
	tag   uint16 // more of the hash, so that few anchors are compared
	first uint16 // 1 + position in list, 0 for none
}

// reference names an In of a wording.
type reference struct{ wording, in uint16 }

func (x *wordingIndex) from(i uint16) string { return x.wordings[x.list[i].wording].In[x.list[i].in] }
func (x *wordingIndex) to(i uint16) string   { return x.wordings[x.list[i].wording].Text }
func (x *wordingIndex) anchor(i uint16) string {
	return x.wordings[x.list[i].wording].anchors[x.list[i].in]
}

const maxAnchor = 48

// anchored returns copies of wordings with the anchors that suit them best
// together: of each the rarest word, then the longest; one that English has as
// well only when there is no other.
func anchored(wordings []*Wording) []*Wording {
	const ordinary = 1000
	often := map[string]int{}
	english := healthyText()
	for _, w := range wordings {
		for _, in := range w.In {
			eachAnchor(in, func(a string) { often[a]++ })
		}
		english += w.Text + "\n"
	}
	for i := 0; i < len(english); {
		from, to, next := nextAnchor(english, i)
		if n := often[english[from:to]]; n > 0 && n < ordinary {
			often[english[from:to]] += ordinary
		}
		i = next
	}
	out := make([]*Wording, len(wordings))
	for i, w := range wordings {
		c := *w
		c.anchors = make([]string, len(w.In))
		for k, in := range w.In {
			best := ""
			eachAnchor(in, func(a string) {
				if best == "" || cmp.Or(cmp.Compare(often[best], often[a]), cmp.Compare(len(a), len(best)), strings.Compare(best, a)) > 0 {
					best = a
				}
			})
			c.anchors[k] = best
		}
		out[i] = &c
	}
	return out
}

// newWordingIndex makes the index of wordings that have anchors. It costs about
// 0.1 µs for each text.
func newWordingIndex(wordings []*Wording) *wordingIndex {
	x := &wordingIndex{wordings: wordings}
	n := 0
	for _, w := range wordings {
		n += len(w.In)
	}
	size := 64
	for size < 2*n {
		size *= 2
	}
	x.slots = make([]anchorSlot, size)
	x.list = make([]reference, 0, n)
	x.next = make([]uint16, n)
	for i, w := range wordings {
		for k, a := range w.anchors {
			at := uint16(len(x.list))
			x.list = append(x.list, reference{uint16(i), uint16(k)})
			if a != "" {
				s := slotOf(x, a)
				x.next[at] = s.first
				*s = anchorSlot{anchorTag(hashAnchor(a)), at + 1}
			}
		}
	}
	return x
}

func hashAnchor[T string | []byte](s T) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func anchorTag(h uint32) uint16 { return uint16(h) }

// slotOf returns the slot of a word: the one that has it, or a free one.
func slotOf[T string | []byte](x *wordingIndex, w T) *anchorSlot {
	h := hashAnchor(w)
	mask := uint32(len(x.slots) - 1)
	for at := (h>>15 ^ h&0x7fff) & mask; ; at = (at + 1) & mask {
		s := &x.slots[at]
		if s.first == 0 || s.tag == anchorTag(h) && x.anchor(s.first-1) == string(w) {
			return s
		}
	}
}

// known reports whether a word is an anchor.
func (x *wordingIndex) known(w []byte) bool { return slotOf(x, w).first != 0 }

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
		if n := to - from; n > 2 && n <= maxAnchor && x.known(text[from:to]) {
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
		if next, ok := x.apply(i, out); ok {
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
		for _, p := range wordingParts(x.from(i)) {
			if strings.ContainsAny(p.text, "0123456789") {
				return false
			}
		}
		if _, ok := x.apply(i, text); ok {
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
			for at := slotOf(x, text[from:to]).first; at != 0; at = x.next[at-1] {
				found = append(found, at-1)
			}
		}
		i = next
	}
	slices.SortFunc(found, func(a, b uint16) int {
		return cmp.Or(cmp.Compare(len(x.from(b)), len(x.from(a))), cmp.Compare(a, b))
	})
	return slices.Compact(found)
}

// apply rewords the first occurrence of the i-th of list in a text.
func (x *wordingIndex) apply(i uint16, text []byte) ([]byte, bool) {
	parts := wordingParts(x.from(i))
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
		for _, p := range wordingParts(x.to(i)) {
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
