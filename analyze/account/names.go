package account

import "slices"

const maxNames = 64

// Names is a small set of names in the order of their coming, bounded.
type Names []string

// Add adds names. Empty ones, and those beyond the bound, are left out.
func (s *Names) Add(names ...string) {
	for _, name := range names {
		if name != "" && len(*s) < maxNames && !slices.Contains(*s, name) {
			*s = append(*s, name)
		}
	}
}
