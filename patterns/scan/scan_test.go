package scan

import (
	"bytes"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// line is what Lines yields, in a form to compare.
type line struct {
	Text string
	At   int
	Hits []uint16
}

func scanned(s *Scanner, block []byte) []line {
	var out []line
	s.Lines(block, func(start, end int, hits []uint16) bool {
		out = append(out, line{string(block[start:end]), start, slices.Clone(hits)})
		return true
	})
	return out
}

// plain is the definition: every line, every literal.
func plain(literals [][]byte, block []byte) []line {
	var out []line
	at := 0
	for _, l := range bytes.SplitAfter(block, []byte("\n")) {
		text := bytes.TrimSuffix(l, []byte("\n"))
		var hits []uint16
		for i, lit := range literals {
			if len(lit) > 0 && bytes.Contains(text, lit) {
				hits = append(hits, uint16(i))
			}
		}
		if len(hits) > 0 {
			out = append(out, line{string(text), at, hits})
		}
		at += len(l)
	}
	return out
}

func literals(s ...string) [][]byte {
	out := make([][]byte, len(s))
	for i := range s {
		out[i] = []byte(s[i])
	}
	return out
}

func TestLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		literals [][]byte
		block    string
		want     []line
	}{
		{"nothing to look for", nil, "a\nb\n", nil},
		{"empty block", literals("CUDA call failed"), "", nil},
		{"empty literal is never found", literals(""), "a\n", nil},
		{"literal with a newline is never found", literals("a\nb"), "a\nb\n", nil},
		{"one long literal", literals("CUDA call failed"), "x\n06:40 CUDA call failed: X\ny\n",
			[]line{{"06:40 CUDA call failed: X", 2, []uint16{0}}}},
		{"last line without newline", literals("CUDA call failed"), "x\nCUDA call failed",
			[]line{{"CUDA call failed", 2, []uint16{0}}}},
		{"at the very start", literals("CUDA call failed"), "CUDA call failed\n",
			[]line{{"CUDA call failed", 0, []uint16{0}}}},
		{"several in a line, each once", literals("Failed to open", "No such file or directory", "open /dev"),
			"Failed to open /dev/dri: No such file or directory, Failed to open\n",
			[]line{{"Failed to open /dev/dri: No such file or directory, Failed to open", 0, []uint16{0, 1, 2}}}},
		{"one literal inside another", literals("NVENC session limit", "session limit", "limit", "mit", "i"),
			"the NVENC session limit\n", []line{{"the NVENC session limit", 0, []uint16{0, 1, 2, 3, 4}}}},
		{"lengths mixed, lines in order", literals("WARN", "Failed to allocate", "panic!"),
			"a WARN b\nnothing\nFailed to allocate\npanic!\nWARN\n",
			[]line{{"a WARN b", 0, []uint16{0}}, {"Failed to allocate", 17, []uint16{1}}, {"panic!", 36, []uint16{2}}, {"WARN", 43, []uint16{0}}}},
		{"does not reach over a newline", literals("abcdefghijkl"), "abcdef\nghijkl\n", nil},
		{"same literal twice", literals("abcdefghijkl", "abcdefghijkl"), "abcdefghijkl\n", []line{{"abcdefghijkl", 0, []uint16{0, 1}}}},
		{"carriage returns stay", literals("abcdefghijkl"), "abcdefghijkl\r\n", []line{{"abcdefghijkl\r", 0, []uint16{0}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := scanned(New(tt.literals), []byte(tt.block))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinesStops(t *testing.T) {
	t.Parallel()
	n := 0
	New(literals("needle in hay")).Lines(bytes.Repeat([]byte("needle in hay\n"), 5), func(int, int, []uint16) bool {
		n++
		return n < 2
	})
	if n != 2 {
		t.Errorf("yield was called %d times after it said stop at 2", n)
	}
}

// TestEquivalence compares with the plain form on random texts over a small
// alphabet, where literals overlap and nearly occur all the time.
func TestEquivalence(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	word := func(alphabet string, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[rng.IntN(len(alphabet))]
		}
		return b
	}
	found := 0
	for round := range 400 {
		var lits [][]byte
		for range 1 + rng.IntN(40) {
			lits = append(lits, word("ab ", 1+rng.IntN(18)))
		}
		block := word("ab \nab ab", rng.IntN(400))
		for range rng.IntN(6) { // plant some, at all alignments and at the end
			at := rng.IntN(len(block) + 1)
			block = slices.Insert(block, at, lits[rng.IntN(len(lits))]...)
		}
		want := plain(lits, block)
		found += len(want)
		if diff := cmp.Diff(want, scanned(New(lits), block)); diff != "" {
			t.Fatalf("round %d: literals %q\nblock %q\n(-plain +scan):\n%s", round, lits, block, diff)
		}
	}
	if found < 1000 {
		t.Errorf("only %d lines had literals: the test compares too little", found)
	}
}

func FuzzEquivalence(f *testing.F) {
	f.Add("CUDA call failed\nGL_OUT_OF_MEMORY\nWARN\na", "x CUDA call failed\nGL_OUT_OF_MEMORY WARN\n")
	f.Add("abcdefghij\nbcdefghijk", "aabcdefghijkk\nabcdefghij")
	f.Add("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789")
	f.Fuzz(func(t *testing.T, list, text string) {
		lits := bytes.Split([]byte(list), []byte("\n"))
		block := []byte(text)
		if diff := cmp.Diff(plain(lits, block), scanned(New(lits), block)); diff != "" {
			t.Errorf("(-plain +scan):\n%s", diff)
		}
	})
}

func TestNoAllocation(t *testing.T) {
	s := New(testLiterals())
	block := wolfLines(64<<10, 50)
	lines := 0
	s.Lines(block, func(int, int, []uint16) bool { lines++; return true }) // fill the pool
	if lines == 0 {
		t.Fatal("no line had a literal")
	}
	if n := testing.AllocsPerRun(20, func() {
		s.Lines(block, func(int, int, []uint16) bool { return true })
	}); n > 0.5 {
		t.Errorf("Lines allocates %v times a call", n)
	}
}

//go:embed testdata/literals.txt
var literalFile string

// testLiterals are what the catalogue looked for when the scanner was tuned;
// `wolfdiag patterns literals` prints what it looks for today.
func testLiterals() [][]byte {
	return literals(strings.Split(strings.TrimSuffix(literalFile, "\n"), "\n")...)
}

// wolfLines makes at least size bytes of log lines. One line in every complaints is
// a complaint with a literal; 0 means none is.
func wolfLines(size, every int) []byte {
	rng := rand.New(rand.NewPCG(7, 7))
	complaint := testLiterals()
	var b bytes.Buffer
	for n := 1; b.Len() < size; n++ {
		fmt.Fprintf(&b, "06:%02d:%02d.%09d ", n/60%60, n%60, rng.IntN(1e9))
		switch {
		case every > 0 && n%every == 0:
			fmt.Fprintf(&b, "ERROR | [WAYLAND] %s: code %d", complaint[rng.IntN(len(complaint))], n)
		case n%7 == 0:
			fmt.Fprintf(&b, "DEBUG | [HTTPS] keep-alive of 192.168.1.%d:%d, nothing to send", rng.IntN(255), rng.IntN(65535))
		case n%11 == 0:
			fmt.Fprintf(&b, "DEBUG | [API] Received request: GET /api/v1/sessions - ")
		case n%13 == 0:
			fmt.Fprintf(&b, "TRACE | [INPUT] session %d: mouse moved, keyboard idle, controller at rest", rng.Uint64())
		case n%17 == 0:
			fmt.Fprintf(&b, "DEBUG | [GSTREAMER] queue levels of interpipesrc_%d_video and %d_audio are fine, is-live=true", rng.Uint64(), rng.Uint64())
		default:
			fmt.Fprintf(&b, "TRACE | [ENET] Received %d bytes", rng.IntN(1400))
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func BenchmarkScan(b *testing.B) {
	for _, bm := range []struct {
		name  string
		every int
		extra [][]byte
	}{
		{"healthy", 0, nil},
		{"1in200", 200, nil},
		{"1in20", 20, nil},
		{"healthy+levels", 0, literals(" WARN ", " ERROR ", "panicked")},
	} {
		b.Run(bm.name, func(b *testing.B) {
			block := wolfLines(1<<20, bm.every)
			lits := append(testLiterals(), bm.extra...)
			want := len(plain(lits, block))
			s := New(lits)
			b.SetBytes(int64(len(block)))
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				s.Lines(block, func(int, int, []uint16) bool { n++; return true })
				if n != want {
					b.Fatalf("%d lines, want %d", n, want)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	lits := testLiterals()
	b.ReportAllocs()
	for b.Loop() {
		if New(lits).Len() != len(lits) {
			b.Fatal("literals lost")
		}
	}
}
