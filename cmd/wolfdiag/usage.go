package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/internal/lazyregexp"
)

// prepare gives a command and its subcommands the same manners.
func prepare(c *cli.Command) {
	c.OnUsageError = onUsage
	c.HideHelpCommand = true // wolfdiag help reaches all of them
	c.HideHelp = true        // the library's flag, which all apps of a process share
	c.Flags = append(c.Flags, helpFlag())
	plainDefaults(c.Flags)
	for _, s := range c.Subcommands {
		prepare(s)
	}
}

// helpFlag is a command's own --help. The library's is one variable that every
// run writes to.
func helpFlag() cli.Flag {
	return &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show help"}
}

// plainDefaults keeps the help free of what says nothing: "(default: false)",
// and quotes around words.
func plainDefaults(flags []cli.Flag) {
	for _, f := range flags {
		switch f := f.(type) {
		case *cli.BoolFlag:
			f.DisableDefaultText = !f.Value
		case *cli.StringFlag:
			f.Usage, f.DefaultText = defaultOf(f.Usage, f.DefaultText)
			if f.DefaultText == "" {
				f.DefaultText = f.Value
			}
		case *cli.IntFlag:
			f.Usage, f.DefaultText = defaultOf(f.Usage, f.DefaultText)
		}
	}
}

// defaultOf takes the default that a usage states in words out of it, because
// the library would add another.
func defaultOf(usage, text string) (string, string) {
	before, after, ok := strings.Cut(usage, " (default: ")
	if !ok {
		return usage, text
	}
	return before, strings.TrimSuffix(after, ")")
}

// helpCommand shows the help of a command, also of one below another.
func helpCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "show the help of a command",
		ArgsUsage: "[COMMAND]...",
		Action: func(c *cli.Context) error {
			list, where := c.App.Commands, c.App.Name
			for _, name := range c.Args().Slice() {
				found := command(list, name)
				if found == nil {
					return noCommand(where, list, name)
				}
				list, where = found.Subcommands, where+" "+name
			}
			args := append([]string{c.App.Name}, c.Args().Slice()...)
			return newApp(e).RunContext(c.Context, append(args, "--help"))
		},
	}
}

// noCommandOrLog is the error for a word that is no command: somebody who names a
// log, or a folder, means to analyze it.
func noCommandOrLog(list []*cli.Command, args []string) error {
	name := args[0]
	if _, err := os.Stat(name); err == nil || name == "-" || strings.HasSuffix(name, ".log") {
		words := make([]string, len(args))
		for i, a := range args {
			words[i] = shellWord(a)
		}
		return usagef("no command %q; did you mean `wolfdiag analyze %s`?", name, strings.Join(words, " "))
	}
	return noCommand("wolfdiag", list, name)
}

// shellWord quotes a word for a POSIX shell where it needs it.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./,:=@%+", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// noCommand is the error for an unknown command below another.
func noCommand(where string, list []*cli.Command, name string) error {
	var known []string
	for _, c := range list {
		known = append(known, c.Names()...)
	}
	msg := fmt.Sprintf("no command %q", name)
	if where != "wolfdiag" {
		msg += " below " + strings.TrimPrefix(where, "wolfdiag ")
	}
	if s := nearest(known, name); s != "" {
		msg += "; did you mean " + s + "?"
	}
	return usagef("%s (%s --help lists the commands)", msg, where)
}

var (
	// invalid value "x" for flag -jobs: parse error
	invalidValue = lazyregexp.New(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-(\S+): (.*)$`)
	// flag needs an argument: -width
	lacksValue = lazyregexp.New(`^flag needs an argument: -+(\S+)$`)
)

func onUsage(c *cli.Context, err error, _ bool) error {
	msg := err.Error()
	where := "wolfdiag"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "wolfdiag" {
		where = c.Command.HelpName
	}
	switch name, unknown := strings.CutPrefix(msg, "flag provided but not defined: -"); {
	case unknown:
		msg = unknownFlag(c, where, strings.TrimLeft(name, "-"))
	case invalidValue.MatchString(msg):
		m := invalidValue.FindStringSubmatch(msg)
		why := strings.TrimPrefix(m[3], "parse error")
		if why == "" {
			why = "not " + wantedOf(c, m[2])
		}
		msg = fmt.Sprintf("%s %q: %s", dashed(m[2]), m[1], why)
	case lacksValue.MatchString(msg):
		msg = dashed(lacksValue.FindStringSubmatch(msg)[1]) + " needs a value"
	}
	return usagef("%s (%s --help lists the flags)", msg, where)
}

// unknownFlag words the error for a flag that a command does not have, and looks
// for the one that was meant: a similar one, or one of a command when it stands
// before any.
func unknownFlag(c *cli.Context, where, name string) string {
	msg := "unknown flag " + dashed(name)
	if where == "wolfdiag" {
		for _, cmd := range c.App.Commands {
			for _, f := range cmd.Flags {
				for _, n := range f.Names() {
					if n == name {
						return fmt.Sprintf("%s stands behind a command, such as: wolfdiag %s %s", dashed(name), cmd.Name, dashed(name))
					}
				}
			}
		}
		return msg
	}
	if s := nearest(flagNames(c.Command), name); s != "" {
		msg += "; did you mean --" + s + "?"
	}
	return msg
}

// wantedOf says what kind of value a flag takes.
func wantedOf(c *cli.Context, name string) string {
	if c.Command != nil {
		for _, f := range c.Command.Flags {
			for _, n := range f.Names() {
				if n != name {
					continue
				}
				switch f.(type) {
				case *cli.DurationFlag:
					return "a duration such as 90s or 5m"
				case *cli.IntFlag, *cli.Int64Flag, *cli.Float64Flag, *cli.UintFlag:
					return "a number"
				}
			}
		}
	}
	return "a value it takes"
}

// flagNames are the long names of a command's flags.
func flagNames(c *cli.Command) []string {
	var out []string
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			if len(n) > 1 {
				out = append(out, n)
			}
		}
	}
	return out
}

// nearest is the known word that a mistyped one is closest to; "" when none is
// close. The first of several wins.
func nearest(known []string, name string) string {
	best, dist := "", 1+min(3, (len(name)+1)/2)
	for _, k := range known {
		if d := editDistance(k, name); d < dist {
			best, dist = k, d
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
