package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"wolfdiag/analyze/render"
)

// printed writes a document that write makes: through a pager when stdout is a
// terminal that it does not fit on, straight to stdout otherwise.
func (e *env) printed(o output, f render.Format, r render.Options, write func(io.Writer) error) error {
	if !e.stdoutTTY || !o.pager || f != render.Text || e.rows == nil || e.start == nil {
		return write(e.stdout)
	}
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	command, vars := e.pagerOf()
	if len(command) > 0 && render.Rows(text.String(), r.Width) >= e.rows() {
		err := e.start(command, vars, bytes.NewReader(text.Bytes()))
		if !errors.Is(err, exec.ErrNotFound) {
			return err
		}
	}
	_, err := e.stdout.Write(text.Bytes())
	return err
}

// pagerOf is the pager to start, as words, and what is added to its environment;
// nothing where none is wanted: PAGER set to nothing or to cat, a terminal that
// can do nothing. As git does, what is in LESS of the operator's own is kept.
func (e *env) pagerOf() (command, vars []string) {
	pager := e.getenv("PAGER")
	if pager == "cat" || e.getenv("TERM") == "dumb" {
		return nil, nil
	}
	if e.getenv("LESS") == "" {
		vars = append(vars, "LESS=FRX")
	}
	if e.getenv("LV") == "" {
		vars = append(vars, "LV=-c")
	}
	switch {
	case pager == "":
		return []string{"less"}, vars
	case runtime.GOOS == "windows":
		return strings.Fields(pager), vars
	}
	return []string{"/bin/sh", "-c", pager}, vars // it may have options and quotes
}

// startPager runs a pager on the terminal to its end. That the operator leaves
// it early is no error; that there is none is exec.ErrNotFound.
func startPager(command, vars []string, text io.Reader) error {
	c := exec.Command(command[0], command[1:]...)
	c.Env = append(os.Environ(), vars...)
	c.Stdin, c.Stdout, c.Stderr = text, os.Stdout, os.Stderr
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if exit.ExitCode() == 127 { // the shell found none
			return exec.ErrNotFound
		}
		return nil
	}
	if errors.Is(err, os.ErrNotExist) {
		return exec.ErrNotFound
	}
	return err
}
