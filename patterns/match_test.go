package patterns

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/patterns/scan"
)

// shown is a match in a form to compare.
func shown(ms []Match) []string {
	var out []string
	for _, m := range ms {
		s := m.Pattern.ID
		for _, c := range m.Captures {
			s += fmt.Sprintf(" %s=%s", c.Name, c.Value)
		}
		out = append(out, s)
	}
	return out
}

func TestMatch(t *testing.T) {
	t.Parallel()
	c := parseDemo(t, `
[[pattern]]
id = "any-number"
title = "t"
role = "symptom"
regex = '\b\d{5}\b'
why = "w"
[[pattern]]
id = "by-element"
title = "t"
role = "symptom"
regex = 'device'
element = '^nv'
where = '^cat fn$'
why = "w"
[[pattern]]
id = "optional-capture"
title = "t"
role = "symptom"
regex = '^second(?: of (?P<n>\d+))?'
why = "w"
`)
	m := c.Matcher()
	tests := []struct {
		name string
		s    Subject
		want []string
	}{
		{"nothing", Subject{Text: []byte("all is well")}, nil},
		{"empty", Subject{}, nil},
		{"captures", Subject{Text: []byte("Failed to open device /dev/x: code 800"), Format: "wolf"}, []string{"demo-open path=/dev/x code=800"}},
		{"other format", Subject{Text: []byte("Failed to open device /dev/x: code 800"), Format: "sway"}, nil},
		{"unknown format", Subject{Text: []byte("Failed to open device /dev/x: code 800"), Format: "morse"}, nil},
		{"where: component", Subject{Text: []byte("nothing to worry about"), Component: []byte("chatter")}, []string{"demo-noise"}},
		{"where: function", Subject{Text: []byte("nothing to worry about"), Component: []byte("x"), Function: []byte("chatter")}, []string{"demo-noise"}},
		{"where: neither", Subject{Text: []byte("nothing to worry about"), Component: []byte("x")}, nil},
		{"no literal", Subject{Text: []byte("it is 12345")}, []string{"any-number"}},
		{"where: both, element", Subject{Text: []byte("device"), Component: []byte("cat"), Function: []byte("fn"), Element: []byte("nvh265enc0")}, []string{"by-element"}},
		{"element differs", Subject{Text: []byte("device"), Component: []byte("cat"), Function: []byte("fn"), Element: []byte("x264enc0")}, nil},
		{"several, by id", Subject{Text: []byte("12345: Failed to open device 54321: code 1"), Format: "plain", Component: []byte("cat"), Function: []byte("fn"), Element: []byte("nv")},
			[]string{"any-number", "by-element", "demo-open path=54321 code=1"}},
		{"second line of a record", Subject{Text: []byte("first\nsecond of 3")}, []string{"optional-capture n=3"}},
		{"group that took no part", Subject{Text: []byte("first\nsecond")}, []string{"optional-capture"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, shown(m.Match(nil, &tt.s, nil))); diff != "" {
				t.Errorf("Match (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, shown(m.All(nil, &tt.s))); diff != "" {
				t.Errorf("All (-want +got):\n%s", diff)
			}
		})
	}
	if got := m.Unfiltered(); len(got) != 1 || got[0].ID != "any-number" {
		t.Errorf("unfiltered: %v", got)
	}
	ms := m.Match(nil, &Subject{Text: []byte("Failed to open device /dev/x: code 800"), Format: "wolf"}, nil)
	if got := ms[0].Capture("code"); string(got) != "800" {
		t.Errorf("Capture(code) = %q", got)
	}
	if got := ms[0].Capture("nope"); got != nil {
		t.Errorf("Capture(nope) = %q", got)
	}
}

// mixedSubjects makes subjects from samples of the catalogue: as they are,
// joined, damaged, under the formats and components that patterns ask for.
func mixedSubjects(rng *rand.Rand, c *Catalogue, n int) []Subject {
	var texts []string
	var wheres, elements, formats []string
	for _, p := range c.Patterns() {
		texts = append(append(texts, p.Samples...), p.NearMisses...)
		if w, ok := exampleOf(p.Where); ok && w != "" {
			wheres = append(wheres, w)
		}
		if e, ok := exampleOf(p.Element); ok && e != "" {
			elements = append(elements, e)
		}
		formats = append(formats, p.Formats...)
	}
	texts = append(texts, HealthyLines()...)
	pick := func(s []string) []byte {
		if len(s) == 0 || rng.IntN(4) == 0 {
			return nil
		}
		return []byte(s[rng.IntN(len(s))])
	}
	out := make([]Subject, n)
	for i := range out {
		text := []byte(texts[rng.IntN(len(texts))])
		switch rng.IntN(4) {
		case 0:
			text = append(append(bytes.Clone(text), '\n'), texts[rng.IntN(len(texts))]...)
		case 1:
			if len(text) > 2 {
				at := rng.IntN(len(text))
				text = append(bytes.Clone(text[:at]), text[min(at+1+rng.IntN(3), len(text)):]...)
			}
		}
		out[i] = Subject{Text: text, Component: pick(wheres), Function: pick(wheres), Element: pick(elements), Format: string(pick(formats))}
		if out[i].Format == "" {
			out[i].Format = "plain"
		}
	}
	return out
}

// TestMatchEqualsAll proves the way over literals equal to trying everything.
func TestMatchEqualsAll(t *testing.T) {
	t.Parallel()
	c, err := Builtin()
	if err != nil || len(c.Patterns()) == 0 {
		t.Skip("no built-in catalogue")
	}
	m := c.Matcher()
	found := 0
	for _, s := range mixedSubjects(rand.New(rand.NewPCG(8, 9)), c, 250) {
		want := shown(m.All(nil, &s))
		found += len(want)
		if diff := cmp.Diff(want, shown(m.Match(nil, &s, nil))); diff != "" {
			t.Fatalf("%q as %s (-all +match):\n%s", s.Text, s.Format, diff)
		}
	}
	if found < 80 {
		t.Errorf("only %d matches compared", found)
	}
}

// TestMatchWithForeignLiterals runs a scanner that looks for more than the
// matcher asked for, as the analyzer does.
func TestMatchWithForeignLiterals(t *testing.T) {
	t.Parallel()
	m := parseDemo(t).Matcher()
	s := scan.New(append(append([][]byte{}, m.Literals()...), []byte("WARN"), []byte("ERROR")))
	line := []byte("WARN Failed to open device x: code 1 ERROR")
	got := m.Match(nil, &Subject{Text: line, Format: "plain"}, s.Find(nil, line))
	if diff := cmp.Diff([]string{"demo-open path=x code=1"}, shown(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := m.Match(nil, &Subject{Text: line, Format: "plain"}, []uint16{}); len(got) != 0 {
		t.Errorf("with no hits: %v", shown(got))
	}
}

// transports are ways in which a message may stand in a log: what a literal must survive.
var transports = []struct {
	name string
	wrap func(string) []byte
}{
	{"plain", func(s string) []byte { return []byte(s) }},
	{"json", func(s string) []byte {
		b, err := json.Marshal(s)
		if err != nil {
			panic(err)
		}
		return b
	}},
	{"json twice", func(s string) []byte {
		b, _ := json.Marshal(s)
		b, _ = json.Marshal(string(b))
		return b
	}},
	// tracing-subscriber with colours: field name in italics, = dimmed
	{"coloured tracing", func(s string) []byte {
		return []byte(fieldName.ReplaceAllString(s, "\x1b[3m$1\x1b[0m\x1b[2m=\x1b[0m"))
	}},
	{"html", func(s string) []byte { return []byte(html.EscapeString(s)) }},
}

var fieldName = regexp.MustCompile(`([A-Za-z0-9_.]+)=`)

// TestLiteralsSurviveTransports wants the patterns of every sample to be
// candidates of the line as it stands in the log, before it is unwrapped.
func TestLiteralsSurviveTransports(t *testing.T) {
	t.Parallel()
	c, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m := c.Matcher()
	for _, tr := range transports {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			for _, p := range c.Patterns() {
				re, err := compile(p.Regex)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range p.Samples {
					if tr.name == "html" && strings.ContainsAny(s, "'") {
						continue // HTML escapes ', no log transport does
					}
					if tr.name == "coloured tracing" && !fromTracing(p) {
						continue
					}
					raw := tr.wrap(s)
					if !re.MatchString(s) || len(p.literals) == 0 {
						continue
					}
					if !slices.Contains(m.Candidates(nil, m.scanner().Find(nil, raw)), uint16(p.Index)) {
						t.Errorf("%s: none of %q stands in %q", p.ID, p.literals, raw)
					}
				}
			}
		})
	}
}

// fromTracing reports whether a Rust program that logs through tracing prints
// the message of a pattern.
func fromTracing(p *Pattern) bool {
	return strings.Contains(p.Source, "smithay") || strings.Contains(p.Source, "wayland-display") || slices.Contains(p.Formats, "tracing")
}

func TestAnnounced(t *testing.T) {
	t.Parallel()
	m := parseDemo(t).Matcher()
	got := map[string]string{}
	for i, l := range m.Literals() {
		for _, p := range m.Announced(i) {
			got[string(l)] += p.ID
		}
	}
	want := map[string]string{"Failed to open device ": "demo-open", "nothing to worry about": "demo-noise", "Gstreamer version: ": "demo-start"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m.Announced(-1) != nil || m.Announced(len(m.Literals())) != nil {
		t.Error("patterns announced by no literal")
	}
}

func TestMatcherConcurrently(t *testing.T) {
	t.Parallel()
	c, _ := Builtin()
	m := c.Matcher().WithStats(time.Now)
	subjects := mixedSubjects(rand.New(rand.NewPCG(1, 1)), parseDemo(t), 50)
	want := make([][]string, len(subjects))
	for i := range subjects {
		want[i] = shown(m.All(nil, &subjects[i]))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range subjects {
				if diff := cmp.Diff(want[i], shown(m.Match(nil, &subjects[i], nil))); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	wg.Wait()
}

func TestStats(t *testing.T) {
	t.Parallel()
	m := parseDemo(t).Matcher()
	s := &Subject{Text: []byte("Failed to open device /dev/x: code 800"), Format: "wolf"}
	m.Match(nil, s, nil)
	if got := m.Stats(); got != nil {
		t.Errorf("stats without asking: %v", got)
	}
	tick := time.Unix(0, 0)
	m = m.WithStats(func() time.Time { tick = tick.Add(time.Millisecond); return tick })
	m.Match(nil, s, nil)
	m.Match(nil, &Subject{Text: []byte("Failed to open device x: code ?"), Format: "wolf"}, nil)
	got := m.Stats()
	if len(got) != 1 || got[0].Pattern.ID != "demo-open" || got[0].Tries != 2 || got[0].Matches != 1 || got[0].Time != 2*time.Millisecond {
		t.Errorf("stats: %+v", got)
	}
}

func TestCauseOfCrash(t *testing.T) {
	t.Parallel()
	c := parseDemo(t)
	frames := func(s ...string) []CrashFrame { return sampleFrames(s) }
	tests := []struct {
		name   string
		frames []CrashFrame
		want   string
	}{
		{"none", nil, ""},
		{"in order, with gaps", frames("abort", "driver_call", "x", "main"), "demo-crash"},
		{"wrong order", frames("main", "driver_call"), ""},
		{"half", frames("driver_call"), ""},
		{"by module", []CrashFrame{{Module: "/usr/lib/libdriver.so.1"}}, "demo-crash"},
		{"module of a frame with a symbol does not count", []CrashFrame{{Module: "/usr/lib/libdriver.so.1", Function: "other"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := c.CauseOfCrash(tt.frames)
			id := ""
			if ok {
				id = got.ID
			}
			if id != tt.want {
				t.Errorf("got %q, want %q", id, tt.want)
			}
		})
	}
	user := parseDemo(t)
	if len(user.Crashes()) != 1 {
		t.Errorf("%d crash rules", len(user.Crashes()))
	}
}

func TestUserCrashRuleComesFirst(t *testing.T) {
	t.Parallel()
	b := newBuilder(parseDemo(t))
	b.nextLayer()
	b.add(UserFile{"u.toml", []byte("[[crash]]\nid = \"mine\"\ncause = \"demo-other\"\ntitle = \"t\"\nwhy = \"w\"\nframes = ['driver_call']\n")})
	c, err := b.finish("v")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := c.CauseOfCrash(sampleFrames([]string{"driver_call", "main"})); got == nil || got.ID != "mine" {
		t.Errorf("got %+v, want the user's rule", got)
	}
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := Builtin()
		if err != nil || c == nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatcher(b *testing.B) {
	c, _ := Builtin()
	b.ReportAllocs()
	for b.Loop() {
		m := c.Matcher()
		if len(m.Literals()) == 0 {
			b.Fatal("no literals")
		}
	}
}

// BenchmarkStart is all that a run pays before its first line: catalogue,
// matcher, scanner.
func BenchmarkStart(b *testing.B) {
	c, _ := Builtin()
	b.ReportAllocs()
	for b.Loop() {
		if s := scan.New(c.Matcher().Literals()); s.Len() == 0 {
			b.Fatal("no literals")
		}
	}
}

func BenchmarkLoadUserFile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(UserFile{"demo.toml", []byte(demo)}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse is what start-up would cost without the generated form.
func BenchmarkParse(b *testing.B) {
	files := catalogueFiles(b)
	b.ReportAllocs()
	for b.Loop() {
		Parse(files...)
	}
}

// BenchmarkMatch takes one message that several patterns look at.
func BenchmarkMatch(b *testing.B) {
	c, _ := Builtin()
	m := c.Matcher()
	s := &Subject{Text: []byte("CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted"), Format: "gstreamer", Component: []byte("cudacontext")}
	hits := m.scanner().Find(nil, s.Text)
	var dst []Match
	b.ReportAllocs()
	for b.Loop() {
		if dst = m.Match(dst[:0], s, hits); len(dst) == 0 {
			b.Fatal("no match")
		}
	}
}

// BenchmarkScanBuiltin scans for the literals of the catalogue: chatter is
// what a server at TRACE prints most, mix one of each kind of healthy line.
func BenchmarkScanBuiltin(b *testing.B) {
	c, _ := Builtin()
	s := scan.New(c.Matcher().Literals())
	var chatter strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&chatter, "06:40:%02d.%09d TRACE | [ENET] Received %d bytes\n", i%60, i*7919, i%1400)
		fmt.Fprintf(&chatter, "06:40:%02d.%09d DEBUG | [HTTP] keep-alive of client 192.168.1.%d, %d packets in flight\n", i%60, i*7919, i%255, i)
	}
	for _, bm := range []struct{ name, text string }{{"chatter", chatter.String()}, {"mix", strings.Repeat(healthyText(), 200)}} {
		b.Run(bm.name, func(b *testing.B) {
			block := []byte(bm.text)
			b.SetBytes(int64(len(block)))
			b.ReportAllocs()
			lines := 0
			for b.Loop() {
				lines = 0
				s.Lines(block, func(int, int, []uint16) bool { lines++; return true })
			}
			b.ReportMetric(float64(lines)/float64(bytes.Count(block, []byte("\n"))), "candidates/line")
		})
	}
}
