// Package arena is the scratch memory of a reader of lines: what has to be
// spelled anew (escapes taken out, JSON unfolded) is kept there, without an
// allocation once it has grown to the size of the lines.
package arena

// Arena holds what belongs to the line at hand and to the one before. The zero
// Arena is ready. It is for one goroutine.
type Arena struct {
	lines [2][]byte
	here  int
}

// Next starts the next line. What was kept for the line before stays good, what
// was kept for the one before that is overwritten.
func (a *Arena) Next() {
	a.here ^= 1
	a.lines[a.here] = a.lines[a.here][:0]
}

// Open returns memory to append to, and how much of it is taken; Keep must
// follow before the next Open.
func (a *Arena) Open() (dst []byte, from int) {
	dst = a.lines[a.here]
	return dst, len(dst)
}

// Keep takes dst back, which Open returned and others appended to, and returns
// what they appended: it lives until the second next Next, wherever the arena
// grows to.
func (a *Arena) Keep(dst []byte, from int) []byte {
	a.lines[a.here] = dst
	return dst[from:len(dst):len(dst)]
}
