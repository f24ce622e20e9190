package redact

import "bytes"

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

// hit is a place where a literal of a rule starts.
type hit struct {
	at int
	by *rule
}

func gram(a, b, c byte) int { return int(a&31)<<10 | int(b&31)<<5 | int(c&31) }

func newNeedTable(rules []*rule) needTable {
	var t needTable
	for _, r := range rules {
		for _, n := range r.Needs {
			g := gram(n[0], n[1], n[2])
			if t.first[g] == 0 {
				t.lists = append(t.lists, nil)
				t.first[g] = uint16(len(t.lists))
			}
			l := &t.lists[t.first[g]-1]
			*l = append(*l, need{[]byte(n), r})
		}
	}
	return t
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
			if from := i - 2; len(v)-from >= len(n.literal) && equalFold(v[from:from+len(n.literal)], n.literal) {
				dst = append(dst, hit{from, n.by})
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

const (
	windowBefore = 160 // bytes of a line that a regex sees before a literal
	windowAfter  = 600
)

// match runs the rules whose literals were hit on what stands around these: a
// line may be as long as a file.
func (s *ruleSet) match(dst []span, v []byte, hits []hit, until []int) []span {
	if len(hits) > 0 {
		clear(until)
	}
	for _, h := range hits {
		if h.at < until[h.by.index] {
			continue
		}
		start, end := 0, len(v)
		if h.at > windowBefore {
			start = h.at - windowBefore
			if i := bytes.IndexAny(v[start:h.at], " \t\n"); i >= 0 {
				start += i
			}
		}
		start = max(start, until[h.by.index])
		if len(v)-h.at > windowAfter {
			end = h.at + windowAfter
		}
		for {
			m := h.by.regex().FindSubmatchIndex(v[start:end])
			if m == nil {
				break
			}
			dst = s.groups(dst, v, h.by, m, start)
			if m[1] <= 0 || m[1] == m[0] {
				break
			}
			start += max(m[1]-1, m[0]+1) // a match may begin with the end of the one before
			if start >= end {
				break
			}
		}
		// Literals that end within what was seen need no other look, as long as what
		// belongs to them was seen too.
		until[h.by.index] = max(end-windowAfter/2, h.at+1)
		if end == len(v) {
			until[h.by.index] = end
		}
	}
	return dst
}

// groups appends the named groups of a match that pass the check of the rule.
func (s *ruleSet) groups(dst []span, v []byte, r *rule, m []int, offset int) []span {
	for g := 2; g+1 < len(m); g += 2 {
		if m[g] < 0 || m[g] == m[g+1] {
			continue
		}
		sp := span{offset + m[g], offset + m[g+1], r}
		sp.end = extend(v, sp.end)
		for !r.secret && sp.end > sp.start && (v[sp.end-1] == '.' || v[sp.end-1] == ',' || v[sp.end-1] == ':') {
			sp.end-- // of a sentence
		}
		if value := clean(v[sp.start:sp.end]); !s.placeholder(value, true) && s.passes(r, value, style{}) {
			dst = append(dst, sp)
		}
	}
	return dst
}

// extend moves the end of a value over escapes in its middle: p\u0026ss.
func extend(v []byte, end int) int {
	for end < len(v) && v[end] == filler {
		i := end
		for i < len(v) && v[i] == filler {
			i++
		}
		if i == len(v) || isSpace(v[i]) || isQuote(v[i]) || bytes.IndexByte([]byte("<>&,;{}/\\"), v[i]) >= 0 {
			return end
		}
		for i < len(v) && !isSpace(v[i]) && !isQuote(v[i]) && v[i] != filler && v[i] != '<' && v[i] != '>' {
			i++
		}
		end = i
	}
	return end
}

// clean is a value without fillers.
func clean(v []byte) string {
	if bytes.IndexByte(v, filler) < 0 {
		return string(v)
	}
	return string(bytes.ReplaceAll(v, []byte{filler}, nil))
}
