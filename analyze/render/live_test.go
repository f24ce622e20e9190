package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

func liveCause() *report.Cause {
	at := time.Date(2025, 10, 2, 6, 40, 11, 0, time.UTC)
	return &report.Cause{ID: "gpu-lost", Title: "the GPU is \x1b[31mlost", Probability: 0.875, Summary: "Rests on: a refusal from 139.28.87.179.",
		FirstSeen: &at, Evidence: []report.Evidence{
			{Pattern: "p1", Title: "refused", Count: 3, Weight: 2.5, First: report.Where{Input: "wolf.log", Line: 7, Time: &at, Text: "no \x07 access"}},
			{Title: "second"}, {Title: "third"}, {Title: "fourth"},
		}, Workaround: []string{"$ docker restart wolf"}}
}

// TestLive prints an incident, its updates and a status, in letters for
// colours, on a terminal and elsewhere.
func TestLive(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 40, 12, 0, time.UTC)
	play := func(o LiveOptions) string {
		var b bytes.Buffer
		l := NewLive(&b, o)
		l.Status("19 lines")
		l.Update(now, 1, "more", "#1 gpu-lost: ×2 more, 5 in all")
		l.Update(now, 1, "more", "#1 gpu-lost: ×4 more, 9 in all")
		l.Update(now, 2, "recovery", "#2 other: recovered")
		l.Say(now, "notice", "wolf.log: was\x1b]0;x\x07 truncated by 10.0.0.7")
		l.Clear()
		if l.Err() != nil {
			t.Fatal(l.Err())
		}
		return strings.NewReplacer("\x1b[2K", "<clear>", "\x1b[J", "<rest>", "\x1b[1A", "<up>", "\r", "<cr>").Replace(b.String())
	}
	for _, tt := range []struct {
		name string
		o    LiveOptions
		want string
	}{
		{"pipe", LiveOptions{Options: Options{Palette: LetterPalette()}}, `{D:06:40:12}  {W:#1 gpu-lost: ×2 more, 5 in all}
{D:06:40:12}  {W:#1 gpu-lost: ×4 more, 9 in all}
{D:06:40:12}  {G:#2 other: recovered}
{D:06:40:12}  {D:wolf.log: was·]0;x· truncated by 10.0.0.7}
`},
		{"terminal", LiveOptions{Options: Options{Palette: LetterPalette(), Width: 60}, Terminal: true},
			`<cr><clear>{D:19 lines}<cr><clear>{D:06:40:12}  {W:#1 gpu-lost: ×2 more, 5 in all}
{D:19 lines}<cr><clear><up><rest>{D:06:40:12}  {W:#1 gpu-lost: ×4 more, 9 in all}
{D:19 lines}<cr><clear>{D:06:40:12}  {G:#2 other: recovered}
{D:19 lines}<cr><clear>{D:06:40:12}  {D:wolf.log: was·]0;x· truncated by 10.0.0.7}
{D:19 lines}<cr><clear>`},
		{"masked", LiveOptions{Options: Options{Redact: true}}, `06:40:12  #1 gpu-lost: ×2 more, 5 in all
06:40:12  #1 gpu-lost: ×4 more, 9 in all
06:40:12  #2 other: recovered
06:40:12  wolf.log: was·]0;x· truncated by ip-1
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, play(tt.o)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLiveResize cuts rows where the terminal ends now, and replaces none that
// may have been wrapped.
func TestLiveResize(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 40, 12, 0, time.UTC)
	var b bytes.Buffer
	l := NewLive(&b, LiveOptions{Options: Options{Width: 80}, Terminal: true})
	l.Update(now, 1, "more", "#1 a cause with a long name: ×1")
	l.Resize(30)
	l.Update(now, 1, "more", "#1 a cause with a long name: ×2")
	l.Update(now, 1, "more", "#1 a cause with a long name: ×3")
	l.Resize(30)
	l.Update(now, 1, "more", "#1 a cause with a long name: ×4")
	l.Status("a status with more columns than the terminal")
	want := `06:40:12  #1 a cause with a long name: ×1
06:40:12  #1 a cause with a l…
a status with more columns t…`
	if diff := cmp.Diff(want, screen(t, b.String())); diff != "" {
		t.Error(diff)
	}
}

// TestLiveIncident shows what is asked of it, cleaned, and no more evidence
// than a glance takes in.
func TestLiveIncident(t *testing.T) {
	var b bytes.Buffer
	NewLive(&b, LiveOptions{Options: Options{Redact: true}}).Incident(time.Date(2025, 10, 2, 6, 40, 12, 0, time.UTC), 3, liveCause())
	got := b.String()
	for _, want := range []string{"06:40:12  incident 3  ", "88 %", "refused", "wolf.log:7", "$ docker restart wolf", "from ip-1"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if strings.ContainsAny(got, "\x1b\x07") || strings.Contains(got, "fourth") || strings.Contains(got, "139.28") {
		t.Errorf("holds what it must not:\n%q", got)
	}
}

func TestLiveStatus(t *testing.T) {
	start := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
	n := 4
	got := LiveStatus(12345, 17.6, 2, 1, &report.Lifetime{Start: &start, EndKind: "running", Sessions: &n}, start.Add(3*time.Hour), "GPU 91 %")
	if want := "12,345 lines, 18/s · 2 sources · Wolf up 3h00m · 4 sessions · GPU 91 % · 1 open incident"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// screen is what a terminal shows of a Live's output.
func screen(t *testing.T, out string) string {
	t.Helper()
	rows, at := []string{""}, 0
	for out != "" {
		n := 1
		switch {
		case out[0] == '\n':
			if at++; at == len(rows) {
				rows = append(rows, "")
			}
		case out[0] == '\r':
		case strings.HasPrefix(out, "\x1b[2K"):
			rows[at], n = "", 4
		case strings.HasPrefix(out, "\x1b[J"):
			rows, n = append(rows[:at:at], ""), 3
		case strings.HasPrefix(out, "\x1b["):
			up, end := 0, strings.IndexByte(out, 'A')
			for _, c := range out[2:end] {
				up = 10*up + int(c-'0')
			}
			at, n = at-up, end+1
		default:
			rows[at] += out[:1]
		}
		out = out[n:]
	}
	return strings.Join(rows, "\n")
}

// TestLiveFold replaces the updates of several incidents, and nothing that
// stands above another event or has scrolled up.
func TestLiveFold(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 40, 12, 0, time.UTC)
	var b bytes.Buffer
	l := NewLive(&b, LiveOptions{Terminal: true})
	l.Status("status")
	for i := range 4 {
		l.Update(now, 1, "more", "#1 a: ×"+string(rune('0'+i)))
		l.Update(now, 2, "more", "#2 b: ×"+string(rune('0'+i)))
	}
	l.Say(now, "notice", "something else")
	for i := range 12 {
		l.Update(now, i+1, "more", "#"+string(rune('a'+i))+" first")
	}
	l.Update(now, 1, "more", "#a second, its row is out of reach")
	l.Update(now, 8, "more", "#h second")
	l.Status("status, newer")
	want := `06:40:12  #1 a: ×3
06:40:12  #2 b: ×3
06:40:12  something else
06:40:12  #a first
06:40:12  #b first
06:40:12  #c first
06:40:12  #d first
06:40:12  #e first
06:40:12  #f first
06:40:12  #g first
06:40:12  #i first
06:40:12  #j first
06:40:12  #k first
06:40:12  #l first
06:40:12  #a second, its row is out of reach
06:40:12  #h second
status, newer`
	if diff := cmp.Diff(want, screen(t, b.String())); diff != "" {
		t.Error(diff)
	}
}
