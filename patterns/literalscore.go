package patterns

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// litSet is an any-of set with its score.
type litSet struct {
	lits  []string
	score float64
}

const fieldNameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

// Lengths that decide how a literal is scanned for: from goodLiteral on in one
// fast pass, below shortLiteral lint complains.
const (
	goodLiteral  = 10
	shortLiteral = 6
	enoughBits   = 60 // more information than this makes no literal better
)

// cutLiteral returns the pieces of s that reach a log unchanged through every
// transport: JSON escapes quotes, backslashes, control bytes and perhaps
// non-ASCII, HTML-safe encoders < > &, and colours stand around = and braces.
// Field names before = go, see markFieldNames.
func cutLiteral(s string) []string {
	var pieces []string
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && !breaksLiteral(s[i]) {
			continue
		}
		piece := s[start:i]
		if i < len(s) && s[i] == '=' {
			piece = strings.TrimRight(strings.TrimRight(piece, " "), fieldNameBytes)
		}
		if len(piece) > maxLitLen {
			piece = piece[:maxLitLen]
		}
		if piece != "" {
			pieces = append(pieces, piece)
		}
		start = i + 1
	}
	return pieces
}

func breaksLiteral(c byte) bool {
	return c < 0x20 || c >= 0x7f || strings.IndexByte(`"\<>&={}`, c) >= 0
}

// newLitSet cuts each exact string to its best piece. The set is empty when
// one of the strings has no piece at all.
func newLitSet(exact []string) litSet {
	if len(exact) == 0 {
		return litSet{}
	}
	lits := make([]string, 0, len(exact))
	for _, s := range exact {
		best, bestScore := "", math.Inf(-1)
		for _, p := range cutLiteral(s) {
			if sc := literalScore(p); sc > bestScore {
				best, bestScore = p, sc
			}
		}
		if best == "" {
			return litSet{}
		}
		lits = append(lits, best)
	}
	return scored(unique(lits))
}

// scored rates a set: its worst member, less a little for each doubling of its size.
func scored(lits []string) litSet {
	if len(lits) == 0 || len(lits) > maxAnyOf {
		return litSet{}
	}
	lits = withoutCovered(lits)
	worst := math.Inf(1)
	for _, l := range lits {
		worst = min(worst, literalScore(l))
	}
	return litSet{lits: lits, score: worst - 5*math.Log2(float64(len(lits)))}
}

// withoutCovered drops members that contain another member: what has the
// longer has the shorter.
func withoutCovered(lits []string) []string {
	if len(lits) < 2 {
		return lits
	}
	out := make([]string, 0, len(lits))
	for _, l := range lits {
		if !slices.ContainsFunc(lits, func(o string) bool { return len(o) < len(l) && strings.Contains(l, o) }) {
			out = append(out, l)
		}
	}
	return out
}

func (s litSet) better(than litSet) bool {
	if len(s.lits) == 0 {
		return false
	}
	return len(than.lits) == 0 || s.score > than.score
}

// literalScore rates one literal: the bits of information its bytes carry in
// typical Wolf logs, less when it is short and much less when ordinary healthy
// lines contain it.
func literalScore(s string) float64 {
	bits := 0.0
	for i := range len(s) {
		bits += byteBits(s[i])
	}
	bits = min(bits, enoughBits) + float64(len(s))/8
	switch {
	case len(s) < 4:
		bits -= 90
	case len(s) < shortLiteral:
		bits -= 60
	case len(s) < goodLiteral:
		bits -= 25
	}
	if strings.Contains(healthyText(), s) {
		bits -= 50
	}
	return bits
}

// byteBits is -log2 of how often a byte occurs in ordinary Wolf logs.
func byteBits(c byte) float64 { return byteTable()[c] }

var byteTable = sync.OnceValue(func() *[256]float64 {
	var counts [256]float64
	total := 0.0
	text := healthyText()
	for i := range len(text) {
		counts[text[i]]++
		total++
	}
	for i := range counts {
		counts[i] = -math.Log2((counts[i] + 1) / (total + 256))
	}
	return &counts
})

// healthyText is HealthyLines as one text, with a newline after each.
var healthyText = sync.OnceValue(func() string {
	return strings.Join(HealthyLines(), "\n") + "\n"
})

// HealthyLines lists ordinary lines of a Wolf server that works. A good
// pattern other than lifecycle and benign ones matches none of them, and a
// good literal occurs in none. The result must not be changed.
func HealthyLines() []string { return healthyLines }

func unique(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
