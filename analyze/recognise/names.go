package recognise

import "wolfdiag/analyze/logline"

// maxNames bounds the names that are remembered.
const maxNames = 1024

// Names gives one string for equal byte slices, so that names that recur on a
// million lines cost no memory. Control bytes do not come through. The zero value
// is ready. Not safe for concurrent use.
type Names struct {
	m    map[string]name
	last name
}

// name is a name as it stands in lines, and as it is given.
type name struct{ raw, clean string }

// Get returns the string of a name, "" for none.
func (n *Names) Get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if n.last.raw == string(b) {
		return n.last.clean
	}
	s, ok := n.m[string(b)]
	if !ok {
		if n.m == nil || len(n.m) >= maxNames {
			n.m = map[string]name{}
		}
		s = name{raw: string(b), clean: string(logline.CleanText(nil, b))}
		n.m[s.raw] = s
	}
	n.last = s
	return s.clean
}
