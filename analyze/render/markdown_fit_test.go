package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"wolfdiag/analyze/report"
)

// TestMarkdownFits: a report for an issue is never longer than an issue takes;
// what matters stays, what is left out is named, what is open is closed.
func TestMarkdownFits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é |`<", 400)
	for _, tt := range []struct {
		name      string
		evidence  int
		templates int
		left      []string
	}{
		{"short", 2, 2, nil},
		{"a long list", 2, 200, []string{"what is not explained"}},
		{"a long cause", 60, 2, []string{"the end of cause 1", "cause 2"}},
	} {
		r := &report.Report{Verdict: report.CauseFound, Summary: "it broke"}
		for k := range 2 {
			c := report.Cause{Rank: k + 1, ID: fmt.Sprintf("cause-%d", k), Title: "it broke", Probability: 0.9, Fixes: []string{"mend it"}}
			for i := range tt.evidence {
				c.Evidence = append(c.Evidence, report.Evidence{Title: "it says so", Count: 1, Weight: 1, First: report.Where{Input: "a", Line: int64(i + 1), Text: long}})
			}
			r.Causes = append(r.Causes, c)
		}
		for i := range tt.templates {
			r.Unexplained = append(r.Unexplained, report.Template{Template: long, Count: 1, Level: "error", First: report.Where{Line: int64(i + 1)}})
		}
		var b bytes.Buffer
		if err := Report(&b, r, Markdown, Options{All: true}); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		if n := utf8.RuneCountInString(out); n > maxMarkdown {
			t.Errorf("%s: %d characters", tt.name, n)
		}
		if strings.Count(out, "<details") != strings.Count(out, "</details>") {
			t.Errorf("%s: folds that are not closed", tt.name)
		}
		if !strings.HasPrefix(out, "# Wolf diagnosis: cause found\n\n**it broke**") || !strings.HasSuffix(out, maskedRemark+"\n") {
			t.Errorf("%s: begins %.60q, ends %q", tt.name, out, out[len(out)-60:])
		}
		if cut := strings.Contains(out, "*Cut to what an issue takes."); cut != (tt.left != nil) {
			t.Errorf("%s: cut: %v", tt.name, cut)
		}
		for _, name := range tt.left {
			if !strings.Contains(out[strings.LastIndex(out, "Left out:"):], name) {
				t.Errorf("%s: %q is not named among what is left out", tt.name, name)
			}
		}
	}
	fence := "````"
	if got := cutMarkdown("a\n"+fence+"sh\n"+strings.Repeat("x\n", 100), 100); !strings.HasSuffix(got, "x\n"+fence+"\n") {
		t.Errorf("a fence that is not closed: %q", got)
	}
}
