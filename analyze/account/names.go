package account

import (
	"slices"

	"wolfdiag/analyze/logline"
)

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

const maxInterned = 10_000

// interner gives one string for equal byte slices, so that names that recur on
// a million lines cost no memory. Control bytes do not come through.
type interner struct{ m map[string]string }

// get returns the string of a name, "" for none.
func (in *interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.m[string(b)]; ok {
		return s
	}
	if in.m == nil || len(in.m) > maxInterned {
		in.m = map[string]string{}
	}
	s := string(logline.CleanText(nil, b))
	in.m[string(b)] = s
	return s
}
