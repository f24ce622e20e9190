package main

import (
	_ "embed"
	"io"

	"github.com/urfave/cli/v2"
)

// collectScript gathers the evidence on a server. It is POSIX shell, and
// shellcheck has nothing to say about it (a test, where shellcheck is at hand).
//
//go:embed collect.sh
var collectScript string

// collectCommand prints the script; wolfdiag itself starts and opens nothing.
func collectCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:  "collect",
		Usage: "print a shell script that gathers the evidence: logs, states, dumps",
		Description: "Prints a POSIX shell script and runs nothing. The script gathers what docker, Podman, Kubernetes and the host know of\n" +
			"Wolf into one folder, goes on where a tool is missing, and masks the result where wolfdiag is at hand:\n" +
			"wolfdiag collect | sh -s -- incident; wolfdiag analyze incident",
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("collect takes no arguments, got %q; give the folder to the script: wolfdiag collect | sh -s -- FOLDER", name)
			}
			_, err := io.WriteString(e.stdout, collectScript)
			return err
		},
	}
}
