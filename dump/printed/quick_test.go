package printed

import (
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// corpus are the lines of all texts in this package's sources and in the tests of
// package dump: examples of every form, and what stands around them.
func corpus(t testing.TB) []string {
	t.Helper()
	var out []string
	seen := map[string]bool{}
	add := func(text string) {
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\n"); !seen[line] && len(line) < 400 {
				seen[line] = true
				out = append(out, line)
			}
		}
	}
	for _, glob := range []string{"*.go", "../*_test.go"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			set := token.NewFileSet()
			var s scanner.Scanner
			s.Init(set.AddFile(name, set.Base(), len(src)), src, nil, scanner.ScanComments)
			for {
				_, tok, text := s.Scan()
				if tok == token.EOF {
					break
				}
				switch tok {
				case token.STRING:
					if text, err := strconv.Unquote(text); err == nil {
						add(text)
					}
				case token.COMMENT: // an example stands behind a tab or a blank
					text = strings.TrimPrefix(text, "//")
					add(text)
					add(strings.TrimPrefix(text, "\t"))
					add(strings.TrimPrefix(text, " "))
				}
			}
		}
	}
	for range 20 { // as often as its neighbours
		seen = map[string]bool{}
		add(`==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55d0c3aa1b2c
    #0 0x55d0c3aa1b2c in clamp(int) /src/a.cpp:12:3
    #1 0x7f9c1a8a53f4  (/usr/lib/libfoo.so.1+0x1234)
freed by thread T0 here:
    #0 0x55d0c3aa1b2d in free /src/b.c:1
SUMMARY: AddressSanitizer: heap-use-after-free
Received signal 11 SEGV_MAPERR 000000000010
#0 0x55d0c3aa1b2c base::debug::CollectStackTrace()
#1 0x55d0c3aa1b2d content::RunZygote()
[end of stack trace]
`)
	}
	if len(out) < 1000 {
		t.Fatalf("only %d lines", len(out))
	}
	return out
}

var ordinary = []string{"", "13:43:42.054569402 INFO  | Gstreamer version: 1.26.2-0", "[GSTREAMER] Pipeline error: Internal data stream error.",
	"2025-09-30T13:43:42.284380Z ERROR smithay: Failed to allocate memory", "at last", "in vain", "   at the end", "(waybar:287): Gtk-WARNING **: cannot open display: :0"}

// composed is a text of some lines of a corpus, cut, joined and behind prefixes, with
// ordinary lines between them.
func composed(r *rand.Rand, lines []string) string {
	prefixes := []string{"", "", "wolf-1  | ", "app-1  | ", "Sep 30 12:40:36 box sway[99]: ", "2025-09-30T12:40:36.123456789Z ", "[  123.456789] ", "> "}
	prefix := ""
	from := r.IntN(len(lines))
	var b strings.Builder
	for range 1 + r.IntN(40) {
		line := lines[(from+r.IntN(30))%len(lines)] // neighbours are of one form
		switch r.IntN(8) {
		case 0:
			line = lines[r.IntN(len(lines))]
		case 1, 2:
			line = ordinary[r.IntN(len(ordinary))]
		case 3:
			if k := r.IntN(len(line) + 1); r.IntN(2) == 0 {
				line = line[:k]
			} else {
				line = line[k:]
			}
		}
		if r.IntN(6) == 0 {
			prefix = prefixes[r.IntN(len(prefixes))]
		}
		b.WriteString(prefix + line + "\n")
	}
	return b.String()
}

// TestQuickIsPlain: nothing is lost with the lines that are passed over at a look.
func TestQuickIsPlain(t *testing.T) {
	t.Parallel()
	lines := corpus(t)
	texts := 6000
	if testing.Short() {
		texts = 1500
	}
	formats := map[string]int{}
	for seed := range texts {
		text := composed(rand.New(rand.NewPCG(uint64(seed), 1)), lines)
		got, want := parseAll(text, false), parseAll(text, true)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: %+v, want %+v\n%s", seed, got, want, text)
		}
		for i := range want {
			formats[want[i].Format]++
		}
	}
	if all := len(Forms()); !testing.Short() && len(formats) < all-3 {
		t.Errorf("traces of %d forms alone, of %d: %v", len(formats), all, formats)
	}
}

// FuzzQuickIsPlain looks for a text of which more is lost.
func FuzzQuickIsPlain(f *testing.F) {
	lines := corpus(f)
	for seed := range uint64(200) {
		f.Add(composed(rand.New(rand.NewPCG(seed, 2)), lines))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := parseAll(text, false), parseAll(text, true); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}

// TestWordsAreFound: a line holds one of the texts where strings.Contains says so.
func TestWordsAreFound(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		some := func(least, most int) string {
			b := make([]byte, least+r.IntN(most))
			for i := range b {
				b[i] = "ab# \xff"[r.IntN(5)]
			}
			return string(b)
		}
		var texts []string
		for range 1 + r.IntN(4) {
			texts = append(texts, some(2, 4))
		}
		w, line := newWords(texts), some(0, 20)
		want := false
		for _, text := range texts {
			want = want || strings.Contains(line, text)
		}
		if got := w.in(line); got != want {
			t.Fatalf("%q in %q: %v", texts, line, got)
		}
	}
}

// TestPrefixes: what is taken off by hand is what these expressions match.
func TestPrefixes(t *testing.T) {
	t.Parallel()
	composeRE := regexp.MustCompile(`^([A-Za-z0-9][\w.-]*)\s*\| ?`)
	dockerRE := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z `)
	uptimeRE := regexp.MustCompile(`^\[ *\d+\.\d{3,6}\] ?`)
	length := func(re *regexp.Regexp, line string) int { return len(re.FindString(line)) }
	r := rand.New(rand.NewPCG(1, 4))
	matched := [4]int{}
	for range 300_000 {
		const bytes = "0a_Z .-|[]T:\t\n\f\r\v+"
		line := []byte([]string{"wolf-1  | #0", "2025-09-30T12:40:36.123456789Z x", "[  123.456789] x", "Sep 30 12:40:36 box sway[99]: x", "2025-09-30T12:40:36.123456+0000 box a.b[9]: x", "|| |"}[r.IntN(6)])
		for range r.IntN(3) {
			at := r.IntN(len(line))
			switch c := bytes[r.IntN(len(bytes))]; r.IntN(3) {
			case 0:
				line[at] = c
			case 1:
				line = append(line[:at], line[at+1:]...)
			default:
				line = append(line[:at], append([]byte{c}, line[at:]...)...)
			}
		}
		s := string(line)
		if got, want := dockerStamp(s), length(dockerRE, s); got != want {
			t.Fatalf("%q: a stamp of %d bytes, want %d", s, got, want)
		} else if want > 0 {
			matched[0]++
		}
		if got, want := uptime(s), length(uptimeRE, s); got != want {
			t.Fatalf("%q: an uptime of %d bytes, want %d", s, got, want)
		} else if want > 0 {
			matched[1]++
		}
		m := composeRE.FindStringSubmatch(s)
		if service, rest, ok := compose(s); ok != (m != nil) || ok && (service != m[1] || rest != s[len(m[0]):]) {
			t.Fatalf("%q: %q of %q, want %q", s, rest, service, m)
		} else if ok {
			matched[2]++
		}
		if is := syslog().MatchString(s); is && !maySyslog(s) {
			t.Fatalf("%q is of syslog", s)
		} else if is {
			matched[3]++
		}
	}
	for i, n := range matched {
		if n < 5000 {
			t.Errorf("prefix %d stood only %d times", i, n)
		}
	}
}

// TestColours: what is taken off by hand is what this expression matches.
func TestColours(t *testing.T) {
	t.Parallel()
	re := regexp.MustCompile(`(?:\^\[|\\(?:x1[bB]|u001[bB]|033|e)|#033)?\[\d{0,3}(?:;\d{1,3})*m`)
	r := rand.New(rand.NewPCG(1, 5))
	pieces := append([]string{"[", "[0m", "[1;34m", "m", ";", "0", "123", "x", "^", "\\"}, lostEscapes...)
	for range 100_000 {
		var text string
		for range r.IntN(9) {
			text += pieces[r.IntN(len(pieces))]
		}
		if got, want := withoutColours(text), re.ReplaceAllString(text, ""); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	}
}
