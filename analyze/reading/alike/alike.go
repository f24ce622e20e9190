// Package alike finds which known texts a complaint is like: by the words they
// share, rare ones counting more (tf-idf and the cosine of Salton and Buckley,
// "Term-weighting approaches in automatic text retrieval", 1988). Numbers, paths'
// punctuation and the endings of English inflection are left out.
//
// It knows words and nothing of what they mean: what it finds is a hint beside a
// reading, never a reading. The same texts give the same index in whichever order
// they come.
package alike

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Text is a known text and the causes that it speaks for.
type Text struct {
	Text   string
	Causes []string
}

const (
	// Least is how like a text must be to one of a cause: two texts of five words
	// that share two rare ones are about this like.
	Least = 0.35
	// Each text votes for its causes with the third power of its likeness, so that
	// two fair ones weigh less than one that is nearly the same. Less than a little
	// is no vote.
	little = 0.05

	maxRead  = 1200 // bytes of a text that are looked at
	maxWords = 192
	maxWord  = 28
)

// Index is what New makes of known texts. It is read-only and safe for
// concurrent use.
type Index struct {
	terms  map[string]int32
	weight []float64   // of a term: the logarithm of how rare it is
	unseen float64     // of a word that no text holds
	in     [][]posting // by term
	names  []string    // the causes, sorted
	causes [][]int32   // by text, in names
}

// posting is the place of a term in a text.
type posting struct {
	text  int32
	share float64 // of the text's length
}

// New makes an index of known texts. It costs some microseconds a text.
func New(texts []Text) *Index {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, func(a, b Text) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), slices.Compare(a.Causes, b.Causes))
	})
	texts = slices.CompactFunc(texts, func(a, b Text) bool { return a.Text == b.Text && slices.Equal(a.Causes, b.Causes) })
	x := &Index{terms: make(map[string]int32, 2*len(texts)), causes: make([][]int32, len(texts)), unseen: math.Log1p(float64(len(texts)))}
	for _, t := range texts {
		x.names = append(x.names, t.Causes...)
	}
	slices.Sort(x.names)
	x.names = slices.Compact(x.names)
	var (
		all  []term  // of all texts, one after the other
		ends []int32 // of each text in all
		of   []int32 // texts that hold a term
	)
	for i, t := range texts {
		for _, c := range t.Causes {
			k, _ := slices.BinarySearch(x.names, c)
			x.causes[i] = append(x.causes[i], int32(k))
		}
		from := len(all)
		words(t.Text, func(w []byte) {
			id, ok := x.terms[string(w)]
			if !ok {
				id = int32(len(of))
				x.terms[string(w)], of = id, append(of, 0)
			}
			all = append(all, term{id: id, count: 1})
		})
		all = all[:from+len(count(all[from:]))]
		for _, c := range all[from:] {
			of[c.id]++
		}
		ends = append(ends, int32(len(all)))
	}
	x.weight, x.in = make([]float64, len(of)), make([][]posting, len(of))
	room := make([]posting, len(all))
	for id, n := range of {
		x.weight[id] = math.Log1p(float64(len(texts)) / float64(n))
		x.in[id], room = room[:0:n], room[n:]
	}
	from := int32(0)
	for i, to := range ends {
		length := x.length(all[from:to])
		for _, c := range all[from:to] {
			x.in[c.id] = append(x.in[c.id], posting{int32(i), x.of(c) / length})
		}
		from = to
	}
	return x
}

// Cause finds the cause whose known texts a text is most like, of those that
// skip does not know. It reports false when none is like enough.
func (x *Index) Cause(text []byte, skip func(cause string) bool) (string, bool) {
	var terms []term
	unknown := int32(-1)
	words(string(text[:min(len(text), maxRead)]), func(w []byte) {
		id, ok := x.terms[string(w)]
		if !ok {
			id, unknown = unknown, unknown-1
		}
		terms = append(terms, term{id: id, count: 1})
	})
	terms = count(terms)
	length := x.length(terms)
	like := make([]float64, len(x.causes))
	for _, c := range terms {
		if c.id >= 0 {
			share := x.of(c) / length
			for _, p := range x.in[c.id] {
				like[p.text] += share * p.share
			}
		}
	}
	votes, best := make([]float64, len(x.names)), make([]float64, len(x.names))
	for i, l := range like {
		if l < little {
			continue
		}
		for _, c := range x.causes[i] {
			votes[c] += l * l * l
			best[c] = max(best[c], l)
		}
	}
	first := -1
	for c, name := range x.names {
		if votes[c] > 0 && (first < 0 || votes[c] > votes[first]) && !skip(name) {
			first = c
		}
	}
	if first < 0 || best[first] < Least {
		return "", false
	}
	return x.names[first], true
}

// term is a word of a text and how often it stands there. Words that no text
// holds have negative numbers.
type term struct {
	id    int32
	count int
}

// count puts equal terms together, in the order of their numbers.
func count(terms []term) []term {
	slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.id, b.id) })
	out := terms[:0]
	for _, t := range terms {
		if n := len(out); n > 0 && out[n-1].id == t.id {
			out[n-1].count += t.count
			continue
		}
		out = append(out, t)
	}
	return out
}

// of is what a term of a text weighs.
func (x *Index) of(t term) float64 {
	weight := x.unseen
	if t.id >= 0 {
		weight = x.weight[t.id]
	}
	if t.count == 1 {
		return weight
	}
	return weight * (1 + math.Log(float64(t.count)))
}

// length is that of the vector of a text's terms; 1 for an empty one.
func (x *Index) length(terms []term) float64 {
	sum := 0.0
	for _, t := range terms {
		sum += x.of(t) * x.of(t)
	}
	if sum == 0 {
		return 1
	}
	return math.Sqrt(sum)
}

// words calls visit with the words of a text: letters in lower case, cut at the
// humps of names and without endings. What visit gets is good until it returns.
func words(text string, visit func(w []byte)) {
	var buf [maxWord]byte
	n, seen := 0, 0
	flush := func() {
		if n > 1 && n < maxWord && seen < maxWords {
			visit(stem(buf[:n]))
			seen++
		}
		n = 0
	}
	for i := range len(text) {
		c := text[i]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			flush()
			continue
		}
		if i > 0 && c < 'a' && text[i-1] >= 'a' && text[i-1] <= 'z' {
			flush()
		}
		if n < maxWord {
			buf[n] = c | 0x20
			n++
		}
	}
	flush()
}

// stem cuts the endings of English inflection.
func stem(w []byte) []byte {
	for _, end := range [...]string{"ies", "ing", "ed", "ion", "s"} {
		if len(w) > len(end)+2 && string(w[len(w)-len(end):]) == end {
			w = w[:len(w)-len(end)]
			break
		}
	}
	for len(w) > 3 && w[len(w)-1] == 'e' {
		w = w[:len(w)-1]
	}
	return w
}
