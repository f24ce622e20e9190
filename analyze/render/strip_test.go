package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/report"
)

// TestStrip: bars lie where their times are and end in what came of them; of two
// in one place the worse one shows.
func TestStrip(t *testing.T) {
	t.Parallel()
	at := func(minute int) *time.Time {
		t := time.Date(2025, 10, 2, 6, minute, 0, 0, time.UTC)
		return &t
	}
	r := &report.Report{
		Period:    report.Period{From: at(0), To: at(50)},
		Lifetimes: []report.Lifetime{{Start: at(0), End: at(20), EndKind: "crash"}, {Start: at(25), EndKind: "running"}},
		Sessions: []report.Session{
			{Number: 1, Start: at(2), End: at(10), Outcome: report.Worked}, {Number: 2, Start: at(12), End: at(20), Outcome: report.Failed}, {Number: 3, Start: at(30), End: at(50), Outcome: report.Running},
			{Number: 4, Start: at(12), End: at(20), Outcome: report.Worked},
		},
		Timeline: report.Timeline{Episodes: []report.Episode{{Start: at(20), End: at(20), Title: "x", Failing: true, Count: 1}}},
	}
	for _, tc := range []struct {
		name  string
		ascii bool
		width int
		want  string
	}{
		{"80 columns", false, 80, `
wolf         05:59:00 ───────────────────✗    ────────────────────────▸ 06:51:00
sessions                ────────✓ ───────✗         ───────────────────▸
failures                                 ✗`},
		{"ASCII", true, 70, `
wolf         05:59:00 ---------------X   -------------------> 06:51:00
sessions                ------+------x       --------------->
failures                             x`},
		{"too narrow", false, 50, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			g := &page{w: &b, p: PlainPalette(), o: Options{Width: tc.width, ASCII: tc.ascii}}
			drawn := g.strip(r, 0, screenLabel)
			var lines []string
			for line := range strings.Lines(b.String()) {
				lines = append(lines, strings.TrimSuffix(line, "\n"))
			}
			if got := strings.Join(lines, "\n"); got != strings.TrimPrefix(tc.want, "\n") || drawn != (tc.want != "") {
				t.Errorf("got:\n%s\nwant:%s", got, tc.want)
			}
		})
	}
}
