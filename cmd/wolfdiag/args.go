package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// reorder moves flags in front of arguments, because the cli library stops
// looking for flags at the first argument and would take `analyze a.log
// --format json` for three files. "--" ends the flags; "-" is an argument.
// Unknown flags are moved too, so that the library complains about them.
func reorder(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	out := []string{args[0]}
	flags, commands := app.Flags, app.Commands
	rest := args[1:]
	for len(rest) > 0 { // walk down to the command, keeping flags in between
		if rest[0] == "--" {
			return append(out, rest...)
		}
		if isFlag(rest[0]) {
			n := flagLen(flags, rest)
			out = append(out, rest[:n]...)
			rest = rest[n:]
			continue
		}
		c := command(commands, rest[0])
		if c == nil {
			break
		}
		out = append(out, rest[0])
		rest = rest[1:]
		flags, commands = c.Flags, c.Subcommands
	}
	var moved, positional []string
	dangling := false // the last word is a flag whose value is missing
	for len(rest) > 0 {
		switch {
		case rest[0] == "--":
			positional = append(positional, rest[1:]...)
			rest = nil
		case isFlag(rest[0]):
			n := flagLen(flags, rest)
			dangling = len(rest) == 1 && flagLen(flags, []string{rest[0], ""}) == 2
			moved = append(moved, rest[:n]...)
			rest = rest[n:]
		default:
			positional = append(positional, rest[0])
			rest = rest[1:]
		}
	}
	out = append(out, moved...)
	if dangling {
		return out // the library says that the flag needs a value, and does not take "--" for one
	}
	if len(positional) > 0 {
		out = append(append(out, "--"), positional...)
	}
	return out
}

func isFlag(s string) bool { return len(s) > 1 && s[0] == '-' }

func command(cs []*cli.Command, name string) *cli.Command {
	for _, c := range cs {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// flagLen is how many arguments the flag at the front takes with its value.
func flagLen(flags []cli.Flag, rest []string) int {
	name := strings.TrimLeft(rest[0], "-")
	if strings.Contains(name, "=") || len(rest) == 1 {
		return 1
	}
	for _, f := range flags {
		for _, n := range f.Names() {
			if n != name {
				continue
			}
			if b, ok := f.(*cli.BoolFlag); ok && b != nil {
				return 1
			}
			return 2
		}
	}
	return 1
}
