package correlate

import (
	"wolfdiag/analyze/outcome"
	"wolfdiag/patterns"
)

// Contrasts compares sessions that worked with those that failed.
type Contrasts struct {
	Patterns  map[string]outcome.Contrast // by id
	Templates map[int]outcome.Contrast    // of messages that no pattern explains, by number
}

// Contrast counts, for each complaint, the sessions that show it. Complaints that
// others inhibit do not count: what was put right is not what stayed wrong. It is
// empty where no session worked. Cost: runs × the sessions that
// were up at the same time.
func (t *Runs) Contrast(c *Circumstances) Contrasts {
	if c.Outcomes == nil {
		return Contrasts{}
	}
	of := c.Outcomes.Compare(t.gap)
	if of.Worked() == 0 {
		return Contrasts{}
	}
	out := Contrasts{Patterns: map[string]outcome.Contrast{}, Templates: map[int]outcome.Contrast{}}
	inhibited := t.inhibited()
	ordinary, asWorked := t.ordinary(c)
	counts := func(i int) bool {
		role := t.all[t.list[i].Pattern].Role
		return role != patterns.RoleBenign && role != patterns.RoleLifecycle && !inhibited[i] && (!ordinary[i] || asWorked[i])
	}
	for pattern, spans := range t.spans(c, counts) {
		out.Patterns[t.all[pattern].ID] = of.Of(spans)
	}
	for template, spans := range t.strange.spans(c, func(int) bool { return true }) {
		out.Templates[int(template)] = of.Of(spans)
	}
	return out
}

// spans are the runs of each number that count and lie in the window.
func (t *memory) spans(c *Circumstances, counts func(i int) bool) map[int32][]outcome.Span {
	out := map[int32][]outcome.Span{}
	for i := range t.list {
		q := &t.list[i]
		if counts(i) && (c.Outside == nil || !c.Outside(q.First) || !c.Outside(q.Last)) {
			out[q.Pattern] = append(out[q.Pattern], outcome.Span{First: q.First, Last: q.Last, Session: q.Session})
		}
	}
	return out
}
