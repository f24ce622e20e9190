package merge

import (
	"slices"
	"sync"

	"wolfdiag/analyze/reading"
	"wolfdiag/analyze/reading/alike"
	"wolfdiag/patterns"
)

// likeness names one more cause for a complaint that is read: the one whose known
// texts it is most like.
type likeness struct {
	index   func() *alike.Index // made when first asked for
	byCause map[string]*patterns.Pattern
}

func newLikeness(cat *patterns.Catalogue) likeness {
	out := likeness{index: sync.OnceValue(func() *alike.Index { return alike.New(knownTexts(cat)) }), byCause: map[string]*patterns.Pattern{}}
	for _, c := range cat.Causes() {
		if p := cat.Pattern(likeID(c.ID)); p != nil {
			out.byCause[c.ID] = p
		}
	}
	return out
}

// meanings are how many causes a complaint that is read names at most; see
// diagnose, which lists no more.
const meanings = 3

// of finds what a text is like, beside the causes that its readings speak for;
// nil when it is like nothing, when they speak for none, or for enough.
func (l *likeness) of(text []byte, links ...[]reading.Link) *patterns.Pattern {
	all := slices.Concat(links...)
	if len(all) == 0 || len(all) >= meanings {
		return nil
	}
	cause, ok := l.index().Cause(text, func(cause string) bool {
		return slices.ContainsFunc(all, func(k reading.Link) bool { return k.Cause == cause })
	})
	if !ok {
		return nil
	}
	return l.byCause[cause]
}

// mainShare is how strong the link of a cause to a pattern is, against the
// strongest of that pattern, to be one of those that its texts speak for.
const mainShare = 0.6

// knownTexts are the samples of the enabled patterns that speak for a cause.
func knownTexts(cat *patterns.Catalogue) []alike.Text {
	type link struct {
		cause    string
		strength float64
	}
	by := map[string][]link{}
	for _, c := range cat.Causes() {
		for _, e := range c.Evidence {
			by[e.Pattern] = append(by[e.Pattern], link{c.ID, e.Strength})
		}
	}
	var out []alike.Text
	for _, p := range cat.Patterns() {
		if p.Role != patterns.RoleCause && p.Role != patterns.RoleSymptom {
			continue
		}
		links, most := by[p.ID], 0.0
		for _, l := range links {
			most = max(most, l.strength)
		}
		var causes []string
		for _, l := range links {
			if l.strength >= mainShare*most {
				causes = append(causes, l.cause)
			}
		}
		if len(causes) == 0 {
			continue
		}
		for _, s := range p.Samples {
			out = append(out, alike.Text{Text: s, Causes: causes})
		}
	}
	return out
}

// likeID is the id of what is like the known texts of a cause.
func likeID(cause string) string { return "like-" + cause }

// likeOdds are what a likeness makes of a cause's odds where nothing else is
// known: of the catalogue's own texts, with their patterns switched off, one such
// hint in 18 is the cause, and no reading names it. See docs/ranking.md.
const likeOdds = 0.075

// likeOrdinary is when what is like a known text is no complaint; the second where
// its cause stops sessions.
var likeOrdinary = [...]patterns.Condition{
	{GoesOn: true, Speakers: programs, Why: "the program goes on all the same"},
	{Worked: true, Why: "sessions work all the same"},
}

// likePattern makes the pseudo-pattern of what is like the known texts of a cause.
func likePattern(p *patterns.Pattern, c *patterns.Cause) {
	odds := c.Prior / (1 - c.Prior)
	p.ID, p.Title, p.Component, p.Severity = likeID(c.ID), "like a known text of "+c.ID, "reading", "warning"
	p.Supports = []patterns.Support{{Cause: c.ID, Strength: min(max(reading.Leak*(likeOdds/odds-1), 0.01), 0.5)}}
	p.Ordinary = likeOrdinary[:1:1]
	if c.Stops != "" {
		p.Ordinary = likeOrdinary[:]
	}
}
