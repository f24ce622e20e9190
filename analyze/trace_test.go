package analyze

import (
	"strings"
	"testing"

	"wolfdiag/analyze/report"
)

// TestEvidenceInTrace: of a trace the line is shown that says what happened.
func TestEvidenceInTrace(t *testing.T) {
	t.Parallel()
	const log = "06:39:58.000000000 INFO  | Running\n" +
		"Traceback (most recent call last):\n" +
		"  File \"/usr/local/bin/screencast.py\", line 57, in start_pipeline\n" +
		"    self.pipeline = Gst.parse_launch('pipewiresrc ! fakesink')\n" +
		"gi.repository.GLib.GError: gst_parse_error: no element \"pipewiresrc\" (1)\n" +
		"06:39:59.000000000 INFO  | Running\n"
	r := read(t, Options{}, named{"x", []byte(log)})
	if len(r.Causes) == 0 || len(r.Causes[0].Evidence) == 0 {
		t.Fatalf("no evidence: %+v", r.Patterns)
	}
	for _, at := range []report.Where{r.Causes[0].Evidence[0].First, r.Causes[0].Evidence[0].Last} {
		if at.Line != 5 || !strings.HasPrefix(at.Text, "gi.repository.GLib.GError: gst_parse_error") {
			t.Errorf("line %d: %s", at.Line, at.Text)
		}
	}
}
