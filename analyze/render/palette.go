// Package render prints a diagnosis: for a terminal, as JSON, Markdown or
// HTML. Renderers write to an io.Writer, take colour and width as values, and
// never consult the process's environment.
package render

import (
	"github.com/fatih/color"

	"wolfdiag/internal/lazyregexp"
)

// Palette colours the parts of a report. Every field maps text to coloured
// text; PlainPalette returns it as it is. Text given to a palette has been
// cleaned of control bytes before.
type Palette struct {
	Bad    func(string) string // a cause was found, an error
	Warn   func(string) string // a rival, a warning
	Good   func(string) string // healthy
	Strong func(string) string // titles
	Dim    func(string) string // places, times, ids
	Code   func(string) string // commands
	Head   func(string) string // section heads
}

// ColorPalette is for terminals.
func ColorPalette() Palette {
	paint := func(attrs ...color.Attribute) func(string) string {
		c := color.New(attrs...)
		c.EnableColor()
		return func(s string) string {
			if s == "" {
				return ""
			}
			return c.Sprint(s)
		}
	}
	return Palette{
		Bad: paint(color.FgRed, color.Bold), Warn: paint(color.FgYellow), Good: paint(color.FgGreen, color.Bold),
		Strong: paint(color.Bold), Dim: paint(color.Faint), Code: paint(color.FgCyan), Head: paint(color.FgBlue, color.Bold),
	}
}

// PlainPalette colours nothing.
func PlainPalette() Palette {
	same := func(s string) string { return s }
	return Palette{Bad: same, Warn: same, Good: same, Strong: same, Dim: same, Code: same, Head: same}
}

// LetterPalette marks colours by letters, for golden files that people can
// read: {B:text} is what ColorPalette paints with Bad.
func LetterPalette() Palette {
	mark := func(letter string) func(string) string {
		return func(s string) string {
			if s == "" {
				return ""
			}
			return "{" + letter + ":" + s + "}"
		}
	}
	return Palette{Bad: mark("B"), Warn: mark("W"), Good: mark("G"), Strong: mark("S"), Dim: mark("D"), Code: mark("C"), Head: mark("H")}
}

// escapes are what ColorPalette adds to a text.
var escapes = lazyregexp.New(`\x1b\[[0-9;]*m`)
