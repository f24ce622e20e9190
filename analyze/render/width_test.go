package render

import (
	"strings"
	"testing"
)

// TestSingle: what single says takes one column takes one column by the
// library's table, and so do texts of such characters, cut anywhere.
func TestSingle(t *testing.T) {
	var all []rune
	for r := rune(' '); r < 0x11000; r++ {
		if single(r) {
			if w := narrow.RuneWidth(r); w != 1 {
				t.Errorf("%U: %d columns", r, w)
			}
			all = append(all, r)
		}
	}
	if len(all) < 800 {
		t.Fatalf("%d characters only", len(all))
	}
	for i := 0; i+20 < len(all); i += 17 {
		text := string(all[i : i+20])
		if got, want := width(text), narrow.StringWidth(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
		for n := range 22 {
			if got, want := truncate(text, n), narrow.Truncate(text, n, ""); got != want {
				t.Errorf("%q cut to %d: %q, want %q", text, n, got, want)
			}
		}
	}
	for _, text := range []string{"", "a\x00b", "\x1b[1m", "é\x01", "日本語", "e\u0301", "\xff", "©️ a", strings.Repeat("→", 9)} {
		for n := range 6 {
			if got, want := truncate(text, n), narrow.Truncate(text, n, ""); got != want {
				t.Errorf("%q cut to %d: %q, want %q", text, n, got, want)
			}
		}
	}
}
