package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/metrics"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/source/recent"
	"wolfdiag/patterns"
)

// checkOptions are the flags of `wolfdiag check`.
type checkOptions struct {
	args       []string
	catalogues []string
	known      []string
	format     string
	last       time.Duration
	minProb    float64
	redact     bool
	wait       time.Duration
	metrics    string
	engine     engineAccess
}

func checkCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "one line on the last minutes of a log, for a health check",
		ArgsUsage: "FILE|ADDRESS|-...",
		Description: "Reads only the end of the files, as far back as the clocks of their lines say. Exit 0: no cause found,\n" +
			"or Wolf was silent, 1: a cause was found, 4: nothing of Wolf could be read (\"no data\" is not \"ok\").\n" +
			"In a Dockerfile: HEALTHCHECK --interval=1m CMD wolfdiag check /var/log/wolf.log\n" +
			"From a pipe: docker compose logs --timestamps --tail 5000 wolf | wolfdiag check -\n" +
			"vlogs://HOST:9428/?query=… asks a log engine for those minutes (see analyze).",
		Flags: append([]cli.Flag{
			&cli.DurationFlag{Name: "last", Value: 5 * time.Minute, Usage: "how far back to look, a `TIME` such as 5m"},
			&cli.DurationFlag{Name: "wait", Value: 10 * time.Second, Usage: "`TIME` to wait for the end of a pipe; what has come until then counts"},
			metricsFlag("for each check"),
			&cli.Float64Flag{Name: "min-probability", Value: 0.5, Usage: "only causes of at least `PROBABILITY` count"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "`FORMAT` of the line: text or json"},
			&cli.BoolFlag{Name: "redact", Usage: "mask addresses, session ids, keys, names of users and machines"},
			catalogueFlag(),
			knownFlag(),
			byFlag(),
		}, engineFlags()...),
		Action: func(c *cli.Context) error {
			o := checkOptions{engine: engineOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), known: c.StringSlice("known"), format: c.String("format"),
				last: c.Duration("last"), minProb: c.Float64("min-probability"), redact: c.Bool("redact"), wait: c.Duration("wait"), metrics: c.String("metrics")}
			return o.run(c.Context, e)
		},
	}
}

func (o *checkOptions) validate() error {
	switch {
	case len(o.args) == 0:
		return usagef("nothing to check: name a log file, or - for standard input")
	case o.last <= 0:
		return usagef("--last %s: want a time above zero, such as 5m", o.last)
	case o.wait <= 0:
		return usagef("--wait %s: want a time above zero, such as 10s", o.wait)
	case o.minProb <= 0 || o.minProb > 1:
		return usagef("--min-probability %v: want a number above 0, at most 1", o.minProb)
	case o.format != "text" && o.format != "json":
		return usagef("--format %q: want text or json", o.format)
	}
	return nil
}

// checkResult is the one line of `wolfdiag check --format json`.
type checkResult struct {
	Event   string         `json:"event"`   // "check"
	Healthy bool           `json:"healthy"` // no cause of --min-probability
	Verdict report.Verdict `json:"verdict"`
	Text    string         `json:"text"`
	Lines   int64          `json:"lines"` // looked at
	Cause   *report.Cause  `json:"cause,omitempty"`
}

func (o *checkOptions) run(ctx context.Context, e *env) error {
	if err := o.validate(); err != nil {
		return err
	}
	if o.metrics != "" {
		if err := metricsPlace(o.metrics, o.args); err != nil {
			return err
		}
	}
	cat, err := catalogue(o.catalogues)
	if err != nil {
		return err
	}
	known, err := knownEntries(o.known, cat)
	if err != nil {
		return err
	}
	o.engine.since = e.now().Add(-o.last)
	options := analyze.Options{Version: version(), Catalogue: cat, Known: known, Now: e.now, Workers: 1, By: o.engine.by}
	if slices.ContainsFunc(o.args, isPipe) { // it is read whole, and only the last minutes count
		options.Since = o.engine.since
	}
	a, err := analyze.New(options)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := o.engine.allowed(o.args); err != nil {
		return err
	}
	var seen seen
	for _, name := range o.args {
		if err := o.look(ctx, e, a, name, &seen); err != nil {
			return err
		}
	}
	r := a.Report()
	res := o.judge(r, seen.note)
	if err := o.writeMetrics(e, cat, r, &res); err != nil {
		return err
	}
	if seen.failed == len(o.args) {
		return exitWith(exitNoInput)
	}
	if o.format == "json" {
		err = render.WriteLine(e.stdout, res, o.redact)
	} else {
		err = render.Plain(e.stdout, res.Text, o.redact)
	}
	switch {
	case err != nil:
		return err
	case !res.Healthy:
		return exitWith(exitFound)
	case seen.failed > 0:
		return exitWith(exitPartial)
	case r.Verdict == report.NoData && !seen.older && !r.Recognised:
		return exitWith(exitNoInput)
	}
	return nil
}

// seen is what came of looking at the logs.
type seen struct {
	failed int    // logs that could not be read
	note   string // on the limits of the look
	older  bool   // a log has lines from before the window: Wolf is silent, not absent
}

// isPipe reports whether an argument is standard input or a named pipe.
func isPipe(name string) bool {
	if name == "-" {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}

// look reads what is recent of one argument.
func (o *checkOptions) look(ctx context.Context, e *env, a *analyze.Analyzer, name string, s *seen) error {
	switch {
	case engine.IsAddress(name):
		bad, err := o.engine.readInto(ctx, e, a, name)
		if bad {
			s.failed++
		}
		return err
	case isPipe(name):
		o.pipe(ctx, e, a, name, s)
		return nil
	}
	w, err := checkFile(ctx, a, name, e.now().Add(-o.last))
	if err != nil {
		s.failed++
		e.warnf("%s: %v", name, withoutPath(err))
		return nil
	}
	s.older = s.older || w.Older
	switch {
	case w.Cut:
		s.note = "; the window was too large to be read whole"
	case !w.Timed && w.Parts[len(w.Parts)-1].Size > 0:
		s.note = "; no clock in the log, looked at its last MiB"
	}
	return nil
}

// pipe reads a pipe to its end, or for as long as --wait says: a health check
// must not hang on docker logs -f.
func (o *checkOptions) pipe(ctx context.Context, e *env, a *analyze.Analyzer, name string, s *seen) {
	if name == "-" && e.stdinTTY {
		s.failed++
		e.warnf("-: nothing to read: standard input is a terminal")
		return
	}
	inputs, problems := source.Expand([]string{name}, source.ExpandOptions{})
	for _, p := range problems {
		s.failed++
		e.warnf("%v", p)
	}
	limited, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	for _, in := range inputs {
		err := a.Read(limited, in, e.stdin)
		switch {
		case limited.Err() != nil && ctx.Err() == nil:
			s.note = fmt.Sprintf("; the pipe did not end within %s", short(o.wait))
		case err != nil:
			s.failed++
			e.warnf("%v", err)
		}
	}
}

// writeMetrics keeps the figures of the check, whatever came of it.
func (o *checkOptions) writeMetrics(e *env, cat *patterns.Catalogue, r *report.Report, res *checkResult) error {
	if o.metrics == "" {
		return nil
	}
	var causes []string
	for _, c := range cat.Causes() {
		causes = append(causes, c.ID)
	}
	healthy := 0.0
	if res.Healthy && r.Verdict != report.NoData {
		healthy = 1
	}
	families := append([]metrics.Family{
		metrics.One("wolfdiag_check_healthy", metrics.Gauge, "1 when the last check found no cause and had something to look at.", healthy),
		metrics.One("wolfdiag_check_time_seconds", metrics.Gauge, "When the last check ended, in seconds since 1970.", float64(e.now().Unix())),
		metrics.One("wolfdiag_check_lines", metrics.Gauge, "Lines that the last check looked at.", float64(r.Coverage.Lines)),
	}, metrics.OfReport("wolfdiag_check_", metrics.Gauge, r, causes)...)
	if err := metrics.WriteFile(o.metrics, families); err != nil {
		return fmt.Errorf("--metrics: %w", err)
	}
	return nil
}

// checkColumns is what a health check's line may take: docker and monitors show
// it in a table.
const checkColumns = 160

// judge words the outcome. What a note takes is left free.
func (o *checkOptions) judge(r *report.Report, note string) checkResult {
	res := checkResult{Event: "check", Healthy: true, Verdict: r.Verdict, Lines: r.Coverage.Lines}
	var text string
	switch {
	case len(r.Causes) > 0 && r.Causes[0].Probability >= o.minProb:
		res.Healthy, res.Cause = false, &r.Causes[0]
		text = "unhealthy: " + causeWords(&r.Causes[0])
	case r.Verdict == report.PossibleCause:
		text = "warning: possible cause: " + causeWords(&r.Causes[0])
	case len(r.Causes) > 0:
		text = fmt.Sprintf("ok: no cause of %s or more: %s", report.Percent(o.minProb), causeWords(&r.Causes[0]))
	case r.Verdict == report.UnexplainedErrors:
		text = fmt.Sprintf("warning: not explained in the last %s (%s)", short(o.last), amounts(r.Coverage))
		if len(r.Unexplained) > 0 {
			text += ": " + r.Unexplained[0].First.Text
		}
	case r.Verdict == report.NoData:
		text = fmt.Sprintf("no data: nothing of Wolf in the last %s (%s)", short(o.last), counted(r.Coverage.Lines, "line", "lines"))
	default:
		text = fmt.Sprintf("ok: %s in the last %s (%s)", r.Verdict.Words(), short(o.last), amounts(r.Coverage))
	}
	if o.redact { // before it is cut: half an address would not be known for one
		var b strings.Builder
		if err := render.Plain(&b, text, true); err == nil {
			text = strings.TrimSuffix(b.String(), "\n")
		}
	}
	res.Text = render.OneLine(text, checkColumns-utf8.RuneCountInString(note)) + note
	return res
}

// causeWords tells of a cause and of what speaks most for it.
func causeWords(c *report.Cause) string {
	text := fmt.Sprintf("%s (%.0f %%)", c.Title, 100*c.Probability)
	if len(c.Evidence) == 0 {
		return text
	}
	v := &c.Evidence[0]
	text += fmt.Sprintf(": %s ×%d", v.Pattern, v.Count)
	if v.First.Text != "" {
		text += ": " + v.First.Text
	}
	return text
}

func amounts(c report.Coverage) string {
	return counted(c.Lines, "line", "lines") + ", " + counted(c.Unexplained, "unexplained complaint", "unexplained complaints")
}

func counted(n int64, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// checkFile feeds the end of a log to the analyzer. A rotator may be at work.
func checkFile(ctx context.Context, a *analyze.Analyzer, name string, since time.Time) (recent.Recent, error) {
	for try := 1; ; try++ {
		w, err := recent.Since(name, since)
		if err == nil {
			err = follow.FeedParts(ctx, a, name, w.Parts)
		}
		if try == 5 || !errors.Is(err, follow.ErrMoved) {
			return w, err
		}
	}
}

// short prints 5m0s as 5m.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func withoutPath(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
