package render

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// byLibrary lays a table out with the library's own table.
func byLibrary(t *testing.T, table *Table) string {
	t.Helper()
	var buf bytes.Buffer
	align := make([]tw.Align, len(table.Header))
	for i := range align {
		align[i] = tw.AlignLeft
	}
	for _, c := range table.Right {
		align[c] = tw.AlignRight
	}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    tw.CellPadding{Global: tw.Padding{Left: "", Right: "  ", Overwrite: true}},
	}
	lib := tablewriter.NewTable(&buf, tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell}),
		tablewriter.WithRendition(tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone}}))
	lib.Header(table.Header)
	if err := lib.Bulk(table.Rows); err != nil {
		t.Fatal(err)
	}
	if err := lib.Render(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// TestTableAsLibrary: lines drawn one by one are those of the library's table.
func TestTableAsLibrary(t *testing.T) {
	fixedWidths()
	words := []string{"", "a", "12", "…", "日本語", "total", "a b", " lead", "trail ", "ünder", "→ x", "e\u0301", "/var/log/wolf.log:12", "-", "×3", "%d", "▸ go"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		columns := 1 + rnd.IntN(5)
		row := func() []string {
			out := make([]string, columns)
			for c := range out {
				out[c] = strings.Repeat(words[rnd.IntN(len(words))], 1+rnd.IntN(2))
			}
			return out
		}
		table := &Table{Header: row()}
		for range 1 + rnd.IntN(4) {
			table.Rows = append(table.Rows, row())
		}
		for c := range columns {
			if rnd.IntN(2) == 0 {
				table.Right = append(table.Right, c)
			}
		}
		var got bytes.Buffer
		table.layOut(&got)
		if want := byLibrary(t, table); got.String() != want {
			t.Fatalf("%q %q right %v:\n%s\nwant\n%s", table.Header, table.Rows, table.Right, got.String(), want)
		}
	}
}
