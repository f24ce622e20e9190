package analyze

import (
	"strings"
	"testing"

	"wolfdiag/analyze/report"
)

// TestSymptomWithoutCause wants a failure that is known, and whose cause is
// not in the log, told as one; known harmless lines stay what they are.
func TestSymptomWithoutCause(t *testing.T) {
	t.Parallel()
	const start = "06:40:11.750123456 INFO  | Reading config file from: /etc/wolf/cfg/config.toml\n"
	for _, tc := range []struct {
		name, line string
		verdict    report.Verdict
		pattern    string
	}{
		{"the host gave up", "00:00:09 - SDL Error (0): Connection terminated: -102", report.UnexplainedErrors, "ml-102"},
		{"its cause is there too", "06:40:12.750123456 WARN  | [CURL] Request failed with error: Couldn't connect to server\n00:00:09 - SDL Error (0): Connection terminated: -102", report.CauseFound, ""},
		{"harmless", "06:40:12.750123456 WARN  | [ENET] Received unencrypted message", report.Healthy, ""},
	} {
		r := read(t, Options{}, named{"x.log", []byte(start + tc.line + "\n")})
		if r.Verdict != tc.verdict {
			t.Errorf("%s: verdict %s, want %s", tc.name, r.Verdict, tc.verdict)
		}
		got := ""
		if len(r.Unexplained) > 0 {
			got = r.Unexplained[0].Pattern
		}
		if got != tc.pattern {
			t.Errorf("%s: first unexplained is of pattern %q, want %q", tc.name, got, tc.pattern)
		}
		if tc.pattern != "" && (r.Unexplained[0].First.Line != 2 || !strings.Contains(r.Summary, "does not show why")) {
			t.Errorf("%s: line %d, summary %q", tc.name, r.Unexplained[0].First.Line, r.Summary)
		}
	}
}
