package patterns

import "hash/maphash"

// literalTable says which patterns each literal announces.
type literalTable struct {
	literals   [][]byte // in order of the patterns, unique
	starts     []uint32 // literal -> where its patterns start in flat; one more for the end
	flat       []uint16 // patterns of each literal, sorted
	unfiltered []uint16 // patterns without literals
}

// newLiteralTable makes the table of patterns. Every start of the program pays
// for it: it compares strings only where hashes agree, sorts nothing, and keeps
// everything in a few blocks of memory. The seed of the hash is another one each
// time and has no influence on the result.
func newLiteralTable(patterns []*Pattern) *literalTable {
	t := &literalTable{}
	uses, size := 0, 0
	for i, p := range patterns {
		uses += len(p.literals)
		for _, l := range p.literals {
			size += len(l)
		}
		if len(p.literals) == 0 {
			t.unfiltered = append(t.unfiltered, uint16(i))
		}
	}
	mask := 63
	for mask < uses+uses/2 {
		mask = mask*2 + 1
	}
	slots := make([]uint16, mask+1) // hash table: 1 + position in literals, 0 for none
	used := make([]uint16, 0, uses) // literal of each use
	text := make([]byte, 0, size)   // of all literals
	t.literals = make([][]byte, 0, uses)
	t.starts = make([]uint32, 1, uses+2)
	seed := maphash.MakeSeed()
	for _, p := range patterns {
		for _, l := range p.literals {
			at := int(maphash.String(seed, l)) & mask
			for slots[at] != 0 && string(t.literals[slots[at]-1]) != l {
				at = (at + 1) & mask
			}
			if slots[at] == 0 {
				from := len(text)
				text = append(text, l...)
				t.literals = append(t.literals, text[from:len(text):len(text)])
				t.starts = append(t.starts, 0)
				slots[at] = uint16(len(t.literals))
			}
			used = append(used, slots[at]-1)
			t.starts[slots[at]]++ // counts, for now, of the literal before
		}
	}
	for i := range t.literals {
		t.starts[i+1] += t.starts[i]
	}
	t.flat = make([]uint16, uses)
	next := 0
	end := make([]uint32, len(t.literals))
	copy(end, t.starts)
	for i, p := range patterns {
		for range p.literals {
			l := used[next]
			t.flat[end[l]] = uint16(i)
			end[l]++
			next++
		}
	}
	return t
}

// of lists the patterns that the i-th literal announces, sorted; nil when there
// is no such literal.
func (t *literalTable) of(i int) []uint16 {
	if i < 0 || i >= len(t.literals) {
		return nil
	}
	return t.flat[t.starts[i]:t.starts[i+1]]
}
