package analyze

import (
	"fmt"
	"sort"
	"strings"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// causes renders the findings of the model.
func (a *Analyzer) causes(v *view) []report.Cause {
	out := []report.Cause{}
	for i := range v.diagnosis.Findings {
		f := &v.diagnosis.Findings[i]
		c := report.Cause{
			Rank: i + 1, ID: f.Cause.ID, Title: f.Cause.Title, Probability: round(f.Probability),
			Explanation: f.Cause.Explanation, FirstSeen: timePtr(f.First), LastSeen: timePtr(f.Last),
			Occurrences: int64(f.Episodes), Restart: f.Cause.Restart,
			Evidence: []report.Evidence{}, Explains: []report.Explained{}, Rivals: []report.Rival{},
			Confirm: []report.Check{}, Workaround: a.commands(f.Cause.Workaround), Fixes: a.commands(f.Cause.Fixes),
		}
		for _, e := range f.Evidence {
			c.Evidence = append(c.Evidence, a.evidence(v, e))
		}
		for _, e := range f.Explains {
			c.Explains = append(c.Explains, report.Explained{Pattern: e.Pattern, Title: a.title(e.Pattern), Count: e.Count})
		}
		for _, r := range f.Rivals {
			c.Rivals = append(c.Rivals, report.Rival{ID: r.Cause.ID, Probability: round(r.Probability), Why: r.Why, Settle: a.command(r.Settle)})
		}
		for _, k := range f.Cause.Confirm {
			c.Confirm = append(c.Confirm, report.Check{Command: a.command(k.Command), Expect: k.Expect})
		}
		c.Affected = a.affected(f)
		c.Summary = causeSummary(&c)
		out = append(out, c)
	}
	return out
}

func (a *Analyzer) title(id string) string {
	if p := a.pattern(id); p != nil {
		return p.Title
	}
	if t := patterns.Facts[id]; t != "" {
		return t
	}
	return id
}

func (a *Analyzer) evidence(v *view, e diagnose.Weighted) report.Evidence {
	out := report.Evidence{Pattern: e.Pattern, Title: a.title(e.Pattern), Count: e.Count, Weight: round(e.Weight)}
	p := a.pattern(e.Pattern)
	if p == nil { // a fact
		where := a.factWhere(v, e.Pattern)
		out.First, out.Last = where, where
		return out
	}
	s := &a.stats[p.Index]
	out.Decoded = s.decoded
	out.First, out.Last = a.where(v.time, &s.first), a.where(v.time, &s.last)
	return out
}

// affected collects what the evidence of a cause names.
func (a *Analyzer) affected(f *diagnose.Finding) report.Affected {
	var services, elements nameSet
	for _, list := range [][]diagnose.Weighted{f.Evidence, f.Explains} {
		for _, e := range list {
			p := a.pattern(e.Pattern)
			if p == nil {
				continue
			}
			for _, name := range a.stats[p.Index].services.names {
				services.add(name)
			}
			for _, name := range a.stats[p.Index].elements.names {
				elements.add(name)
			}
		}
	}
	out := report.Affected{Services: append([]string{}, services.names...), Sessions: append([]string{}, f.Sessions...), Elements: append([]string{}, elements.names...)}
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

// summary is the sentence a reader sees first.
func summary(r *report.Report) string {
	switch r.Verdict {
	case report.CauseFound:
		return causesFound(r.Causes)
	case report.UnexplainedErrors:
		c := r.Coverage
		s := fmt.Sprintf("No known cause fits: %s of %s match no pattern", report.Count(c.Unexplained), report.Plural(c.ErrorLines, "complaint", "complaints"))
		switch {
		case len(r.Unexplained) > 0 && r.Unexplained[0].Pattern != "":
			s = "Something failed, and this log does not show why"
		case c.Unexplained == c.ErrorLines:
			s = fmt.Sprintf("No known cause fits: %s", report.Plural(c.Unexplained, "complaint matches no pattern", "complaints match no pattern"))
		}
		if len(r.Unexplained) > 0 {
			u := &r.Unexplained[0]
			s += fmt.Sprintf(". Look first at line %d", u.First.Line)
			if len(r.Inputs) > 1 {
				s += " of " + u.First.Input
			}
		}
		return s + "."
	}
	switch {
	case r.Coverage.Lines == 0 && !r.Recognised:
		return "There was no line to read."
	case !r.Recognised:
		return "No line is of a format that is known here. This may not be a log of Wolf, and nothing can be said of it."
	}
	return healthy(r.Coverage)
}

// Two causes whose probabilities lie closer than closeCall are told as an open
// question; at nearCertain a cause is told without reservation.
const (
	closeCall   = 0.1
	nearCertain = 0.895 // what prints as 90 %
)

// causesFound names the best cause, and the second where it is worth acting on:
// as a rival that the log does not rule out, or as a trouble of its own.
func causesFound(list []report.Cause) string {
	c := &list[0]
	first := fmt.Sprintf("%s (%s)", c.Title, report.Percent(c.Probability))
	if len(list) == 1 || list[1].Probability < diagnose.ReportAt {
		return certainty(c.Probability) + first + "."
	}
	d := &list[1]
	second := fmt.Sprintf("%s (%s)", d.Title, report.Percent(d.Probability))
	more := ""
	for i := range list[2:] {
		if list[2+i].Probability >= diagnose.ReportAt {
			more = fmt.Sprintf(" In all, %d causes are worth a look.", i+3)
		}
	}
	switch rival := isRival(c, d.ID) || isRival(d, c.ID); {
	case rival && c.Probability-d.Probability < closeCall:
		s := fmt.Sprintf("Either %s or %s: this log cannot tell them apart", first, second)
		if settled(c, d.ID) || settled(d, c.ID) {
			s += "; the command that settles it is below"
		}
		return s + "." + more
	case rival:
		return certainty(c.Probability) + first + "; not ruled out: " + second + "." + more
	}
	also := "; besides: "
	if d.Probability < 0.5 {
		also = "; perhaps also: "
	}
	return certainty(c.Probability) + first + also + second + "." + more
}

func isRival(c *report.Cause, id string) bool { return rivalOf(c, id) != nil }

func settled(c *report.Cause, id string) bool {
	r := rivalOf(c, id)
	return r != nil && r.Settle != ""
}

func rivalOf(c *report.Cause, id string) *report.Rival {
	for i := range c.Rivals {
		if c.Rivals[i].ID == id {
			return &c.Rivals[i]
		}
	}
	return nil
}

// certainty is how a sentence about a cause of this probability starts.
func certainty(p float64) string {
	switch {
	case p >= nearCertain:
		return "Almost certainly: "
	case p >= 0.5:
		return "Most likely: "
	}
	return "Perhaps: "
}

// healthy words the verdict on a log in which nothing points at a failure.
func healthy(c report.Coverage) string {
	if c.ErrorLines == 0 {
		return "No failure found: nothing in this log complains."
	}
	s := "No failure found: "
	switch {
	case c.Explained+c.Unexplained == 0:
		return s + report.Plural(c.Benign, "complaint, known to be harmless.", "complaints, all known to be harmless.")
	case c.Unexplained == 0:
		return s + fmt.Sprintf("of %s, %s are known to be harmless and the rest does not add up to a cause.", report.Plural(c.ErrorLines, "complaint", "complaints"), report.Count(c.Benign))
	case c.Explained == 0 && c.Benign == 0:
		return s + report.Plural(c.Unexplained, "warning is not in the catalogue, and nothing else complains.", "warnings are not in the catalogue, and nothing else complains.")
	}
	return s + fmt.Sprintf("of %s, %s are known to be harmless; %s.", report.Plural(c.ErrorLines, "complaint", "complaints"), report.Count(c.Benign),
		report.Plural(c.Unexplained, "warning is not in the catalogue", "warnings are not in the catalogue"))
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

// command fills in the name of Wolf's container where a snapshot told it.
func (a *Analyzer) command(s string) string {
	for i := range a.snapshots {
		if name := a.snapshots[i].snap.Wolf; name != "" && plainName(name) {
			return strings.ReplaceAll(s, "<wolf>", name)
		}
	}
	return s
}

func (a *Analyzer) commands(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = a.command(s)
	}
	return out
}

// plainName guards what is put into a command for the operator to paste:
// Docker's own rule for names.
func plainName(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == ""
}
