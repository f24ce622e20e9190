package lifetime

import "strings"

// names are the sessions of each lifetime by what messages call them.
type names map[int]*called

// called are sessions by name.
type called struct {
	list   []Session
	byName map[string]int // the last of that name
	long   []int          // their names have more parts than are kept
}

// maxParts bounds the parts of a container's name that are kept.
const maxParts = 8

// of returns the sessions of a lifetime by name.
func (n names) of(lifetime int, list []Session) *called {
	c := n[lifetime]
	if c != nil {
		return c
	}
	c = &called{list: list, byName: make(map[string]int, 2*len(list))}
	n[lifetime] = c
	for i := range list {
		s := &list[i]
		c.byName[s.ID], c.byName[s.Container] = i, i
		rest := s.Container
		for parts := 0; ; parts++ {
			_, after, more := strings.Cut(rest, "_")
			if !more {
				break
			}
			if parts == maxParts {
				c.long = append(c.long, i)
				break
			}
			rest = after
			c.byName[rest] = i
		}
	}
	return c
}

// last is the place of the last session of a name, -1 for none.
func (c *called) last(name string) int {
	best, ok := c.byName[name]
	if !ok {
		best = -1
	}
	for i := len(c.long) - 1; i >= 0 && c.long[i] > best; i-- {
		if c.list[c.long[i]].is(name) {
			return c.long[i]
		}
	}
	return best
}

// is reports whether a session is called so: by its id, its container, or the end of
// that container's name.
func (s *Session) is(name string) bool {
	return s.ID == name || s.Container == name || strings.HasSuffix(s.Container, "_"+name)
}
