package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

// Format is an output format.
type Format string

// The formats of --format.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// Formats lists them in the order help shows them.
func Formats() []Format { return []Format{Text, JSON, Markdown, HTML} }

// Options of a rendering.
type Options struct {
	Palette Palette       // of Text; zero: no colour
	Width   int           // columns of Text; 0: 80
	All     bool          // also what is benign, all patterns and all templates
	Short   bool          // Text on one screen: the verdict, why, what to run and to do; All overrides it
	ASCII   bool          // Text draws with ASCII only: bars, dots, dashes; words from the log stay as they are
	Reload  time.Duration // HTML: the page asks for itself again after so long, in whole seconds; 0: never
	Written time.Time     // HTML: when the page was written; zero: it does not say
	Redact  bool          // mask addresses, session ids, keys, names of users and machines; always on for Markdown and HTML
}

// Report writes r in format f. The machine formats contain no escape byte.
func Report(w io.Writer, r *report.Report, f Format, o Options) error {
	if o.fill(); o.masks(f) {
		r = redacted(redact.New(), r)
	}
	switch f {
	case Text:
		if o.Short && !o.All {
			return writeScreen(w, r, o)
		}
		return writeText(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case Markdown:
		return writeMarkdown(w, r, o)
	case HTML:
		return writeHTML(w, r, o)
	}
	return fmt.Errorf("unknown format %q: want text, json, markdown or html", f)
}

// fill gives zero values their meaning.
func (o *Options) fill() {
	if o.Palette.Bad == nil {
		o.Palette = PlainPalette()
	}
	if o.Width <= 0 {
		o.Width = 80
	}
}

// masks reports whether a report in a format leaves the operator's machine.
func (o *Options) masks(f Format) bool { return o.Redact || f == Markdown || f == HTML }

// writeJSON prints v indented; HTML characters stay as they are in a log.
func writeJSON(w io.Writer, v any) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return b.Flush()
}

// Compare writes a comparison in format f. The machine formats contain no escape
// byte.
func Compare(w io.Writer, r *compare.Report, f Format, o Options) error {
	if o.fill(); o.masks(f) {
		out := &compare.Report{}
		if err := redact.New().Into(r, out); err != nil {
			return err
		}
		r = out
	}
	switch f {
	case Text:
		return compareText(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case Markdown:
		return compareMarkdown(w, r, o)
	case HTML:
		return compareHTML(w, r, o)
	}
	return fmt.Errorf("unknown format %q: want text, json, markdown or html", f)
}

// Dumps writes a report on crash dumps in format f. The machine formats contain
// no escape byte.
func Dumps(w io.Writer, r *dump.Report, f Format, o DumpsOptions) error {
	if o.fill(); o.masks(f) {
		var err error
		if r, err = redactedDumps(r); err != nil {
			return err
		}
	}
	switch f {
	case Text:
		return dumpsText(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case Markdown:
		return dumpsMarkdown(w, r, o)
	case HTML:
		return dumpsHTML(w, r, o)
	}
	return fmt.Errorf("unknown format %q: want text, json, markdown or html", f)
}

// Fleet writes the diagnosis of a fleet in format f. The machine formats contain
// no escape byte.
func Fleet(w io.Writer, r *fleet.Report, f Format, o Options) error {
	if o.fill(); o.masks(f) {
		out := &fleet.Report{}
		if err := redact.New().Into(r, out); err != nil {
			return err
		}
		r = out
	}
	switch f {
	case Text:
		return fleetText(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case Markdown:
		return fleetMarkdown(w, r, o)
	case HTML:
		return fleetHTML(w, r, o)
	}
	return fmt.Errorf("unknown format %q: want text, json, markdown or html", f)
}
