package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	_ "time/tzdata" // zone names work where the machine has no zone database

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// analyzeOptions are the flags of `wolfdiag analyze`.
type analyzeOptions struct {
	output
	args       []string
	catalogues []string
	known      []string
	exitCode   bool
	since      string
	until      string
	session    string
	zone       string
	date       string
	maxBytes   string
	dumps      []string
	symbols    []string
	services   []string
	jobs       int
	stats      bool
	noProgress bool
	engine     engineAccess
}

func analyzeCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "analyze",
		Usage:     "print a ranked root-cause report of logs",
		ArgsUsage: "[FILE|DIR|ADDRESS|-]...",
		Description: "Reads logs from files, folders or standard input: docker compose logs, docker json files, journald, CRI,\n" +
			"plain copies, compressed or not. State snapshots among them (nvidia-smi, docker stats, Wolf API, ls of dumps)\n" +
			"are recognised by their content and become facts.\n" + engineHelp,
		Flags: append(slices.Concat(outputFlags(), screenFlags(), engineFlags(), []cli.Flag{byFlag()}),
			catalogueFlag(),
			knownFlag(),
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when a cause was found"},
			&cli.StringFlag{Name: "since", Usage: "leave out what is known to be before `TIME`: 2025-10-02T06:40Z, 2h, yesterday"},
			&cli.StringFlag{Name: "until", Usage: "leave out what is known to be after `TIME`"},
			&cli.StringFlag{Name: "session", Usage: "only what was printed while the session `ID` was there, as the section Sessions names it"},
			&cli.StringFlag{Name: "tz", Usage: "`ZONE` of local clocks in the log (default: inferred)"},
			&cli.StringFlag{Name: "date", Usage: "`DATE` of the first undated line (default: inferred)"},
			&cli.StringFlag{Name: "max-bytes", Usage: "stop after `SIZE` of each input, such as 2GiB"},
			&cli.StringSliceFlag{Name: "dumps", Usage: "put the crash dumps in `DIR` on the timeline; may be repeated"},
			&cli.StringSliceFlag{Name: "symbols", Usage: "name what is in the dumps with `PATH`, a binary or a folder with symbols; may be repeated"},
			&cli.StringSliceFlag{Name: "service", Usage: "read the container `NAME` of Docker's own folder too, although it is not Wolf's; may be repeated"},
			&cli.IntFlag{Name: "jobs", Usage: "scan with `N` threads (default: one a core)"},
			&cli.BoolFlag{Name: "stats", Usage: "print to stderr where the time went, pattern by pattern"},
			&cli.BoolFlag{Name: "no-progress", Usage: "never draw a progress bar"},
		),
		Action: func(c *cli.Context) error {
			o := analyzeOptions{
				output: outputOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), known: c.StringSlice("known"), exitCode: c.Bool("exit-code"),
				since: c.String("since"), until: c.String("until"), session: c.String("session"), zone: c.String("tz"), date: c.String("date"),
				maxBytes: c.String("max-bytes"), dumps: c.StringSlice("dumps"), symbols: c.StringSlice("symbols"), services: c.StringSlice("service"),
				jobs: c.Int("jobs"), stats: c.Bool("stats"), noProgress: c.Bool("no-progress"), engine: engineOf(c),
			}
			return o.run(c.Context, e)
		},
	}
}

// validate turns the flags into analyzer options; errors name the flag.
func (o *analyzeOptions) validate(e *env) (analyze.Options, error) {
	a := analyze.Options{Version: version(), Now: e.now, Workers: o.jobs, Stats: o.stats, Services: o.services, By: o.engine.by}
	if o.jobs < 0 || o.jobs > 256 {
		return a, usagef("--jobs %d: want 1 to 256", o.jobs)
	}
	var err error
	if a.Zone, err = parseZone(o.zone); err != nil {
		return a, usagef("--tz: %w", err)
	}
	if o.date != "" {
		if a.Date, err = time.Parse("2006-01-02", o.date); err != nil {
			return a, usagef("--date %q: want a date such as 2025-10-02", o.date)
		}
	}
	if a.Since, err = parseWhen(o.since, e.now(), a.Zone); err != nil {
		return a, usagef("--since: %w", err)
	}
	if a.Until, err = parseWhen(o.until, e.now(), a.Zone); err != nil {
		return a, usagef("--until: %w", err)
	}
	if !a.Since.IsZero() && !a.Until.IsZero() && !a.Since.Before(a.Until) {
		return a, usagef("--since %s is not before --until %s", o.since, o.until)
	}
	if a.MaxBytes, err = parseSize(o.maxBytes); err != nil {
		return a, usagef("--max-bytes: %w", err)
	}
	if a.Catalogue, err = catalogue(o.catalogues); err != nil {
		return a, err
	}
	a.Known, err = knownEntries(o.known, a.Catalogue)
	return a, err
}

func (o *analyzeOptions) run(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	aopts, err := o.validate(e)
	if err != nil {
		return err
	}
	if len(o.args) == 0 {
		if e.stdinTTY {
			return usagef("nothing to read: name a log, or pipe one in: docker compose logs wolf | wolfdiag analyze")
		}
		o.args = []string{"-"}
	}
	if err := o.engine.allowed(o.args); err != nil {
		return err
	}
	o.engine.since, o.engine.until = aopts.Since, aopts.Until
	inputs, problems, err := o.engine.expand(ctx, e, o.args)
	if err != nil {
		return err
	}
	if err := o.twice(inputs); err != nil {
		return err
	}
	a, failed, err := o.analyzed(ctx, e, aopts, inputs, problems)
	if err != nil {
		return err
	}
	defer a.Close()
	r := a.Report()
	if o.session != "" && anythingRead(r) && ctx.Err() == nil {
		narrow, err := o.narrowed(r, aopts)
		if err != nil {
			return err
		}
		if a, failed, err = o.analyzed(ctx, e, narrow, inputs, problems); err != nil {
			return err
		}
		defer a.Close()
		r = o.only(a.Report())
	}
	if !anythingRead(r) {
		switch {
		case ctx.Err() != nil:
			e.warnf("nothing had been read")
		case len(problems) == 0 && !failed && aopts.MaxBytes > 0:
			e.warnf("nothing to read within --max-bytes %s: no line ends there", o.maxBytes)
		case len(problems) == 0 && !failed:
			e.warnf("nothing to read: the input is empty")
		}
		return exitWith(exitNoInput)
	}
	if err := e.printed(o.output, format, ropts, func(w io.Writer) error { return render.Report(w, r, format, ropts) }); err != nil {
		return err
	}
	if o.stats {
		a.WriteStats(e.stderr)
	}
	switch {
	case failed:
		return exitWith(exitPartial)
	case o.exitCode && r.Verdict == report.CauseFound:
		return exitWith(exitFound)
	}
	return nil
}

// analyzed reads everything there is to read.
func (o *analyzeOptions) analyzed(ctx context.Context, e *env, aopts analyze.Options, inputs []source.Input, problems []source.Problem) (a *analyze.Analyzer, failed bool, err error) {
	bar := newProgress(e, !o.noProgress, inputs)
	aopts.Progress = bar.update
	if a, err = analyze.New(aopts); err != nil {
		return nil, false, err
	}
	for _, n := range o.engine.notes {
		a.Note(n)
	}
	failed = o.readAll(ctx, e, a, inputs, problems, bar)
	for _, d := range o.dumps {
		if err := a.AddDumps(d, o.symbols); err != nil {
			e.warnf("--dumps: %v", err)
			failed = true
		}
	}
	makeRoom()
	return a, failed, nil
}

// readAll reads every input in order and names what could not be read. It
// reports whether anything failed.
func (o *analyzeOptions) readAll(ctx context.Context, e *env, a *analyze.Analyzer, inputs []source.Input, problems []source.Problem, bar *progress) (failed bool) {
	for _, p := range problems {
		e.warnf("%v", p)
		a.Note("not read: " + p.Error())
		failed = failed || !p.Passed
	}
	for _, in := range inputs {
		bar.next(in)
		err := a.Read(ctx, in, e.stdin)
		if ctx.Err() != nil {
			bar.done()
			e.warnf("interrupted: what was read so far is reported (interrupt again to end at once)")
			return failed
		}
		if err == nil {
			continue
		}
		failed = true
		bar.done()
		e.warnf("%v", err)
		var damage *source.DamageError
		if !errors.As(err, &damage) {
			a.Note(fmt.Sprintf("not read: %v", err))
		}
	}
	bar.done()
	return failed
}

func anythingRead(r *report.Report) bool {
	for _, in := range r.Inputs {
		if in.Bytes > 0 {
			return true
		}
	}
	return len(r.Facts) > 0 || len(r.Crashes) > 0
}
