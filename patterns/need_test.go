package patterns

import (
	"bytes"
	"math/rand/v2"
	"regexp/syntax"
	"testing"
)

func TestNeed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, regex, text string
		want              bool
	}{
		{"literal", `device lost`, "the device lost power", true},
		{"literal missing", `device lost`, "the device is lost", false},
		{"both parts", `device (\d+) is lost`, "device 7 is lost", true},
		{"one part of two", `device (\d+) is lost`, "device 7 is found", false},
		{"any order will do, it is a condition only", `device (\d+) is lost`, "  is lost: device ", true},
		{"alternatives", `(?:disk|memory) is full`, "memory is full", true},
		{"no alternative", `(?:disk|memory) is full`, "tank is full", false},
		{"alternative that may be anything", `(?:disk|\w+) is full`, "tank is full", true},
		{"optional", `disk(?: array)? is full`, "disk is full", true},
		{"star", `(?:abc)*def`, "def", true},
		{"plus", `(?:abc)+def`, "def", false},
		{"at least two", `(?:abc){2,}def`, "abcdef", true},
		{"perhaps none", `(?:abc){0,2}def`, "def", true},
		{"case-insensitive", `(?i)abc def`, "ABC DEF", true},
		{"strings too short to matter", `a\d+b`, "xyz", true},
		{"nothing known", `\d+`, "xyz", true},
		{"quotes count, unlike in literals", `name "wayland"`, `name 'wayland'`, false},
		{"does not parse", `(`, "x", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := needOf(tt.regex)
			if got := n.in(tt.text); got != tt.want {
				t.Errorf("need of %s in %q: %v, want %v", tt.regex, tt.text, got, tt.want)
			}
		})
	}
}

// assertNeeded checks on texts made from a regex that what matches fulfils
// the regex's need. It returns how many texts matched.
func assertNeeded(t *testing.T, rng *rand.Rand, expr string, rounds int) int {
	t.Helper()
	tree, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil {
		return 0
	}
	re, err := compile(expr)
	if err != nil {
		return 0
	}
	n := needOf(expr)
	matched := 0
	for range rounds {
		var b bytes.Buffer
		randomMatch(rng, &b, tree, 0)
		if !re.Match(b.Bytes()) {
			continue
		}
		matched++
		if !n.in(b.String()) {
			t.Fatalf("regex %s matches %q, and its need %q does not hold", expr, b.String(), n)
		}
		other := bytes.Clone(b.Bytes())
		for i, c := range other {
			if '0' <= c && c <= '9' {
				other[i] = '0' + byte(rng.IntN(10))
			}
		}
		if !n.may(other, nil) {
			t.Fatalf("regex %s matches %q, and its need %q may not hold for %q", expr, b.String(), n, other)
		}
	}
	return matched
}

func TestNeedHolds(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	matched := 0
	for _, p := range builtin().patterns {
		matched += assertNeeded(t, rng, p.Regex, 20)
	}
	if n := len(builtin().patterns); matched < 10*n {
		t.Errorf("only %d of %d made texts matched: the test sees too little", matched, 20*n)
	}
}

func FuzzNeed(f *testing.F) {
	for _, s := range []string{`a(?:bcd|efg)?h+(ij){2,3}`, `(?i)abc|d[ef]g`, `((abc)+|def)*ghi`, `x{0,3}yzz(?:a|b|cde)`} {
		f.Add(s, uint64(1))
	}
	f.Fuzz(func(t *testing.T, expr string, seed uint64) {
		if len(expr) <= 200 {
			assertNeeded(t, rand.New(rand.NewPCG(seed, 1)), expr, 20)
		}
	})
}
