package redact

import (
	"bytes"
	"slices"
)

// detectors run on every line; each leaves most of them at the first look.
var detectors = []detector{pem, colons, dots, digits, dashes, underscores, runs, ats, hostLabel, logHost}

// searcher finds what is to be masked in a line. It is for one goroutine.
type searcher struct {
	set    *ruleSet
	memo   labelMemo
	finder finder
	hits   []hit
	until  []int
	spans  []span
	view   []byte
}

// newSearcher makes a searcher for values some of which have stand-ins already.
// names nil: that is asked later.
func newSearcher(set *ruleSet, names *standIns) searcher {
	memo := labelMemo{}
	return searcher{set: set, memo: memo, finder: finder{set: set, names: names, memo: memo}, until: make([]int, len(set.rules))}
}

// find returns what is to be masked in raw, in order, nothing twice. It is
// valid until the next call.
func (s *searcher) find(raw []byte) []span {
	v := view(s.view, raw)
	if len(v) > 0 && &v[0] != &raw[0] {
		s.view = v
	}
	s.hits = s.set.needs.find(s.hits[:0], v)
	s.spans = s.set.byLabel(s.spans[:0], v, s.memo)
	s.spans = s.set.match(s.spans, v, s.hits, s.until)
	s.finder.v, s.finder.spans = v, s.spans
	for _, h := range s.hits {
		if look := hooks[h.by.Form]; look != nil {
			look(&s.finder, h)
		}
	}
	for _, d := range detectors {
		d(&s.finder)
	}
	s.spans = merge(s.finder.spans)
	return s.spans
}

// lineFound is what there is to mask in a line of a block.
type lineFound struct {
	at    int // where the line begins
	spans []span
	asked []string // numbers that are session ids if they have been one before
}

// search looks through whole lines as find does, but for what depends on the
// lines before. Lines without anything are left out.
func (s *searcher) search(text []byte) []lineFound {
	var out []lineFound
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		s.finder.asked = nil
		if spans := s.find(text[at:end]); len(spans) > 0 || len(s.finder.asked) > 0 {
			out = append(out, lineFound{at, slices.Clone(spans), s.finder.asked})
		}
		at = end
	}
	return out
}

// lineEnd is where the line ends that begins at at.
func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// merge sorts spans and makes those that overlap one: of a secret and a name
// the secret, of two names the longer.
func merge(spans []span) []span {
	if len(spans) < 2 {
		return spans
	}
	slices.SortStableFunc(spans, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	out := spans[:1]
	for _, s := range spans[1:] {
		last := &out[len(out)-1]
		if s.start >= last.end {
			out = append(out, s)
			continue
		}
		if s.by.secret && !last.by.secret || s.by.secret == last.by.secret && s.end-s.start > last.end-last.start {
			last.by = s.by
		}
		last.end = max(last.end, s.end)
	}
	return out
}
