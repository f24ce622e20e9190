package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
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
		Suggest:                   true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true,
		Reader:                    e.stdin,
		Writer:                    e.stdout,
		ErrWriter:                 e.stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // run maps errors itself
		OnUsageError:              onUsage,
		Commands: []*cli.Command{
			analyzeCommand(e), followCommand(e), checkCommand(e), dumpsCommand(e), patternsCommand(e),
			completionCommand(e), manCommand(e), versionCommand(e),
		},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				msg := fmt.Sprintf("no command %q", name)
				if s := strings.TrimSpace(strings.TrimPrefix(cli.SuggestCommand(c.App.Commands, name), "Did you mean")); s != "" {
					msg += "; did you mean " + strings.Trim(s, "\"'?") + "?"
				}
				return usagef("%s (wolfdiag --help lists the commands)", msg)
			}
			_ = cli.ShowAppHelp(c)
			return exitWith(exitUsage)
		},
	}
	for _, c := range app.Commands {
		prepare(c)
	}
	return app
}

// prepare gives a command and its subcommands the same manners.
func prepare(c *cli.Command) {
	c.OnUsageError = onUsage
	for _, s := range c.Subcommands {
		prepare(s)
	}
}

func onUsage(c *cli.Context, err error, _ bool) error {
	msg := err.Error()
	if name, ok := strings.CutPrefix(msg, "flag provided but not defined: -"); ok {
		msg = fmt.Sprintf("unknown flag --%s", strings.TrimLeft(name, "-"))
		if c.Command != nil {
			if s := suggestFlag(c.Command.Flags, strings.TrimLeft(name, "-")); s != "" {
				msg += "; did you mean --" + s + "?"
			}
		}
	}
	where := "wolfdiag"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "wolfdiag" {
		where += " " + c.Command.Name
	}
	return usagef("%s (%s --help lists the flags)", msg, where)
}

// suggestFlag finds the flag whose name is nearest to a mistyped one.
func suggestFlag(flags []cli.Flag, name string) string {
	best, dist := "", 4
	for _, f := range flags {
		for _, n := range f.Names() {
			if d := editDistance(n, name); len(n) > 1 && d < dist {
				best, dist = n, d
			}
		}
	}
	return best
}

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diag, row[j] = row[j], min(row[j]+1, row[j-1]+1, diag+cost)
		}
	}
	return row[len(b)]
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
	cat, err := builtin()
	if err != nil {
		return err
	}
	line := "wolfdiag " + version()
	if r := revision(); r != "" {
		line += " (" + r + ")"
	}
	_, err = fmt.Fprintf(w, "%s, catalogue %s: %d patterns, %d causes\n", line, cat.Version(), len(cat.Patterns()), len(cat.Causes()))
	return err
}
