package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
)

func actionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "exec", Usage: "run `COMMAND` when an incident begins: a program and its arguments, no shell"},
		&cli.StringSliceFlag{Name: "on", Usage: "act only on `CAUSE`[,…]; also gpu-dark and gpu-memory"},
		&cli.Float64Flag{Name: "min-probability", Value: 0.5, Usage: "act only on causes of at least `PROBABILITY`"},
		&cli.DurationFlag{Name: "settle", Value: 5 * time.Second, Usage: "act on an incident when it has ranked first, unchanged, for `TIME`; 0: at once"},
		&cli.DurationFlag{Name: "cooldown", Value: 10 * time.Minute, Usage: "least `TIME` between two actions"},
		&cli.DurationFlag{Name: "exec-timeout", Value: time.Minute, Usage: "kill the command after `TIME`"},
		&cli.BoolFlag{Name: "dry-run", Usage: "say what would be run"},
		&cli.StringFlag{Name: "snapshot", Usage: "save the report and the raw lines round an incident under `DIR`, before the command runs"},
		&cli.StringFlag{Name: "snapshot-max-bytes", Value: "1GiB", Usage: "remove the oldest snapshots of DIR when all take more than `SIZE`; 0: never"},
		&cli.DurationFlag{Name: "snapshot-max-age", Value: 90 * 24 * time.Hour, Usage: "remove snapshots of DIR that are older than `TIME`; 0: never"},
	}
}

// actionOptions are the flags that say what to do about an incident.
type actionOptions struct {
	exec      string
	on        []string
	minProb   float64
	settle    time.Duration
	cooldown  time.Duration
	timeout   time.Duration
	dryRun    bool
	snapshot  string
	keepBytes string
	keepFor   time.Duration
}

func actionOf(c *cli.Context) actionOptions {
	return actionOptions{
		exec: c.String("exec"), on: c.StringSlice("on"), minProb: c.Float64("min-probability"), settle: c.Duration("settle"), cooldown: c.Duration("cooldown"),
		timeout: c.Duration("exec-timeout"), dryRun: c.Bool("dry-run"), snapshot: c.String("snapshot"), keepBytes: c.String("snapshot-max-bytes"), keepFor: c.Duration("snapshot-max-age"),
	}
}

// validate turns the flags into options; errors name the flag. mask: what is saved
// is redacted.
func (o *actionOptions) validate(mask bool) (action.Options, error) {
	a := action.Options{Command: o.exec, MinProbability: o.minProb, Settle: o.settle, Cooldown: o.cooldown,
		Timeout: o.timeout, DryRun: o.dryRun, Snapshot: o.snapshot, WriteReport: writeMarkdown}
	if mask {
		a.Mask = func() action.Masker { return redact.ForLogs() }
	}
	if err := aboveZero(flagTime{"cooldown", o.cooldown}, flagTime{"exec-timeout", o.timeout}); err != nil {
		return a, err
	}
	if o.settle < 0 {
		return a, usagef("--settle %s: want a time, or 0 to act at once", o.settle)
	} else if o.settle == 0 {
		a.Settle = -1
	}
	if err := o.limitSnapshots(&a); err != nil {
		return a, err
	}
	if o.minProb <= 0 || o.minProb > 1 {
		return a, usagef("--min-probability %v: want a number above 0, at most 1", o.minProb)
	}
	if o.exec == "" && o.snapshot == "" && (len(o.on) > 0 || o.dryRun) {
		return a, usagef("--on and --dry-run are about --exec COMMAND and --snapshot DIR: give one")
	}
	return a, nil
}

// flagTime is a flag that takes a time.
type flagTime struct {
	flag string
	d    time.Duration
}

func aboveZero(list ...flagTime) error {
	for _, f := range list {
		if f.d <= 0 {
			return usagef("--%s %s: want a time above zero", f.flag, f.d)
		}
	}
	return nil
}

// limitSnapshots sets what snapshots may take; 0 on the command line is no limit.
func (o *actionOptions) limitSnapshots(a *action.Options) (err error) {
	if a.SnapshotBytes = -1; o.keepBytes != "0" {
		if a.SnapshotBytes, err = parseSize(o.keepBytes); err != nil {
			return usagef("--snapshot-max-bytes: %w", err)
		}
	}
	if o.keepFor < 0 {
		return usagef("--snapshot-max-age %s: want a time, or 0 to keep them", o.keepFor)
	}
	if a.SnapshotAge = o.keepFor; a.SnapshotAge == 0 {
		a.SnapshotAge = -1
	}
	return nil
}

// causes checks what --on names.
func (o *actionOptions) causes(a *analyze.Analyzer) ([]string, error) {
	known := map[string]bool{"gpu-dark": true, "gpu-memory": true}
	for _, c := range a.Catalogue().Causes() {
		known[c.ID] = true
	}
	var out []string
	for _, list := range o.on {
		for _, id := range strings.Split(list, ",") {
			if id = strings.TrimSpace(id); !known[id] {
				return nil, usagef("--on %q: no such cause (wolfdiag patterns list --causes shows them)", id)
			}
			out = append(out, id)
		}
	}
	return out, nil
}

// writeMarkdown adds a report for people to a snapshot. It is not masked less
// than --format markdown is: a snapshot is often passed on.
func writeMarkdown(folder string, r *report.Report) error {
	f, err := os.OpenFile(filepath.Join(folder, "report.md"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = render.Report(f, r, render.Markdown, render.Options{})
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
