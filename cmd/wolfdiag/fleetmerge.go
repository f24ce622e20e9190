package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/fleet"
)

// fleetMergeOptions are the flags of `wolfdiag fleet merge`.
type fleetMergeOptions struct {
	fleetOptions
}

func fleetMergeCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "merge",
		Usage:     "join reports of fleet that were made apart",
		ArgsUsage: "RECORD...",
		Description: "Reads what fleet --format json wrote, of other hosts, shards or engines, and makes the report that one run over\n" +
			"all of them would have made. A file may hold several reports, one after the other; - is standard input.",
		Flags: append(outputFlags(),
			&cli.StringFlag{Name: "baseline", Usage: "say what is new and gone since the report in `FILE`, of --format json"},
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 when a cause was found"},
		),
		Action: func(c *cli.Context) error {
			o := fleetMergeOptions{fleetOptions{output: outputOf(c), args: c.Args().Slice(), baseline: c.String("baseline"), exitCode: c.Bool("exit-code")}}
			return o.run(e)
		},
	}
}

func (o *fleetMergeOptions) run(e *env) error {
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	if len(o.args) == 0 {
		return usagef("nothing to merge: name the reports that fleet --format json wrote")
	}
	var before *fleet.Report
	if o.baseline != "" {
		if before, err = readFleet(o.baseline, e); err != nil {
			return usagef("--baseline: %w", err)
		}
	}
	var parts []*fleet.Report
	failed := false
	for _, name := range o.args {
		list, err := readFleets(name, e)
		if err != nil {
			e.warnf("%v", err)
			failed = true
		}
		parts = append(parts, list...)
	}
	if len(parts) == 0 {
		return exitWith(exitNoInput)
	}
	return o.finish(e, fleet.Merge(parts, before), format, ropts, failed)
}

// maxFleet bounds a file of reports: some hundred thousand hosts.
const maxFleet = 512 << 20

var errNoFleet = errors.New("no report of fleet --format json in it")

// readFleets reads the reports in a file, one after the other. Those before a
// damage are returned beside the error.
func readFleets(name string, e *env) ([]*fleet.Report, error) {
	r := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	limited := &io.LimitedReader{R: r, N: maxFleet}
	d := json.NewDecoder(limited)
	var out []*fleet.Report
	for {
		p := &fleet.Report{}
		err := d.Decode(p)
		switch {
		case errors.Is(err, io.EOF) && len(out) > 0:
			return out, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%s: %w", name, errNoFleet)
		case limited.N <= 0:
			return out, fmt.Errorf("%s: more than %d MiB, the rest is left out", name, maxFleet>>20)
		case err != nil:
			return out, fmt.Errorf("%s, at byte %d: not a whole report of fleet: %w", name, d.InputOffset(), err)
		case p.Schema != fleet.Schema:
			return out, fmt.Errorf("%s: a document %q, want %s", name, p.Schema, fleet.Schema)
		}
		out = append(out, p)
	}
}

// readFleet reads one report, or several as one.
func readFleet(name string, e *env) (*fleet.Report, error) {
	list, err := readFleets(name, e)
	if err != nil {
		return nil, err
	}
	return fleet.Merge(list, nil), nil
}
