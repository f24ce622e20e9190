// Package scan finds lines that contain any of several hundred literals.
//
// It looks at a text in steps. Of every literal it takes a window of w bytes;
// wherever that window lies, one of the q-byte pieces ("grams") that start at
// multiples of s = w-q+1 falls inside it whole. So it is enough to look up one
// gram every s bytes in a table of the grams of all windows, and to compare
// the literals only where one is found. The look-ups do not depend on each
// other, unlike the shifts of Wu and Manber's algorithm ("A fast algorithm for
// multi-pattern searching", TR 94-17, University of Arizona, 1994), so that the
// processor overlaps them. Sampling the text at a fixed step is due to
// Fredriksson and Grabowski, "Average-optimal string matching" (Journal of
// Discrete Algorithms 7, 2009), and q-grams for many patterns to Salmela,
// Tarhio and Kytöjoki, "Multipattern string matching with q-grams" (ACM JEA 11, 2006).
package scan

import (
	"bytes"
	"slices"
	"sync"
)

// Scanner looks for a fixed set of literals. It is read-only once made and
// safe for concurrent use; no method allocates, but for growing a slice the
// caller gave.
type Scanner struct {
	literals [][]byte
	tiers    []*tier // by window length, the longest first
}

// New makes a scanner. The literals are numbered in the order given, at most
// 65535 of them; empty ones and those that contain a newline are never found.
// It costs about 0.1 µs a literal, and 250 KB for two thousand of them.
func New(literals [][]byte) *Scanner {
	s := &Scanner{literals: literals[:min(len(literals), 1<<16-1)]}
	s.tiers = makeTiers(s.literals)
	return s
}

// Len says how many literals there are.
func (s *Scanner) Len() int { return len(s.literals) }

// Literal returns the i-th literal, which must not be changed.
func (s *Scanner) Literal(i int) []byte { return s.literals[i] }

// Find appends to dst the indexes of all literals that text contains, sorted
// and unique.
func (s *Scanner) Find(dst []uint16, text []byte) []uint16 {
	from := len(dst)
	for _, t := range s.tiers {
		dst = t.all(dst, s.literals, text)
	}
	found := dst[from:]
	if len(found) > 1 {
		slices.Sort(found)
		found = slices.Compact(found)
	}
	return dst[:from+len(found)]
}

// Cursor goes through the lines of one block that contain a literal. It is for
// one goroutine; the zero Cursor has no lines.
type Cursor struct {
	scanner *Scanner
	block   []byte
	pos     int           // where the next line starts
	found   [maxTiers]int // first hit of each tier at or after pos, when it is >= pos
}

// Cursor returns a cursor before the first line of block.
func (s *Scanner) Cursor(block []byte) Cursor {
	c := Cursor{scanner: s, block: block}
	for i := range c.found {
		c.found[i] = -1
	}
	return c
}

// Next finds the next line that contains a literal, block[start:end] without
// its newline; ok is false when there is none left.
func (c *Cursor) Next() (start, end int, ok bool) {
	if c.scanner == nil || c.pos >= len(c.block) {
		return 0, 0, false
	}
	first := len(c.block)
	for i, t := range c.scanner.tiers {
		if c.found[i] < c.pos {
			c.found[i] = t.next(c.scanner.literals, c.block, c.pos)
		}
		first = min(first, c.found[i])
	}
	if first == len(c.block) {
		c.pos = first
		return 0, 0, false
	}
	start = c.pos + bytes.LastIndexByte(c.block[c.pos:first], '\n') + 1
	end = len(c.block)
	if i := bytes.IndexByte(c.block[first:], '\n'); i >= 0 {
		end = first + i
	}
	c.pos = end + 1
	return start, end, true
}

var hitPool = sync.Pool{New: func() any { return new([]uint16) }}

// Lines calls yield for each line of block that contains a literal, in order,
// with its bounds (newline excluded) and the indexes of all literals in it,
// sorted. hits is valid during the call only. It stops when yield returns false.
func (s *Scanner) Lines(block []byte, yield func(start, end int, hits []uint16) bool) {
	buf := hitPool.Get().(*[]uint16)
	defer hitPool.Put(buf)
	for c := s.Cursor(block); ; {
		start, end, ok := c.Next()
		if !ok {
			return
		}
		*buf = s.Find((*buf)[:0], block[start:end])
		if !yield(start, end, *buf) {
			return
		}
	}
}
