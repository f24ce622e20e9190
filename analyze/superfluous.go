package analyze

import (
	"fmt"
	"math"
	"slices"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/merge"
	"wolfdiag/analyze/reading"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
)

// comparable is how many nats less a reading may say than a pattern that it
// makes superfluous.
const comparable = 1.0

// Superfluous finds the patterns that the reading of unknown complaints makes
// superfluous: every sample of theirs would be read to the same causes, about as
// strongly, were they not there. They may go where the logs at hand are judged
// as well without them. Findings are remarks of the rule "superfluous", by file
// and line as the catalogue has them. Cost: some milliseconds.
func Superfluous(cat *patterns.Catalogue) []patterns.Finding {
	full := cat.WithReadings(merge.Readings(cat))
	s := superfluity{
		cat: full, matcher: cat.Matcher(), parser: logline.NewParser(), needed: needed(cat),
		model: diagnose.NewModel(full.Causes(), full.All(), diagnose.Ablation{}),
	}
	s.parser.Hear(reading.Complains)
	var out []patterns.Finding
	for _, p := range cat.Patterns() {
		if as := s.readAs(p); as != "" {
			out = append(out, patterns.Finding{Grade: patterns.LintInfo, Rule: "superfluous", ID: p.ID, File: p.File, Line: p.Line,
				Msg: fmt.Sprintf("its samples are read to the same cause without it (%s)", as)})
		}
	}
	return out
}

type superfluity struct {
	cat     *patterns.Catalogue // with readings
	matcher *patterns.Matcher
	model   *diagnose.Model
	parser  *logline.Parser
	needed  map[string]bool
}

// needed are the patterns that something else in the catalogue rests on.
func needed(cat *patterns.Catalogue) map[string]bool {
	out := map[string]bool{}
	note := func(ids ...string) {
		for _, id := range ids {
			out[id] = true
		}
	}
	for _, p := range cat.Patterns() {
		note(p.Resolves...)
		note(p.Excuses...)
		for i := range p.Ordinary {
			note(p.Ordinary[i].Names()...)
		}
	}
	for _, c := range cat.Causes() {
		for _, e := range c.Against {
			note(e.Pattern)
		}
	}
	return out
}

// readAs is the reading that takes the place of a pattern, "" where there is none.
func (s *superfluity) readAs(p *patterns.Pattern) string {
	own := p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom
	plain := p.Codes == "" && !p.Breaks && len(p.Ordinary) == 0 && p.Event == "" && !p.Inhibits() && !s.needed[p.ID]
	if !own || !plain || len(p.Samples) == 0 {
		return ""
	}
	as := ""
	for _, sample := range p.Samples {
		id, ok := s.sample(p, sample)
		if !ok || as != "" && id != as {
			return ""
		}
		as = id
	}
	return as
}

// sample reads a sample of a pattern as if the pattern were not there. It is
// false when that would not lead to the same: another pattern knows it, the words
// alone do not make a complaint, or say less.
func (s *superfluity) sample(p *patterns.Pattern, text string) (id string, ok bool) {
	var rec logline.Record
	s.parser.Parse([]byte(text), &rec)
	heard := rec.Level >= logline.LevelWarning || p.Level == "warning" || p.Level == "error" || p.Level == "panic"
	if !heard {
		return "", false
	}
	for _, class := range speakers(p) {
		got, fits := reading.Read(&reading.Complaint{Text: s.matcher.English([]byte(text)), Speaker: class})
		if !fits {
			return "", false
		}
		rule := reading.Rules()[got.Rule].ID
		if id != "" && rule != id {
			return "", false
		}
		id = rule
	}
	return id, id != "" && s.same(p.ID, id) && !s.knownToOthers(p, text)
}

// knownToOthers reports whether another pattern would match a sample: then it is
// not read. Cost: all regexes.
func (s *superfluity) knownToOthers(p *patterns.Pattern, text string) bool {
	return slices.ContainsFunc(s.matcher.All(nil, &patterns.Subject{Text: []byte(text)}), func(m patterns.Match) bool {
		return m.Pattern != p && m.Pattern.Role != patterns.RoleLifecycle
	})
}

// speakers are the classes that may say a pattern; one that is not known where
// it does not name any.
func speakers(p *patterns.Pattern) []speaker.Class {
	out := []speaker.Class{}
	for _, name := range p.Speakers {
		if c, ok := speaker.Parse(name); ok {
			out = append(out, c)
		}
	}
	if slices.Equal(p.Formats, []string{"kernel"}) {
		out = []speaker.Class{speaker.Kernel}
	}
	if len(out) == 0 {
		out = append(out, speaker.Unknown)
	}
	return out
}

// same reports whether a reading alone leads to the first cause that a pattern
// alone leads to, about as surely.
func (s *superfluity) same(pattern, reading string) bool {
	a, b := s.alone(pattern), s.alone(reading)
	if a == nil || b == nil || a.Cause != b.Cause {
		return false
	}
	return logOdds(b.Probability) >= logOdds(a.Probability)-comparable
}

// alone is the first cause of a log with nothing but one complaint; nil for none.
func (s *superfluity) alone(id string) *diagnose.Finding {
	d := s.model.Diagnose([]diagnose.Run{{Pattern: id, Count: 1}}, nil)
	if len(d.Findings) == 0 {
		return nil
	}
	return &d.Findings[0]
}

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }
