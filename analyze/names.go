package analyze

import "wolfdiag/analyze/logline"

// The limits that keep memory flat on any input.
const (
	maxNames     = 64
	maxTextKept  = 2_000 // bytes of a message kept for the report
	maxTracesLog = 64    // printed traces kept
)

// nameSet is a small set of names, bounded.
type nameSet struct {
	names []string
	more  bool
}

func (s *nameSet) add(name string) {
	if name == "" {
		return
	}
	for _, n := range s.names {
		if n == name {
			return
		}
	}
	if len(s.names) >= maxNames {
		s.more = true
		return
	}
	s.names = append(s.names, name)
}

// interner gives one string for equal byte slices, so that names that recur on
// a million lines cost no memory. Control bytes do not come through.
type interner struct{ m map[string]string }

func (in *interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.m[string(b)]; ok {
		return s
	}
	if in.m == nil || len(in.m) > 10_000 {
		in.m = map[string]string{}
	}
	s := string(logline.CleanText(nil, b))
	in.m[string(b)] = s
	return s
}
