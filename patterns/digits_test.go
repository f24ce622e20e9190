package patterns

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"testing"
)

// redigit puts other digits into a text, and other characters into its hex words.
func redigit(rng *rand.Rand, text []byte, words []Span) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if c-'0' < 10 && rng.IntN(3) == 0 {
			out[i] = byte('0' + rng.IntN(10))
		}
	}
	for _, w := range words {
		for i := w.From; i < w.To; i++ {
			if rng.IntN(2) == 0 {
				out[i] = hexDigits[rng.IntN(len(hexDigits))]
			}
		}
	}
	return out
}

// someWords picks parts of a text that consist of hex digits.
func someWords(rng *rand.Rand, text []byte) (words []Span) {
	for i := 0; i < len(text); i++ {
		n := 0
		for i+n < len(text) && bytes.IndexByte([]byte(hexDigits), text[i+n]) >= 0 {
			n++
		}
		if n > 0 && rng.IntN(2) == 0 {
			words = append(words, Span{i, i + n})
		}
		i += n
	}
	return words
}

// TestDigitsAgrees lets the catalogue's patterns that look at digits decide on
// their own samples and near misses with other digits put in, and with an id
// that changes behind them, and compares with the regexes.
func TestDigitsAgrees(t *testing.T) {
	t.Parallel()
	c, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m := c.Matcher()
	rng := rand.New(rand.NewPCG(5, 6))
	decided, matched, depends := 0, 0, 0
	for _, p := range c.Patterns() {
		if p.DigitInvariant() {
			continue
		}
		for _, sample := range append(append([]string{}, p.Samples...), p.NearMisses...) {
			text := []byte(sample + " 0badc0de or 8c5f2a9c1b8d3e07")
			words := []Span{{len(text) - 28, len(text) - 20}, {len(text) - 16, len(text)}}
			cands := m.Candidates(nil, m.scanner().Find(nil, text))
			cands = cands[:min(len(cands), maxDigitPatterns)]
			d := m.NewDigits(text, cands, words)
			if d == nil {
				continue
			}
			if len(d.nodes) > 0 {
				depends++
			}
			if twice := len(d.nodes) - len(nodeSet(d)); twice > 0 {
				t.Errorf("%s in %q: %d of %d nodes are there twice", p.ID, text, twice, len(d.nodes))
			}
			for range 12 {
				mask := d.Decide(text)
				for i, cand := range cands {
					want := m.state(int(cand)).re.Match(text)
					if got := mask>>i&1 != 0; got != want {
						t.Fatalf("%s in %q: %v, its regex says %v", c.Patterns()[cand].ID, text, got, want)
					}
					decided++
					if want {
						matched++
					}
				}
				text = redigit(rng, text, words)
			}
		}
	}
	if matched < decided/20 || decided < 5000 || depends < 50 {
		t.Errorf("decided %d times, %d matches, %d texts whose digits matter: too few to prove anything", decided, matched, depends)
	}
}

func nodeSet(d *Digits) map[digitNode]bool {
	set := map[digitNode]bool{}
	for _, n := range d.nodes {
		set[n] = true
	}
	return set
}

// TestDigitsLean: only the digits that make a difference have nodes.
func TestDigitsLean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, expr, text string
		words            []Span
		want             int
	}{
		{"no digit matters", `0x8007000[eE]`, "slot 435 after 4802 ms (epoch 0x1234567)", []Span{{32, 39}}, 0},
		{"one number", `error 500\b`, "20 times error 404 after 17", nil, 3},
		{"its 0 is one as well", `0x8007000[eE]`, "slot 435 after 4802 ms (epoch 0x12345678)", []Span{{32, 40}}, 9},
		{"either of two numbers", `\b7\b`, "at 1 of 2", nil, 2},
		{"always", `after \d+|9`, "at 17 after 4", nil, 0},
		{"what both ways come to", `\b1\d x|\b2\d x`, "at 17 x", nil, 1},
		{"a long word of which only a digit beside it matters", `id [[:xdigit:]]+ 7`, "id 0123456789abcdef 1", []Span{{3, 19}}, 1},
	} {
		m := &Matcher{patterns: []*Pattern{{Regex: tc.expr}}}
		d := m.NewDigits([]byte(tc.text), []uint16{0}, tc.words)
		if d == nil {
			t.Errorf("%s: no decision", tc.name)
		} else if len(d.nodes) != tc.want {
			t.Errorf("%s: %d nodes, want %d", tc.name, len(d.nodes), tc.want)
		}
	}
}

// A Digits decides as the regex does, whatever regex and text.
func FuzzDigits(f *testing.F) {
	f.Add(`error[ =]2\b`, "error=2 of 22", uint64(1))
	f.Add(`(?i)x(1|[2-5]+)$|^0`, "x123\n0", uint64(2))
	f.Add(`\b[13579]{2,3}[^5é]`, "é13 579", uint64(3))
	f.Add(`failed: (0x)?300c\b`, "failed: 0x300c", uint64(5))
	f.Add(`id [0-9a-f]{12,64} gone|faced`, "id 0123456789abcdef0123 gone", uint64(6))
	f.Add(`(?s)a.*?7.\d$`, "a\xff0700", uint64(4))
	f.Fuzz(func(t *testing.T, expr, sample string, seed uint64) {
		re, err := regexp.Compile("(?m)" + expr)
		if err != nil || len(sample) > 200 || len(expr) > 60 {
			return
		}
		m := &Matcher{patterns: []*Pattern{{Regex: expr}}}
		text := []byte(sample)
		rng := rand.New(rand.NewPCG(seed, 9))
		words := someWords(rng, text)
		d := m.NewDigits(text, []uint16{0}, words)
		if d == nil {
			return
		}
		for range 8 {
			if got, want := d.Decide(text) == 1, re.Match(text); got != want {
				t.Fatalf("%q on %q: %v, regexp says %v", expr, text, got, want)
			}
			text = redigit(rng, text, words)
		}
	})
}
