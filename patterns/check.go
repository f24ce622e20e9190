package patterns

import (
	"fmt"
	"slices"
	"strings"
)

// CheckResult is what running every sample against every pattern showed.
type CheckResult struct {
	Patterns   []PatternCheck // by id
	Samples    int
	NearMisses int
	Crashes    int // crash rules
	Problems   []*Problem
}

// OK reports whether nothing is wrong.
func (r *CheckResult) OK() bool { return len(r.Problems) == 0 }

// PatternCheck is the part of a CheckResult that belongs to one pattern.
type PatternCheck struct {
	Pattern  *Pattern
	Missed   []string  // samples that do not match
	Wrong    []string  // near misses that do match
	Overlaps []Overlap // other patterns that match its samples, by id
}

// Overlap is a pattern that matches a sample of another one.
type Overlap struct {
	With     string // id
	Sample   string
	Declared bool // one of the two names the other in also
}

// Check runs the samples and near misses of every enabled pattern against all
// patterns, and those of the crash rules. A sample is taken to come from a
// place its own pattern asks for (formats, where, element); where a pattern
// asks for nothing, the place is unknown and patterns that want a certain one
// do not match. It compiles every regex, which takes a
// tenth of a second for 900 patterns.
func (c *Catalogue) Check() CheckResult {
	var r CheckResult
	m := c.Matcher()
	for _, p := range c.patterns {
		pc := PatternCheck{Pattern: p}
		r.Samples += len(p.Samples)
		r.NearMisses += len(p.NearMisses)
		for _, sample := range p.Samples {
			hit, others := matchSample(m, p, sample)
			if !hit {
				pc.Missed = append(pc.Missed, sample)
				r.problem(p, "samples", "is not matched: %q", sample)
			}
			for _, o := range others {
				if slices.ContainsFunc(pc.Overlaps, func(x Overlap) bool { return x.With == o.ID }) {
					continue
				}
				ov := Overlap{o.ID, sample, slices.Contains(p.Also, o.ID) || slices.Contains(o.Also, p.ID)}
				pc.Overlaps = append(pc.Overlaps, ov)
				if !ov.Declared {
					r.problem(p, "samples", "is matched by %s as well, which neither names in also: %q", o.ID, sample)
				}
			}
		}
		for _, miss := range p.NearMisses {
			if re := m.state(p.Index).re; re != nil && re.MatchString(miss) {
				pc.Wrong = append(pc.Wrong, miss)
				r.problem(p, "near_misses", "must not match and does: %q", miss)
			}
		}
		slices.SortFunc(pc.Overlaps, func(a, b Overlap) int { return strings.Compare(a.With, b.With) })
		r.Patterns = append(r.Patterns, pc)
	}
	r.checkCrashes(c)
	return r
}

func (r *CheckResult) problem(p *Pattern, field, format string, args ...any) {
	r.Problems = append(r.Problems, &Problem{File: p.File, Line: p.Line, ID: p.ID, Field: field, Msg: fmt.Sprintf(format, args...)})
}

// matchSample matches one sample from the places its pattern allows.
func matchSample(m *Matcher, p *Pattern, sample string) (hit bool, others []*Pattern) {
	s := Subject{Text: []byte(sample)}
	where, okWhere := exampleOf(p.Where)
	element, okElement := exampleOf(p.Element)
	s.Component, s.Element = []byte(where), []byte(element)
	formats := p.Formats
	if len(formats) == 0 {
		formats = []string{""}
	}
	for _, f := range formats {
		s.Format = f
		for _, found := range m.Match(nil, &s, nil) {
			switch {
			case found.Pattern == p:
				hit = true
			case !slices.Contains(others, found.Pattern):
				others = append(others, found.Pattern)
			}
		}
	}
	if !okWhere || !okElement { // no example of the place: go by the text alone
		re := m.state(p.Index).re
		hit = re != nil && re.Match(s.Text)
	}
	return hit, others
}

// checkCrashes runs the samples of crash rules; another rule must not take
// them away by standing in front.
func (r *CheckResult) checkCrashes(c *Catalogue) {
	for _, rule := range c.crashes {
		r.Crashes++
		r.Samples += len(rule.Samples)
		r.NearMisses += len(rule.NearMisses)
		bad := func(field, format string, args ...any) {
			r.Problems = append(r.Problems, &Problem{File: rule.File, Line: rule.Line, ID: rule.ID, Field: field, Msg: fmt.Sprintf(format, args...)})
		}
		cc := compileCrash(rule)
		for _, s := range rule.Samples {
			got, ok := c.CauseOfCrash(sampleFrames(s))
			switch {
			case !ok:
				bad("samples", "is not matched: %q", s)
			case got.ID != rule.ID && got.Cause != rule.Cause:
				bad("samples", "goes to %s (%s) first: %q", got.ID, got.Cause, s)
			}
		}
		for _, s := range rule.NearMisses {
			if cc.matches(sampleFrames(s)) {
				bad("near_misses", "must not match and does: %q", s)
			}
		}
	}
}
