package redact_test

import (
	"strings"
	"testing"

	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/redact/redacttest"
)

// TestPlants: no secret survives in a masked log, whatever line it stands in;
// what a diagnosis needs survives in all of them.
func TestPlants(t *testing.T) {
	t.Parallel()
	contexts, secrets := redacttest.Contexts(), redacttest.Secrets(1)
	if len(contexts) != 60 || len(secrets) != 500 {
		t.Fatalf("%d contexts, %d secrets", len(contexts), len(secrets))
	}
	planted, leaks := 0, 0
	for _, c := range contexts {
		for _, s := range secrets {
			if !c.Fits(s) {
				continue
			}
			planted++
			line, written := c.Plant(s.Value)
			got := string(redact.ForLogs().Lines(nil, []byte(line)))
			if left := redacttest.Left(got, line, s, written); left != "" {
				if leaks++; leaks < 20 {
					t.Errorf("%s: %q is left in %q, from %q", s.Family, left, got, line)
				}
			}
		}
	}
	t.Logf("%d secrets planted, %d leaks", planted, leaks)
}

// TestDiagnosticsStay: versions, codes, ids, files stay as they are in every line
// that does not say they are a secret.
func TestDiagnosticsStay(t *testing.T) {
	t.Parallel()
	values := redacttest.Diagnostics()
	if len(values) != 200 {
		t.Fatalf("%d values", len(values))
	}
	planted := 0
	for _, c := range redacttest.Contexts() {
		if c.Names {
			continue
		}
		for _, v := range values {
			planted++
			line, written := c.Plant(v)
			if got := string(redact.ForLogs().Lines(nil, []byte(line))); !strings.Contains(got, written) {
				t.Errorf("%q is masked: %q", v, got)
			}
		}
	}
	t.Logf("%d values planted", planted)
}
