package assemble

import (
	"fmt"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
)

// summary is the sentence a reader sees first.
func summary(r *report.Report) string {
	switch r.Verdict {
	case report.CauseFound, report.PossibleCause:
		return causesFound(r.Causes)
	case report.UnexplainedErrors:
		return notExplained(r)
	case report.NothingKnown:
		return nothingKnown(r)
	case report.NoData:
		return noData(r)
	}
	return "No failure found: " + harmless(r.Coverage)
}

// notExplained words the verdict on a log with errors of which no cause is known.
func notExplained(r *report.Report) string {
	c := r.Coverage
	s := fmt.Sprintf("No known cause fits: %s of %s match no pattern", report.Count(c.Unexplained), report.Plural(c.ErrorLines, "complaint", "complaints"))
	if who := crashed(r.Crashes); who != "" {
		return who + ". No known cause fits it."
	}
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

// nothingKnown words the verdict on a log that complains of nothing of weight,
// and that does not show that Wolf works.
func nothingKnown(r *report.Report) string {
	c := r.Coverage
	switch {
	case c.Unexplained > 0 && c.Explained == 0 && c.Benign == 0:
		return "No cause is known for what stands here: " + report.Plural(c.Unexplained, "warning that is not in the catalogue, and nothing else complains.",
			"warnings that are not in the catalogue, and nothing else complains.")
	case c.Unexplained > 0:
		return fmt.Sprintf("No cause is known for what stands here: of %s, %s are known to be harmless; %s.", report.Plural(c.ErrorLines, "complaint", "complaints"),
			report.Count(c.Benign), report.Plural(c.Unexplained, "warning is not in the catalogue", "warnings are not in the catalogue"))
	case c.Explained > 0:
		return fmt.Sprintf("Of %s, %s are known to be harmless, and the rest does not add up to a cause.", report.Plural(c.ErrorLines, "complaint", "complaints"), report.Count(c.Benign))
	}
	return "No line of Wolf's own shows that it works, and nothing points at a failure: " + harmless(c)
}

// noData words the verdict on input that tells nothing of Wolf.
func noData(r *report.Report) string {
	switch {
	case r.Coverage.Lines == 0 && len(r.Inputs) > 0 && len(r.Facts) == 0 && len(r.Notes) > 0:
		return "There is no log of Wolf among the inputs; the notes say what they hold."
	case r.Coverage.Lines == 0 && len(r.Facts) == 0:
		return "There was no line to read."
	case r.Coverage.Lines == 0:
		return "There is no log of Wolf among the inputs, only the state of its surroundings: nothing can be said of its sessions."
	case !r.Recognised:
		return "No line is of a format that is known here. This may not be a log of Wolf, and nothing can be said of it."
	}
	return fmt.Sprintf("Nothing of Wolf stands in %s: nothing can be said of its sessions.", report.Plural(r.Coverage.Lines, "line that was read", "lines that were read"))
}

// crashed names the most frequent crash and says what it was; "" for none.
func crashed(list []report.Crash) string {
	if len(list) == 0 {
		return ""
	}
	c := &list[0]
	who := c.Program
	switch {
	case who != "":
	case c.Owner != "":
		who = "A program (" + c.Owner + ")"
	default:
		who = "A program that is not named"
	}
	s := who + " crashed"
	if c.What != "" {
		s += ": " + c.What
	}
	if c.Signature != "" {
		s += ", in " + c.Signature
	}
	return s
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
	if len(list) == 1 {
		return certainty(c.Probability) + first + "."
	}
	d := &list[1]
	if rival := isRival(c, d.ID) || isRival(d, c.ID); d.Probability < openAt || !rival && d.Probability < diagnose.ReportAt {
		return certainty(c.Probability) + first + "."
	}
	second := fmt.Sprintf("%s (%s)", d.Title, report.Percent(d.Probability))
	more := ""
	for i := range list[2:] {
		if list[2+i].Probability >= diagnose.ReportAt {
			more = fmt.Sprintf(" In all, %d causes are worth a look.", i+3)
		}
	}
	switch rival := isRival(c, d.ID) || isRival(d, c.ID); {
	case rival && d.Probability >= nearCertain: // as likely together as either
		s := fmt.Sprintf("Both fit: %s and %s", first, second)
		if settled(c, d.ID) || settled(d, c.ID) {
			s += "; the command that tells them apart is below"
		}
		return s + "." + more
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

// harmless accounts for the complaints of a log that shows no failure.
func harmless(c report.Coverage) string {
	switch {
	case c.ErrorLines == 0:
		return "nothing in this log complains."
	case c.Explained+c.Unexplained == 0:
		return report.Plural(c.Benign, "complaint, known to be harmless.", "complaints, all known to be harmless.")
	}
	return report.Plural(c.ErrorLines, "complaint, harmless as things went.", "complaints, all harmless as things went.")
}
