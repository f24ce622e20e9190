package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wolfdiag/analyze/picture"
	"wolfdiag/analyze/report"
)

// Measures of the drawing, in pixels. Places on the axis are in percent, so that
// text keeps its size on a page of any width.
const (
	drawTop   = 4
	drawName  = 18 // the title of a lane
	drawRow   = 18
	drawBar   = 12
	drawBin   = 30 // a bar of a lane of bins
	drawCurve = 44
	drawTick  = 16
	drawTip   = 92
	maxTip    = 260 // characters of a line in a tip
	maxHits   = 24  // places of a curve that tell their value
)

// glyphs are drawn on marks of the classes that matter, so that colour is not all
// that tells them apart.
var glyphs = map[picture.Class]string{
	picture.Crash:   "M-5 -5L5 5M5 -5L-5 5",
	picture.Failed:  "M0 -6L6 5L-6 5Z",
	picture.Warning: "M0 -5L5 0L0 5L-5 0Z",
	picture.Killed:  "M-4 -4L4 -4L4 4L-4 4Z",
}

// drawing is a picture as the template draws it.
type drawing struct {
	Caption       string
	Height, Foot  int
	TickY         int
	TipY, TipTall int
	Ticks         []picture.Tick
	Starts        []float64
	Lanes         []drawnLane
	Curves        []drawnCurve
	Legend        []legend
	Remarks       []string
	Rows          []drawnMark
}

type drawnLane struct {
	Title  string
	TitleY int
	Marks  []drawnMark
}

type drawnMark struct {
	ID                       int
	Class                    string
	X, Width, Middle         float64
	Y, Tall, Rest            int
	GlyphY                   int
	Glyph                    string
	When, Title, Where, Text string
	TipY, TipTall            int
}

// Words is the mark for those who do not see it.
func (m *drawnMark) Words() string {
	s := m.Title
	if m.When != "" {
		s = m.When + " " + s
	}
	for _, more := range []string{m.Where, m.Text} {
		if more != "" {
			s += "; " + more
		}
	}
	return s
}

type drawnCurve struct {
	Title      string
	TitleY     int
	Y, Tall    int
	Line, Area string
	Marks      []drawnMark
}

type legend struct{ Class, Text, Glyph string }

// drawn lays a picture out; nil for one without marks.
func drawn(p *picture.Picture) *drawing {
	if p.Empty() {
		return nil
	}
	from, to := p.From, p.To
	d := &drawing{TipTall: drawTip, Caption: "What happened when, " + span(&from, &to) + " UTC"}
	for _, t := range p.Ticks {
		d.Ticks = append(d.Ticks, picture.Tick{X: places(t.X), Text: t.Text})
	}
	for _, x := range p.Starts {
		d.Starts = append(d.Starts, places(x))
	}
	y := drawTop
	var classes []picture.Class
	for i := range p.Lanes {
		l := &p.Lanes[i]
		lane := drawnLane{Title: clip(clean(l.Title), 72), TitleY: y + 12}
		if l.Unplaced > 0 {
			d.Remarks = append(d.Remarks, fmt.Sprintf("%s: %s off this axis, or of unknown time.", lane.Title, report.Count(int64(l.Unplaced))))
		}
		if len(l.Marks) == 0 {
			continue
		}
		y += drawName
		tall, most := drawBar, 0
		if l.Binned {
			tall = drawBin
			most = slices.MaxFunc(l.Marks, func(a, b picture.Mark) int { return a.Count - b.Count }).Count
		}
		for k := range l.Marks {
			lane.Marks = append(lane.Marks, drawnOf(&l.Marks[k], y, tall, most))
		}
		y += (max(l.Rows, 1)-1)*drawRow + tall + 8
		d.Lanes = append(d.Lanes, lane)
		for _, c := range l.Classes {
			if !slices.Contains(classes, c) {
				classes = append(classes, c)
			}
		}
		if l.Binned {
			d.Remarks = append(d.Remarks, fmt.Sprintf("%s: too many to draw one by one; each bar stands for those that began in its time, the darker part for the worst of them.", lane.Title))
		}
	}
	id := p.Marks()
	for i := range p.Curves {
		c := drawnCurveOf(&p.Curves[i], y, &id)
		y += drawName + drawCurve + 8
		d.Curves = append(d.Curves, c)
	}
	for _, s := range p.Off {
		d.Remarks = append(d.Remarks, clean(s)+".")
	}
	d.Foot = y
	d.TickY = y + drawTick - 4
	d.TipY = y + drawTick
	d.Height = d.TipY + drawTip
	slices.SortFunc(classes, func(a, b picture.Class) int { return strings.Compare(string(a), string(b)) })
	for _, c := range classes {
		d.Legend = append(d.Legend, legend{string(c), c.Words(), glyphs[c]})
	}
	if len(d.Starts) > 0 {
		d.Legend = append(d.Legend, legend{"begin", "dashed line: a start of Wolf", ""})
	}
	d.rows()
	return d
}

// drawnOf places a mark; in a lane of bins, most is the number that the fullest
// stands for, and 0 elsewhere.
func drawnOf(m *picture.Mark, y, tall, most int) drawnMark {
	out := drawnMark{ID: m.ID, Class: string(m.Class), X: places(m.X), Width: places(m.Width), Middle: places(m.X + min(m.Width/2, 0.8)),
		Y: y + m.Row*drawRow, Tall: tall, When: m.When, Title: upperFirst(clean(m.Title)), Where: clean(m.Where), Text: clipText(clean(m.Text), maxTip), Glyph: glyphs[m.Class]}
	out.GlyphY = out.Y + tall/2
	if m.CutLeft {
		out.Title += " (began before this axis)"
	}
	if most > 0 {
		out.Glyph = ""
		out.Tall = max(tall*m.Count/most, 6)
		out.Y += tall - out.Tall
		out.Rest = int(float64(out.Tall)*(1-m.Share) + 0.5)
	}
	return out
}

func drawnCurveOf(c *picture.Curve, y int, id *int) drawnCurve {
	value := func(v float64) string {
		return fmt.Sprintf("%s %s", report.Count(int64(v+0.5)), clip(clean(c.Unit), 12))
	}
	out := drawnCurve{TitleY: y + 12, Y: y + drawName, Tall: drawCurve}
	out.Title = fmt.Sprintf("%s: %s", clip(clean(c.Name), 40), value(c.Last))
	if c.Low != c.High {
		out.Title = fmt.Sprintf("%s: %s to %s", clip(clean(c.Name), 40), report.Count(int64(c.Low+0.5)), value(c.High))
	}
	if c.Limited {
		out.Title += " of " + value(c.Top)
	}
	var line []string
	at := func(x, y float64) string { return fmt.Sprintf("%.2f,%.2f", x, 100-y) }
	for _, p := range c.Points {
		line = append(line, at(p.X, p.Y))
	}
	if len(c.Points) == 1 { // a reading alone is a short line
		p := c.Points[0]
		line = []string{at(max(p.X-1, 0), p.Y), at(min(p.X+1, 100), p.Y)}
	}
	out.Line = strings.Join(line, " ")
	first, _, _ := strings.Cut(line[0], ",")
	end, _, _ := strings.Cut(line[len(line)-1], ",")
	out.Area = fmt.Sprintf("%s,100 %s %s,100", first, out.Line, end)
	step := (len(c.Points) + maxHits - 1) / maxHits
	for i := 0; i < len(c.Points); i += step {
		part := c.Points[i:min(i+step, len(c.Points))]
		top := slices.MaxFunc(part, func(a, b picture.Dot) int {
			switch {
			case a.Value < b.Value:
				return -1
			case a.Value > b.Value:
				return 1
			}
			return 0
		})
		*id++
		m := drawnMark{ID: *id, Class: "dot", X: places(part[0].X), Y: out.Y, Tall: out.Tall, When: top.When, Title: fmt.Sprintf("%s: %s", clean(c.Name), value(top.Value))}
		right := part[len(part)-1].X
		if i+step < len(c.Points) {
			right = c.Points[i+step].X
		}
		m.Width = places(max(right-part[0].X, 1))
		m.X = places(min(m.X, 100-m.Width))
		if c.Limited {
			m.Title += fmt.Sprintf(" of %s (%.0f\u00a0%%)", value(c.Top), top.Y)
		}
		out.Marks = append(out.Marks, m)
	}
	return out
}

// rows lists all marks, and tells each where its tip is.
func (d *drawing) rows() {
	for i := range d.Lanes {
		for k := range d.Lanes[i].Marks {
			m := &d.Lanes[i].Marks[k]
			m.TipY, m.TipTall = d.TipY, d.TipTall
			d.Rows = append(d.Rows, *m)
		}
	}
	for i := range d.Curves {
		for k := range d.Curves[i].Marks {
			m := &d.Curves[i].Marks[k]
			m.TipY, m.TipTall = d.TipY, d.TipTall
			d.Rows = append(d.Rows, *m)
		}
	}
}

// places keeps two digits: more are not seen.
func places(x float64) float64 { return float64(int(100*x+0.5)) / 100 }

// clipText shortens text to so many characters.
func clipText(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
