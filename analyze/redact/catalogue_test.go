package redact

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	catalogue "wolfdiag/patterns/redact"
)

// marked takes the marks out of a sample, and returns it with what they mark
// masked.
func marked(sample string) (text, want string) {
	var b strings.Builder
	rest := sample
	for {
		before, after, ok := strings.Cut(rest, "«")
		b.WriteString(before)
		if !ok {
			break
		}
		_, rest, _ = strings.Cut(after, "»")
		b.WriteString("•")
	}
	return strings.NewReplacer("«", "", "»", "").Replace(sample), b.String()
}

// blank masks text with the same sign for all that is masked.
func blank(text string) string {
	r := New()
	raw := []byte(text)
	spans := r.find(raw)
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.Write(raw[at:s.start])
		b.WriteString("•")
		at = s.end
	}
	b.Write(raw[at:])
	return b.String()
}

// TestCatalogue: of every sample exactly what is marked is masked, of every near
// miss nothing, by all rules together; and masking twice is masking once.
func TestCatalogue(t *testing.T) {
	for _, rule := range catalogue.Builtin().Rules {
		t.Run(rule.ID, func(t *testing.T) {
			for _, sample := range rule.Samples {
				text, want := marked(sample)
				if d := cmp.Diff(want, blank(text)); d != "" {
					t.Errorf("sample %s (-want +got):\n%s", sample, d)
				}
				once := New().Text(text)
				if again := New().Text(once); again != once {
					t.Errorf("masking twice changes %q into %q", once, again)
				}
			}
			for _, near := range rule.NearMisses {
				if got := blank(near); got != near {
					t.Errorf("near miss %q is masked: %q", near, got)
				}
			}
		})
	}
}
