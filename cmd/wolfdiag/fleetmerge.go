package main

import (
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
