package patterns

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"testing"
)

func redigit(rng *rand.Rand, text []byte) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if c-'0' < 10 && rng.IntN(3) == 0 {
			out[i] = byte('0' + rng.IntN(10))
		}
	}
	return out
}

// TestDigitsAgrees lets the catalogue's patterns that look at digits decide on
// their own samples and near misses with other digits put in, and compares with
// the regexes.
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
		if p.DigitBlind() {
			continue
		}
		for _, sample := range append(append([]string{}, p.Samples...), p.NearMisses...) {
			text := []byte(sample)
			cands := m.Candidates(nil, m.scanner().Find(nil, text))
			cands = cands[:min(len(cands), maxDigitPatterns)]
			d := m.NewDigits(text, cands)
			if d == nil {
				continue
			}
			if len(d.nodes) > 0 {
				depends++
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
				text = redigit(rng, text)
			}
		}
	}
	if matched < decided/20 || decided < 5000 || depends < 50 {
		t.Errorf("decided %d times, %d matches, %d texts whose digits matter: too few to prove anything", decided, matched, depends)
	}
}

// A Digits decides as the regex does, whatever regex and text.
func FuzzDigits(f *testing.F) {
	f.Add(`error[ =]2\b`, "error=2 of 22", uint64(1))
	f.Add(`(?i)x(1|[2-5]+)$|^0`, "x123\n0", uint64(2))
	f.Add(`\b[13579]{2,3}[^5é]`, "é13 579", uint64(3))
	f.Add(`(?s)a.*?7.\d$`, "a\xff0700", uint64(4))
	f.Fuzz(func(t *testing.T, expr, sample string, seed uint64) {
		re, err := regexp.Compile("(?m)" + expr)
		if err != nil || len(sample) > 200 || len(expr) > 60 {
			return
		}
		m := &Matcher{patterns: []*Pattern{{Regex: expr}}}
		text := []byte(sample)
		d := m.NewDigits(text, []uint16{0})
		if d == nil {
			return
		}
		rng := rand.New(rand.NewPCG(seed, 9))
		for range 8 {
			if got, want := d.Decide(text) == 1, re.Match(text); got != want {
				t.Fatalf("%q on %q: %v, regexp says %v", expr, text, got, want)
			}
			text = redigit(rng, text)
		}
	})
}
