package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
	"wolfdiag/patterns"
)

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, e *env) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(e.stderr, "wolfdiag: internal error: %v\nThis is a defect of wolfdiag %s. Please report it with the command line and, if you can, the input.\n", r, version())
			code = exitInternal
		}
	}()
	app := newApp(e)
	if len(args) > 1 && args[1] == completeName {
		for _, s := range candidates(app, args[2:]) {
			fmt.Fprintln(e.stdout, s)
		}
		return exitOK
	}
	err := app.RunContext(ctx, reorder(app, args))
	var x *exitError
	if err != nil && (!errors.As(err, &x) || !x.silent) {
		e.warnf("%v", err)
	}
	return exitCode(err)
}

func newApp(e *env) *cli.App {
	app := &cli.App{
		Name:    "wolfdiag",
		Usage:   "tells why sessions of a Wolf streaming server fail",
		Version: version(),
		Description: "Reads logs, crash dumps and state snapshots of a Wolf server and prints a ranked root-cause report.\n" +
			"Typical use: docker compose logs wolf | wolfdiag analyze",
		HideVersion:               true,
		HideHelp:                  true, // see helpFlag
		HideHelpCommand:           true, // see helpCommand
		Suggest:                   true,
		DisableSliceFlagSeparator: true,
		Reader:                    e.stdin,
		Writer:                    e.stdout,
		ErrWriter:                 e.stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // run maps errors itself
		OnUsageError:              onUsage,
		Commands: []*cli.Command{
			analyzeCommand(e), fleetCommand(e), followCommand(e), checkCommand(e), explainCommand(e), collectCommand(e), compareCommand(e), dumpsCommand(e), redactCommand(e),
			patternsCommand(e), knownCommand(e),
			completionCommand(e), manCommand(e), versionCommand(e), helpCommand(e),
		},
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "version", Usage: "print the version"},
			helpFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.Bool("version") {
				return printVersion(e.stdout)
			}
			if name := c.Args().First(); name != "" {
				return noCommandOrLog(c.App.Commands, c.Args().Slice())
			}
			_ = cli.ShowAppHelp(c)
			return exitWith(exitUsage)
		},
	}
	for _, c := range app.Commands {
		prepare(c)
	}
	plainDefaults(app.Flags)
	return app
}

func versionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version of the program and of its catalogue",
		Action: func(c *cli.Context) error {
			return printVersion(e.stdout)
		},
	}
}

func printVersion(w io.Writer) error {
	catalogue, known, causes := patterns.Built()
	line := "wolfdiag " + version()
	if r := revision(); r != "" {
		line += " (" + r + ")"
	}
	_, err := fmt.Fprintf(w, "%s, catalogue %s: %d patterns, %d causes\n", line, catalogue, known, causes)
	return err
}
