package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/fleet/survey"
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// fleetOptions are the flags of `wolfdiag fleet`.
type fleetOptions struct {
	output
	engineAccess
	args       []string
	catalogues []string
	exitCode   bool
	vlogs      string
	loki       string
	query      string
	from, to   string
	jobs       int
	queries    int
	timeout    time.Duration
	baseline   string
	expected   string
	prefilter  bool
	triage     bool
	shard      string
	stats      bool
	noProgress bool
}

func fleetCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "fleet",
		Usage:     "diagnose many hosts, on a log engine or in files, and set them side by side",
		ArgsUsage: "[FILE|DIR]...",
		Description: "Asks a log engine which hosts there are, diagnoses each by itself, and shows causes by hosts: what is new since\n" +
			"--baseline, how many sessions failed, which versions a cause goes with, and of which hosts little is known.\n" +
			"Of files, each is a host; of a folder, each entry is; of records with a label, each label. docs/fleet.md says what it costs.\n" +
			"Typical use: wolfdiag fleet --vlogs http://logs:9428 --query '{service=\"wolf\"}' --since 24h",
		Flags: append(append(outputFlags(),
			&cli.StringFlag{Name: "vlogs", Usage: "ask VictoriaLogs at `URL`: http://logs:9428"},
			&cli.StringFlag{Name: "loki", Usage: "ask Loki at `URL` (experimental)"},
			&cli.StringFlag{Name: "query", Usage: "only what `QUERY` selects, in the engine's language"},
			byFlag(),
			&cli.StringFlag{Name: "since", Usage: "from `TIME` on: 2025-10-02T06:40Z, 2h, yesterday (default: 24h)"},
			&cli.StringFlag{Name: "until", Usage: "up to `TIME` (default: now)"},
			&cli.IntFlag{Name: "jobs", Usage: "diagnose `N` hosts at once (default: 2)"},
			&cli.IntFlag{Name: "queries", Usage: "ask the engine `N` things at once (default: 2)"},
			&cli.DurationFlag{Name: "timeout", Usage: "ask the engine to give each query so much `TIME`", DefaultText: "the engine's own"},
			&cli.StringFlag{Name: "baseline", Usage: "say what is new and gone since the report in `FILE`, of --format json"},
			&cli.StringFlag{Name: "hosts", Usage: "name those of the hosts in `FILE`, one a line, that have no record"},
			&cli.BoolFlag{Name: "prefilter", Usage: "let the engine give only lines with words that matter: less to carry, a reduced diagnosis"},
			&cli.BoolFlag{Name: "triage", Usage: "count complaints first, and read only the hosts that stand out"},
			&cli.StringFlag{Name: "shard", Usage: "only the `K/N`-th part of the hosts, such as 2/8; fleet merge joins the parts"},
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when a cause was found"},
			&cli.BoolFlag{Name: "stats", Usage: "print to stderr what was asked of the engine"},
			&cli.BoolFlag{Name: "no-progress", Usage: "never show how far it has come"},
			catalogueFlag(),
		), engineFlags()...),
		Action: func(c *cli.Context) error {
			o := fleetOptions{
				output: outputOf(c), engineAccess: engineOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), exitCode: c.Bool("exit-code"),
				vlogs: c.String("vlogs"), loki: c.String("loki"), query: c.String("query"), from: c.String("since"), to: c.String("until"),
				jobs: c.Int("jobs"), queries: c.Int("queries"), timeout: c.Duration("timeout"), baseline: c.String("baseline"), expected: c.String("hosts"),
				prefilter: c.Bool("prefilter"), triage: c.Bool("triage"), shard: c.String("shard"), stats: c.Bool("stats"), noProgress: c.Bool("no-progress"),
			}
			return o.run(c.Context, e)
		},
		Subcommands: []*cli.Command{fleetMergeCommand(e)},
	}
}

// validate checks what goes with what; errors name the flags.
func (o *fleetOptions) validate(e *env) (err error) {
	asks := o.vlogs != "" || o.loki != ""
	switch {
	case o.vlogs != "" && o.loki != "":
		return usagef("--vlogs and --loki: one engine at a time; fleet merge joins two reports")
	case asks && len(o.args) > 0:
		return usagef("%s: files are not read beside an engine; fleet merge joins two reports", o.args[0])
	case !asks && len(o.args) == 0:
		return usagef("nothing to read: name an engine (--vlogs URL) or files")
	case slices.Contains(o.args, "-"):
		return usagef("standard input cannot be read once for each host: save it in a file, or give it to analyze")
	case o.prefilter && o.triage:
		return usagef("--prefilter and --triage: choose one")
	case o.shard != "" && o.baseline != "":
		return usagef("--shard and --baseline: give --baseline to fleet merge, which sees all hosts")
	case o.jobs < 0 || o.jobs > 256:
		return usagef("--jobs %d: want 1 to 256", o.jobs)
	case o.queries < 0 || o.queries > 64:
		return usagef("--queries %d: want 1 to 64", o.queries)
	case o.timeout < 0:
		return usagef("--timeout %s: want a time above zero", o.timeout)
	}
	if !asks {
		for _, f := range []struct {
			name string
			set  bool
		}{{"--query", o.query != ""}, {"--prefilter", o.prefilter}, {"--triage", o.triage}, {"--hosts", o.expected != ""}, {"--shard", o.shard != ""},
			{"--queries", o.queries != 0}, {"--timeout", o.timeout != 0}, {"--since", o.from != ""}, {"--until", o.to != ""}} {
			if f.set {
				return usagef("%s is about a log engine: name one with --vlogs URL", f.name)
			}
		}
		return o.allowed(nil)
	}
	if o.since, err = parseWhen(o.from, e.now(), nil); err != nil {
		return usagef("--since: %w", err)
	}
	if o.until, err = parseWhen(o.to, e.now(), nil); err != nil {
		return usagef("--until: %w", err)
	}
	if q := o.window(e, engine.Query{}); !q.From.Before(q.To) {
		return usagef("--since %s is not before --until %s", cmp.Or(o.from, "24h"), cmp.Or(o.to, "now"))
	}
	return nil
}

func (o *fleetOptions) run(ctx context.Context, e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	if err := o.validate(e); err != nil {
		return err
	}
	cat, err := catalogue(o.catalogues)
	if err != nil {
		return err
	}
	var before *fleet.Report
	if o.baseline != "" {
		if before, err = readFleet(o.baseline, e); err != nil {
			return usagef("--baseline: %w", err)
		}
	}
	about := fleet.About{Tool: report.Tool{Name: "wolfdiag", Version: version(), Catalogue: cat.Version()}, Mode: o.mode()}
	hosts, failed, client, err := o.hosts(ctx, e, cat, &about)
	if err != nil {
		return err
	}
	if client != nil {
		defer client.Close()
	}
	progress := newHostProgress(e, !o.noProgress, len(hosts))
	found, err := survey.Diagnose(ctx, hosts, survey.Options{
		Analyze: analyze.Options{Version: version(), Catalogue: cat, Now: e.now, Workers: 1, By: o.by}, Jobs: o.jobs, Window: about.Window, Stdin: e.stdin,
		Done: func(done, total int, h *fleet.Host) { progress.update(done, h.Host) },
	})
	progress.done()
	if err != nil {
		return err
	}
	if o.stats && client != nil {
		n := client.Cost()
		fmt.Fprintf(e.stderr, "%d queries, %d of them repeated, %d bytes came\n", n.Queries, n.Retries, n.Wire)
	}
	r := fleet.Assemble(about, found, before)
	if len(r.Hosts) == 0 {
		if !failed {
			e.warnf("no host has a record in the window%s", asked(client != nil, o.query))
		}
		return exitWith(exitNoInput)
	}
	return o.finish(e, r, format, ropts, failed)
}

// asked words what an engine was asked for, "" where none was.
func asked(engine bool, query string) string {
	out := ""
	if query != "" {
		out = " that " + query + " selects"
	}
	if engine {
		out += "; what came in the last seconds may not show yet"
	}
	return out
}

func (o *fleetOptions) mode() fleet.Mode {
	switch {
	case o.prefilter:
		return fleet.Prefilter
	case o.triage:
		return fleet.Triage
	}
	return fleet.All
}

// hosts finds what to diagnose. failed: some of it could not be found.
func (o *fleetOptions) hosts(ctx context.Context, e *env, cat *patterns.Catalogue, about *fleet.About) (hosts []survey.Host, failed bool, c *engine.Client, err error) {
	if o.vlogs == "" && o.loki == "" {
		hosts, problems := survey.FromFiles(ctx, o.args, o.by)
		about.Asked, about.By = "files", o.by
		for _, p := range problems {
			e.warnf("%v", p)
			about.Notes = append(about.Notes, "not read: "+p.Error())
			failed = failed || !p.Passed
		}
		return hosts, failed, nil, nil
	}
	a, err := engine.ParseAddress(o.vlogs, engine.VictoriaLogs)
	if o.loki != "" {
		a, err = engine.ParseAddress(o.loki, engine.Loki)
	}
	if err != nil {
		return nil, false, nil, usagef("%w", err)
	}
	if c, err = o.client(e, a, engine.Options{Queries: o.queries, Timeout: o.timeout}); err != nil {
		return nil, false, nil, err
	}
	eo := survey.EngineOptions{Mode: about.Mode, Query: o.window(e, engine.Query{Text: cmp.Or(o.query, a.Query)})}
	if eo.Shard, eo.Shards, err = parseShard(o.shard); err != nil {
		return nil, false, nil, usagef("--shard: %w", err)
	}
	if eo.Expected, err = readHosts(o.expected); err != nil {
		return nil, false, nil, usagef("--hosts: %w", err)
	}
	switch about.Mode {
	case fleet.Prefilter:
		eo.Words = survey.PrefilterWords(cat)
	case fleet.Triage:
		eo.Complaints = survey.TriageWords()
	}
	if eo.By, err = o.label(ctx, c, eo.Query); err != nil {
		return nil, false, nil, &exitError{code: exitNoInput, err: err}
	}
	hosts, notes, err := survey.FromEngine(ctx, c, eo)
	if err != nil {
		return nil, false, nil, &exitError{code: exitNoInput, err: err}
	}
	from, to := eo.Query.From.UTC(), eo.Query.To.UTC()
	about.By, about.Window, about.Notes = eo.By, report.Period{From: &from, To: &to}, notes
	about.Asked = c.Name() + ": " + cmp.Or(eo.Query.Text, "all records")
	return hosts, false, c, nil
}

// label is the label that tells hosts apart.
func (o *fleetOptions) label(ctx context.Context, c *engine.Client, q engine.Query) (string, error) {
	if o.by != "" {
		return o.by, nil
	}
	label, groups, err := hostsBy(ctx, c, q, "")
	if err == nil && label == "" && len(groups) > 0 {
		return "", fmt.Errorf("no record has a label %s: --by LABEL names the one that tells hosts apart", strings.Join(hostLabels, ", "))
	}
	return cmp.Or(label, hostLabels[0]), err
}

// parseShard reads K/N.
func parseShard(s string) (k, n int, err error) {
	if s == "" {
		return 0, 0, nil
	}
	if _, err := fmt.Sscanf(s, "%d/%d", &k, &n); err != nil || k < 1 || k > n || fmt.Sprintf("%d/%d", k, n) != s {
		return 0, 0, fmt.Errorf("%q: want K/N, such as 2/8", s)
	}
	return k, n, nil
}

// readHosts reads names, one a line; blank lines and those that begin with # are
// passed over.
func readHosts(file string) (out []string, err error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return out, nil
}
