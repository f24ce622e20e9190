package render

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// hostile is log text that tries to break what it is put into.
var hostile = []string{
	"plain text",
	"a | b || c\\| d",
	"`tick` and ``` fence ``` and ````four````",
	"<script>alert(1)</script> <b>&amp; ![x](http://example.invalid/x.png) [y](z)",
	"内存不足：无法分配显存缓冲区，设备没有剩余空间，请稍后重试，系统已经终止了占用内存最多的进程并写入日志",
	"e\u0301\u0301 combining, 👩‍👩‍👧 family, and \x1b[31mred\x1b[0m \r\n next \u202e reversed",
	strings.Repeat("/a-very-long-path-without-a-blank", 12),
	"$x$ @someone #12 ~~no~~ *stars* _lines_",
	"- a list\n1. another\n# a head",
}

// hostileReport fills every part of a report with some texts.
func hostileReport(texts []string) *report.Report {
	at := time.Date(2025, 10, 2, 6, 40, 11, 752e6, time.UTC)
	later := at.Add(26 * time.Hour)
	n := 0
	text := func() string { n++; return texts[n%len(texts)] }
	where := func() report.Where {
		return report.Where{Input: "logs/" + text() + ".log", Line: int64(n), Time: &at, Text: text()}
	}
	one, p := 1, 0.02
	r := &report.Report{Verdict: report.CauseFound, Summary: text(), Partial: true, Period: report.Period{From: &at, To: &later},
		Coverage: report.Coverage{Lines: 1234567, ErrorLines: 30, Explained: 10, Benign: 15, Unexplained: 5}, Tool: report.Tool{Name: "wolfdiag", Version: "v1", Catalogue: "c"}}
	for i := range 4 {
		c := report.Cause{Rank: i + 1, ID: fmt.Sprint("cause-", i), Title: text(), Probability: 0.97 - float64(i)*0.3, Explanation: text() + " " + text(),
			Summary: text(), FirstSeen: &at, LastSeen: &later, Occurrences: int64(i), Restart: "yes",
			Affected: report.Affected{Services: []string{text()}, Sessions: []string{"1", "2", "3", "4", "5"}, Elements: []string{text()}}}
		for k := range 9 {
			c.Evidence = append(c.Evidence, report.Evidence{Pattern: fmt.Sprint("p", k+i%2), Title: text(), Decoded: text(), Count: int64(k), Weight: 6 - float64(k), First: where()})
			c.Explains = append(c.Explains, report.Explained{Pattern: fmt.Sprint("e", k+3*(i%2)), Title: text(), Count: int64(k)})
		}
		for k := range 4 {
			c.Rivals = append(c.Rivals, report.Rival{ID: fmt.Sprint("cause-", k+1), Probability: 0.3 - float64(k)*0.09, Why: text(), Settle: "docker exec <wolf> " + strings.Repeat("x", 90)})
			c.Confirm = append(c.Confirm, report.Check{Command: "nvidia-smi -L", Expect: text()})
			c.Workaround = append(c.Workaround, "Do: "+text())
			c.Fixes = append(c.Fixes, "docker restart wolf", text())
		}
		r.Causes = append(r.Causes, c)
	}
	for i := range 14 {
		name := fmt.Sprintf("logs/%s-%d.log", text(), i)
		r.Inputs = append(r.Inputs, report.Input{Name: name, Kind: "file", Format: "plain", Lines: 5, Bytes: 7, Warnings: []string{text()}})
		r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: &at, End: &later, EndKind: text(), ExitCode: &one, ExitMeaning: "1: " + text(), Sessions: &one, Failures: 1,
			FirstFailure: &later, FirstFailureSession: &one, Missing: []string{text()}, FirstLine: where()})
		r.Crashes = append(r.Crashes, report.Crash{Signature: text(), Count: i, First: &at, Last: &later, Cause: "cause-1", Files: []string{text(), text()}, Related: text()})
		r.Unexplained = append(r.Unexplained, report.Template{Template: text(), Level: "error", Count: int64(i), First: where(), Note: text()})
		r.Patterns = append(r.Patterns, report.PatternCount{ID: fmt.Sprint("pattern-", i), Role: "symptom", Title: text(), Count: 3, First: where()})
		r.Clocks = append(r.Clocks, name+" (wolf-1): "+text(), name+" has "+text())
		r.Notes = append(r.Notes, text())
		r.Facts = append(r.Facts, report.Fact{Source: text(), Kind: "docker-stats", Text: text(), Bears: text() + "; said of all"})
		r.Breakdowns = append(r.Breakdowns, report.Breakdown{By: "app", Say: text(), Groups: []report.BreakdownRow{{Name: text(), Sessions: 3, Failed: 1}}})
	}
	r.Leak = report.Leak{Verdict: "likely", PValue: &p, Why: text()}
	return r
}

func rendered(t *testing.T, r *report.Report, f Format, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Report(&b, r, f, o); err != nil {
		t.Fatalf("render %s: %v", f, err)
	}
	return b.String()
}

// TestTextFits checks that whatever a log says, only commands are wider than the
// terminal, no line ends in blanks, and nothing can drive the terminal.
func TestTextFits(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{60, 80, 120, 200} {
		for _, all := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d columns, all=%v", columns, all), func(t *testing.T) {
				t.Parallel()
				out := rendered(t, hostileReport(hostile), Text, Options{Width: columns, All: all})
				for i, line := range strings.Split(out, "\n") {
					if w := width(line); w > columns && !strings.Contains(line, "$ ") {
						t.Errorf("line %d takes %d columns: %q", i+1, w, line)
					}
					if line != strings.TrimRight(line, " ") {
						t.Errorf("line %d ends in blanks: %q", i+1, line)
					}
					if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || bidi(r) }) {
						t.Errorf("line %d holds a control character: %q", i+1, line)
					}
				}
				if strings.Contains(out, "\n\n\n") {
					t.Error("two empty lines in a row")
				}
				if !strings.Contains(out, "docker exec <wolf> "+strings.Repeat("x", 90)) {
					t.Error("a command was cut")
				}
			})
		}
	}
}

func TestTextASCII(t *testing.T) {
	t.Parallel()
	var ascii []string // what the log itself says stays as it is
	for _, s := range hostile {
		if !strings.ContainsFunc(s, func(c rune) bool { return c >= utf8.RuneSelf }) {
			ascii = append(ascii, s)
		}
	}
	out := rendered(t, hostileReport(ascii), Text, Options{Width: 80, ASCII: true, All: true})
	for i, line := range strings.Split(out, "\n") {
		if j := strings.IndexFunc(line, func(c rune) bool { return c >= utf8.RuneSelf }); j >= 0 {
			t.Errorf("line %d: %q is not ASCII: %q", i+1, line[j:min(j+4, len(line))], line)
		}
	}
	if !strings.Contains(out, "##########") || !strings.Contains(out, "#......... ") {
		t.Error("no bars in ASCII")
	}
}

var codeSpan = regexp.MustCompile("(`+)[^`].*?[^`]?(`+)")

// TestMarkdown checks that tables keep their columns and blocks their ends
// whatever a log says, and that no markup of the log's gets through.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		out := rendered(t, hostileReport(hostile), Markdown, Options{All: all})
		fence, columns, depth := "", 0, 0
		for i, line := range strings.Split(out, "\n") {
			trimmed := strings.TrimLeft(line, " ")
			run := len(trimmed) - len(strings.TrimLeft(trimmed, "`"))
			switch {
			case fence != "":
				if strings.TrimRight(trimmed, "`") == "" && run >= len(fence) {
					fence = ""
				}
				continue
			case run >= 3 && !strings.Contains(trimmed[run:], "`"):
				fence = trimmed[:run]
				continue
			}
			depth += strings.Count(line, "<details") - strings.Count(line, "</details>")
			if !strings.HasPrefix(line, "|") {
				columns = 0
			} else if n := bars(line); columns == 0 {
				columns = n
			} else if n != columns {
				t.Errorf("line %d has %d bars in a table of %d: %q", i+1, n, columns, line)
			}
			bare := codeSpan.ReplaceAllString(line, "")
			bare = strings.NewReplacer("<code>", "", "</code>", "", "<details>", "", "<details open>", "", "</details>", "", "<summary>", "", "</summary>", "").Replace(bare)
			if strings.Contains(bare, "<") {
				t.Errorf("line %d holds markup of the log: %q", i+1, line)
			}
		}
		if fence != "" || depth != 0 {
			t.Errorf("open at the end: fence %q, %d details", fence, depth)
		}
	}
}

// bars counts those that end a cell.
func bars(line string) int {
	return strings.Count(strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\|`, ""), "|")
}

func TestHTML(t *testing.T) {
	t.Parallel()
	out := rendered(t, hostileReport(hostile), HTML, Options{})
	for _, bad := range []string{"<script", "<link", "@import", "url(", " src=", "<img", "javascript:", "\x1b"} {
		if strings.Contains(out, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"<!doctype html>", `name="viewport"`, "prefers-color-scheme: dark", "@media print", "&lt;script&gt;", "</html>"} {
		if !strings.Contains(out, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		columns  int
		want     []string
	}{
		{"nothing", "  ", 10, nil},
		{"at blanks", "one two  three", 8, []string{"one two", "three"}},
		{"percent stays with its number", "used up (100 %) now", 13, []string{"used up", "(100 %) now"}},
		{"wide characters take two columns", "内存 不足", 4, []string{"内存", "不足"}},
		{"wide words are broken", "内存不足", 4, []string{"内存", "不足"}},
		{"long words break after a separator", "ab /usr/lib/libwolf.so", 10, []string{"ab", "/usr/lib/", "libwolf.so"}},
		{"combining characters take none", "e\u0301e\u0301e\u0301 x", 5, []string{"e\u0301e\u0301e\u0301 x"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tc.want, wrap(tc.in, tc.columns)); d != "" {
				t.Errorf("lines (-want +got):\n%s", d)
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	at := func(s string) *time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	tests := []struct{ name, got, want string }{
		{"clip", clip("内存不足x", 6), "内存…"},
		{"clip in the middle", clipMiddle("a-long-folder/name.log:123", 16, "…"), "a-lon…me.log:123"},
		{"span within a second", span(at("2025-10-02T06:40:11.1Z"), at("2025-10-02T06:40:11.9Z")), "2025-10-02 06:40:11.100"},
		{"span within a day", span(at("2025-10-02T06:40:11.1Z"), at("2025-10-02T07:00:00Z")), "2025-10-02 06:40:11 – 07:00:00"},
		{"span over days", span(at("2025-10-02T06:40:11Z"), at("2025-10-03T07:00:00Z")), "2025-10-02 06:40:11 – 2025-10-03 07:00:00"},
		{"minutes", roughly(5*time.Minute + 10*time.Second), "5m10s"},
		{"hours", roughly(40*time.Hour + 56*time.Minute), "40h56m"},
		{"never certain", report.Percent(0.9999), ">99 %"},
		{"hardly possible", report.Percent(0.001), "<1 %"},
		{"nothing", report.Percent(0), "0 %"},
		{"capital", upperFirst("the GPU"), "The GPU"},
		{"name of a module", upperFirst("nvidia_drm is loaded"), "nvidia_drm is loaded"},
		{"code with ticks", code("a `b` c"), "``a `b` c``"},
		{"code that ends in a tick", code("a `b`"), "`` a `b` ``"},
		{"code of nothing", code(" "), ""},
		{"bar in a cell", cellCode("a|b"), "`a\\|b`"},
	}
	for _, tc := range tests {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, tc.got, tc.want)
		}
	}
}

func TestCommandOf(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"$ wolf --help":               "wolf --help",
		"docker compose restart wolf": "docker compose restart wolf",
		"docker pull <image> by hand, then start the app again.":      "",
		"docker restart WolfPulseAudio, then docker compose restart":  "",
		"Raise the limit or add memory.":                              "",
		"sudo sysctl fs.inotify.max_user_instances=1024":              "sudo sysctl fs.inotify.max_user_instances=1024",
		"sudo chmod 666 /dev/uinput until the next reboot.":           "",
		"dockerd must be restarted":                                   "",
		"echo 'options nvidia_drm modeset=1' | sudo tee /etc/x, boot": "",
	}
	for in, want := range tests {
		if got, ok := commandOf(in); got != want || ok != (want != "") {
			t.Errorf("commandOf(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	notes := []string{
		"incident/a.log (wolf-1): local times are UTC+01:00",
		"incident/b.log (wolf-1): local times are UTC+01:00",
		"incident/b.log: local times are UTC+02:00",
		"incident/a.log: anchored within 586ms at worst",
		"incident/b.log: anchored within 1.2s at worst",
		"incident/b.log has no date",
		"the number of sessions of lifetime 1 is a lower bound",
		"the number of sessions of lifetime 2 is a lower bound",
	}
	tests := []struct {
		name   string
		inputs []string
		want   []string
	}{
		{"two logs", []string{"incident/a.log", "incident/b.log"}, []string{
			"a.log (wolf-1), b.log (wolf-1): local times are UTC+01:00", "b.log: local times are UTC+02:00",
			"a.log, b.log: anchored within 586ms at worst (figures of the first)", "b.log: the log has no date",
			"the number of sessions of lifetime 1 is a lower bound (and 1 more like this)"}},
		{"one log", []string{"incident/b.log"}, []string{
			"incident/a.log (wolf-1): local times are UTC+01:00", "wolf-1: local times are UTC+01:00", "local times are UTC+02:00",
			"incident/a.log: anchored within 586ms at worst", "anchored within 1.2s at worst", "the log has no date",
			"the number of sessions of lifetime 1 is a lower bound (and 1 more like this)"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := &report.Report{}
			for _, name := range tc.inputs {
				r.Inputs = append(r.Inputs, report.Input{Name: name, Kind: "file"})
			}
			if d := cmp.Diff(tc.want, namesOf(r).fold(notes)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}
