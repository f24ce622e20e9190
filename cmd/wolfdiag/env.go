package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/term"

	"wolfdiag/analyze/logline"
)

// env is everything a command gets from the process around it. Tests make
// their own.
type env struct {
	stdin     io.Reader
	stdout    io.Writer
	stderr    io.Writer
	stdinTTY  bool
	stdoutTTY bool
	stderrTTY bool
	measure   func() int                                                  // columns of the terminal on stdout, 0 when it does not say; nil: not a terminal
	rows      func() int                                                  // its rows
	start     func(command []string, vars []string, text io.Reader) error // runs a pager to its end
	getenv    func(string) string
	now       func() time.Time
}

func osEnv() *env {
	e := &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now, start: startPager}
	e.stdinTTY = term.IsTerminal(int(os.Stdin.Fd()))
	e.stdoutTTY = term.IsTerminal(int(os.Stdout.Fd()))
	e.stderrTTY = term.IsTerminal(int(os.Stderr.Fd()))
	if e.stdoutTTY {
		e.measure = func() int {
			w, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return w
		}
		e.rows = func() int {
			_, h, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return h
		}
	}
	return e
}

// version is the module's version as the Go tool recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	return v
}

// revision is the commit the program was built from, "" when unknown.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			rev = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if len(rev) > 12 {
		rev = rev[:12]
	}
	return rev + dirty
}

// useColor decides by --color, NO_COLOR (https://no-color.org) and the terminal.
func (e *env) useColor(mode string) (bool, error) {
	switch mode {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto", "":
		return e.stdoutTTY && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb", nil
	}
	return false, usagef("--color %q: want auto, always or never", mode)
}

// ascii reports whether the locale cannot show more than ASCII. Without any
// locale, as in a bare container, the terminal is the better guess: UTF-8.
func (e *env) ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the first that is set counts (POSIX)
		if v := strings.ToLower(e.getenv(name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return false
}

// columns is the width for text output.
func (e *env) columns() int {
	if e.measure == nil {
		return 80
	}
	w := e.measure()
	if w <= 0 {
		return 80
	}
	return min(max(w, 40), 200)
}

// warnf says something on stderr. What comes from outside, such as the name of
// a file, cannot drive the terminal.
func (e *env) warnf(format string, args ...any) {
	lines := strings.Split(fmt.Sprintf("wolfdiag: "+format, args...), "\n")
	for i, l := range lines {
		lines[i] = plainText(l)
	}
	fmt.Fprintln(e.stderr, strings.Join(lines, "\n"))
}

// plainText is text for a terminal, without escapes and control characters.
func plainText(s string) string { return string(logline.CleanText(nil, []byte(s))) }
