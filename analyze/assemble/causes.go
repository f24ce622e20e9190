package assemble

import (
	"fmt"
	"sort"
	"strings"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/advice"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// causes renders the findings of the model, their commands and steps worded for
// the deployment.
func (v *View) causes() []report.Cause {
	out := []report.Cause{}
	for i := range v.Diagnosis.Findings {
		f := &v.Diagnosis.Findings[i]
		words := advice.New(v.Setup)
		c := report.Cause{
			Rank: i + 1, ID: f.Cause.ID, Title: f.Cause.Title, Probability: round(f.Probability),
			Explanation: f.Cause.Explanation, FirstSeen: report.KnownTime(f.First), LastSeen: report.KnownTime(f.Last),
			Occurrences: int64(f.Episodes), Restart: f.Cause.Restart,
			Evidence: []report.Evidence{}, Explains: []report.Explained{}, Rivals: []report.Rival{},
			Confirm: []report.Check{}, Workaround: words.Words(f.Cause.Workaround), Fixes: words.Words(f.Cause.Fixes),
		}
		for _, e := range f.Evidence {
			c.Evidence = append(c.Evidence, v.evidence(e))
		}
		for _, e := range f.Explains {
			c.Explains = append(c.Explains, report.Explained{Pattern: e.Pattern, Title: v.title(e.Pattern), Count: e.Count})
		}
		for _, r := range f.Rivals {
			rival := report.Rival{ID: r.Cause.ID, Probability: round(r.Probability), Why: r.Why, Settle: words.Word(r.Settle)}
			if rival.Expect = words.Word(r.Expect); rival.Expect != "" {
				rival.Then = r.Then
			}
			c.Rivals = append(c.Rivals, rival)
		}
		for _, k := range f.Cause.Confirm {
			if command := words.Word(k.Command); command != "" {
				c.Confirm = append(c.Confirm, report.Check{Command: command, Expect: words.Word(k.Expect)})
			}
		}
		c.Sum = sum(f.Sum)
		c.Preface = append([]string{}, words.Preface()...)
		c.Affected = v.affected(f)
		c.Summary = causeSummary(&c)
		out = append(out, c)
	}
	return out
}

// sum renders how a probability comes about.
func sum(s diagnose.Sum) report.Sum {
	out := report.Sum{Prior: round(s.Prior), Evidence: round(s.Evidence), Explains: round(s.Explains), Unshown: round(s.Unshown), Rivals: []report.Share{}, Total: round(s.Total)}
	for _, r := range s.Rivals {
		if w := round(r.Weight); w != 0 {
			out.Rivals = append(out.Rivals, report.Share{ID: r.Cause, Weight: w})
		}
	}
	return out
}

func (v *View) title(id string) string {
	if p := v.pattern(id); p != nil {
		return p.Title
	}
	if t := patterns.FactTitle(id); t != "" {
		return t
	}
	return id
}

func (v *View) evidence(e diagnose.Weighted) report.Evidence {
	out := report.Evidence{Pattern: e.Pattern, Title: v.title(e.Pattern), Count: e.Count, Weight: round(e.Weight)}
	out.Contrast = contrast(e.Contrast)
	p := v.pattern(e.Pattern)
	if p == nil { // a fact
		where, crashed := v.Crashes.Where(e.Pattern)
		if !crashed {
			where = v.Facts.Where(e.Pattern, v.Account.Inputs.Name)
		}
		out.First, out.Last = where, where
		return out
	}
	s := v.Account.Pattern(p)
	out.Decoded = s.Decoded
	out.First, out.Last = v.where(&s.First), v.where(&s.Last)
	return out
}

// contrast renders a comparison of sessions, nil where it tells nothing.
func contrast(c diagnose.Contrast) *report.Contrast {
	if !c.Tells() {
		return nil
	}
	out := report.Contrast(c)
	return &out
}

// affected collects what the evidence of a cause names.
func (v *View) affected(f *diagnose.Finding) report.Affected {
	var services, elements account.Names
	for _, list := range [][]diagnose.Weighted{f.Evidence, f.Explains} {
		for _, e := range list {
			p := v.pattern(e.Pattern)
			if p == nil {
				continue
			}
			whom := v.Account.Reads.Whom(p)
			services.Add(whom.Services...)
			elements.Add(whom.Elements...)
		}
	}
	out := report.Affected{Services: append([]string{}, services...), Sessions: append([]string{}, f.Sessions...), Elements: append([]string{}, elements...)}
	sort.Strings(out.Services)
	sort.Strings(out.Elements)
	return out
}

// causeSummary says in a sentence or two why this cause stands here.
func causeSummary(c *report.Cause) string {
	var rests []string
	for _, e := range c.Evidence {
		if e.Weight > 0.05 && len(rests) < 2 {
			rests = append(rests, evidencePhrase(&e))
		}
	}
	var b strings.Builder
	if len(rests) > 0 {
		b.WriteString("Rests on: " + strings.Join(rests, "; ") + ".")
	}
	if n := len(c.Explains); n > 0 {
		fmt.Fprintf(&b, " It also accounts for %s.", report.Plural(int64(n), "other kind of message", "other kinds of message"))
	}
	for _, r := range c.Rivals {
		if r.Probability < diagnose.ReportAt/2 {
			continue
		}
		fmt.Fprintf(&b, " This log cannot rule out %s", r.ID)
		if why := strings.TrimSuffix(r.Why, "."); why != "" {
			b.WriteString(": " + why)
		}
		b.WriteString(".")
		break
	}
	return strings.TrimSpace(b.String())
}

// evidencePhrase names one piece of evidence: what, how its code reads unless
// the title has it, how often, and where.
func evidencePhrase(e *report.Evidence) string {
	s := lowerFirst(e.Title)
	if code, _, _ := strings.Cut(e.Decoded, " "); code != "" && !strings.Contains(e.Title, code) {
		s += " [" + e.Decoded + "]"
	}
	switch {
	case e.First.Line > 0 && e.Count > 1:
		s += fmt.Sprintf(" (%s times, from line %d)", report.Count(e.Count), e.First.Line)
	case e.First.Line > 0:
		s += fmt.Sprintf(" (line %d)", e.First.Line)
	case e.Count > 1:
		s += fmt.Sprintf(" (%s times)", report.Count(e.Count))
	}
	return s
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// round keeps four decimals: enough for a reader, and the same on every
// machine.
func round(x float64) float64 {
	const k = 10_000
	if x < 0 {
		return -float64(int64(-x*k+0.5)) / k
	}
	return float64(int64(x*k+0.5)) / k
}
