package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

const bashCompletion = `# bash completion for wolfdiag: wolfdiag completion bash > /etc/bash_completion.d/wolfdiag
_wolfdiag() {
  local IFS=$'\n'
  COMPREPLY=($(command "${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _wolfdiag wolfdiag
`

const zshCompletion = `#compdef wolfdiag
# zsh completion for wolfdiag: wolfdiag completion zsh > "${fpath[1]}/_wolfdiag"
_wolfdiag() {
  local -a found
  found=("${(@f)$(command ${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then
    compadd -a found
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _wolfdiag ]]; then
  _wolfdiag "$@" # zsh has loaded this file because somebody completes
else
  compdef _wolfdiag wolfdiag
fi
`

const fishCompletion = `# fish completion for wolfdiag: wolfdiag completion fish > ~/.config/fish/completions/wolfdiag.fish
function __wolfdiag_candidates
    set -l words (commandline -opc) (commandline -ct)
    command $words[1] __complete $words[2..] 2>/dev/null
end
complete -c wolfdiag -n 'count (__wolfdiag_candidates) >/dev/null' -f -a '(__wolfdiag_candidates)'
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
				script = fishCompletion
			case "":
				return usagef("completion wants the name of a shell: bash, zsh or fish")
			default:
				return usagef("completion %q: want bash, zsh or fish", shell)
			}
			_, err := fmt.Fprint(e.stdout, script)
			return err
		},
	}
}

// exitMeanings are the exit codes as the manual and the README list them.
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
