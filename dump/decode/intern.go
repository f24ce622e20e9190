package decode

// Interner keeps one copy of each string. It is not safe for concurrent use;
// each reading goroutine owns one.
type Interner struct {
	seen map[string]string
	last string
}

func NewInterner() *Interner { return &Interner{seen: make(map[string]string)} }

// bytes returns b as a string, without an allocation when it was seen before.
func (in *Interner) bytes(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if string(b) == in.last {
		return in.last
	}
	s, ok := in.seen[string(b)]
	if !ok {
		s = string(b)
		in.seen[s] = s
	}
	in.last = s
	return s
}
