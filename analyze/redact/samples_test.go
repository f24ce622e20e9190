package redact_test

import (
	"slices"
	"testing"

	"wolfdiag/analyze/redact"
	"wolfdiag/patterns"
)

// TestCatalogueSamplesSurvive: what a pattern recognises it recognises masked.
func TestCatalogueSamplesSurvive(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m := cat.Matcher()
	changed := 0
	for _, p := range cat.Patterns() {
		for _, sample := range p.Samples {
			masked := redact.ForLogs().Text(sample)
			if masked == sample {
				continue
			}
			changed++
			if before, after := recognised(m, sample), recognised(m, masked); !slices.Equal(before, after) {
				t.Errorf("%s: %q is %v, masked it is %v: %q", p.ID, sample, before, after, masked)
			}
		}
	}
	if changed == 0 {
		t.Error("no sample holds anything to mask")
	}
}

func recognised(m *patterns.Matcher, text string) []string {
	var ids []string
	for _, found := range m.Match(nil, &patterns.Subject{Text: []byte(text)}, nil) {
		ids = append(ids, found.Pattern.ID)
	}
	return ids
}
