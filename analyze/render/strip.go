package render

import (
	"slices"
	"strings"

	"wolfdiag/analyze/picture"
	"wolfdiag/analyze/report"
)

// glyph is how a class ends a bar, or stands for an event, in text.
type glyph struct {
	mark, ascii string
	paint       func(Palette) func(string) string
}

var stripGlyphs = map[picture.Class]glyph{
	picture.Crash:   {"✗", "X", func(p Palette) func(string) string { return p.Bad }},
	picture.Failed:  {"✗", "x", func(p Palette) func(string) string { return p.Bad }},
	picture.Warning: {"!", "!", func(p Palette) func(string) string { return p.Warn }},
	picture.Killed:  {"†", "k", func(p Palette) func(string) string { return p.Warn }},
	picture.Unclear: {"?", "?", func(p Palette) func(string) string { return p.Dim }},
	picture.Ended:   {"|", "|", func(p Palette) func(string) string { return p.Dim }},
	picture.Running: {"▸", ">", func(p Palette) func(string) string { return p.Good }},
	picture.Worked:  {"✓", "+", func(p Palette) func(string) string { return p.Good }},
}

// stripWords say what the marks mean, in the order of a legend.
var stripWords = []struct {
	class picture.Class
	words string
}{
	{picture.Crash, "crashed"}, {picture.Failed, "failed"}, {picture.Warning, "warning"}, {picture.Worked, "worked"}, {picture.Running, "goes on"},
	{picture.Unclear, "not known"}, {picture.Killed, "ended from outside"}, {picture.Ended, "ended by itself"},
}

// leastStrip is how many columns of time are worth a picture.
const leastStrip = 30

// strip draws the picture of a report as up to three rows of text: lifetimes of
// Wolf, sessions, failures with crashes. A bar ends in what came of it. Nothing is
// drawn where neither a session nor a failure has a time.
func (g *page) strip(r *report.Report, indent, column int) bool {
	p := picture.Of(r)
	if p == nil {
		return false
	}
	rows := map[string][]picture.Mark{}
	for i := range p.Lanes {
		l := &p.Lanes[i]
		switch l.Title {
		case picture.LaneLifetimes:
			rows["wolf"] = append(rows["wolf"], l.Marks...)
		case picture.LaneSessions:
			rows["sessions"] = append(rows["sessions"], l.Marks...)
		default:
			rows["failures"] = append(rows["failures"], l.Marks...)
		}
	}
	layout := "15:04:05"
	if p.From.UTC().YearDay() != p.To.UTC().YearDay() || p.To.Sub(p.From).Hours() > 24 {
		layout = "Jan 02 15:04"
	}
	from, to := p.From.UTC().Format(layout), p.To.UTC().Format(layout)
	cells := min(g.o.Width, 120) - indent - column - len(from) - len(to) - 2
	if cells < leastStrip || len(rows["sessions"])+len(rows["failures"]) == 0 {
		return false
	}
	blank := strings.Repeat(" ", len(from))
	for _, name := range []string{"wolf", "sessions", "failures"} {
		if len(rows[name]) == 0 {
			continue
		}
		line := g.stripRow(rows[name], cells)
		line = strings.Repeat(" ", indent) + g.p.Dim(pad(name, column)) + g.p.Dim(from) + " " + line + " " + g.p.Dim(to)
		g.line("%s", strings.TrimRight(line, " "))
		from, to = blank, ""
	}
	return true
}

// stripRow draws marks on so many cells; of two in one cell the worse one shows.
func (g *page) stripRow(marks []picture.Mark, cells int) string {
	type cell struct {
		class picture.Class
		end   bool
	}
	row := make([]cell, cells)
	put := func(i int, c cell) {
		i = min(max(i, 0), cells-1)
		old := row[i]
		if old.class == "" || c.end && !old.end || c.end == old.end && c.class.Worse(old.class) {
			row[i] = c
		}
	}
	for i := range marks {
		m := &marks[i]
		first, last := int(m.X*float64(cells)/100), int((m.X+m.Width)*float64(cells)/100)
		for k := first; k < last; k++ {
			put(k, cell{m.Class, false})
		}
		put(last, cell{m.Class, true})
	}
	var out, part strings.Builder
	var now picture.Class
	flush := func() {
		if now == "" {
			out.WriteString(part.String())
		} else {
			out.WriteString(stripGlyphs[now].paint(g.p)(part.String()))
		}
		part.Reset()
	}
	for _, c := range row {
		if c.class != now {
			flush()
			now = c.class
		}
		x := stripGlyphs[c.class]
		switch {
		case c.class == "":
			part.WriteByte(' ')
		case g.o.ASCII && c.end:
			part.WriteString(x.ascii)
		case g.o.ASCII:
			part.WriteByte('-')
		case c.end:
			part.WriteString(x.mark)
		default:
			part.WriteString("─")
		}
	}
	flush()
	return out.String()
}

// timeline is the strip as a section, with a legend of what it shows.
func (g *page) timeline(r *report.Report) {
	var b strings.Builder
	w := g.w
	g.w = &b
	drawn := g.strip(r, 2, 11)
	g.w = w
	if !drawn {
		return
	}
	g.head("Timeline (UTC)")
	g.line("%s", strings.TrimSuffix(b.String(), "\n"))
	var legend []string
	p := picture.Of(r)
	for _, x := range stripWords {
		if slices.ContainsFunc(p.Lanes, func(l picture.Lane) bool { return slices.Contains(l.Classes, x.class) }) {
			mark := stripGlyphs[x.class].mark
			if g.o.ASCII {
				mark = stripGlyphs[x.class].ascii
			}
			if n := len(legend) - 1; n >= 0 && strings.HasPrefix(legend[n], mark+" ") {
				legend[n] += " or " + x.words
				continue
			}
			legend = append(legend, mark+" "+x.words)
		}
	}
	g.labelled(2, 11, "", "", strings.Join(legend, ", "), g.p.Dim)
}
