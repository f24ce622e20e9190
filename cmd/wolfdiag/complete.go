package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/render"
)

// completeName is the command that completion scripts call with the words of the
// line so far, the one at the cursor last. It is answered before flags are
// parsed: a line that is being typed is seldom right.
const completeName = "__complete"

// candidates are what the last of words may become; none where a file is wanted.
// They come from the commands and flags themselves, so they never fall behind.
func candidates(app *cli.App, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	cur := words[len(words)-1]
	before := words[:len(words)-1]
	if cur == "=" { // bash makes a word of it: --format = te
		before, cur = append(slices.Clone(before), "="), ""
	}
	flags, commands, path, positional, value := walk(app, before)
	if name, rest, ok := strings.Cut(cur, "="); ok && strings.HasPrefix(name, "-") {
		var out []string
		for _, v := range valuesOf(strings.TrimLeft(name, "-")) {
			if strings.HasPrefix(v, rest) {
				out = append(out, name+"="+v)
			}
		}
		return out
	}
	var all []string
	switch {
	case value != "":
		all = valuesOf(value)
	case strings.HasPrefix(cur, "-"):
		for _, f := range flags {
			for _, n := range f.Names() {
				if len(n) > 1 {
					all = append(all, "--"+n)
				}
			}
		}
		if !slices.Contains(all, "--help") {
			all = append(all, "--help")
		}
	case path == "help":
		all = namesOf(app.Commands)
	case positional == 0:
		all = append(namesOf(commands), argumentsOf(path)...)
	}
	return slices.DeleteFunc(all, func(s string) bool { return !strings.HasPrefix(s, cur) })
}

// walk follows the words in front of the cursor down to the command they name.
// value is the flag that waits for its value, if one does.
func walk(app *cli.App, words []string) (flags []cli.Flag, commands []*cli.Command, path string, positional int, value string) {
	flags, commands = app.Flags, app.Commands
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--":
			return nil, nil, path, 1, ""
		case isFlag(w):
			if flagLen(flags, []string{w, ""}) < 2 {
				continue
			}
			if i+1 < len(words) && words[i+1] == "=" {
				i++
			}
			if i++; i >= len(words) {
				value = strings.TrimLeft(w, "-")
			}
		case positional == 0 && command(commands, w) != nil:
			c := command(commands, w)
			flags, commands, path = c.Flags, c.Subcommands, strings.TrimSpace(path+" "+c.Name)
		default:
			positional++
		}
	}
	return flags, commands, path, positional, value
}

func namesOf(list []*cli.Command) []string {
	var out []string
	for _, c := range list {
		if !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

// valuesOf lists the values of flags that take one of a few.
func valuesOf(flag string) []string {
	switch flag {
	case "format", "f":
		var out []string
		for _, f := range render.Formats() {
			out = append(out, string(f))
		}
		return out
	case "color":
		return []string{"auto", "always", "never"}
	case "from":
		return []string{"start", "end", "checkpoint"}
	case "role":
		return []string{"cause", "symptom", "benign", "lifecycle"}
	case "component":
		return components()
	}
	return nil
}

// components are the names of the catalogue's files, sorted.
func components() []string {
	cat, err := builtin()
	if err != nil {
		return nil
	}
	var out []string
	for _, p := range cat.Patterns() {
		out = append(out, p.Component)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// argumentsOf lists what a command's argument may be, where that is not a file.
func argumentsOf(path string) []string {
	switch path {
	case "completion":
		return []string{"bash", "zsh", "fish"}
	case "explain":
		cat, err := builtin()
		if err != nil {
			return nil
		}
		var out []string
		for _, c := range cat.Causes() {
			out = append(out, c.ID)
		}
		return out
	case "patterns show":
		cat, err := builtin()
		if err != nil {
			return nil
		}
		var out []string
		for _, p := range cat.Patterns() {
			out = append(out, p.ID)
		}
		for _, c := range cat.Causes() {
			out = append(out, c.ID)
		}
		return out
	}
	return nil
}
