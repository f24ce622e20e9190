package escape

import (
	"strings"
	"testing"

	"wolfdiag/analyze/logline/arena"
)

// TestStrip: what is dropped of a line, and where the first byte of it stands.
func TestStrip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, want string
		first    int
	}{
		{"plain [0] rate[5m]\ttab", "plain [0] rate[5m]\ttab", -1},
		{"\x1b[31mred\x1b[0m", "red", 0},
		{"lost [33;1myellow[0m", "lost yellow", 5},
		{`spelled \u001b[31mred\x1b[0m #033[0m ^[[0m`, "spelled red  ", 8},
		{"[m alone", "[m alone", -1},
		{"[31m] in brackets", "[31m] in brackets", -1},
		{"[2K of no escape", "[2K of no escape", -1},
		{"10 %\r20 %", "10 % 20 %", 4},
		{"nul\x00 del\x7f", "nul del", 3},
		{"title \x1b]0;t\x07x", "title x", 6},
		{"cut \x1b[3", "cut ", 4},
		{"long and clean until \x01", "long and clean until ", 21},
	} {
		if got := string(Strip([]byte(">"), []byte(tc.in))); got != ">"+tc.want {
			t.Errorf("Strip(%q) = %q, want %q", tc.in, got[1:], tc.want)
		}
		if got := First([]byte(tc.in)); got != tc.first {
			t.Errorf("First(%q) = %d, want %d", tc.in, got, tc.first)
		}
		if got := string(Stripped(new(arena.Arena), []byte(tc.in))); got != tc.want {
			t.Errorf("Stripped(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "x\x1b[0m": "x\x1b[0m", "\x1b[31m\x1b[1mx": "x", "[0m[33mx": "x", "^[[0mx": "x", "[x]": "[x]", "\x1b": "",
	} {
		if got := string(Skip([]byte(in))); got != want {
			t.Errorf("Skip(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEntities: a text is given back only where all its brackets are spelled as
// in the source of a page.
func TestEntities(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, want string
		has      bool
	}{
		{"plain", "plain", false},
		{"a &amp; b", "a &amp; b", false},
		{"element_context:&lt;nvh265enc10&gt; Failed", "element_context:<nvh265enc10> Failed", true},
		{"&quot;x&quot; &amp; it&#39;s", `"x" & it's`, true},
		{"&lt;a> <b", "&lt;a> <b", true},
		{"<a &lt;b", "<a &lt;b", true},
		{"R&D; x", "R&D; x", false},
		{"&", "&", false},
		{"&lt", "&lt", false},
	} {
		if got := string(Entities(new(arena.Arena), []byte(tc.in))); got != tc.want {
			t.Errorf("Entities(%q) = %q, want %q", tc.in, got, tc.want)
		}
		if got := HasEntities([]byte(tc.in)); got != tc.has {
			t.Errorf("HasEntities(%q) = %v", tc.in, got)
		}
	}
}

// TestLostSGR: how long a colour code without its escape byte is.
func TestLostSGR(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"[0mx": 3, "[33;1mx": 6, "^[[0m": 5, `\u001b[0m`: 9, `\x1b[0m`: 7, `\033[0m`: 7, `\e[0m`: 5, "#033[0m": 7, "␛[0m": 6, "\ufffd[0m": 6,
		"": 0, "[m": 0, "[mx": 0, "^[[mx": 4, "[5m]": 0, "[2Kx": 0, "^[[2Kx": 5, "[31x": 0, "[31": 0, "x[0m": 0,
		"[" + strings.Repeat("1", 30) + "m": 0,
	} {
		if got := LostSGR([]byte(in)); got != want {
			t.Errorf("LostSGR(%q) = %d, want %d", in, got, want)
		}
	}
}
