package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// compareOptions are the flags of `wolfdiag compare`.
type compareOptions struct {
	output
	args       []string
	catalogues []string
	exitCode   bool
	zone       string
	engine     engineAccess
	when       [2][2]string // since and until, of the good side and of the bad one
}

func compareCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "say what is new, gone or changed between two logs",
		ArgsUsage: "GOOD BAD",
		Description: "Each argument is a log, a folder or an archive, as analyze takes them, or a report that analyze --format json wrote.\n" +
			"Compares causes, messages, milestones, versions and rates; what may be chance is not called changed.\n" +
			"An argument may be the address of a log engine too (see analyze): --since and --until say which time, --good-… that of the good side.",
		Flags: append(append(outputFlags(),
			catalogueFlag(),
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when the bad log has a cause that the good one has not"},
			&cli.StringFlag{Name: "tz", Usage: "`ZONE` of local clocks in the logs (default: inferred)"},
			&cli.StringFlag{Name: "since", Usage: "ask a log engine from `TIME` on (default: 24h)"},
			&cli.StringFlag{Name: "until", Usage: "ask a log engine up to `TIME` (default: now)"},
			&cli.StringFlag{Name: "good-since", Usage: "the same for the good side: from `TIME` on (default: that of --since)"},
			&cli.StringFlag{Name: "good-until", Usage: "the same for the good side: up to `TIME` (default: that of --until)"},
			byFlag(),
		), engineFlags()...),
		Action: func(c *cli.Context) error {
			o := compareOptions{engine: engineOf(c), when: [2][2]string{{cmp.Or(c.String("good-since"), c.String("since")), cmp.Or(c.String("good-until"), c.String("until"))}, {c.String("since"), c.String("until")}}, output: outputOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), exitCode: c.Bool("exit-code"), zone: c.String("tz")}
			return o.run(c.Context, e)
		},
	}
}

// validate turns the flags into analyzer options; errors name the flag.
func (o *compareOptions) validate(e *env) (analyze.Options, error) {
	a := analyze.Options{Version: version(), Now: e.now, By: o.engine.by}
	if len(o.args) != 2 {
		return a, usagef("compare: want two arguments, the good log and the bad one, got %d", len(o.args))
	}
	if o.args[0] == "-" && o.args[1] == "-" {
		return a, usagef("compare: standard input can be one of the two only")
	}
	var err error
	if a.Zone, err = parseZone(o.zone); err != nil {
		return a, usagef("--tz: %w", err)
	}
	if err := o.engine.allowed(o.args); err != nil {
		return a, err
	}
	if w := o.when; !addressed(o.args) && (w[0] != [2]string{} || w[1] != [2]string{}) {
		return a, usagef("--since and --until are about a log engine: name one, such as vlogs://HOST:9428/?query={service=\"wolf\"}")
	}
	a.By = o.engine.by
	a.Catalogue, err = catalogue(o.catalogues)
	return a, err
}

func (o *compareOptions) run(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	aopts, err := o.validate(e)
	if err != nil {
		return err
	}
	var sides [2]compare.Input
	failed := false
	for i, name := range o.args {
		if o.engine.since, o.engine.until, err = o.window(e, i); err != nil {
			return err
		}
		r, partly, err := o.side(ctx, e, aopts, name)
		if err != nil {
			return err
		}
		failed = failed || partly
		if name == "-" {
			name = "standard input"
		}
		sides[i] = compare.Input{Name: name, Report: r}
	}
	r := compare.Reports(sides[0], sides[1], report.Tool{Name: "wolfdiag", Version: version(), Catalogue: aopts.Catalogue.Version()})
	if err := e.printed(o.output, format, ropts, func(w io.Writer) error { return render.Compare(w, r, format, ropts) }); err != nil {
		return err
	}
	switch {
	case failed:
		return exitWith(exitPartial)
	case o.exitCode && hasNewCause(r):
		return exitWith(exitFound)
	}
	return nil
}

// hasNewCause reports whether bad has a cause, and not only a possible one, that
// good does not have.
func hasNewCause(r *compare.Report) bool {
	for _, list := range [][]compare.Cause{r.Causes.New, r.Causes.Changed} {
		for _, c := range list {
			if c.Bad.Probability >= likely && (c.Good == nil || c.Good.Probability < likely) {
				return true
			}
		}
	}
	return false
}

// likely is the probability from which on a cause counts as found.
const likely = 0.5

// window is the time that a log engine is asked for, of one side.
func (o *compareOptions) window(e *env, side int) (since, until time.Time, err error) {
	if since, err = parseWhen(o.when[side][0], e.now(), nil); err != nil {
		return since, until, usagef("--since: %w", err)
	}
	if until, err = parseWhen(o.when[side][1], e.now(), nil); err != nil {
		return since, until, usagef("--until: %w", err)
	}
	return since, until, nil
}

// side reads one argument: a report of analyze, or what analyze reads. partly is
// true when some of it could not be read.
func (o *compareOptions) side(ctx context.Context, e *env, a analyze.Options, name string) (r *report.Report, partly bool, err error) {
	if r, err := savedReport(name, e); r != nil || err != nil {
		return r, false, err
	}
	an, err := analyze.New(a)
	if err != nil {
		return nil, false, err
	}
	defer an.Close()
	inputs, problems, err := o.engine.expand(ctx, e, []string{name})
	if err != nil {
		return nil, false, err
	}
	read := analyzeOptions{}
	partly = read.readAll(ctx, e, an, inputs, problems, newProgress(e, false, inputs))
	if r = an.Report(); !anythingRead(r) {
		if len(problems) == 0 && !partly {
			e.warnf("%s: nothing to read: the input is empty", name)
		}
		return nil, false, exitWith(exitNoInput)
	}
	return r, partly || len(problems) > 0 && failedOf(problems), nil
}

func failedOf(problems []source.Problem) bool {
	for _, p := range problems {
		if !p.Passed {
			return true
		}
	}
	return false
}

// maxSaved bounds a report that is read back.
const maxSaved = 256 << 20

// reportStart is how the JSON documents of wolfdiag begin.
var reportStart = regexp.MustCompile(`^\s*\{\s*"schema":\s*"(wolfdiag/[a-z]+/v\d+)"`)

// savedReport reads a report of analyze; nil when the file is something else.
// Standard input that is none is left as it was.
func savedReport(name string, e *env) (*report.Report, error) {
	var in *bufio.Reader
	if name == "-" {
		in = bufio.NewReader(e.stdin)
		e.stdin = in
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil // analyze says what is wrong with it
		}
		defer f.Close()
		if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
			return nil, nil
		}
		in = bufio.NewReader(f)
	}
	start, _ := in.Peek(512)
	m := reportStart.FindSubmatch(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")))
	switch {
	case m == nil:
		return nil, nil
	case string(m[1]) != report.Schema:
		return nil, usagef("%s holds a document %s: want a log or a report %s, as analyze --format json writes it", name, m[1], report.Schema)
	}
	data, err := io.ReadAll(io.LimitReader(in, maxSaved+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxSaved {
		return nil, usagef("%s is no report of wolfdiag: it is larger than %d MiB", name, maxSaved>>20)
	}
	r := &report.Report{}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), r); err != nil {
		e.warnf("%s: not a whole report of analyze: %v", name, err)
		return nil, exitWith(exitNoInput)
	}
	return r, nil
}
