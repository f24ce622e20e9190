package patterns

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func problemLines(ps []*Problem) []string {
	var out []string
	for _, p := range ps {
		out = append(out, fmt.Sprintf("%s: %s: %s", p.ID, p.Field, p.Msg))
	}
	return out
}

// unchecked makes a catalogue that validation would refuse, for Check to find.
func unchecked(tb testing.TB, data string) *Catalogue {
	tb.Helper()
	b := newBuilder(&Catalogue{})
	b.add(UserFile{"demo.toml", []byte(demo)})
	b.add(UserFile{"f.toml", []byte(data)})
	return b.build("v")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	p := func(id, rest string) string {
		return "[[pattern]]\nid = \"" + id + "\"\ntitle = \"t\"\nrole = \"symptom\"\nwhy = \"w\"\n" + rest + "\n"
	}
	tests := []struct {
		name, data string
		want       []string
	}{
		{"all well", "", nil},
		{"missed sample", p("a", "regex = 'some text'\nsamples = ['other']"), []string{`a: samples: is not matched: "other"`}},
		{"near miss matches", p("a", "regex = 'some text'\nnear_misses = ['some text']"), []string{`a: near_misses: must not match and does: "some text"`}},
		{"overlap", p("a", "regex = 'some text'\nsamples = ['some text here']") + p("b", "regex = 'text here'"),
			[]string{`a: samples: is matched by b as well, which neither names in also: "some text here"`}},
		{"overlap declared", p("a", "regex = 'some text'\nalso = ['b']\nsamples = ['some text here']") + p("b", "regex = 'text here'"), nil},
		{"overlap declared by the other", p("a", "regex = 'some text'\nsamples = ['some text here']") + p("b", "regex = 'text here'\nalso = ['a']"), nil},
		{"kept apart by format", p("a", "regex = 'some text'\nformats = ['wolf']\nsamples = ['some text']") + p("b", "regex = 'some text'\nformats = ['sway']"), nil},
		{"kept apart by where", p("a", "regex = 'some text'\nwhere = '^nvenc'\nsamples = ['some text']") + p("b", "regex = 'some text'\nwhere = '^cuda'"), nil},
		{"one of several formats", p("a", "regex = 'some text'\nformats = ['wolf', 'sway']\nsamples = ['some text']") + p("b", "regex = 'some text'\nformats = ['sway']"),
			[]string{`a: samples: is matched by b as well, which neither names in also: "some text"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := unchecked(t, tt.data).Check()
			if diff := cmp.Diff(tt.want, problemLines(r.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if r.OK() != (len(tt.want) == 0) {
				t.Errorf("OK() = %v", r.OK())
			}
		})
	}
	r := parseDemo(t).Check()
	if r.Samples != 5 || r.NearMisses != 2 || r.Crashes != 1 || len(r.Patterns) != 3 {
		t.Errorf("counts: %d samples, %d near misses, %d crash rules, %d patterns", r.Samples, r.NearMisses, r.Crashes, len(r.Patterns))
	}
}

func TestCheckCrashOrder(t *testing.T) {
	t.Parallel()
	crash := "[[crash]]\nid = \"%s\"\ncause = \"%s\"\ntitle = \"t\"\nwhy = \"w\"\nframes = ['%s']\nsamples = [[\"special_call\", \"general\"]]\n"
	wrong := fmt.Sprintf(crash, "general", "demo-other", "general") + fmt.Sprintf(crash, "special", "demo-cause", "special_call")
	r := unchecked(t, wrong).Check()
	want := []string{`special: samples: goes to general (demo-other) first: ["special_call" "general"]`}
	if diff := cmp.Diff(want, problemLines(r.Problems)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLint(t *testing.T) {
	t.Parallel()
	p := func(id, rest string) string {
		return "[[pattern]]\nid = \"" + id + "\"\ntitle = \"t\"\nwhy = \"w\"\n" + rest + "\n"
	}
	tests := []struct{ name, data, want string }{
		{"no literal", p("a", "role = 'symptom'\nregex = '\\d+[a-z]+'"), "error no-literal a"},
		{"short literal", p("a", "role = 'symptom'\nregex = 'GPU: \\d+'"), "error short-literal a"},
		{"literal of healthy lines", p("a", "role = 'symptom'\nregex = 'Received \\d+ bytes of garbage'"), ""},
		{"literal of healthy lines, alone", p("a", "role = 'symptom'\nregex = 'GET request \\w+ \\d+ lost'"), "warning common-literal a"},
		{"literal of healthy lines in a lifecycle pattern", p("a", "role = 'lifecycle'\nregex = 'GET request \\w+ \\d+'"), "info common-literal a"},
		{"optional full stop is nothing variable", p("a", "role = 'symptom'\nregex = 'device went away\\.?'\nsamples = ['device went away.']"), "!few-samples a"},
		{"large regex", p("a", "role = 'symptom'\nregex = 'device (?:[a-z]+ ){0,900}went away'"), "warning large-regex a"},
		{"too broad", p("a", "role = 'cause'\nregex = 'GET request from'"), "error too-broad a"},
		{"lifecycle may match healthy lines", p("a", "role = 'lifecycle'\nregex = 'GET request from'"), "info no-event a"},
		{"duplicate", p("a", "role = 'symptom'\nregex = 'device went away'") + p("b", "role = 'symptom'\nregex = 'device went away'"), "error duplicate-regex b"},
		{"cause role that feeds nothing", p("a", "role = 'cause'\nregex = 'device went away'"), "warning cause-without-use a"},
		{"symptom that nothing explains", p("a", "role = 'symptom'\nregex = 'device went away'"), "info symptom-without-use a"},
		{"no source", p("a", "role = 'symptom'\nregex = 'device went away'"), "warning missing-text a"},
		{"no severity", p("a", "role = 'symptom'\nregex = 'device went away'"), "warning missing-severity a"},
		{"one sample for a variable text", p("a", "role = 'symptom'\nregex = 'device \\d+ went away'\nsamples = ['device 1 went away']"), "warning few-samples a"},
		{"one sample for a constant text", p("a", "role = 'symptom'\nregex = 'device went away\\.'\nsamples = ['device went away.']"), "!few-samples a"},
		{"no near miss", p("a", "role = 'symptom'\nregex = 'device went away'"), "warning no-near-miss a"},
		{"cause without evidence", "", "error cause-no-evidence demo-other"},
		{"stale also", p("a", "role = 'symptom'\nregex = 'device went away'\nalso = ['demo-open']"), "info stale-also a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range unchecked(t, tt.data).Lint() {
				got = append(got, f.Grade+" "+f.Rule+" "+f.ID)
			}
			all := strings.Join(got, "\n") + "\n"
			absent, negated := strings.CutPrefix(tt.want, "!")
			switch {
			case negated && strings.Contains(all, absent+"\n"):
				t.Errorf("%q is among\n%s", absent, all)
			case !negated && tt.want != "" && !strings.Contains(all, tt.want+"\n"):
				t.Errorf("%q is not among\n%s", tt.want, all)
			case tt.want == "" && strings.Contains(all, "common-literal a"):
				t.Errorf("common-literal is among\n%s", all)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	c := parseDemo(t)
	e := c.Explain(&Subject{Text: []byte("x Failed to open device /dev/dri: code 800 now"), Format: "wolf"})
	if len(e.Matches) != 1 {
		t.Fatalf("matches: %+v", e.Matches)
	}
	m := e.Matches[0]
	got := []string{m.Pattern.ID, m.Span, m.Decoded, strings.Join(m.Literals, "|"), shown([]Match{{m.Pattern, m.Captures}})[0]}
	want := []string{"demo-open", "Failed to open device /dev/dri: code 800", "800 CUDA_ERROR_NOT_PERMITTED: operation not permitted",
		"Failed to open device ", "demo-open path=/dev/dri code=800"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("match (-want +got):\n%s", diff)
	}
	tests := []struct {
		name string
		s    Subject
		want string
	}{
		{"regex", Subject{Text: []byte("Failed to open device /dev/dri, code 7"), Format: "wolf"}, `the regex goes along with "Failed to open device /dev/dri," and then wants : code `},
		{"format", Subject{Text: []byte("Failed to open device /dev/dri: code 7"), Format: "sway"}, `format is "sway", want wolf or plain`},
		{"where", Subject{Text: []byte("nothing to worry about"), Component: []byte("other")}, `neither component "other" nor function "" nor both match where = '^chatter$'`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := c.Explain(&tt.s)
			if len(e.Matches) != 0 || len(e.NearMisses) != 1 {
				t.Fatalf("%d matches, %d near misses", len(e.Matches), len(e.NearMisses))
			}
			if diff := cmp.Diff(tt.want, e.NearMisses[0].Reason); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
	if e := c.Explain(&Subject{Text: []byte("nothing of ours")}); len(e.Matches)+len(e.NearMisses)+len(e.Literals) != 0 {
		t.Errorf("explanation of nothing: %+v", e)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, message, regex string }{
		{"numbers", "Lost 17 of 20 frames", `Lost (?P<n>-?\d+(?:\.\d+)?) of (?P<n2>-?\d+(?:\.\d+)?) frames`},
		{"hex", "EGL failed with 0x300c (BAD_PARAMETER)", `EGL failed with (?P<code>0[xX][0-9a-fA-F]+) \(BAD_PARAMETER\)`},
		{"path in the middle", "cannot open /dev/dri/renderD128 for reading", `cannot open (?P<path>/\S+?) for reading`},
		{"path at the end", "cannot open /dev/dri/renderD128", `cannot open (?P<path>/\S+?)$`},
		{"address", "client 192.168.1.7:47999 is gone", `client (?P<ip>[\d.]+(?::\d+)?) is gone`},
		{"uuid", "lobby 123e4567-e89b-12d3-a456-426614174000 is empty", `lobby (?P<uuid>[0-9a-fA-F-]{36}) is empty`},
		{"quoted", `no element "nvh264enc" here`, `no element (?P<quoted>"[^"\n]*") here`},
		{"number in a name", "socket wayland-12 is taken", `socket wayland-(?P<n>-?\d+(?:\.\d+)?) is taken`},
		{"below zero", "gain -5 dB", `gain (?P<n>-?\d+(?:\.\d+)?) dB`},
		{"session in a name", "sink WolfSink_246801357924680135 vanished", `sink WolfSink_(?P<session>\d+) vanished`},
		{"PCI", "GPU 0000:0a:00.0 stalled", `GPU (?P<pci>[0-9a-fA-F:]+\.[0-7]) stalled`},
		{"USB", "device 045e:02ea did not attach", `device (?P<usb>[0-9a-fA-F]{4}:[0-9a-fA-F]{4}) did not attach`},
		{"duration", "timed out after 5s or 250ms", `timed out after (?P<amount>-?\d+(?:\.\d+)?[A-Za-zµ]+) or (?P<amount2>-?\d+(?:\.\d+)?[A-Za-zµ]+)`},
		{"place in the source", "panicked at src/quux.rs:12:34: no", `panicked at (?P<place>[^\s:]+:\d+(?::\d+)?): no`},
		{"fraction is no path", "retry 3/5 failed", `retry (?P<n>-?\d+(?:\.\d+)?)/(?P<n2>-?\d+(?:\.\d+)?) failed`},
		{"IPv6 and hardware", "peer fe80::1 by 02:42:ac:11:00:02", `peer (?P<address>[0-9a-fA-F:]+) by (?P<address2>[0-9a-fA-F:]+)`},
		{"scopes stay", "std::dec face::bad failed", `std::dec face::bad failed`},
		{"time of day", "since 06:40:11.752 no frame", `since (?P<time>\d+:\d\d:\d\d(?:[.,]\d+)?) no frame`},
		{"nothing varies", "Failed to flush clients (broken)", `Failed to flush clients \(broken\)`},
		{"both quotes", `it's "odd" and 'other'`, ""},
		{"two lines", "thread panicked at 5\nno more room", `thread panicked at (?P<n>-?\d+(?:\.\d+)?)\nno more room`},
		{"backslashes and triple quotes", `C:\temp ''' x "y" \n '`, ""},
		{"control bytes", "a\x1b[31mred text\x00 7", ""},
		{"not UTF-8", "broken \xff\xfe bytes 12", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			draft := Draft(tt.message)
			c, err := Parse(UserFile{"draft.toml", []byte(draft)})
			if err != nil {
				t.Fatalf("the draft is not valid: %v\n%s", err, draft)
			}
			p := c.Patterns()[0]
			if tt.regex != "" && p.Regex != tt.regex {
				t.Errorf("regex %s\nwant  %s", p.Regex, tt.regex)
			}
			if len(p.Samples) != 1 {
				t.Errorf("samples: %q", p.Samples)
			}
		})
	}
	for _, s := range []string{"", " \t\n", "\x00\x01"} {
		if got := Draft(s); got != "" {
			t.Errorf("Draft(%q) = %q, want nothing", s, got)
		}
	}
}

// FuzzDraft asserts that every draft is a valid file whose pattern matches the message.
func FuzzDraft(f *testing.F) {
	for _, s := range []string{"Failed to open /dev/x: 'a' \"b\" 0x12 1.2.3.4:5", "'''", "\\", "x\ny", "é 5\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, message string) {
		draft := Draft(message)
		if draft == "" {
			return
		}
		if _, err := Parse(UserFile{"draft.toml", []byte(draft)}); err != nil {
			t.Errorf("Draft(%q) is not valid: %v\n%s", message, err, draft)
		}
	})
}

func TestSummary(t *testing.T) {
	t.Parallel()
	s := parseDemo(t).Summary()
	want := Summary{
		Components: []ComponentCount{{"demo", 1, 0, 1, 1, 3}},
		Causes:     []CauseCount{{"demo-cause", "the device is gone", 1, "demo-open", 0.9, 1, 1}, {ID: "demo-other", Title: "something else"}},
		Total:      ComponentCount{"total", 1, 0, 1, 1, 3},
		Crashes:    1,
		Literals:   3,
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if md := s.Markdown(); !strings.Contains(md, "| demo | 1 | 0 | 1 | 1 | 3 |\n") || !strings.Contains(md, "| `demo-cause` | the device is gone | 1 | `demo-open` 0.90 | 1 |\n") {
		t.Errorf("Markdown:\n%s", md)
	}
}

const (
	docFile  = "../docs/catalogue.md"
	docBegin = "<!-- generated: catalogue summary -->\n"
	docEnd   = "<!-- end of generated part -->\n"
)

// TestDocTable keeps the table in docs/catalogue.md what the catalogue holds.
func TestDocTable(t *testing.T) {
	c, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(doc), docBegin)
	_, after, ok2 := strings.Cut(rest, docEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s lacks the marks of its generated part", docFile)
	}
	want := before + docBegin + c.Summary().Markdown() + docEnd + after
	if want == string(doc) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: run go generate ./patterns (-want +got):\n%s", docFile, cmp.Diff(want, string(doc)))
	}
	if err := os.WriteFile(docFile, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCatalogue holds the built-in catalogue against its own samples and the
// rules of lint that decide on speed and truth.
func TestCatalogue(t *testing.T) {
	c, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := c.Check()
	for _, p := range r.Problems {
		t.Error(p)
	}
	for _, f := range c.Lint() {
		if f.Grade == LintError || f.Rule == "cause-without-use" {
			t.Errorf("%s:%d: %s: %s: %s", f.File, f.Line, f.ID, f.Rule, f.Msg)
		}
	}
	if n := len(c.Patterns()); n < 280 {
		t.Errorf("%d patterns, want 280", n)
	}
	if n := len(c.Causes()); n < 55 {
		t.Errorf("%d causes, want 55", n)
	}
}
