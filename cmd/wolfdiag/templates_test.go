package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var templateCommand = regexp.MustCompile("wolfdiag ((?:analyze|patterns|version)[^\n`]*)")

// TestIssueTemplates runs every command that the issue templates ask for, and
// makes sure that a report in Markdown, which is masked, is among them.
func TestIssueTemplates(t *testing.T) {
	t.Parallel()
	const log = "../../testdata/logs/guide-incident.compose.log"
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../.github/ISSUE_TEMPLATE/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if filepath.Base(file) == "config.yml" {
			continue
		}
		template, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, m := range templateCommand.FindAllStringSubmatch(string(template), -1) {
			lines = append(lines, strings.TrimSpace(m[1]))
		}
		for _, want := range []string{"analyze --format markdown", "version"} {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
				t.Errorf("%s does not ask for wolfdiag %s", file, want)
			}
		}
		for _, l := range lines {
			e, out, errs := testEnv(string(text))
			args := strings.Fields(strings.ReplaceAll(l, "FILE", log))
			if code := run(context.Background(), append([]string{"wolfdiag"}, args...), e); code != 0 || out.Len() == 0 {
				t.Errorf("%s: wolfdiag %s: exit %d, %d bytes of output: %s", file, l, code, out.Len(), errs)
			}
		}
	}
	if len(files) < 3 {
		t.Errorf("%d templates, want config.yml and at least two", len(files))
	}
}
