package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

const bashCompletion = `# bash completion for wolfdiag: wolfdiag completion bash > /etc/bash_completion.d/wolfdiag
_wolfdiag() {
  local cur opts
  cur="${COMP_WORDS[COMP_CWORD]}"
  if [[ "$cur" == -* ]]; then
    opts=$("${COMP_WORDS[@]:0:$COMP_CWORD}" "$cur" --generate-bash-completion 2>/dev/null)
  else
    opts=$("${COMP_WORDS[@]:0:$COMP_CWORD}" --generate-bash-completion 2>/dev/null)
  fi
  COMPREPLY=($(compgen -W "$opts" -- "$cur") $(compgen -f -- "$cur"))
}
complete -o bashdefault -o default -o filenames -F _wolfdiag wolfdiag
`

const zshCompletion = `#compdef wolfdiag
# zsh completion for wolfdiag: wolfdiag completion zsh > "${fpath[1]}/_wolfdiag"
_wolfdiag() {
  local -a opts
  local cur=${words[-1]}
  if [[ "$cur" == -* ]]; then
    opts=("${(@f)$(${words[1,-2]} ${cur} --generate-bash-completion 2>/dev/null)}")
  else
    opts=("${(@f)$(${words[1,-2]} --generate-bash-completion 2>/dev/null)}")
  fi
  _describe 'values' opts
  _files
}
compdef _wolfdiag wolfdiag
`

// completionCommand prints completion scripts; they ask wolfdiag itself, so
// they never fall behind its flags.
func completionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a completion script for a shell",
		ArgsUsage: "bash|zsh|fish",
		Action: func(c *cli.Context) error {
			var script string
			switch shell := c.Args().First(); shell {
			case "bash":
				script = bashCompletion
			case "zsh":
				script = zshCompletion
			case "fish":
				s, err := c.App.ToFishCompletion()
				if err != nil {
					return fmt.Errorf("make fish completion: %w", err)
				}
				script = s
			default:
				return usagef("completion %q: want bash, zsh or fish", shell)
			}
			_, err := fmt.Fprint(e.stdout, script)
			return err
		},
	}
}

// manCommand prints the manual, made from the commands themselves.
func manCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page (wolfdiag man | man -l -)",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "markdown", Usage: "print it as Markdown"}},
		Action: func(c *cli.Context) error {
			page, err := c.App.ToManWithSection(1)
			if c.Bool("markdown") {
				page, err = c.App.ToMarkdown()
			}
			if err != nil {
				return fmt.Errorf("make the manual: %w", err)
			}
			page = strings.TrimSpace(page) + "\n" + exitSection(c.Bool("markdown"))
			_, err = fmt.Fprint(e.stdout, page)
			return err
		},
	}
}

var exitMeanings = []struct {
	code int
	text string
}{
	{exitOK, "done"},
	{exitFound, "a cause was found (analyze, follow and dumps only with --exit-code; check always)"},
	{exitUsage, "bad usage, or an error in a file given with --catalogue"},
	{exitPartial, "some input could not be read; the report is printed and names what was skipped"},
	{exitNoInput, "nothing could be read"},
	{exitInternal, "a defect of wolfdiag"},
}

func exitSection(markdown bool) string {
	var b strings.Builder
	if markdown {
		b.WriteString("\n# EXIT STATUS\n\n")
	} else {
		b.WriteString(".SH EXIT STATUS\n")
	}
	for _, m := range exitMeanings {
		if markdown {
			fmt.Fprintf(&b, "- **%d**: %s\n", m.code, m.text)
			continue
		}
		fmt.Fprintf(&b, ".TP\n\\fB%d\\fP\n%s\n", m.code, m.text)
	}
	return b.String()
}
