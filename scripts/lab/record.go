package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

//go:embed sandbox.sh
var sandbox []byte

// maxLines and maxWidth keep a log small: what a run prints beyond them is left out, and a line says so.
const (
	maxLines = 160
	maxWidth = 1200
)

// A Truth is the label of one log, as the evaluation reads it.
type Truth struct {
	Slug       string   `json:"slug"`
	Log        string   `json:"log"`
	Cause      string   `json:"cause"`
	Acceptable []string `json:"acceptable"`
	Not        []string `json:"not"`
	Evidence   [2]int   `json:"evidence_lines"`
	Why        string   `json:"why"`
	Program    string   `json:"program"`
	Fault      string   `json:"fault"`
	Held       bool     `json:"held"`
}

// record runs the picked cases of a folder and writes their logs and all labels.
func record(dir string, pick *regexp.Regexp, dry bool) error {
	cases, err := readCases(dir)
	if err != nil {
		return err
	}
	truth := []Truth{}
	var failures []error
	for _, c := range cases {
		path := filepath.Join(dir, c.Slug+".log")
		if !dry && pick.MatchString(c.Slug) {
			if err := run(c, path); err != nil {
				failures = append(failures, fmt.Errorf("%s: %w", c.Slug, err))
				continue
			}
		}
		t, err := label(c, path, filepath.Base(dir) == "held")
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", c.Slug, err))
			continue
		}
		truth = append(truth, t)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(truth); err != nil {
		return err
	}
	failures = append(failures, os.WriteFile(filepath.Join(dir, "truth.json"), out.Bytes(), 0o644))
	return errors.Join(failures...)
}

// run runs one case in the sandbox and writes its log.
func run(c Case, path string) error {
	fmt.Fprintln(os.Stderr, "run", c.Slug)
	dir, err := os.MkdirTemp("", "lab")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	box, script := filepath.Join(dir, "sandbox.sh"), filepath.Join(dir, "script.sh")
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "box"), 0o755), os.WriteFile(box, sandbox, 0o755), os.WriteFile(script, []byte(c.Script), 0o644)); err != nil {
		return err
	}
	begun := time.Now()
	out, err := exec.Command("bash", box, filepath.Join(dir, "box"), script, fmt.Sprint(c.Seconds)).CombinedOutput()
	// A run may end with any status, that is what it is for: only a sandbox that did not start is an error.
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return err
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	lines := c.Shown.wrap(clean(string(out), strings.TrimSpace(string(kernel))), begun)
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// cpu finds the name of the CPU where a program asks the CPU itself for it.
var cpu = regexp.MustCompile(`(CPU Model Name: ).*`)

// clean returns the lines of a record, cut to size, without what names the machine: the release of its kernel and its CPU.
func clean(out, kernel string) []string {
	out = strings.ReplaceAll(strings.TrimRight(out, "\n"), "\r\n", "\n")
	if kernel != "" {
		out = strings.ReplaceAll(out, kernel, "6.12.48+deb13-amd64")
	}
	out = cpu.ReplaceAllString(out, "${1}AMD Ryzen 7 5700X 8-Core Processor")
	lines := strings.Split(out, "\n")
	for i, line := range lines {
		if len(line) > maxWidth {
			lines[i] = strings.ToValidUTF8(line[:maxWidth], "")
		}
	}
	if n := len(lines); n > maxLines {
		head, tail := maxLines*3/4, maxLines/4
		lines = append(lines[:head:head], lines[n-tail:]...)
	}
	return lines
}

// label reads a log and says where in it the evidence is.
func label(c Case, path string, held bool) (Truth, error) {
	t := Truth{
		Slug: c.Slug, Log: filepath.Base(path), Cause: c.Cause, Why: c.Why, Program: c.Program, Fault: c.Fault, Held: held,
		Acceptable: append([]string{}, c.Accept...), Not: append([]string{}, c.Not...), Evidence: [2]int{1, 1},
	}
	text, err := os.ReadFile(path)
	if err != nil || c.Words == nil {
		return t, err
	}
	t.Evidence = [2]int{}
	before := c.Shown.before()
	for i, line := range strings.Split(string(text), "\n") {
		if i >= before && c.Words.MatchString(line) {
			if t.Evidence[0] == 0 {
				t.Evidence[0] = i + 1
			}
			t.Evidence[1] = i + 1
		}
	}
	if t.Evidence[0] == 0 {
		return t, fmt.Errorf("words %q found nowhere in the log", c.Words)
	}
	return t, nil
}
