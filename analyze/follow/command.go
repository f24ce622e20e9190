package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// snapshot writes the report and the raw lines that led to an incident into a
// new folder.
func (a *actor) snapshot(j *job) {
	if a.taken >= maxSnapshots {
		if a.taken == maxSnapshots {
			a.taken++
			a.note(j.event, Action{Outcome: "skipped"}, fmt.Sprintf("no more than %d snapshots are written", maxSnapshots))
		}
		return
	}
	dir := filepath.Join(a.o.Snapshot, fmt.Sprintf("%s-%s", j.event.Time.UTC().Format("20060102T150405.000Z"), j.cause))
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "lines.log"), j.lines, 0o600)
	}
	if err == nil {
		var b []byte
		if b, err = json.MarshalIndent(j.report, "", "  "); err == nil {
			err = os.WriteFile(filepath.Join(dir, "report.json"), append(b, '\n'), 0o600)
		}
	}
	if err == nil && a.o.WriteReport != nil {
		err = a.o.WriteReport(dir, j.report)
	}
	if err != nil {
		a.note(j.event, Action{Outcome: "failed"}, fmt.Sprintf("the snapshot cannot be written: %v", err))
		return
	}
	a.taken++
	j.snapshot = dir
	a.note(j.event, Action{Outcome: "snapshot", Snapshot: dir}, "report and lines saved in "+dir)
}
