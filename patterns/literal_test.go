package patterns

import (
	"bytes"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExtractLiterals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, regex string
		want        []string
	}{
		{"plain", `Failed to cuInit`, []string{"Failed to cuInit"}},
		{"longest run", `error (\d+) while opening the device`, []string{" while opening the device"}},
		{"alternation", `Failed to open socket|Cannot bind address`, []string{"Cannot bind address", "Failed to open socket"}},
		{"alternation inside", `Could not (?:open|create) the session of this client`, []string{" the session of this client"}},
		{"small alternation multiplied", `(?:Failed|Unable) to open`, []string{"Failed to open", "Unable to open"}},
		{"one alternative without", `Failed to open socket|\d+`, nil},
		{"optional part left out", `virtual (?:audio )?sink_input_device`, []string{"sink_input_device"}},
		{"optional quote", "open `?the device node`? now", []string{"the device node"}},
		{"optional group alone", `(?:required text here)?`, nil},
		{"star", `(?:required text here)*`, nil},
		{"plus", `(?:required text here)+`, []string{"required text here"}},
		{"repeat", `(?:required text here){2,}`, []string{"required text here"}},
		{"capture", `device (?P<d>renderD128 of card)`, []string{"device renderD128 of card"}},
		{"small class", `[Ff]ailed to recv`, []string{"ailed to recv"}},
		{"case-insensitive", `(?i)failed: (?-i)No such device`, []string{"No such device"}},
		{"nothing but classes", `[a-z]+\d+`, nil},
		{"cut at quotes", `the name "wayland socket" is taken`, []string{"wayland socket"}},
		{"cut at backslash", `path\\of the state folder`, []string{"of the state folder"}},
		{"cut at angle brackets and ampersand", `a <bracketed thing>&more`, []string{"bracketed thing"}},
		{"cut at braces", `Any \{ some inner text \}`, []string{" some inner text "}},
		{"cut at non-ASCII", `Größe überschritten`, []string{"berschritten"}},
		{"cut at newline", `first line\nsecond longer line`, []string{"second longer line"}},
		{"field name before =", `Rendering failed\. err=Bind`, []string{"Rendering failed. "}},
		{"field name before blanks and =", `Rendering failed\. err\s*=\s*Bind`, []string{"Rendering failed. "}},
		{"field name before a class with =", `Rendering failed\. err[=:]Bind`, []string{"Rendering failed. "}},
		{"value after =", `error=Failed to create an image`, []string{"Failed to create an image"}},
		{"anchors", `^\bFailed to flush clients\b$`, []string{"Failed to flush clients"}},
		{"member covered by another", `context lost again|the context lost`, []string{"context lost again", "the context lost"}},
		{"member that contains another", `GPU reset failed|GPU reset`, []string{"GPU reset"}},
		{"does not parse", `(`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, extractLiterals(tt.regex)); diff != "" {
				t.Errorf("literals of %s (-want +got):\n%s", tt.regex, diff)
			}
		})
	}
}

// randomMatch makes a random text that a regex probably matches.
func randomMatch(rng *rand.Rand, b *bytes.Buffer, re *syntax.Regexp, depth int) {
	if depth > 100 || b.Len() > 1<<12 {
		return
	}
	repeat := func(lo, hi int) {
		for range lo + rng.IntN(hi-lo+1) {
			randomMatch(rng, b, re.Sub[0], depth+1)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && rng.IntN(2) == 0 {
				r = []rune(strings.ToUpper(string(r)))[0]
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		i := 2 * rng.IntN(max(len(re.Rune)/2, 1))
		if i+1 < len(re.Rune) {
			b.WriteRune(re.Rune[i] + rng.Int32N(min(re.Rune[i+1]-re.Rune[i], 60)+1))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(" azAZ09\"'=-_:."[rng.IntN(14)])
	case syntax.OpAlternate:
		randomMatch(rng, b, re.Sub[rng.IntN(len(re.Sub))], depth+1)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpStar:
		repeat(0, 3)
	case syntax.OpPlus:
		repeat(1, 3)
	case syntax.OpRepeat:
		hi := re.Max
		if hi < 0 || hi > re.Min+3 {
			hi = re.Min + 3
		}
		repeat(re.Min, hi)
	case syntax.OpCapture:
		randomMatch(rng, b, re.Sub[0], depth+1)
	case syntax.OpConcat:
		for _, s := range re.Sub {
			randomMatch(rng, b, s, depth+1)
		}
	}
}

// assertRequired checks, on texts made from a regex, that each match contains
// one of its literals. It returns how many texts matched.
func assertRequired(t *testing.T, rng *rand.Rand, expr string, rounds int) int {
	t.Helper()
	tree, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil {
		return 0
	}
	re, err := compile(expr)
	if err != nil {
		return 0
	}
	lits := extractLiterals(expr)
	for _, l := range lits {
		if l == "" || strings.ContainsAny(l, "\"\\<>&={}\n\x1b") {
			t.Fatalf("regex %s: literal %q may not reach a log unchanged", expr, l)
		}
	}
	if len(lits) == 0 {
		return 0
	}
	matched := 0
	for range rounds {
		var b bytes.Buffer
		randomMatch(rng, &b, tree, 0)
		text := b.String()
		if !re.MatchString(text) {
			continue
		}
		matched++
		found := false
		for _, l := range lits {
			found = found || strings.Contains(text, l)
		}
		if !found {
			t.Fatalf("regex %s\nmatches %q\nwhich has none of %q", expr, text, lits)
		}
	}
	return matched
}

func TestLiteralsAreRequired(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	matched := 0
	for _, p := range builtin().patterns {
		matched += assertRequired(t, rng, p.Regex, 20)
	}
	if n := len(builtin().patterns); matched < 10*n {
		t.Errorf("only %d of %d made texts matched: the test sees too little", matched, 20*n)
	}
}

func FuzzExtractLiterals(f *testing.F) {
	for _, s := range []string{`a(?:bcdefgh|ijk)?lmnopq`, `(?i)Failed to (open|close) [Dd]evice=x\s*=y`, `(x{2,3}yz)+|[ab]cdefgh`, `err ?= ?"?Foo`} {
		f.Add(s, uint64(1))
	}
	f.Fuzz(func(t *testing.T, expr string, seed uint64) {
		if len(expr) > 200 {
			return
		}
		assertRequired(t, rand.New(rand.NewPCG(seed, 1)), expr, 20)
	})
}

func TestDigitInvariant(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, regex string
		want        bool
	}{
		{"no digits", `Failed to open`, true},
		{"class of digits", `code \d+`, true},
		{"word class", `\w+ [0-9a-f]{4} \S`, true},
		{"not digits", `\D+x`, true},
		{"boundary", `\bfoo\b`, true},
		{"any", `a.*b`, true},
		{"digit in a literal", `h264`, false},
		{"some digits", `[1-9]`, false},
		{"all but one", `[^0]`, false},
		{"deep inside", `(?:a|(b[0-4]+))?`, false},
		{"does not parse", `(`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := digitInvariant(tt.regex); got != tt.want {
				t.Errorf("digitInvariant(%s) = %v, want %v", tt.regex, got, tt.want)
			}
		})
	}
}

// zeroDigits is the text with every digit replaced by 0.
func zeroDigits(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if '0' <= c && c <= '9' {
			out[i] = '0'
		}
	}
	return out
}

func TestDigitInvariantHolds(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	compared, invariant := 0, 0
	for _, p := range builtin().patterns {
		if !p.DigitInvariant() {
			continue
		}
		invariant++
		re, err := compile(p.Regex)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := syntax.Parse("(?m)"+p.Regex, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			var b bytes.Buffer
			randomMatch(rng, &b, tree, 0)
			text := b.Bytes()
			for range max(rng.IntN(5)-2, 0) { // damage some, so that refusals are compared too
				if len(text) > 0 {
					text[rng.IntN(len(text))] = "0123456789 x"[rng.IntN(12)]
				}
			}
			want := re.FindSubmatchIndex(text)
			if got := re.FindSubmatchIndex(zeroDigits(text)); !cmp.Equal(want, got) {
				t.Errorf("%s: %q gives %v, with digits zeroed %v", p.ID, text, want, got)
			}
			if want != nil {
				compared++
			}
		}
	}
	if invariant == 0 || compared < 3*invariant {
		t.Errorf("%d matches of %d patterns compared: the test sees too little", compared, invariant)
	}
}
