package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// A Case is one run of a program: a shell script, and in the comments at its head what is broken and how it is shown.
type Case struct {
	Slug    string
	Program string
	Fault   string // what is broken, in words; "none" for a healthy run
	Cause   string // the cause's id, "none" or "unknown"
	Accept  []string
	Not     []string
	Shown   Shown
	Words   *regexp.Regexp // the first and the last line of the record that it finds are the evidence
	Why     string
	Seconds int
	Script  string
}

// readCases reads every *.txtar of a folder: one archive a program, named by it, one file a case.
func readCases(dir string) ([]Case, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var cases []Case
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		program := strings.TrimSuffix(filepath.Base(name), ".txtar")
		for _, f := range txtar.Parse(text).Files {
			c, err := parseCase(strings.TrimSuffix(f.Name, ".sh"), program, string(f.Data))
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, f.Name, err)
			}
			cases = append(cases, c)
		}
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Slug, b.Slug) })
	for i := range cases[:max(len(cases)-1, 0)] {
		if cases[i].Slug == cases[i+1].Slug {
			return nil, fmt.Errorf("%s: %s is there twice", dir, cases[i].Slug)
		}
	}
	return cases, nil
}

// parseCase reads a script and the "# key: value" lines at its head.
func parseCase(slug, program, text string) (Case, error) {
	c := Case{Slug: slug, Program: program, Seconds: 20, Script: text}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "# "), ": ")
		if !ok || !strings.HasPrefix(line, "# ") {
			break
		}
		if err := c.set(key, strings.TrimSpace(value)); err != nil {
			return c, err
		}
	}
	return c, c.check()
}

func (c *Case) set(key, value string) (err error) {
	switch key {
	case "fault":
		c.Fault = value
	case "cause":
		c.Cause = value
	case "accept":
		c.Accept = strings.Fields(value)
	case "not":
		c.Not = strings.Fields(value)
	case "why":
		c.Why = value
	case "shown":
		c.Shown, err = parseShown(value)
	case "words":
		c.Words, err = regexp.Compile(value)
	case "seconds":
		c.Seconds, err = strconv.Atoi(value)
	default:
		err = fmt.Errorf("unknown key %q", key)
	}
	return err
}

func (c *Case) check() error {
	switch {
	case c.Fault == "" || c.Cause == "":
		return fmt.Errorf("fault or cause is missing")
	case (c.Fault == "none") != (c.Cause == "none"):
		return fmt.Errorf("fault %q and cause %q contradict each other", c.Fault, c.Cause)
	case c.Cause != "none" && c.Words == nil:
		return fmt.Errorf("a faulty run needs words")
	case c.Cause != "none" && c.Why == "":
		return fmt.Errorf("a faulty run needs a why")
	}
	return nil
}
