package snapshot

import (
	"regexp"
	"testing"
)

// FuzzJSONStart holds jsonStart against the expression that it stands for.
func FuzzJSONStart(f *testing.F) {
	for _, s := range []string{"", "{", `{"a":1}`, "[ {\n\t\"Id\"", "x\n  [\f{ \"", "[a link](b)", "{name} {\"a\"", "log\n\t{\r\n\"x\"", "[[{\"", "[\n[{\"", "{\n\n{\"", " \n\t[", "\r{\"", "[{", "a\n"} {
		f.Add([]byte(s))
	}
	begin := regexp.MustCompile(`(?m)^[ \t]*(\{\s*"|\[\s*\{\s*")`)
	f.Fuzz(func(t *testing.T, b []byte) {
		want := -1
		if loc := begin.FindSubmatchIndex(b); loc != nil {
			want = loc[2]
		}
		if got := jsonStart(b); got != want {
			t.Errorf("%q: the value begins at %d, want %d", b, got, want)
		}
	})
}
