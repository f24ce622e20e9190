package report

// Verdict is the one-word outcome of an analysis.
type Verdict string

// The verdicts. `cause-found` is what exit code 1 means, with --exit-code and of
// `wolfdiag check`.
const (
	CauseFound        Verdict = "cause-found"        // the first cause has FoundAt or more
	PossibleCause     Verdict = "possible-cause"     // the first cause has less
	UnexplainedErrors Verdict = "unexplained-errors" // no cause, but error-level records that no pattern explains, or failures whose cause is not shown
	NothingKnown      Verdict = "nothing-known"      // lesser complaints only, none of weight; or nothing that shows that Wolf works
	NoData            Verdict = "no-data"            // nothing of Wolf was read, or nothing in the window
	Healthy           Verdict = "healthy"            // Wolf's own lines show that it works, and every complaint is known to be harmless
)

// FoundAt is the probability from which a cause counts as found.
const FoundAt = 0.5

// Verdicts lists all verdicts, the gravest first. The result must not be changed.
func Verdicts() []Verdict {
	return []Verdict{CauseFound, PossibleCause, UnexplainedErrors, NothingKnown, NoData, Healthy}
}

// Words names the verdict for people, in lower case: "cause found". A word that
// is none of Verdicts is returned as it is.
func (v Verdict) Words() string {
	switch v {
	case CauseFound:
		return "cause found"
	case PossibleCause:
		return "possible cause"
	case UnexplainedErrors:
		return "not explained"
	case NothingKnown:
		return "nothing known found"
	case NoData:
		return "no data"
	}
	return string(v)
}
