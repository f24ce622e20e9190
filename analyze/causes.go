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
	services, elements := nameSet{}, append([]string{}, a.elements.names...)
	for _, e := range f.Evidence {
		if p := a.pattern(e.Pattern); p != nil {
			for _, s := range a.stats[p.Index].services.names {
				services.add(s)
			}
		}
	}
	out := report.Affected{Services: append([]string{}, services.names...), Sessions: append([]string{}, f.Sessions...), Elements: elements}
	sort.Strings(out.Services)
	sort.Strings(out.Elements)
	return out
}

// causeSummary says in a sentence or two why this cause stands here.
func causeSummary(c *report.Cause) string {
	var b strings.Builder
	said := 0
	for _, e := range c.Evidence {
		if e.Weight <= 0.05 || said == 2 {
			continue
		}
		if said == 0 {
			b.WriteString("Rests on: ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(lowerFirst(e.Title))
		if e.Decoded != "" {
			fmt.Fprintf(&b, " [%s]", e.Decoded)
		}
		if e.Count > 1 {
			fmt.Fprintf(&b, " ×%d", e.Count)
		}
		if e.First.Line > 0 {
			fmt.Fprintf(&b, ", line %d", e.First.Line)
		}
		said++
	}
	if said > 0 {
		b.WriteString(".")
	}
	if n := len(c.Explains); n > 0 {
		fmt.Fprintf(&b, " It also accounts for %s.", plural(n, "other kind of message", "other kinds of message"))
	}
	for _, r := range c.Rivals {
		if r.Probability >= diagnose.ReportAt/2 {
			fmt.Fprintf(&b, " This log cannot rule out %s: %s", r.ID, r.Why)
			if !strings.HasSuffix(r.Why, ".") {
				b.WriteString(".")
			}
			break
		}
	}
	return strings.TrimSpace(b.String())
}

// summary is the sentence a reader sees first.
func summary(r *report.Report) string {
	switch r.Verdict {
	case report.CauseFound:
		c := r.Causes[0]
		s := fmt.Sprintf("Most likely: %s (%.0f %%)", c.Title, 100*c.Probability)
		if len(r.Causes) > 1 && r.Causes[1].Probability >= diagnose.ReportAt/2 {
			s += fmt.Sprintf(", then %s (%.0f %%)", r.Causes[1].Title, 100*r.Causes[1].Probability)
		}
		return s + "."
	case report.UnexplainedErrors:
		return fmt.Sprintf("No known cause matches, but %s no pattern explains.", plural(int(r.Coverage.Unexplained), "complaint that", "complaints that"))
	}
	if r.Coverage.ErrorLines == 0 {
		return "Nothing in this log complains."
	}
	return "Nothing in this log points at a failure; its warnings are known to be harmless or minor."
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
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
