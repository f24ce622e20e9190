// Package process runs commands, and ends them with all that they have started.
package process

import (
	"errors"
	"fmt"
	"strings"
)

// Errors of SplitCommand.
var (
	errEmptyCommand = errors.New("empty command")
	errOpenQuote    = errors.New("a quote is not closed")
)

// SplitCommand cuts a command line into words as a shell does, without any of
// its other powers: blanks part words; '…' takes all as it is; "…" and bare
// words know \ before any character. No variables, globs, pipes or lists.
func SplitCommand(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	in, started, escaped := rune(0), false, false
	for _, r := range s {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && in != '\'':
			escaped, started = true, true
		case in != 0:
			if r == in {
				in = 0
				break
			}
			word.WriteRune(r)
		case r == '\'' || r == '"':
			in, started = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if in != 0 || escaped {
		return nil, fmt.Errorf("%q: %w", s, errOpenQuote)
	}
	if started {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errEmptyCommand
	}
	return words, nil
}
