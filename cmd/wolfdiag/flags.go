package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/render"
	"wolfdiag/patterns"
)

// output holds the flags every printing command shares.
type output struct {
	format string
	color  string
	width  int
	all    bool
	redact bool
	long   bool // -v
	short  bool
	pager  bool
}

func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "output `FORMAT`: text, json, markdown or html"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour text: `WHEN` is auto, always or never; NO_COLOR is honoured"},
		&cli.IntFlag{Name: "width", Usage: "`COLUMNS` of text output (default: those of the terminal, else 80)"},
		&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, Usage: "leave nothing out: all evidence, templates, patterns and lifetimes"},
		&cli.BoolFlag{Name: "no-pager", Usage: "never start a pager ($PAGER, else less) for what is longer than the terminal"},
		&cli.BoolFlag{Name: "redact", Usage: "mask addresses, session ids, keys, names of users and machines (markdown and html always do)"},
	}
}

// screenFlags choose between a report on one screen and the whole of it.
func screenFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "on a terminal too, the whole text report: evidence, weights, fixes, clocks"},
		&cli.BoolFlag{Name: "short", Usage: "the text report on one screen, as a terminal shows it, also into a pipe"},
	}
}

func outputOf(c *cli.Context) output {
	return output{format: c.String("format"), color: c.String("color"), width: c.Int("width"), all: c.Bool("all"), redact: c.Bool("redact"),
		long: c.Bool("verbose"), short: c.Bool("short"), pager: !c.Bool("no-pager")}
}

// options checks the flags and turns them into what the renderers take.
func (o output) options(e *env) (render.Format, render.Options, error) {
	var f render.Format
	for _, known := range render.Formats() {
		if o.format == string(known) || (o.format == "md" && known == render.Markdown) {
			f = known
		}
	}
	if f == "" {
		return "", render.Options{}, usagef("--format %q: want text, json, markdown or html", o.format)
	}
	color, err := e.useColor(o.color)
	if err != nil {
		return "", render.Options{}, err
	}
	if o.width != 0 && (o.width < 40 || o.width > 1000) {
		return "", render.Options{}, usagef("--width %d: want 40 to 1000", o.width)
	}
	if o.short && (o.long || o.all) {
		return "", render.Options{}, usagef("--short leaves out what -v and --all ask for: give one of them")
	}
	r := render.Options{Palette: render.PlainPalette(), Width: o.width, All: o.all, Short: o.short || e.stdoutTTY && !o.long, Redact: o.redact, ASCII: e.ascii()}
	if r.Width == 0 {
		r.Width = e.columns()
	}
	if color && f == render.Text {
		r.Palette = render.ColorPalette()
	}
	return f, r, nil
}

func catalogueFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "catalogue", Usage: "lay the catalogue `FILE` (TOML) over the built-in one; may be repeated"}
}

func knownFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "known", Usage: "what `FILE` lists is harmless here: it is counted and shown, and speaks for no cause; may be repeated"}
}

// knownEntries loads lists of what is harmless here. Errors in them are a matter
// of usage: exit 2.
func knownEntries(files []string, cat *patterns.Catalogue) ([]patterns.Known, error) {
	var out []patterns.Known
	var problems []error
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("--known: %w", err)
		}
		list, err := patterns.LoadKnown(patterns.UserFile{Name: name, Data: data}, cat)
		if err != nil {
			problems = append(problems, err)
		}
		out = append(out, list...)
	}
	if len(problems) > 0 {
		return nil, usagef("--known:\n%w", errors.Join(problems...))
	}
	return out, nil
}

func builtin() (*patterns.Catalogue, error) {
	cat, err := patterns.Builtin()
	if err != nil {
		return nil, fmt.Errorf("load the built-in catalogue: %w", err)
	}
	return cat, nil
}

// catalogue loads the built-in catalogue with the user's files over it. Errors
// in them are a matter of usage: exit 2.
func catalogue(files []string) (*patterns.Catalogue, error) {
	if len(files) == 0 {
		return builtin()
	}
	var user []patterns.UserFile
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("--catalogue: %w", err)
		}
		user = append(user, patterns.UserFile{Name: name, Data: data})
	}
	cat, err := patterns.Load(user...)
	if err != nil {
		return nil, usagef("--catalogue:\n%w", err)
	}
	return cat, nil
}

// parseSize reads a number of bytes with an optional unit: 10MiB, 500k, 2G.
// Units are powers of 1024.
func parseSize(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	num := strings.TrimRight(strings.ToLower(s), "ibkmgt")
	var shift uint
	switch unit := strings.ToLower(strings.TrimPrefix(strings.ToLower(s), num)); unit {
	case "", "b":
	case "k", "kb", "kib":
		shift = 10
	case "m", "mb", "mib":
		shift = 20
	case "g", "gb", "gib":
		shift = 30
	case "t", "tb", "tib":
		shift = 40
	default:
		return 0, fmt.Errorf("%q: unknown unit %q", s, unit)
	}
	v, err := strconv.ParseInt(strings.TrimSpace(num), 10, 64)
	if err != nil || v <= 0 || v > (1<<62)>>shift {
		return 0, fmt.Errorf("%q is not a size: want a number and a unit, such as 500MiB", s)
	}
	return v << shift, nil
}

// parseWhen reads a moment: RFC 3339, "2025-10-02 06:40[:11]", a date, "today",
// "yesterday", "now", or a time before now such as 2h, 90m, 3d.
func parseWhen(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, zone)
	}
	switch s {
	case "now":
		return now, nil
	case "today":
		return midnight(now), nil
	case "yesterday":
		return midnight(now.In(zone).AddDate(0, 0, -1)), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	ago := strings.TrimSuffix(strings.TrimPrefix(s, "-"), " ago")
	if n, ok := strings.CutSuffix(ago, "d"); ok {
		if v, err := strconv.Atoi(n); err == nil && v >= 0 && v < 100_000 {
			return now.AddDate(0, 0, -v), nil
		}
	}
	if d, err := time.ParseDuration(ago); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is not a time: want 2025-10-02T06:40:11Z, \"2025-10-02 06:40\", 2h, 3d, today or yesterday", s)
}

// parseZone reads --tz: a name of the zone database, UTC, or an offset.
func parseZone(s string) (*time.Location, error) {
	if s == "" {
		return nil, nil
	}
	if t, err := time.Parse("-07:00", s); err == nil {
		_, off := t.Zone()
		return time.FixedZone(s, off), nil
	}
	loc, err := time.LoadLocation(s)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone: want a name such as Europe/London or an offset such as +01:00", s)
	}
	return loc, nil
}
