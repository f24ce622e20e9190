package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source/recent"
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
	engine     engineAccess
}

func checkCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "one line on the last minutes of a log, for a health check",
		ArgsUsage: "FILE|ADDRESS...",
		Description: "Reads only the end of the files, as far back as the clocks of their lines say. Exit 0: no cause found,\n" +
			"1: a cause was found.\nIn a Dockerfile: HEALTHCHECK --interval=1m CMD wolfdiag check /var/log/wolf.log\n" +
			"vlogs://HOST:9428/?query=… asks a log engine for those minutes (see analyze).",
		Flags: append([]cli.Flag{
			&cli.DurationFlag{Name: "last", Value: 5 * time.Minute, Usage: "how far back to look"},
			&cli.Float64Flag{Name: "min-probability", Value: 0.5, Usage: "only causes at least so probable count"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "`FORMAT` of the line: text or json"},
			&cli.BoolFlag{Name: "redact", Usage: "mask addresses, session ids, keys, names of users and machines"},
			catalogueFlag(),
			knownFlag(),
		}, engineFlags()...),
		Action: func(c *cli.Context) error {
			o := checkOptions{engine: engineOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), known: c.StringSlice("known"), format: c.String("format"),
				last: c.Duration("last"), minProb: c.Float64("min-probability"), redact: c.Bool("redact")}
			return o.run(c.Context, e)
		},
	}
}

func (o *checkOptions) validate() error {
	switch {
	case len(o.args) == 0:
		return usagef("nothing to check: name a log file")
	case o.last <= 0:
		return usagef("--last %s: want a time above zero, such as 5m", o.last)
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
	cat, err := catalogue(o.catalogues)
	if err != nil {
		return err
	}
	known, err := knownEntries(o.known, cat)
	if err != nil {
		return err
	}
	a, err := analyze.New(analyze.Options{Version: version(), Catalogue: cat, Known: known, Now: e.now, Workers: 1})
	if err != nil {
		return err
	}
	if err := o.engine.allowed(o.args); err != nil {
		return err
	}
	o.engine.since = e.now().Add(-o.last)
	failed, note := 0, ""
	for _, name := range o.args {
		if engine.IsAddress(name) {
			bad, err := o.engine.readInto(ctx, e, a, name)
			if err != nil {
				return err
			}
			if bad {
				failed++
			}
			continue
		}
		w, err := checkFile(ctx, a, name, e.now().Add(-o.last))
		if err != nil {
			failed++
			e.warnf("%s: %v", name, withoutPath(err))
			continue
		}
		switch {
		case w.Cut:
			note = "; the window was too large to be read whole"
		case !w.Timed && w.Parts[len(w.Parts)-1].Size > 0:
			note = "; no clock in the log, looked at its last MiB"
		}
	}
	if failed == len(o.args) {
		return exitWith(exitNoInput)
	}
	res := o.judge(a.Report(), note)
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
	case failed > 0:
		return exitWith(exitPartial)
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
