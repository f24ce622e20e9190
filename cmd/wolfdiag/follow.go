package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/gpu"
	"wolfdiag/analyze/follow/incident"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
)

// followOptions are the flags of `wolfdiag follow`.
type followOptions struct {
	output
	args       []string
	catalogues []string
	known      []string
	exitCode   bool
	zone       string
	date       string
	from       string
	checkpoint string
	noReport   bool
	recover    time.Duration
	every      time.Duration
	action     actionOptions
	metrics    string
	html       string
	gpu        string
	gpuWarn    float64
	engine     engineAccess
	streams    map[string]io.Reader
}

func followCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "follow",
		Usage:     "watch logs as they grow: incidents as they begin, the full report at the end",
		ArgsUsage: "[FILE|GLOB|ADDRESS|-]...",
		Description: "Follows files (through rotation, truncation, deletion), named pipes and standard input. Ctrl-C prints the\n" +
			"full report. --format json prints one JSON object a line. SIGHUP opens all files anew.\n" +
			"vlogs://HOST:9428/?query=… asks a log engine every two seconds (see analyze), one minute back for what shows late.\n" +
			"Typical use: docker compose logs -f wolf | wolfdiag follow",
		Flags: append(outputFlags(), append([]cli.Flag{
			catalogueFlag(),
			knownFlag(),
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when a cause was found"},
			&cli.StringFlag{Name: "from", Usage: "begin at `WHERE`: start, end or checkpoint (default: checkpoint if one is given, else end)"},
			&cli.StringFlag{Name: "checkpoint", Usage: "remember in `FILE` what was read and told, and go on there after a restart"},
			metricsFlag("every five seconds, and at the end"),
			&cli.StringFlag{Name: "html", Usage: "keep the page of --format html current in `FILE`; a browser that shows it reloads it"},
			&cli.BoolFlag{Name: "no-report", Usage: "do not print the report at the end"},
			&cli.StringFlag{Name: "tz", Usage: "`ZONE` of local clocks in the log (default: inferred)"},
			&cli.StringFlag{Name: "date", Usage: "`DATE` of the first undated line (default: inferred)"},
			&cli.DurationFlag{Name: "recover-after", Value: 5 * time.Minute, Usage: "an incident that is quiet for `TIME` has recovered"},
			&cli.DurationFlag{Name: "update-every", Value: 10 * time.Second, Usage: "at most one update of an incident in `TIME`"},
		}, append(append(actionFlags(), gpuFlags()...), append(engineFlags(), byFlag())...)...)...),
		Action: func(c *cli.Context) error {
			o := followOptions{
				output: outputOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), known: c.StringSlice("known"), exitCode: c.Bool("exit-code"),
				zone: c.String("tz"), date: c.String("date"), from: c.String("from"), checkpoint: c.String("checkpoint"), noReport: c.Bool("no-report"),
				recover: c.Duration("recover-after"), every: c.Duration("update-every"),
				action: actionOf(c), metrics: c.String("metrics"), html: c.String("html"),
				gpu: c.String("gpu"), gpuWarn: c.Float64("gpu-warn"), engine: engineOf(c),
			}
			return o.run(c.Context, e)
		},
	}
}

func gpuFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "gpu", Usage: "watch the GPU: `SOURCE` is a file or pipe with nvidia-smi rows, or a command such as\n\t\"nvidia-smi --query-gpu=timestamp,memory.used,memory.total --format=csv -l 5\""},
		&cli.Float64Flag{Name: "gpu-warn", Value: 90, Usage: "warn when so many `PERCENT` of the GPU's memory are used"},
	}
}

// openEngines begins to follow the engines among the arguments, each of their
// hosts by itself, and puts the names of these in place of the addresses.
func (o *followOptions) openEngines(ctx context.Context, e *env) error {
	if err := o.engine.allowed(o.args); err != nil {
		return err
	}
	var args []string
	o.streams = map[string]io.Reader{}
	for _, arg := range o.args {
		if !engine.IsAddress(arg) {
			args = append(args, arg)
			continue
		}
		streams, err := o.engine.follow(ctx, e, arg, o.from == string(follow.FromStart))
		if err != nil {
			return err
		}
		args = append(args, slices.Sorted(maps.Keys(streams))...)
		maps.Copy(o.streams, streams)
	}
	o.args = args
	return nil
}

// validate turns the flags into a follower's options; errors name the flag.
func (o *followOptions) validate(e *env) (follow.Options, error) {
	f := follow.Options{
		Paths: o.args, Stdin: e.stdin, Streams: o.streams, From: follow.From(o.from), Checkpoint: o.checkpoint, Clock: envClock{e},
		Incidents: incident.Options{UpdateEvery: o.every, RecoverAfter: o.recover},
		GPU:       gpu.Options{Source: o.gpu, Warn: o.gpuWarn / 100},
	}
	switch f.From {
	case "", follow.FromStart, follow.FromEnd:
	case follow.FromCheckpoint:
		if o.checkpoint == "" {
			return f, usagef("--from checkpoint needs --checkpoint FILE")
		}
	default:
		return f, usagef("--from %q: want start, end or checkpoint", o.from)
	}
	err := aboveZero(flagTime{"recover-after", o.recover}, flagTime{"update-every", o.every})
	if err != nil {
		return f, err
	}
	if f.Action, err = o.action.validate(o.redact); err != nil {
		return f, err
	}
	if o.gpuWarn <= 0 || o.gpuWarn > 100 {
		return f, usagef("--gpu-warn %v: want 1 to 100", o.gpuWarn)
	}
	a := analyze.Options{Version: version(), Now: e.now, Workers: 1, By: o.engine.by}
	if a.Zone, err = parseZone(o.zone); err != nil {
		return f, usagef("--tz: %w", err)
	}
	if o.date != "" {
		if a.Date, err = time.Parse("2006-01-02", o.date); err != nil {
			return f, usagef("--date %q: want a date such as 2025-10-02", o.date)
		}
	}
	if a.Catalogue, err = catalogue(o.catalogues); err != nil {
		return f, err
	}
	if a.Known, err = knownEntries(o.known, a.Catalogue); err != nil {
		return f, err
	}
	if f.Analyzer, err = analyze.New(a); err != nil {
		return f, err
	}
	f.Action.On, err = o.action.causes(f.Analyzer)
	return f, err
}

func (o *followOptions) run(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	if len(o.args) == 0 {
		if e.stdinTTY {
			return usagef("nothing to follow: name a log, or pipe one in: docker compose logs -f wolf | wolfdiag follow")
		}
		o.args = []string{"-"}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := o.openEngines(ctx, e); err != nil {
		return err
	}
	fopts, err := o.validate(e)
	if err != nil {
		return err
	}
	out := newFollowOutput(e, format, ropts, cancel)
	out.resizes = o.width == 0 && e.stdoutTTY
	fopts.Emit, fopts.Status = out.tell, out.status
	var figures *followMetrics
	if o.metrics != "" {
		if figures, err = newFollowMetrics(e, o, fopts.Analyzer); err != nil {
			return err
		}
		fopts.Emit = func(ev event.Event) { out.tell(ev); figures.tell(ev) }
		fopts.Status = func(s follow.Status) { out.status(s); figures.status(s) }
	}
	var page *followPage
	if o.html != "" {
		if page, err = newFollowPage(e, o, ropts, fopts.Analyzer.Report()); err != nil {
			return err
		}
		rest := fopts.Status
		fopts.Status = func(s follow.Status) { rest(s); page.status(s) }
	}
	hup := make(chan os.Signal, 1)
	notifyReopen(hup)
	defer signal.Stop(hup)
	reopen := make(chan struct{})
	go func() {
		for {
			select {
			case <-hup:
				select {
				case reopen <- struct{}{}:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	fopts.Reopen = reopen
	f, err := follow.New(fopts)
	if err != nil {
		return usagef("%w", err)
	}
	done := make(chan *report.Report, 1)
	go func() { done <- f.Run(ctx) }()
	r := o.await(ctx, e, done)
	if r == nil {
		return exitWith(exitPartial)
	}
	figures.end(f)
	page.end(r)
	return o.finish(e, out, r, f.Files(), format, ropts)
}

// patience is how long an ending follower may take: whoever reads our output
// may have stopped reading.
const patience = 900 * time.Millisecond

// await returns the report, nil when it does not come in time after the end
// was asked for.
func (o *followOptions) await(ctx context.Context, e *env, done <-chan *report.Report) *report.Report {
	select {
	case r := <-done:
		return r
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r
	case <-time.After(patience):
		e.warnf("ended without a report: the output is not being read, or a file does not answer")
		return nil
	}
}

// finish prints the full report and maps the outcome to an exit code.
func (o *followOptions) finish(e *env, out *followOutput, r *report.Report, files []account.File, format render.Format, ropts render.Options) error {
	out.clear()
	if out.err != nil {
		return out.err
	}
	if out.resizes {
		ropts.Width = e.columns()
	}
	if !o.noReport {
		var err error
		if format == render.JSON {
			err = render.WriteLine(e.stdout, event.Event{Kind: event.KindReport, Time: e.now(), Files: files, Report: r, Text: r.Summary}, ropts.Redact)
		} else {
			if format == render.Text && out.printed {
				fmt.Fprintln(e.stdout)
			}
			err = render.Report(e.stdout, r, format, ropts)
		}
		if err != nil {
			return err
		}
	}
	var bytes int64
	incomplete := false
	for i := range files {
		bytes += files[i].Bytes
		incomplete = incomplete || files[i].Incomplete()
	}
	switch {
	case incomplete:
		return exitWith(exitPartial)
	case bytes == 0 && r.Coverage.Lines == 0 && o.from == string(follow.FromStart):
		return exitWith(exitNoInput)
	case o.exitCode && r.Verdict == report.CauseFound:
		return exitWith(exitFound)
	}
	return nil
}

// envClock is the environment's time of day with the machine's timers.
type envClock struct{ e *env }

func (c envClock) Now() time.Time                         { return c.e.now() }
func (c envClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
