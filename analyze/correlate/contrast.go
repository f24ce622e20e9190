package correlate

import "wolfdiag/analyze/outcome"

// Contrasts compares sessions that worked with those that failed.
type Contrasts struct {
	Patterns  map[string]outcome.Contrast // by id
	Templates map[int]outcome.Contrast    // of messages that no pattern explains, by number
}

// Contrast counts, for each complaint, the sessions that show it. Complaints that
// others inhibit do not count: what was put right is not what stayed wrong. It is
// empty where no session worked. Cost: runs, and patterns × sessions.
func (t *Judged) Contrast() Contrasts {
	c := t.circumstances
	if c.Outcomes == nil {
		return Contrasts{}
	}
	of := c.Outcomes.Compare(t.gap)
	if of.Worked() == 0 {
		return Contrasts{}
	}
	out := Contrasts{Patterns: map[string]outcome.Contrast{}, Templates: map[int]outcome.Contrast{}}
	counts := func(i int) bool {
		return t.complaint(&t.list[i]) && !t.inhibited[i] && (!t.ordinary[i] || t.asWorked[i])
	}
	for pattern, spans := range t.spans(c, t.placed, counts) {
		if len(spans) > 0 {
			out.Patterns[t.all[pattern].ID] = of.Of(spans)
		}
	}
	for template, spans := range t.strange.spans(c, t.strange.place(c), func(int) bool { return true }) {
		if len(spans) > 0 {
			out.Templates[template] = of.Of(spans)
		}
	}
	return out
}

// spans are the runs of each number that count and lie in the window.
func (t *memory) spans(c *Circumstances, placed []ends, counts func(i int) bool) [][]outcome.Span {
	out := make([][]outcome.Span, len(t.recent))
	for i := range t.list {
		q := &t.list[i]
		if counts(i) && (c.Outside == nil || !c.Outside(q.First) || !c.Outside(q.Last)) {
			out[q.Pattern] = append(out[q.Pattern], outcome.Span{First: &placed[i].first, Last: &placed[i].last, Session: q.Session})
		}
	}
	return out
}
