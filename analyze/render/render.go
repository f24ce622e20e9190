package render

import (
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
	return write(w, r, f, o, kind[report.Report]{
		masked: func(r *report.Report) (*report.Report, error) { return redacted(redact.New(), r), nil },
		text: func(w io.Writer, r *report.Report, o Options) error {
			if o.Short && !o.All {
				return writeScreen(w, r, o)
			}
			return writeText(w, r, o)
		},
		markdown: writeMarkdown,
		html:     writeHTML,
	})
}

// Compare writes a comparison in format f. The machine formats contain no escape
// byte.
func Compare(w io.Writer, r *compare.Report, f Format, o Options) error {
	return write(w, r, f, o, kind[compare.Report]{masked: masked[compare.Report], text: compareText, markdown: compareMarkdown, html: compareHTML})
}

// Dumps writes a report on crash dumps in format f. The machine formats contain
// no escape byte.
func Dumps(w io.Writer, r *dump.Report, f Format, o DumpsOptions) error {
	with := func(to func(io.Writer, *dump.Report, DumpsOptions) error) func(io.Writer, *dump.Report, Options) error {
		return func(w io.Writer, r *dump.Report, filled Options) error {
			return to(w, r, DumpsOptions{Options: filled, AllFrames: o.AllFrames})
		}
	}
	return write(w, r, f, o.Options, kind[dump.Report]{masked: masked[dump.Report], text: with(dumpsText), markdown: with(dumpsMarkdown), html: with(dumpsHTML)})
}

// Fleet writes the diagnosis of a fleet in format f. The machine formats contain
// no escape byte.
func Fleet(w io.Writer, r *fleet.Report, f Format, o Options) error {
	return write(w, r, f, o, kind[fleet.Report]{masked: masked[fleet.Report], text: fleetText, markdown: fleetMarkdown, html: fleetHTML})
}

// kind is how reports of one kind are masked and written. JSON is the report
// itself.
type kind[R any] struct {
	masked               func(*R) (*R, error) // a copy without what tells of people and machines
	text, markdown, html func(io.Writer, *R, Options) error
}

// write writes r in format f, masked where that format leaves the machine.
func write[R any](w io.Writer, r *R, f Format, o Options, k kind[R]) error {
	if o.fill(); o.masks(f) {
		var err error
		if r, err = k.masked(r); err != nil {
			return err
		}
	}
	switch f {
	case Text:
		return k.text(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case Markdown:
		return k.markdown(w, r, o)
	case HTML:
		return k.html(w, r, o)
	}
	return fmt.Errorf("unknown format %q: want text, json, markdown or html", f)
}

// masked masks every string of a copy of r.
func masked[R any](r *R) (*R, error) {
	out := new(R)
	if err := redact.New().Into(r, out); err != nil {
		return nil, err
	}
	return out, nil
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
