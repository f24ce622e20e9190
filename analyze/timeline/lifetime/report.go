package lifetime

import (
	"slices"

	"wolfdiag/analyze/report"
)

// Report returns the lifetime in the form of the report; where points at its
// first line.
func (l *Lifetime) Report(where report.Where) report.Lifetime {
	out := report.Lifetime{
		Start: l.Start.Pointer(), EndKind: string(l.EndKind), ExitMeaning: l.ExitMeaning, CountedBy: l.CountedBy,
		Failures: l.Failures, FirstFailure: l.FirstFailure.Pointer(), Missing: slices.Clone(l.Missing), FirstLine: where,
		ExitCode: known(l.ExitCode), Sessions: known(l.Sessions), Concurrent: known(l.Concurrent),
	}
	if out.Missing == nil {
		out.Missing = []string{}
	}
	if l.EndKind != EndRunning {
		out.End = l.End.Pointer()
	}
	if l.FirstFailureSession > 0 {
		out.FirstFailureSession = known(l.FirstFailureSession)
	}
	return out
}

// known returns nil for the -1 of an unknown number.
func known(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}
