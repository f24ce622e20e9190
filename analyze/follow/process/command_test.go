package process

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitCommand(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
		err      error
	}{
		{"words", "docker  restart\twolf", []string{"docker", "restart", "wolf"}, nil},
		{"quotes", `sh -c 'echo "$X" | wc' "a b"`, []string{"sh", "-c", `echo "$X" | wc`, "a b"}, nil},
		{"joined", `a'b c'"d\"e"\ f`, []string{`ab cd"e f`}, nil},
		{"empty word", `x ''`, []string{"x", ""}, nil},
		{"no shell", "a;b $(c) >d", []string{"a;b", "$(c)", ">d"}, nil},
		{"open quote", `a "b`, nil, errOpenQuote},
		{"open escape", `a \`, nil, errOpenQuote},
		{"nothing", " \t", nil, errEmptyCommand},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := SplitCommand(tt.in)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzSplitCommand wants words that, quoted again, give the same words.
func FuzzSplitCommand(f *testing.F) {
	for _, s := range []string{`docker restart wolf`, `sh -c 'a b' "c\"d"`, `a\ b ''`, `"`, "x\ny"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, err := SplitCommand(s)
		if err != nil {
			return
		}
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		again, err := SplitCommand(strings.Join(quoted, " "))
		if err != nil || strings.Join(again, "\x00") != strings.Join(words, "\x00") {
			t.Errorf("%q: %q, quoted again %q, %v", s, words, again, err)
		}
	})
}
