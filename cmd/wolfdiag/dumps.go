package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/render"
	"wolfdiag/analyze/source"
	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
	"wolfdiag/patterns"
)

// dumpsOptions are the flags of `wolfdiag dumps`.
type dumpsOptions struct {
	output
	args       []string
	symbols    []string
	catalogues []string
	zone       string
	allFrames  bool
	exitCode   bool
	jobs       int
}

func dumpsCommand(e *env) *cli.Command {
	flags := append(outputFlags(),
		&cli.StringSliceFlag{Name: "symbols", Aliases: []string{"s"}, Usage: "resolve names with `PATH`: a binary, a debug file, a folder with them, or a copy of the container's file system; may be repeated"},
		&cli.BoolFlag{Name: "all-frames", Usage: "show whole traces, not only the frames around the fault"},
		&cli.StringFlag{Name: "tz", Usage: "`ZONE` of dump names without one, from before July 2024 (default: inferred)"},
		&cli.IntFlag{Name: "jobs", Usage: "read `N` files at once (default: one a core)"},
		catalogueFlag(),
	)
	options := func(c *cli.Context) dumpsOptions {
		return dumpsOptions{
			output: outputOf(c), args: c.Args().Slice(), symbols: c.StringSlice("symbols"), catalogues: c.StringSlice("catalogue"),
			zone: c.String("tz"), allFrames: c.Bool("all-frames"), exitCode: c.Bool("exit-code"), jobs: c.Int("jobs"),
		}
	}
	return &cli.Command{
		Name:      "dumps",
		Usage:     "group crash dumps by what crashed",
		ArgsUsage: "[DIR|FILE|-]...",
		Description: "Reads backtrace.*.dump files of every layout Wolf has written, traces printed into logs, and ls listings of dumps,\n" +
			"also out of archives (tar, zip).\n" +
			"Says how far each can be trusted, and groups those of the same crash; --symbols adds functions and lines.\n" +
			"Without an argument it looks in $WOLF_CFG_FOLDER, else in the current folder.",
		Flags: append(slices.Clone(flags), &cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when there is a crash"}),
		Action: func(c *cli.Context) error {
			o := options(c)
			return o.run(c.Context, e)
		},
		Subcommands: []*cli.Command{{
			Name: "show", Usage: "print the trace of one dump as Wolf's log would have it, with names where they can be had",
			ArgsUsage: "FILE", Flags: flags,
			Action: func(c *cli.Context) error {
				o := options(c)
				return o.show(c.Context, e)
			},
		}},
	}
}

// collect reads the arguments; the error is that of the flags.
func (o *dumpsOptions) collect(ctx context.Context, e *env) (*dump.Collection, error) {
	if o.jobs < 0 || o.jobs > 256 {
		return nil, usagef("--jobs %d: want 1 to 256", o.jobs)
	}
	zone, err := parseZone(o.zone)
	if err != nil {
		return nil, usagef("--tz: %w", err)
	}
	return dump.Collect(ctx, o.args, dump.Options{Stdin: e.stdin, Zone: zone, Workers: o.jobs, Expand: source.Decompress, Unpack: source.Unpack}), nil
}

// analyze adds names and causes. The function it returns lets go of the symbol files.
func (o *dumpsOptions) analyze(ctx context.Context, c *dump.Collection) (*dump.Report, func(), error) {
	done := func() {}
	var a dump.AnalyzeOptions
	if len(o.symbols) > 0 {
		store, err := symbol.Open(o.symbols)
		if err != nil {
			return nil, done, usagef("--symbols: %w", err)
		}
		store.Expand = source.Decompress
		a.Symbols, done = store, store.Close
	}
	var cat *patterns.Catalogue
	if slices.ContainsFunc(c.Files, func(f *dump.File) bool { return len(f.Trace.Frames) > 0 }) {
		var err error
		if cat, err = catalogue(o.catalogues); err != nil {
			return nil, done, err
		}
		a.Cause = func(frames []dump.Frame, owner string) string { return causeOfCrash(cat, frames, owner) }
	}
	return dump.Analyze(ctx, c, a), done, nil
}

func causeOfCrash(cat *patterns.Catalogue, frames []dump.Frame, owner string) string {
	list := make([]patterns.CrashFrame, 0, len(frames))
	for _, f := range frames {
		list = append(list, patterns.CrashFrame{Module: f.Module, Function: f.Function})
	}
	return cat.CrashCause(list, owner)
}

func (o *dumpsOptions) run(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	if len(o.args) == 0 {
		o.args = []string{"."}
		if dir := e.getenv("WOLF_CFG_FOLDER"); dir != "" {
			o.args = []string{dir}
		}
	}
	c, err := o.collect(ctx, e)
	if err != nil {
		return err
	}
	for _, err := range c.Errors {
		e.warnf("%v", err)
	}
	readable := slices.ContainsFunc(c.Files, func(f *dump.File) bool { return f.Err == nil })
	if !readable && len(c.Errors) > 0 {
		return exitWith(exitNoInput)
	}
	r, done, err := o.analyze(ctx, c)
	defer done()
	if err != nil {
		return err
	}
	if err := e.printed(o.output, format, ropts, func(w io.Writer) error {
		return render.Dumps(w, r, format, render.DumpsOptions{Options: ropts, AllFrames: o.allFrames})
	}); err != nil {
		return err
	}
	switch {
	case len(c.Files) == 0:
		e.warnf("no crash dumps in %s", strings.Join(o.args, ", "))
		return exitWith(exitNoInput)
	case len(c.Errors) > 0:
		return exitWith(exitPartial)
	case o.exitCode && len(r.Clusters) > 0:
		return exitWith(exitFound)
	}
	return nil
}

// show prints the trace of each file.
func (o *dumpsOptions) show(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	if format != render.Text && format != render.JSON {
		return usagef("--format %q: dumps show prints text or json", o.format)
	}
	if len(o.args) != 1 {
		return usagef("dumps show: want one file, got %d arguments", len(o.args))
	}
	c, err := o.collect(ctx, e)
	if err != nil {
		return err
	}
	for _, err := range c.Errors {
		e.warnf("%v", err)
	}
	if len(c.Files) == 0 || c.Files[0].Err != nil {
		return exitWith(exitNoInput)
	}
	if len(c.Files) > 1 {
		return usagef("dumps show: %s holds %d dumps; name one", o.args[0], len(c.Files))
	}
	r, done, err := o.analyze(ctx, c)
	defer done()
	if err != nil {
		return err
	}
	if format == render.JSON {
		return render.Dumps(e.stdout, r, format, render.DumpsOptions{Options: ropts})
	}
	for _, w := range r.Files[0].Warnings {
		e.warnf("%s: %s", r.Files[0].Path, w)
	}
	for _, s := range r.Files[0].Strings {
		fmt.Fprintln(e.stdout, s)
	}
	if len(r.Clusters) == 0 || len(r.Clusters[0].Frames) == 0 {
		if len(r.Files[0].Strings) == 0 {
			e.warnf("%s: no frames: %s", r.Files[0].Path, r.Files[0].Status)
			return exitWith(exitNoInput)
		}
		return nil
	}
	return render.Trace(e.stdout, r.Clusters[0].Frames, ropts.Palette)
}
