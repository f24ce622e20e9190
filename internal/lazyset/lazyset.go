// Package lazyset has sets of words that are built when they are first asked, so
// that a start pays for none that it does not need.
package lazyset

import (
	"strings"
	"sync"
)

// Set is a set of words of the source code. It is safe for concurrent use.
type Set struct {
	words string
	once  sync.Once
	set   map[string]struct{}
}

// New makes a Set of words with blanks between them. It does nothing with them:
// of a variable of a package, the compiler does what there is to do.
func New(words string) *Set { return &Set{words: words} }

func (s *Set) build() {
	words := strings.Fields(s.words)
	s.set = make(map[string]struct{}, len(words))
	for _, w := range words {
		s.set[w] = struct{}{}
	}
}

// Has reports whether a word is in the set. Cost: a look-up, after the first.
func (s *Set) Has(word string) bool {
	s.once.Do(s.build)
	_, ok := s.set[word]
	return ok
}

// HasBytes is Has for bytes, without a copy of them.
func (s *Set) HasBytes(word []byte) bool {
	s.once.Do(s.build)
	_, ok := s.set[string(word)]
	return ok
}
