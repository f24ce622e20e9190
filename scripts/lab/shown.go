package main

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed starts/*.log
var starts embed.FS

// Shown says in what a record is wrapped: an ordinary start of Wolf before it or not, and the prefix of its lines.
type Shown struct {
	Start  string // name of a file in starts, or ""
	Form   string // raw, compose or journal
	Source string // service of compose, or program[pid] of the journal
}

// parseShown reads "raw", "compose SERVICE", "journal PROGRAM[PID]", each with "start NAME" before it or not.
func parseShown(value string) (Shown, error) {
	var s Shown
	words := strings.Fields(value)
	if len(words) > 2 && words[0] == "start" {
		s.Start, words = words[1], words[2:]
		if _, err := starts.ReadFile("starts/" + s.Start + ".log"); err != nil {
			return s, err
		}
	}
	switch {
	case len(words) == 1 && words[0] == "raw":
		s.Form = "raw"
	case len(words) == 2 && (words[0] == "compose" || words[0] == "journal"):
		s.Form, s.Source = words[0], words[1]
	default:
		return s, fmt.Errorf("shown %q: want [start NAME] raw, compose SERVICE or journal PROGRAM[PID]", value)
	}
	return s, nil
}

// stamp is a time in a start: @C(1.5) is Wolf's clock, @D(0) the init scripts', @R(0) the compositor's,
// @J(0) the journal's, in seconds from the start of the container.
var stamp = regexp.MustCompile(`@([CDRJ])\((\d+(?:\.\d+)?)\)`)

var layouts = map[string]string{
	"C": "15:04:05.000000000",
	"D": "2006-01-02 15:04:05",
	"R": "2006-01-02T15:04:05.000000Z",
	"J": "Jan 02 15:04:05",
}

// before returns how many lines come before the record.
func (s Shown) before() int { return len(s.wrap(nil, time.Time{})) }

// wrap returns the lines of a log that holds the record of a run begun at the given time.
func (s Shown) wrap(record []string, begun time.Time) (lines []string) {
	begun = begun.UTC()
	if s.Start != "" {
		text, _ := starts.ReadFile("starts/" + s.Start + ".log")
		begin := begun.Add(-95 * time.Second)
		speaker, program := "wolf-1", "wolf[1412]"
		if s.Start == "container" { // the start of the container that the program itself runs in
			speaker, program = s.Source, s.Source
		}
		for line := range strings.Lines(string(text)) {
			line = stamp.ReplaceAllStringFunc(strings.TrimRight(line, "\n"), func(m string) string {
				part := stamp.FindStringSubmatch(m)
				seconds, _ := strconv.ParseFloat(part[2], 64)
				return begin.Add(time.Duration(seconds * float64(time.Second))).Format(layouts[part[1]])
			})
			lines = append(lines, s.prefix(speaker, program, begin)+line)
		}
	}
	for _, line := range record {
		lines = append(lines, s.prefix(s.Source, s.Source, begun)+line)
	}
	return lines
}

func (s Shown) prefix(service, program string, at time.Time) string {
	switch s.Form {
	case "compose":
		width := len("wolf-1")
		if s.Start != "" {
			width = max(width, len(s.Source))
		}
		return fmt.Sprintf("%-*s  | ", width, service)
	case "journal":
		return at.Format(layouts["J"]) + " games " + program + ": "
	}
	return ""
}
