package printed

import (
	"slices"
	"strings"
	"sync"
)

// words finds out whether a line holds one of some texts. Of each it looks for
// the two neighbours that are rarest in logs, so that nearly all of a line is passed
// at a look into a small table a byte.
type words struct {
	pairs [1 << 10]uint64 // a bit for each two bytes
	texts map[uint16][]word
}

// word is a text with the place of its pair.
type word struct {
	text string
	at   int
}

// newWords makes a table of texts of two bytes at least.
func newWords(texts []string) *words {
	w := &words{texts: map[uint16][]word{}}
	for _, text := range texts {
		best, least := 0, 1<<30
		for i := 1; i < len(text); i++ {
			if c := common(text[i-1]) * common(text[i]); c < least {
				best, least = i-1, c
			}
		}
		p := pair(text, best)
		w.pairs[p>>6] |= 1 << (p & 63)
		w.texts[p] = append(w.texts[p], word{text, best})
	}
	return w
}

// common is how often a byte stands in logs, roughly: the higher the more often.
func common(b byte) int {
	return 2 + strings.IndexByte("ZQXJKVY~`^|;\\$%&*!?@+qjzGHUWBOFLPxw<>{}MNDCkvRTISAE()[]\"'=_,-/#ybgpfmhucld.:9876543210rsnioate ", b)
}

func pair(s string, at int) uint16 { return uint16(s[at])<<8 | uint16(s[at+1]) }

// in reports whether a line holds one of the texts. Cost: about a nanosecond a byte.
func (w *words) in(line string) bool {
	for i := 1; i < len(line); i++ {
		p := uint16(line[i-1])<<8 | uint16(line[i])
		if w.pairs[p>>6]&(1<<(p&63)) != 0 && w.at(line, i-1, p) {
			return true
		}
	}
	return false
}

func (w *words) at(line string, at int, p uint16) bool {
	for _, t := range w.texts[p] {
		if from := at - t.at; from >= 0 && strings.HasPrefix(line[from:], t.text) {
			return true
		}
	}
	return false
}

// telling finds the lines that tell something: a frame, the head of a stack, a
// remark. The others are passed over, but by a form that takes lines of any kind.
type telling struct {
	shows        *words
	starts, ends []string
}

var tells = sync.OnceValue(func() *telling {
	t := &telling{}
	var shows []string
	for _, f := range forms() {
		shows = append(shows, f.shows...)
		t.starts = append(t.starts, f.starts...)
		t.ends = append(t.ends, f.ends...)
	}
	for _, k := range remarks() {
		shows = append(shows, k.holds)
	}
	t.shows, t.starts, t.ends = newWords(shows), slices.Compact(slices.Sorted(slices.Values(t.starts))), slices.Compact(t.ends)
	return t
})

// is reports whether a line, which is trimmed without the blanks around it, tells
// something.
func (t *telling) is(line, trimmed string) bool {
	return slices.ContainsFunc(t.starts, func(s string) bool { return strings.HasPrefix(trimmed, s) }) ||
		slices.ContainsFunc(t.ends, func(s string) bool { return strings.HasSuffix(line, s) }) || t.shows.in(line)
}

// numbers are a text with each digit in the place of the dot.
func numbers(text string) []string {
	var out []string
	for d := '0'; d <= '9'; d++ {
		out = append(out, strings.Replace(text, ".", string(d), 1))
	}
	return out
}

// blanks are a text with each blank that a line can hold in the place of the dot.
func blanks(text string) []string {
	var out []string
	for _, b := range " \t\f\r" {
		out = append(out, strings.Replace(text, ".", string(b), 1))
	}
	return out
}
