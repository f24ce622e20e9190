package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// needTable finds the literals of all rules in one pass: the last three bytes
// read, five bits of each, so that case does not matter, are looked up in a
// table. Nearly every byte of a log costs one look-up and nothing else.
type needTable struct {
	first [1 << 15]uint16 // 1 + index into lists; 0: no literal ends its first three bytes so
	lists [][]need
}

type need struct {
	literal []byte // lower-case
	by      *rule
}

// hit is a place where a literal of a rule stands.
type hit struct {
	at, end int
	by      *rule
}

func gram(a, b, c byte) int { return int(a&31)<<10 | int(b&31)<<5 | int(c&31) }

func newNeedTable(rules []*rule) needTable {
	var t needTable
	for _, r := range rules {
		for _, n := range r.Needs {
			t.add(n, r)
			for _, capital := range capitals(n) {
				t.add(capital, r)
			}
		}
	}
	return t
}

func (t *needTable) add(n string, r *rule) {
	g := gram(n[0], n[1], n[2])
	if t.first[g] == 0 {
		t.lists = append(t.lists, nil)
		t.first[g] = uint16(len(t.lists))
	}
	l := &t.lists[t.first[g]-1]
	*l = append(*l, need{[]byte(n), r})
}

// capitals are the spellings of a literal with capital letters outside ASCII,
// which equalFold does not know: all of them, and the first.
func capitals(n string) []string {
	if strings.IndexFunc(n, func(r rune) bool { return r >= 0x80 }) < 0 {
		return nil
	}
	upper := strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		return unicode.ToUpper(r)
	}, n)
	if upper == n {
		return nil
	}
	first, size := utf8.DecodeRuneInString(n)
	if first < 0x80 || unicode.ToUpper(first) == first {
		return []string{upper}
	}
	return []string{upper, string(unicode.ToUpper(first)) + n[size:]}
}

// find appends where literals stand in v, in order.
func (t *needTable) find(dst []hit, v []byte) []hit {
	if len(v) < 3 {
		return dst
	}
	h := gram(0, v[0], v[1])
	for i := 2; i < len(v); i++ {
		h = (h<<5 | int(v[i]&31)) & (1<<15 - 1)
		f := t.first[h]
		if f == 0 {
			continue
		}
		for _, n := range t.lists[f-1] {
			if from := i - 2; len(v)-from >= len(n.literal) && lower(v[from+len(n.literal)-1]) == n.literal[len(n.literal)-1] && equalFold(v[from:from+len(n.literal)], n.literal) {
				dst = append(dst, hit{from, from + len(n.literal), n.by})
			}
		}
	}
	return dst
}

// equalFold compares text with a literal in lower case.
func equalFold(text, low []byte) bool {
	for i, c := range text {
		if lower(c) != low[i] {
			return false
		}
	}
	return true
}
