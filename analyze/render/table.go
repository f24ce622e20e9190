package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a small table without borders: a header, rows of plain text, and
// columns that may be aligned right. It is the only user of the table library.
type Table struct {
	Header []string
	Rows   [][]string
	Right  []int // columns aligned right
	Indent int   // blanks before each line
}

// Write prints the table; nothing when it has no rows. Cells must be plain
// text without escapes or newlines.
func (t *Table) Write(w io.Writer, p Palette) error {
	if len(t.Rows) == 0 {
		return nil
	}
	var buf bytes.Buffer
	align := make([]tw.Align, len(t.Header))
	for i := range align {
		align[i] = tw.AlignLeft
	}
	for _, c := range t.Right {
		align[c] = tw.AlignRight
	}
	padding := tw.CellPadding{Global: tw.Padding{Left: "", Right: "  ", Overwrite: true}}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    padding,
	}
	table := tablewriter.NewTable(&buf,
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell}),
		tablewriter.WithRendition(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		}))
	table.Header(t.Header)
	if err := table.Bulk(t.Rows); err != nil {
		return fmt.Errorf("lay out table: %w", err)
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("lay out table: %w", err)
	}
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
