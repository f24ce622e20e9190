package patterns

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// demo is a small catalogue that is right in every way.
const demo = `
[codes-demo]
"0x300c" = { name = "EGL_BAD_PARAMETER", text = "an argument is invalid" }
"800" = { name = "CUDA_ERROR_NOT_PERMITTED", text = "operation not permitted" }
"-5" = { name = "GST_FLOW_ERROR" }
"R999" = { name = "R999_SYMBOL", text = "a key that is no number" }

[[pattern]]
id = "demo-open"
title = "a device cannot be opened"
role = "cause"
regex = 'Failed to open device (?P<path>\S+): code (?P<code>\w+)'
formats = ["wolf", "plain"]
severity = "error"
why = """the device
is not there"""
codes = "codes-demo"
samples = ["Failed to open device /dev/dri/renderD128: code 800"]
near_misses = ["Failed to open device"]

[[pattern]]
id = "demo-noise"
title = "noise"
role = "benign"
regex = 'nothing to worry about'
where = '^chatter$'
why = "it says so"
unless = "never"
samples = ["nothing to worry about"]

[[pattern]]
id = "demo-start"
title = "it starts"
role = "lifecycle"
event = "wolf-start"
regex = 'Gstreamer version: (?P<version>\S+)'
why = "printed first"
samples = ["Gstreamer version: 1.26.2-0"]

[[cause]]
id = "demo-cause"
title = "the device is gone"
explanation = "It went away."
prior = 0.01
evidence = [{ pattern = "demo-open", strength = 0.9, why = "says so" }]
explains = ["demo-other"]
[[cause.confirm]]
command = "ls /dev/dri"
expect = "a render node"

[[cause]]
id = "demo-other"
title = "something else"
explanation = "Else."
prior = 0.01
rivals = [{ cause = "demo-cause", why = "w", settle = "s" }]

[[crash]]
id = "demo-crash"
cause = "demo-cause"
title = "crash in a driver"
why = "w"
frames = ['driver_call', 'main']
modules = ['libdriver\.so']
samples = [["abort", "driver_call", "middle", "main"], ["/usr/lib/libdriver.so.1", "main"]]
near_misses = [["main", "driver_call"]]
`

func parseDemo(tb testing.TB, more ...string) *Catalogue {
	tb.Helper()
	files := []UserFile{{"demo.toml", []byte(demo)}}
	for i, m := range more {
		files = append(files, UserFile{"more" + string(rune('0'+i)) + ".toml", []byte(m)})
	}
	c, err := Parse(files...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestParse(t *testing.T) {
	t.Parallel()
	c := parseDemo(t)
	var ids []string
	for i, p := range c.Patterns() {
		ids = append(ids, p.ID)
		if p.Index != i {
			t.Errorf("%s: Index %d at place %d", p.ID, p.Index, i)
		}
	}
	if diff := cmp.Diff([]string{"demo-noise", "demo-open", "demo-start"}, ids); diff != "" {
		t.Errorf("patterns (-want +got):\n%s", diff)
	}
	p := c.Pattern("demo-open")
	if p.Component != "demo" || p.File != "demo.toml" || p.Line != 8 {
		t.Errorf("provenance: %q %q:%d", p.Component, p.File, p.Line)
	}
	if p.Why != "the device is not there" {
		t.Errorf("wrapped text is not folded: %q", p.Why)
	}
	if diff := cmp.Diff([]string{"Failed to open device "}, p.Literals()); diff != "" {
		t.Errorf("literals (-want +got):\n%s", diff)
	}
	cause := c.Cause("demo-cause")
	if diff := cmp.Diff([]Check{{"ls /dev/dri", "a render node"}}, cause.Confirm); diff != "" {
		t.Errorf("array of tables under a cause (-want +got):\n%s", diff)
	}
	if cause.Evidence[0].Strength != 0.9 {
		t.Errorf("strength %v", cause.Evidence[0].Strength)
	}
	if c.Pattern("demo") != nil || c.Cause("zzz") != nil {
		t.Error("found what does not exist")
	}
}

func TestDecodeCode(t *testing.T) {
	t.Parallel()
	c := parseDemo(t)
	tests := []struct{ name, table, code, want string }{
		{"hex", "codes-demo", "0x300c", "0x300c EGL_BAD_PARAMETER: an argument is invalid"},
		{"hex, upper case", "codes-demo", "0X300C", "0x300c EGL_BAD_PARAMETER: an argument is invalid"},
		{"hex row by decimal", "codes-demo", "12300", "0x300c EGL_BAD_PARAMETER: an argument is invalid"},
		{"decimal", "codes-demo", "800", "800 CUDA_ERROR_NOT_PERMITTED: operation not permitted"},
		{"decimal row by hex", "codes-demo", "0x320", "800 CUDA_ERROR_NOT_PERMITTED: operation not permitted"},
		{"name", "codes-demo", "cuda_error_not_permitted", "800 CUDA_ERROR_NOT_PERMITTED: operation not permitted"},
		{"name without prefix", "codes-demo", "BAD_PARAMETER", "0x300c EGL_BAD_PARAMETER: an argument is invalid"},
		{"negative", "codes-demo", "-5", "-5 GST_FLOW_ERROR"},
		{"key that is no number", "codes-demo", "r999", "R999 R999_SYMBOL: a key that is no number"},
		{"blanks around", "codes-demo", " 800 ", "800 CUDA_ERROR_NOT_PERMITTED: operation not permitted"},
		{"unknown code", "codes-demo", "801", ""},
		{"unknown table", "nope", "800", ""},
		{"empty", "codes-demo", "", ""},
		{"no number of ours", "codes-demo", "99999999999999999999", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := c.Decode(tt.table, tt.code); got != tt.want {
				t.Errorf("Decode(%q, %q) = %q, want %q", tt.table, tt.code, got, tt.want)
			}
		})
	}
}

// TestProblems gives one wrong thing a row, and wants it named with its line,
// id and field.
func TestProblems(t *testing.T) {
	t.Parallel()
	pattern := func(lines string) string {
		return "[[pattern]]\nid = \"p\"\ntitle = \"t\"\nwhy = \"w\"\n" + lines
	}
	cause := func(lines string) string {
		return "[[cause]]\nid = \"c\"\ntitle = \"t\"\nexplanation = \"e\"\nprior = 0.1\n" + lines
	}
	ok := "role = \"cause\"\nregex = 'some text'\n"
	tests := []struct{ name, data, want string }{
		{"not TOML", "[[pattern]]\nid = = 3\n", "f.toml:2: not valid TOML"},
		{"cut off", "[[pattern]]\nid = \"x", "f.toml:2: not valid TOML"},
		{"unknown section", "patern = 3\n", "f.toml:1: patern: unknown key, want [[pattern]]"},
		{"unknown key", pattern(ok + "colour = \"red\"\n"), "f.toml:7: p: colour: unknown key, want one of also, breaks, codes"},
		{"unknown key deep inside", cause("evidence = [\n {pattern = \"demo-open\", strenth = 1}]\n"), "f.toml:7: c: evidence[0].strenth: unknown key, want one of pattern, strength, why"},
		{"wrong type", pattern("role = \"cause\"\nregex = 3\n"), "f.toml:6: p: regex: is a number, want a string"},
		{"wrong type in an array", pattern(ok + "also = [\"demo-open\", 1]\n"), "f.toml:7: p: also[1]: is a number, want a string"},
		{"key given twice", pattern(ok + "title = \"again\"\n"), "f.toml:7: title: key given twice, first on line 3"},
		{"no id", "[[pattern]]\ntitle = \"t\"\n", "f.toml:1: id: every pattern needs an id"},
		{"bad id", "[[pattern]]\nid = \"Not OK\"\n", "f.toml:1: Not OK: id: every pattern needs an id of lower-case"},
		{"duplicate", pattern(ok) + pattern(ok), "f.toml:7: p: id: defined twice, first at f.toml:1"},
		{"error in a duplicate", pattern(ok) + pattern("role = \"wizard\"\nregex = 'some text'\n"), "f.toml:11: p (2): role: is \"wizard\""},
		{"error in a second duplicate", cause("") + cause("") + cause("restart = \"later\"\n"), "f.toml:16: c (3): restart: is \"later\""},
		{"regex as written", pattern("role = \"cause\"\nregex = 'a(b'\n"), "missing closing ): `a(b`"},
		{"missing field", "[[pattern]]\nid = \"p\"\n" + ok, "f.toml:1: p: title: missing"},
		{"bad role", pattern("role = \"bad\"\nregex = 'some text'\n"), "f.toml:5: p: role: is \"bad\", want one of cause, symptom, benign, lifecycle"},
		{"bad level", pattern(ok + "level = \"loud\"\n"), "f.toml:7: p: level: is \"loud\", want one of trace, debug"},
		{"bad severity", pattern(ok + "severity = \"loud\"\n"), "f.toml:7: p: severity: is \"loud\""},
		{"bad event", pattern("role = \"lifecycle\"\nregex = 'some text'\nevent = \"party\"\n"), "f.toml:7: p: event: is \"party\", want one of app-container-init"},
		{"event of no lifecycle", pattern(ok + "event = \"wolf-start\"\n"), "f.toml:7: p: event: stands with role cause"},
		{"bad format", pattern(ok + "formats = [\"wolf\",\n\"wulf\"]\n"), "f.toml:8: p: formats[1]: is \"wulf\", want one of plain, wolf"},
		{"codes without capture", pattern(ok + "codes = \"codes-demo\"\n"), "f.toml:7: p: codes: decodes the capture \"code\""},
		{"unknown codes", pattern("role = \"cause\"\nregex = 'text (?P<code>x)'\ncodes = \"nope\"\n"), "f.toml:7: p: codes: is \"nope\", want one of codes-demo"},
		{"regex", pattern("role = \"cause\"\nregex = 'a(b'\n"), "f.toml:6: p: regex: want an RE2 regex"},
		{"regex that matches nothing at all", pattern("role = \"cause\"\nregex = 'a*'\n"), "f.toml:6: p: regex: matches the empty text"},
		{"where", pattern(ok + "where = '('\n"), "f.toml:7: p: where: want an RE2 regex"},
		{"sample", pattern(ok + "samples = [\"some text\",\n\"other\"]\n"), "f.toml:8: p: samples[1]: is not matched by the regex: \"other\""},
		{"near miss", pattern(ok + "near_misses = [\"some text\"]\n"), "f.toml:7: p: near_misses[0]: must not match"},
		{"benign without unless", pattern("role = \"benign\"\nregex = 'some text'\n"), "f.toml:1: p: unless: belongs to benign"},
		{"also unknown", pattern(ok + "also = [\"nope\"]\n"), "f.toml:7: p: also[0]: names the pattern \"nope\""},
		{"prior", "[[cause]]\nid = \"c\"\ntitle = \"t\"\nexplanation = \"e\"\nprior = 1.5\n", "f.toml:5: c: prior: is 1.5, want a probability"},
		{"strength", cause("evidence = [{pattern = \"demo-open\", strength = 1.5}]\n"), "f.toml:6: c: evidence[0].strength: is 1.5, want above 0 and at most 1"},
		{"strength nan", cause("evidence = [{pattern = \"demo-open\", strength = nan}]\n"), "f.toml:6: c: evidence[0].strength: is NaN"},
		{"evidence unknown", cause("evidence = [{pattern = \"nope\", strength = 1}]\n"), "f.toml:6: c: evidence[0].pattern: names the pattern \"nope\""},
		{"evidence twice", cause("evidence = [{pattern = \"demo-open\", strength = 1}, {pattern = \"demo-open\", strength = 1}]\n"), "c: evidence[1].pattern: names \"demo-open\" a second time"},
		{"fact unknown", cause("against = [{pattern = \"fact-nope\", strength = 1}]\n"), "f.toml:6: c: against[0].pattern: names the fact \"fact-nope\""},
		{"explains unknown", cause("explains = [\"nope\"]\n"), "f.toml:6: c: explains[0]: names \"nope\""},
		{"rival unknown", cause("rivals = [{cause = \"nope\"}]\n"), "f.toml:6: c: rivals[0].cause: names the cause \"nope\""},
		{"circle", cause("explains = [\"d\"]\n") + strings.ReplaceAll(cause("explains = [\"c\"]\n"), `"c"`+"\ntitle", `"d"`+"\ntitle"), "f.toml:6: c: explains: goes round in a circle: c -> d -> c"},
		{"restart", cause("restart = \"maybe\"\n"), "f.toml:6: c: restart: is \"maybe\", want one of yes, no, sometimes"},
		{"crash without frames", "[[crash]]\nid = \"x\"\ncause = \"demo-cause\"\ntitle = \"t\"\nwhy = \"w\"\n", "f.toml:1: x: frames: missing"},
		{"crash cause unknown", "[[crash]]\nid = \"x\"\ncause = \"nope\"\ntitle = \"t\"\nwhy = \"w\"\nframes = ['f']\n", "f.toml:3: x: cause: names the cause \"nope\""},
		{"crash regex", "[[crash]]\nid = \"x\"\ncause = \"demo-cause\"\ntitle = \"t\"\nwhy = \"w\"\nframes = ['(']\n", "f.toml:6: x: frames[0]: want an RE2 regex"},
		{"crash sample", "[[crash]]\nid = \"x\"\ncause = \"demo-cause\"\ntitle = \"t\"\nwhy = \"w\"\nframes = ['f', 'g']\nsamples = [[\"g\", \"f\"]]\n", "f.toml:7: x: samples[0]: is not matched by the rule"},
		{"code that is no table", "[errs]\n\"1\" = \"x\"\n", "f.toml:2: errs: 1: is a string, want { name"},
		{"code with another key", "[errs]\n\"1\" = { nam = \"x\" }\n", "f.toml:2: errs: 1.nam: unknown key, want one of name, text"},
		{"same code twice", "[errs]\n\"16\" = { name = \"x\" }\n\"0x10\" = { name = \"y\" }\n", "f.toml:3: errs: 0x10: stands for the same code as line 2"},
		{"table instead of array", "[pattern]\nid = \"x\"\n", "f.toml:1: pattern: is a table, want [[pattern]] tables"},
		{"nested without end", "[errs]\na = " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n", "nested too deeply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := Parse(UserFile{"demo.toml", []byte(demo)}, UserFile{"f.toml", []byte(tt.data)})
			if err == nil || c != nil {
				t.Fatalf("no error, want %q", tt.want)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			var p *Problem
			if !errors.As(err, &p) {
				t.Errorf("no *Problem inside %T", err)
			}
		})
	}
}

func TestProblemsAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Parse(UserFile{"a/x.toml", []byte("[[pattern]]\nid = \"p\"\nrole = \"bad\"\nregex = '('\ncolour = 1\n")})
	var got []string
	for _, p := range Problems(err) {
		got = append(got, p.Field)
	}
	want := []string{"title", "why", "role", "regex", "colour"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields with a problem (-want +got):\n%s\n%v", diff, err)
	}
}

func TestLoadOverlays(t *testing.T) {
	t.Parallel()
	base, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(base.Patterns()) < 3 {
		t.Skip("the built-in catalogue is empty")
	}
	first, second := base.Patterns()[0], base.Patterns()[1]
	user := "[[pattern]]\nid = \"" + first.ID + "\"\ntitle = \"mine now\"\n" +
		"[[pattern]]\nid = \"" + second.ID + "\"\ndisabled = true\n" +
		"[[pattern]]\nid = \"aaa-mine\"\ntitle = \"t\"\nrole = \"symptom\"\nregex = 'my own message'\nwhy = \"w\"\n"
	c, err := Load(UserFile{"site.toml", []byte(user)})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Pattern(first.ID)
	if got.Title != "mine now" || got.Regex != first.Regex || got.Why != first.Why || got.Component != first.Component {
		t.Errorf("one field should have changed:\n%s", cmp.Diff(*first, *got, cmp.AllowUnexported(Pattern{})))
	}
	if first.Title == "mine now" {
		t.Error("the built-in pattern itself was changed")
	}
	if diff := cmp.Diff(first.Literals(), got.Literals()); diff != "" {
		t.Errorf("literals of an unchanged regex (-want +got):\n%s", diff)
	}
	if c.Pattern(second.ID) != nil {
		t.Errorf("%s is disabled and still there", second.ID)
	}
	if diff := cmp.Diff([]string{second.ID}, c.Disabled()); diff != "" {
		t.Errorf("disabled (-want +got):\n%s", diff)
	}
	if p := c.Pattern("aaa-mine"); p == nil || p.Component != "site" || p.Index != 0 {
		t.Errorf("the user's own pattern: %+v", p)
	}
	for i, p := range c.Patterns() {
		if p.Index != i {
			t.Fatalf("%s: Index %d at place %d", p.ID, p.Index, i)
		}
	}
	for i, p := range base.Patterns() {
		if p.Index != i {
			t.Fatalf("built-in %s: Index %d at place %d after a user file", p.ID, p.Index, i)
		}
	}
	if !strings.HasSuffix(c.Version(), "+user") {
		t.Errorf("version %q does not say that there is a user file", c.Version())
	}
	again, err := Load(UserFile{"site.toml", []byte(user)}, UserFile{"site2.toml", []byte("[[pattern]]\nid = \"" + second.ID + "\"\ndisabled = false\n[[pattern]]\nid = \"aaa-mine\"\nseverity = \"fatal\"\n")})
	if err != nil {
		t.Fatal(err)
	}
	if p := again.Pattern("aaa-mine"); p == nil || p.Severity != "fatal" || p.Regex != "my own message" {
		t.Errorf("a later file changes an earlier one's pattern: %+v", p)
	}
	if again.Pattern(second.ID) == nil {
		t.Errorf("%s was enabled again by a later file", second.ID)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(demo)
	f.Add("[a.b]\nc = 1\n[a]\nd = 2\n[[a.e]]\n")
	f.Add("[[pattern]]\nid = \"x\"\nregex = '(a|b){2,3}c'\nsamples = [\"abc\", [1]]\n")
	f.Fuzz(func(t *testing.T, data string) {
		c, err := Load(UserFile{"f.toml", []byte(data)})
		if (c == nil) != (err != nil) {
			t.Fatalf("catalogue %v, error %v", c, err)
		}
		lines := strings.Count(data, "\n") + 1
		for _, p := range Problems(err) {
			if p.Line < 0 || p.File == "f.toml" && p.Line > lines || p.Msg == "" {
				t.Errorf("%+v in %d lines", p, lines)
			}
		}
		if err != nil && len(Problems(err)) == 0 {
			t.Errorf("error without a problem: %v", err)
		}
	})
}
