package analyze

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wolfdiag/patterns"
)

// TestOtherLanguages: a failure is recognised as in English whatever language
// the C library, the shell or GStreamer speak, and whichever way the line goes:
// early, late, often, as one of many forms.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	c, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ wording, frame string }{
		{"eacces", "mkdir: cannot create directory '/home/retro/.steam': %s"},
		{"enospc", "cp: error writing '/home/retro/.config/x': %s"},
		{"enomem", "/opt/gow/launch-comp.sh: fork: %s"},
		{"sh-not-found", "/opt/gow/launch-comp.sh: line 44: dbus-run-session: %s"},
		{"gst-play", "%s."},
	} {
		t.Run(tc.wording, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(c.Wordings(), func(w *patterns.Wording) bool { return w.ID == tc.wording })
			if i < 0 {
				t.Fatal("no such wording")
			}
			w := c.Wordings()[i]
			want := diagnosedAs(t, fmt.Sprintf(tc.frame, w.Text))
			if !strings.Contains(want, "cause ") {
				t.Fatalf("no cause in English:\n%s", want)
			}
			for _, in := range w.In {
				if got := diagnosedAs(t, fmt.Sprintf(tc.frame, in)); got != want {
					t.Errorf("%q:\n%s\nin English:\n%s", in, got, want)
				}
			}
		})
	}
}

// cacheFrom is how many lines pass before the line cache is used.
const cacheFrom = 2_000

// diagnosedAs is what a log is diagnosed as that holds a line at its start, after
// the lines that are all looked at, and ten times after so many that the line cache
// is used.
func diagnosedAs(t *testing.T, line string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("06:39:58.000000000 INFO  | Running\n" + line + "\n")
	for i := range 2 * cacheFrom {
		fmt.Fprintf(&b, "06:40:%02d.%09d DEBUG | [HTTPS] GET request %d\n", i/100%60, i, i)
		if i == 200 || i > cacheFrom+1000 && i <= cacheFrom+1010 {
			b.WriteString(line + "\n")
		}
	}
	r := read(t, Options{}, named{"x", []byte(b.String())})
	var out []string
	for _, c := range r.Causes {
		out = append(out, fmt.Sprintf("cause %s %.3f", c.ID, c.Probability))
	}
	for _, p := range r.Patterns {
		out = append(out, fmt.Sprintf("pattern %s %d", p.ID, p.Count))
	}
	return strings.Join(append(out, fmt.Sprintf("unexplained %d", r.Coverage.Unexplained)), "\n")
}
