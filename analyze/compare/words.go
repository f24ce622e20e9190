package compare

import (
	"fmt"
	"strings"

	"wolfdiag/analyze/report"
)

// summary says in a few sentences what differs, the most telling first.
func (r *Report) summary() string {
	switch r.Verdict {
	case NoData:
		name := r.Good.Name
		if r.Good.Lines > 0 {
			name = r.Bad.Name
		}
		return fmt.Sprintf("Nothing can be compared: %s holds no line.", name)
	case NoDifference:
		return "No difference beyond chance: the same causes, versions and messages, at rates that fit."
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if k := r.Causes.New; len(k) > 0 {
		say("New: %s (%s)%s.", k[0].Title, report.Percent(k[0].Bad.Probability), further(len(k)-1, "cause", "causes"))
	}
	if k := r.Causes.Changed; len(k) > 0 {
		say("%s: %s, was %s%s.", k[0].Title, report.Percent(k[0].Bad.Probability), report.Percent(k[0].Good.Probability), further(len(k)-1, "changed cause", "changed causes"))
	}
	if k := r.Causes.Gone; len(k) > 0 {
		say("Gone: %s (%s)%s.", k[0].Title, report.Percent(k[0].Good.Probability), further(len(k)-1, "cause", "causes"))
	}
	for _, v := range append(r.Versions.Changed, r.Setup.Changed...) {
		if len(out) == 5 {
			break
		}
		say("%s: %s, was %s.", v.What, v.Bad, v.Good)
	}
	for _, x := range r.Rates {
		if x.Changed && x.Test.Ratio != nil {
			say("%s: %.1f times as many by %s.", strings.ToUpper(x.Name[:1])+x.Name[1:], *x.Test.Ratio, x.Test.Per)
		} else if x.Changed {
			say("%s: %d, and none before.", strings.ToUpper(x.Name[:1])+x.Name[1:], x.Bad)
		}
	}
	if n, g, c := surely(r.Templates.New), surely(r.Templates.Gone), len(r.Templates.Changed); n+g+c > 0 {
		say("Kinds of message beyond chance: %d new, %d gone, %d at another rate.", n, g, c)
	}
	if n, g, c := surely(r.Milestones.New), surely(r.Milestones.Gone), len(r.Milestones.Changed); n+g+c > 0 {
		say("Milestones: %d new, %d gone, %d at another rate.", n, g, c)
	}
	return strings.Join(out, " ")
}

func further(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return " and " + report.Plural(int64(n), "further "+one, "further "+many)
}

// Words says of a test what a person wants to know: the ratio of the rates and
// how sure it is. It is "" for a nil test.
func (t *Test) Words() string {
	if t == nil {
		return ""
	}
	var s string
	switch {
	case t.Ratio == nil:
		s = "none before"
	case *t.Ratio == 0:
		s = "none any more"
	case *t.Ratio >= 1:
		s = fmt.Sprintf("×%.1f by %s", *t.Ratio, t.Per)
	default:
		s = fmt.Sprintf("×%.2f by %s", *t.Ratio, t.Per)
	}
	if t.QValue < 0.001 {
		return s + ", q < 0.001"
	}
	return fmt.Sprintf("%s, q = %.3f", s, t.QValue)
}

// surely is how many of a list do not come by chance.
func surely(list []Message) int {
	n := 0
	for i := range list {
		if !list[i].Chance {
			n++
		}
	}
	return n
}
