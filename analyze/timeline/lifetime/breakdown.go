package lifetime

import (
	"maps"
	"slices"
	"strconv"

	"wolfdiag/analyze/timeline/groups"
)

// Compare breaks the sessions down by app, encoder, resolution and number of
// concurrent sessions. A breakdown is left out when it has fewer than two
// groups of two or more sessions, fewer than eight sessions, or no failure.
// Call it after AddFailures. The p-values are of each comparison by itself.
func (t *History) Compare() []groups.Breakdown {
	var out []groups.Breakdown
	for _, by := range [...]struct {
		name string
		of   func(*Session) string
	}{
		{"app", func(s *Session) string { return s.App }},
		{"encoder", func(s *Session) string { return s.Encoder }},
		{"resolution", func(s *Session) string { return s.Resolution }},
		{"concurrent-sessions", concurrency},
	} {
		if b, ok := t.breakdown(by.name, by.of); ok {
			out = append(out, b)
		}
	}
	return out
}

func concurrency(s *Session) string {
	switch {
	case s.Concurrent < 0:
		return ""
	case s.Concurrent >= 4:
		return "4 or more"
	}
	return strconv.Itoa(s.Concurrent)
}

func (t *History) breakdown(name string, of func(*Session) string) (groups.Breakdown, bool) {
	counts := make(map[string]*groups.Group)
	for i := range t.Sessions {
		s := &t.Sessions[i]
		k := of(s)
		if k == "" || s.Outside || s.numbered {
			continue
		}
		g := counts[k]
		if g == nil {
			g = &groups.Group{Name: k}
			counts[k] = g
		}
		g.Sessions++
		if s.Failed {
			g.Failed++
		}
	}
	gs := make([]groups.Group, 0, len(counts))
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		gs = append(gs, *counts[k])
	}
	return groups.Compare(name, gs)
}
