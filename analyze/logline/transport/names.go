package transport

import "strings"

// Names gives sets of transports their names; each is built once. The zero Names
// is ready. It is for one goroutine.
type Names struct {
	known    map[Set]string
	last     Set // whose name is lastName
	lastName string
}

// Of returns the names of the transports of a set joined by +, in the order of
// the constants: "compose+timestamps"; "" for the empty set.
func (n *Names) Of(set Set) string {
	if set == 0 {
		return ""
	}
	if set == n.last {
		return n.lastName
	}
	s, ok := n.known[set]
	if !ok {
		var parts []string
		for i, name := range names {
			if set&(1<<i) != 0 {
				parts = append(parts, name)
			}
		}
		s = strings.Join(parts, "+")
		if n.known == nil {
			n.known = map[Set]string{}
		}
		n.known[set] = s
	}
	n.last, n.lastName = set, s
	return s
}
