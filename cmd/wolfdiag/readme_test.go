package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files and generated parts of the documents")

// testEnv is the process around a command in tests: nothing is a terminal, and
// the clock stands still.
func testEnv(stdin string) (*env, *bytes.Buffer, *bytes.Buffer) {
	var out, errs bytes.Buffer
	return &env{
		stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs,
		getenv: func(string) string { return "" },
		now:    func() time.Time { return time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC) },
	}, &out, &errs
}

var outputBlock = regexp.MustCompile("(?s)(<!-- output: wolfdiag ([^\n]*) -->\n```text\n)(.*?)(```\n<!-- end -->)")

// TestReadme runs the commands whose output the README shows, from the
// project's root, and compares.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := outputBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no output")
	}
	got := outputBlock.ReplaceAllStringFunc(string(text), func(block string) string {
		m := outputBlock.FindStringSubmatch(block)
		e, out, errs := testEnv("")
		if code := run(context.Background(), append([]string{"wolfdiag"}, strings.Fields(m[2])...), e); code != 0 {
			t.Errorf("wolfdiag %s: exit %d: %s", m[2], code, errs)
		}
		return m[1] + out.String() + m[4]
	})
	var codes strings.Builder
	codes.WriteString("<!-- exit codes -->\n| code | meaning |\n|---|---|\n")
	for _, m := range exitMeanings {
		fmt.Fprintf(&codes, "| %d | %s |\n", m.code, m.text)
	}
	got = regexp.MustCompile(`(?s)<!-- exit codes -->\n.*?(<!-- end -->)`).ReplaceAllString(got, codes.String()+"$1")
	if *update {
		if err := os.WriteFile("README.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), got); diff != "" {
		t.Errorf("README.md does not show what the commands print (go test ./cmd/wolfdiag -update rewrites it):\n%s", diff)
	}
}
