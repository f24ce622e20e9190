package assemble

import (
	"strings"
	"testing"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

func cause(id string, p float64, rivals ...report.Rival) report.Cause {
	return report.Cause{ID: id, Title: strings.ToUpper(id), Probability: p, Rivals: rivals}
}

// TestSummary: the sentence a reader sees first.
func TestSummary(t *testing.T) {
	t.Parallel()
	found := func(list ...report.Cause) report.Report {
		return report.Report{Verdict: report.CauseFound, Causes: list}
	}
	for _, tt := range []struct {
		name string
		r    report.Report
		want string
	}{
		{"certain", found(cause("a", 0.97)), "Almost certainly: A (97 %)."},
		{"likely", found(cause("a", 0.6)), "Most likely: A (60 %)."},
		{"perhaps", found(cause("a", 0.3)), "Perhaps: A (30 %)."},
		{"a second trouble", found(cause("a", 0.97), cause("b", 0.8)), "Almost certainly: A (97 %); besides: B (80 %)."},
		{"a doubtful second", found(cause("a", 0.97), cause("b", 0.4)), "Almost certainly: A (97 %); perhaps also: B (40 %)."},
		{"a close rival", found(cause("a", 0.5, report.Rival{ID: "b"}), cause("b", 0.45)), "Either A (50 %) or B (45 %): this log cannot tell them apart."},
		{"a close rival that a command settles", found(cause("a", 0.5), cause("b", 0.45, report.Rival{ID: "a", Settle: "ls"})), "Either A (50 %) or B (45 %): this log cannot tell them apart; the command that settles it is below."},
		{"both near certain", found(cause("a", 0.99, report.Rival{ID: "b", Settle: "ls"}), cause("b", 0.95)), "Both fit: A (99 %) and B (95 %); the command that tells them apart is below."},
		{"a far rival", found(cause("a", 0.9, report.Rival{ID: "b"}), cause("b", 0.4)), "Almost certainly: A (90 %); not ruled out: B (40 %)."},
		{"three", found(cause("a", 0.97), cause("b", 0.8), cause("c", 0.7)), "Almost certainly: A (97 %); besides: B (80 %). In all, 3 causes are worth a look."},
		{"errors that nobody knows", report.Report{Verdict: report.UnexplainedErrors, Coverage: report.Coverage{ErrorLines: 3, Unexplained: 2},
			Unexplained: []report.Template{{First: report.Where{Line: 7}}}}, "No known cause fits: 2 of 3 complaints match no pattern. Look first at line 7."},
		{"all of them unknown, in two inputs", report.Report{Verdict: report.UnexplainedErrors, Coverage: report.Coverage{ErrorLines: 2, Unexplained: 2},
			Inputs: make([]report.Input, 2), Unexplained: []report.Template{{First: report.Where{Input: "wolf.log", Line: 7}}}}, "No known cause fits: 2 complaints match no pattern. Look first at line 7 of wolf.log."},
		{"a failure without a cause", report.Report{Verdict: report.UnexplainedErrors, Unexplained: []report.Template{{Pattern: "x", First: report.Where{Line: 7}}}}, "Something failed, and this log does not show why. Look first at line 7."},
		{"possible", report.Report{Verdict: report.PossibleCause, Causes: []report.Cause{cause("a", 0.3)}}, "Perhaps: A (30 %)."},
		{"empty", report.Report{Verdict: report.NoData}, "There was no line to read."},
		{"no log", report.Report{Verdict: report.NoData, Coverage: report.Coverage{Lines: 3}}, "No line is of a format that is known here. This may not be a log of Wolf, and nothing can be said of it."},
		{"notes only", report.Report{Verdict: report.NoData, Inputs: make([]report.Input, 1), Notes: []string{"could not be collected"}}, "There is no log of Wolf among the inputs; the notes say what they hold."},
		{"state only", report.Report{Verdict: report.NoData, Recognised: true, Facts: make([]report.Fact, 1)}, "There is no log of Wolf among the inputs, only the state of its surroundings: nothing can be said of its sessions."},
		{"another program's log", report.Report{Verdict: report.NoData, Recognised: true, Coverage: report.Coverage{Lines: 3}}, "Nothing of Wolf stands in 3 lines that were read: nothing can be said of its sessions."},
		{"healthy", report.Report{Verdict: report.Healthy, Recognised: true, Coverage: report.Coverage{Lines: 3}}, "No failure found: nothing in this log complains."},
		{"harmless", report.Report{Verdict: report.Healthy, Recognised: true, Coverage: report.Coverage{Lines: 3, ErrorLines: 2, Benign: 2}}, "No failure found: 2 complaints, all known to be harmless."},
		{"harmless in these circumstances", report.Report{Verdict: report.Healthy, Coverage: report.Coverage{Lines: 3, ErrorLines: 2, Benign: 1, Explained: 1}}, "No failure found: 2 complaints, all harmless as things went."},
		{"a warning", report.Report{Verdict: report.NothingKnown, Recognised: true, Coverage: report.Coverage{Lines: 3, ErrorLines: 1, Unexplained: 1}}, "No cause is known for what stands here: 1 warning that is not in the catalogue, and nothing else complains."},
		{"no sign of work", report.Report{Verdict: report.NothingKnown, Recognised: true, Coverage: report.Coverage{Lines: 3}}, "No line of Wolf's own shows that it works, and nothing points at a failure: nothing in this log complains."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := summary(&tt.r); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestCauseSummary: why a cause stands where it does.
func TestCauseSummary(t *testing.T) {
	t.Parallel()
	c := report.Cause{
		Evidence: []report.Evidence{
			{Title: "Context creation failed", Decoded: "CUDA_ERROR_OUT_OF_MEMORY (2)", Count: 3, Weight: 0.9, First: report.Where{Line: 12}},
			{Title: "GPU is full", Count: 1, Weight: 0.5},
			{Title: "not worth a word", Count: 1, Weight: 0.01},
		},
		Explains: []report.Explained{{}, {}},
		Rivals:   []report.Rival{{ID: "weak", Probability: 0.01}, {ID: "strong", Probability: 0.4, Why: "both begin so."}},
	}
	want := "Rests on: context creation failed [CUDA_ERROR_OUT_OF_MEMORY (2)] (3 times, from line 12); GPU is full." +
		" It also accounts for 2 other kinds of message. This log cannot rule out strong: both begin so."
	if got := causeSummary(&c); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestUnlisted: what is beyond the list is said to be.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	full := make([]report.Template, maxTemplatesShown)
	for i := range full {
		full[i].Count = 2
	}
	for _, tt := range []struct {
		name        string
		list        []report.Template
		unexplained int64
		want        string
	}{
		{"all listed", full, 2 * maxTemplatesShown, ""},
		{"one beyond", full, 2*maxTemplatesShown + 1, "1 more message that no pattern explains, of kinds beyond the 200 that are listed"},
		{"a short list", full[:3], 100, ""},
	} {
		r := report.Report{Unexplained: tt.list, Coverage: report.Coverage{Unexplained: tt.unexplained}}
		if got := unlisted(&r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLoops: starts that did not last.
func TestLoops(t *testing.T) {
	t.Parallel()
	got := loops(&timeline.Timeline{Loops: []timeline.Loop{{FirstLifetime: 1, LastLifetime: 3, Same: true}}})
	want := "restart loop: 3 starts of Wolf in a row ended soon, all in the same way"
	if len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}
