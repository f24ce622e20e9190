package reading

import (
	"slices"
	"strings"
	"sync"
)

// concept is what a word or phrase means.
type concept struct {
	reasons Reasons
	object  Object
	role    role
	firm    bool   // a negation that is a complaint
	quiet   bool   // its reasons count where something else complains
	counted bool   // a count may stand before or after it
	weak    bool   // ordinary lines say it too
	negated Reason // what it means after "not", "no", "cannot"
}

// role is what a word does to its neighbours.
type role uint8

const (
	roleNone    role = iota
	roleNegates      // "not", "cannot", "failed to"
	roleVerb         // an operation
	roleSoftens      // "ignored", "optional"
	roleStop         // carries no meaning: "the", "is"
	roleBreak        // ends the reach of a negation
)

// lexicon is a trie over word stems. It is read-only once made.
type lexicon struct {
	words map[string]uint16
	next  map[uint32]uint16 // node<<16 | word → node
	means []concept         // by node
	stop  []bool            // by word
	verb  []string          // by word: the operation, as it is reported
	start []bool            // by word: an operation without which a program does not start

	states []bool // by word: "is", "does", of which "not" is said
	has    []bool // by word: "has", of which "no" is said
	spared []bool // by word: what may be denied without a complaint
	result []bool // by word: what a negative number behind it is the code of

	not                   uint16
	line, column, section uint16 // the words for places in a file
	none                  uint16 // what a count of nothing says

	numbered map[string]bool // words that hold digits, with these masked
}

// vocabulary is made at the first reading, which takes about a millisecond.
var vocabulary = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	const words, nodes = 2000, 5000 // a little more than there are
	x := &lexicon{words: make(map[string]uint16, words), next: make(map[uint32]uint16, nodes), means: make([]concept, 1, nodes), stop: make([]bool, 1, words), verb: make([]string, 1, words), start: make([]bool, 1, words)}
	for w := range strings.FieldsSeq(stopWords) {
		x.stop[x.word(w)] = true
	}
	for _, w := range strings.Fields(negations) {
		x.add(w, concept{role: roleNegates})
	}
	for w := range strings.FieldsSeq(firmNegations) {
		x.means[x.add(w, concept{})].firm = true
	}
	for _, list := range [][]meaning{reasonWords[:], objectWords[:], selfWords[:]} {
		for _, m := range list {
			for p := range strings.SplitSeq(m.words, ";") {
				x.add(p, concept{reasons: reasons(m.reason) &^ 1, object: m.object})
			}
		}
	}
	for _, m := range quietWords {
		for p := range strings.SplitSeq(m.words, ";") {
			if n := x.add(p, concept{reasons: reasons(m.reason) &^ 1, object: m.object}); n > 0 {
				x.means[n].quiet = true
			}
		}
	}
	for _, e := range negatives {
		for p := range strings.FieldsSeq(e.words) {
			n := x.add(p, concept{})
			x.means[n].negated = e.reason
		}
	}
	for p := range strings.SplitSeq(softeners, ";") {
		x.add(p, concept{role: roleSoftens})
	}
	for w := range strings.SplitSeq(ordinary, ";") {
		if n := x.add(w, concept{}); n > 0 {
			x.means[n].weak = true
		}
	}
	for w := range strings.FieldsSeq(countedWords) {
		x.means[x.add(w, concept{})].counted = true
	}
	x.none, x.not = x.word("no"), x.word("not")
	x.line, x.column, x.section = x.word("line"), x.word("column"), x.word("section")
	for _, v := range operations {
		list := strings.Fields(v)
		for _, w := range list {
			id := x.word(w)
			x.verb[id] = list[0]
			x.start[id] = slices.Contains(strings.Fields(startups), list[0])
		}
	}
	for w := range strings.FieldsSeq(statements + " " + possessives + " " + sparedWords + " " + resultWords) {
		x.word(w)
	}
	x.states, x.has, x.spared, x.result = x.set(statements), x.set(possessives), x.set(sparedWords), x.set(resultWords)
	x.numbered = map[string]bool{}
	for w := range x.words {
		if masked := []byte(w); maskDigits(masked) {
			x.numbered[string(masked)] = true
		}
	}
	return x
}

// set returns which words are those of a list, all of which it knows already.
func (x *lexicon) set(list string) []bool {
	out := make([]bool, len(x.stop))
	for w := range strings.FieldsSeq(list) {
		out[x.word(w)] = true
	}
	return out
}

// likeNumbered reports whether a word, or one like it but for its digits, is one
// of the lexicon's that hold digits.
func (x *lexicon) likeNumbered(w []byte) bool {
	var buf [maxStem]byte
	masked := append(buf[:0], w...)
	return maskDigits(masked) && x.numbered[string(masked)]
}

// word returns the number of a word, which gets one if it has none.
func (x *lexicon) word(w string) uint16 {
	var buf [maxStem]byte
	s := stem(append(buf[:0], w...))
	if id, ok := x.words[string(s)]; ok {
		return id
	}
	id := uint16(len(x.stop))
	x.words[string(s)] = id
	x.stop = append(x.stop, false)
	x.verb = append(x.verb, "")
	x.start = append(x.start, false)
	return id
}

// add puts a phrase in the trie and returns its node. What a phrase means
// already is kept where c says nothing. Phrases are in lower case.
func (x *lexicon) add(phrase string, c concept) uint16 {
	var ids [8]uint16
	n, telling := 0, 0
	for from := 0; from < len(phrase); {
		to := from
		for to < len(phrase) && phrase[to] > ' ' && phrase[to] != '_' && phrase[to] != '-' {
			to++
		}
		if to > from {
			w := phrase[from:to]
			if w == "0" {
				w = "no"
			}
			ids[n] = x.word(w)
			if !x.stop[ids[n]] {
				telling++
			}
			n++
		}
		from = to + 1
	}
	node := uint16(0)
	for _, id := range ids[:n] {
		if x.stop[id] && telling > 1 { // "out of" keeps its second word
			continue
		}
		key := uint32(node)<<16 | uint32(id)
		next, ok := x.next[key]
		if !ok {
			next = uint16(len(x.means))
			x.next[key] = next
			x.means = append(x.means, concept{})
		}
		node = next
	}
	if node == 0 {
		return 0
	}
	m := &x.means[node]
	m.reasons |= c.reasons
	if c.object != NoObject {
		m.object = c.object
	}
	if c.role != roleNone {
		m.role = c.role
	}
	return node
}
