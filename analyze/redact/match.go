package redact

import "bytes"

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
		if h.by.Regex == "" || h.at < until[h.by.index] {
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
