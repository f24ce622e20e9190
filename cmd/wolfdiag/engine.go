package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/source"
)

// engineAccess holds the flags for entering a log engine. Without an argument
// that is the address of one they do nothing.
type engineAccess struct {
	headers       []string
	ca, cert, key string
	by            string
	since         time.Time // of the records that are asked for; zero: see engineDefault
	until         time.Time // zero: now
	notes         []string  // what was asked, once it was
}

// engineDefault is how far back an engine is asked when nobody says.
const engineDefault = 24 * time.Hour

func engineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "header", Usage: "send to a log engine the headers in `@FILE`, \"Name: value\" lines; may be repeated"},
		&cli.StringFlag{Name: "ca", Usage: "trust the certificate authorities in `FILE` (PEM), for a log engine"},
		&cli.StringFlag{Name: "cert", Usage: "show a log engine the client certificate in `FILE` (PEM)"},
		&cli.StringFlag{Name: "key", Usage: "`FILE` with the key of --cert (PEM)"},
	}
}

func byFlag() cli.Flag {
	return &cli.StringFlag{Name: "by", Usage: "`LABEL` that tells hosts apart (default: the first of host, hostname, instance, pod, node that there is)"}
}

func engineOf(c *cli.Context) engineAccess {
	return engineAccess{headers: c.StringSlice("header"), ca: c.String("ca"), cert: c.String("cert"), key: c.String("key"), by: c.String("by")}
}

// client makes a client for an address. Errors are matters of usage.
func (o *engineAccess) client(e *env, a engine.Address, opts engine.Options) (*engine.Client, error) {
	access, addr, err := engine.AccessOf(a.Kind, e.getenv)
	if err != nil {
		return nil, usagef("%w", err)
	}
	if a, err = engine.WithEnvironment(a, addr); err != nil {
		return nil, usagef("%w", err)
	}
	for _, h := range o.headers {
		if err := access.AddHeaders(h); err != nil {
			return nil, usagef("--header: %w", err)
		}
	}
	for _, f := range []struct {
		to   *string
		flag string
	}{{&access.CA, o.ca}, {&access.Cert, o.cert}, {&access.Key, o.key}} {
		if f.flag != "" {
			*f.to = f.flag
		}
	}
	opts.Access = access
	c, err := engine.NewClient(a, opts)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return c, nil
}

// expand is source.Expand for arguments that may be addresses of engines. An
// engine is asked for its hosts; each of them is an input of its own. The error
// is one of usage.
func (o *engineAccess) expand(ctx context.Context, e *env, args []string) (inputs []source.Input, problems []source.Problem, err error) {
	var files []string
	flush := func() {
		if len(files) > 0 {
			i, p := source.Expand(files, source.ExpandOptions{})
			inputs, problems, files = append(inputs, i...), append(problems, p...), nil
		}
	}
	for _, arg := range args {
		if !engine.IsAddress(arg) {
			files = append(files, arg)
			continue
		}
		flush()
		a, err := engine.ParseAddress(arg, "")
		if err != nil {
			return nil, nil, usagef("%w", err)
		}
		c, err := o.client(e, a, engine.Options{})
		if err != nil {
			return nil, nil, err
		}
		q := o.window(e, engine.Query{Text: a.Query})
		o.notes = append(o.notes, fmt.Sprintf("%s was asked for %s from %s to %s", c.Name(), cmp.Or(q.Text, "all records"), q.From.UTC().Format(time.RFC3339), q.To.UTC().Format(time.RFC3339)))
		found, err := o.hosts(ctx, c, q)
		if err != nil {
			var f *engine.Fault // its own text begins with the address
			if errors.As(err, &f) {
				err = f.Err
			}
			problems = append(problems, source.Problem{Name: c.Name(), Err: err})
		}
		inputs = append(inputs, found...)
	}
	flush()
	return inputs, problems, nil
}

// readInto reads what an engine has into an analyzer. It says what could not be
// read, and reports whether there was such.
func (o *engineAccess) readInto(ctx context.Context, e *env, a *analyze.Analyzer, arg string) (failed bool, err error) {
	inputs, problems, err := o.expand(ctx, e, []string{arg})
	if err != nil {
		return false, err
	}
	for _, p := range problems {
		e.warnf("%v", p)
		failed = true
	}
	for _, in := range inputs {
		if err := a.Read(ctx, in, nil); err != nil {
			e.warnf("%v", err)
			failed = true
		}
	}
	return failed, nil
}

// follow begins to follow what an engine has, each host by itself, by name. The
// hosts are those of the last day.
func (o *engineAccess) follow(ctx context.Context, e *env, arg string, fromStart bool) (map[string]io.Reader, error) {
	a, err := engine.ParseAddress(arg, "")
	if err != nil {
		return nil, usagef("%w", err)
	}
	c, err := o.client(e, a, engine.Options{})
	if err != nil {
		return nil, err
	}
	q := o.window(e, engine.Query{Text: a.Query})
	label, groups, err := hostsBy(ctx, c, q, o.by)
	if err != nil {
		return nil, &exitError{code: exitNoInput, err: err}
	}
	if len(groups) > mostHosts {
		return nil, usagef("%s has %d hosts: at most %d can be followed at once; a query such as {host=\"…\"} chooses", c.Name(), len(groups), mostHosts)
	}
	if len(groups) == 0 { // it may come
		label, groups = "", []engine.Group{{}}
	}
	if !fromStart {
		q.From = e.now()
	}
	out := map[string]io.Reader{}
	for _, g := range groups {
		h := q
		if label != "" {
			h.Label, h.Value = label, g.Value
		}
		out[c.Source(h).Name()] = c.Follow(ctx, h, engine.FollowOptions{Now: e.now, Tell: func(s string) { e.warnf("%s", s) }})
	}
	return out, nil
}

// window bounds a query by --since and --until.
func (o *engineAccess) window(e *env, q engine.Query) engine.Query {
	q.From, q.To = o.since, o.until
	if q.To.IsZero() {
		q.To = e.now()
	}
	if q.From.IsZero() {
		q.From = q.To.Add(-engineDefault)
	}
	return q
}

// mostHosts is how many hosts of an engine are read into one report.
const mostHosts = 32

// hosts makes an input of every host that a query finds.
func (o *engineAccess) hosts(ctx context.Context, c *engine.Client, q engine.Query) ([]source.Input, error) {
	label, groups, err := hostsBy(ctx, c, q, o.by)
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return nil, fmt.Errorf("no record between %s and %s", q.From.UTC().Format(time.RFC3339), q.To.UTC().Format(time.RFC3339))
	}
	var out []source.Input
	for _, g := range groups {
		if len(out) == mostHosts {
			return out, fmt.Errorf("%d hosts by the label %q, of which %d are read into one report: wolfdiag fleet reads all of them, each by itself", len(groups), label, mostHosts)
		}
		h := q
		h.Expect = g.Lines
		if label != "" {
			h.Label, h.Value = label, g.Value
		}
		s := c.Source(h)
		out = append(out, source.Input{Name: s.Name(), Kind: source.KindEngine, Size: -1, Stream: s})
	}
	return out, nil
}

// hostLabels are the labels that tell hosts apart, in the order in which they
// are looked for.
var hostLabels = []string{"host", "hostname", "instance", "pod", "node"}

// hostsBy finds the label that tells hosts apart, and the hosts. Where there is
// none, all records are of one host and the label is "".
func hostsBy(ctx context.Context, c *engine.Client, q engine.Query, by string) (string, []engine.Group, error) {
	labels := hostLabels
	if by != "" {
		labels = []string{by}
	}
	var all int64
	for _, label := range labels {
		groups, err := c.Groups(ctx, q, label)
		if err != nil || len(groups) == 0 {
			return label, nil, err
		}
		if len(groups) > 1 || groups[0].Value != "" {
			return label, groups, nil
		}
		all = groups[0].Lines
	}
	if by != "" {
		return "", nil, fmt.Errorf("no record has the label %q", by)
	}
	return "", []engine.Group{{Lines: all}}, nil
}

// addressed reports whether any argument is the address of an engine.
func addressed(args []string) bool {
	for _, a := range args {
		if engine.IsAddress(a) {
			return true
		}
	}
	return false
}

// engineHelp is what a command's help says of addresses.
const engineHelp = "An argument vlogs://HOST:9428/?query={service=\"wolf\",host=\"gpu-017\"} asks a log engine (VictoriaLogs; loki:// is experimental),\n" +
	"for the last 24 hours unless --since says otherwise. Credentials: VLOGS_USERNAME, VLOGS_PASSWORD, VLOGS_BEARER_TOKEN, VLOGS_ORG_ID; LOKI_…"

// allowed says no to flags about an engine where none is asked.
func (o *engineAccess) allowed(args []string) error {
	if addressed(args) {
		return nil
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"--header", len(o.headers) > 0}, {"--ca", o.ca != ""}, {"--cert", o.cert != ""}, {"--key", o.key != ""}} {
		if f.set {
			return usagef("%s is about a log engine: name one, such as vlogs://HOST:9428/?query={service=\"wolf\"}", f.name)
		}
	}
	return nil
}
