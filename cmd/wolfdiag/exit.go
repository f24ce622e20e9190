package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"
)

// Exit codes; they are part of the command's contract.
const (
	exitOK       = 0 // done
	exitFound    = 1 // a cause was found, with --exit-code only
	exitUsage    = 2 // bad usage, or a user's catalogue with an error
	exitPartial  = 3 // some input could not be read; the report is printed all the same
	exitNoInput  = 4 // nothing could be read
	exitInternal = 5 // a defect of wolfdiag
)

// exitError carries an exit code. A silent one has been reported already.
type exitError struct {
	code   int
	err    error
	silent bool
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func exitWith(code int) error { return &exitError{code: code, silent: true} }

// exitCode maps the error of a command to the process's exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	var c cli.ExitCoder
	if errors.As(err, &c) { // the cli library's own: no such help topic
		return exitUsage
	}
	return exitInternal
}
