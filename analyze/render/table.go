package render

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a small table without borders: a header, rows of plain text, and
// columns that may be aligned right. It is the only user of the table library.
type Table struct {
	Header []string
	Rows   [][]string
	Right  []int  // columns aligned right
	Shrink []int  // columns to clip, one after the other, when the table is too wide
	Middle []int  // those of Shrink that lose their middle: paths with lines
	Width  int    // columns of the terminal; 0: as wide as the cells are
	Indent int    // blanks before each line
	Tail   string // marks what was clipped; "": an ellipsis
}

const (
	gutter    = 2  // blanks between columns
	minColumn = 10 // what Shrink leaves of a column
)

// fixedWidths tells the library to measure text as this package does, and not
// by the locale of whoever runs it.
var fixedWidths = sync.OnceFunc(func() { twwidth.SetOptions(twwidth.Options{}) })

// unjoin takes pictures apart that are joined from several: the library measures
// each, terminals differ.
func unjoin(s string) string {
	joins := func(r rune) bool {
		return r == 0x200d || r == 0xfe0e || r == 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff
	}
	if strings.IndexFunc(s, joins) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if joins(r) {
			return -1
		}
		return r
	}, s)
}

// fit clips the cells of the columns in Shrink until the table is not wider
// than Width, or nothing is left to take.
func (t *Table) fit() {
	for _, row := range t.Rows {
		for c := range row {
			row[c] = unjoin(row[c])
		}
	}
	if t.Width <= 0 {
		return
	}
	if t.Tail == "" {
		t.Tail = "…"
	}
	total := t.Indent - gutter
	widths := make([]int, len(t.Header))
	for c := range t.Header {
		widths[c] = width(t.Header[c])
		for _, row := range t.Rows {
			widths[c] = max(widths[c], width(row[c]))
		}
		total += gutter + widths[c]
	}
	for _, c := range t.Shrink {
		to := max(widths[c]-max(total-t.Width, 0), minColumn, width(t.Header[c]))
		if to >= widths[c] {
			continue
		}
		shorten := clipWith
		if slices.Contains(t.Middle, c) {
			shorten = clipMiddle
		}
		for _, row := range t.Rows {
			row[c] = shorten(row[c], to, t.Tail)
		}
		total -= widths[c] - to
	}
}

// Write prints the table; nothing when it has no rows. Cells must be plain
// text without escapes or newlines.
func (t *Table) Write(w io.Writer, p Palette) error {
	if len(t.Rows) == 0 {
		return nil
	}
	fixedWidths()
	t.fit()
	var buf bytes.Buffer
	t.layOut(&buf)
	pad := strings.Repeat(" ", t.Indent)
	for i, line := range strings.Split(strings.TrimRight(buf.String(), "\n"), "\n") {
		line = strings.TrimRight(line, " ")
		if i == 0 {
			line = p.Dim(line)
		}
		if _, err := fmt.Fprintf(w, "%s%s\n", pad, line); err != nil {
			return err
		}
	}
	return nil
}

// layOut has the library draw the header and the rows, line by line. Its table,
// which does the same, makes 800 KB of caches for each.
func (t *Table) layOut(w io.Writer) {
	widths := tw.NewMapper[int, int]()
	for c := range t.Header {
		widths[c] = twwidth.Width(t.Header[c]) + gutter
		for _, row := range t.Rows {
			widths[c] = max(widths[c], twwidth.Width(row[c])+gutter)
		}
	}
	lines := renderer.NewBlueprint(tw.Rendition{
		Borders:  tw.BorderNone,
		Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
	})
	_ = lines.Start(w) // cannot fail
	line := func(row []string) {
		cells := make(map[int]tw.CellContext, len(row))
		for c, text := range row {
			cell := tw.CellContext{Data: text, Align: tw.AlignLeft, Padding: tw.Padding{Right: strings.Repeat(" ", gutter), Overwrite: true}}
			if slices.Contains(t.Right, c) {
				cell.Align = tw.AlignRight
			}
			cells[c] = cell
		}
		lines.Row(row, tw.Formatting{Row: tw.RowContext{Position: tw.Row, Current: cells, Widths: widths}})
	}
	line(t.Header)
	for _, row := range t.Rows {
		line(row)
	}
}
