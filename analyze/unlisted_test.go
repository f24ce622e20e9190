package analyze

import (
	"fmt"
	"strings"
	"testing"
)

// TestUnlisted: what is listed and what the note says add up to the account.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	const templatesShown = 200 // in a report
	const kinds = templatesShown + 37
	for i := range kinds {
		word := strings.Repeat(string(rune('a'+i%26)), 3+i/26)
		fmt.Fprintf(&b, "06:40:11.%09d ERROR | %s %s %s\n", i, word, word+"x", word+"y")
	}
	r := read(t, Options{}, named{"wolf.log", []byte(b.String())})
	listed := int64(0)
	for _, u := range r.Unexplained {
		listed += u.Count
	}
	left := r.Coverage.Unexplained - listed
	want := fmt.Sprintf("%d more messages that no pattern explains, of kinds beyond the %d that are listed", left, templatesShown)
	if notes := strings.Join(r.Notes, "\n"); r.Coverage.Unexplained != kinds || left <= 0 || !strings.Contains(notes, want) {
		t.Errorf("%d unexplained, %d of them listed, notes %q; want %d and %q", r.Coverage.Unexplained, listed, notes, kinds, want)
	}
}
