package main

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPager: a pager is started on a terminal that a report does not fit on, and
// nowhere else.
func TestPager(t *testing.T) {
	log := filepath.Join(projectRoot(t), "testdata", "logs", "guide-incident.compose.log")
	for _, tt := range []struct {
		name, args string
		vars       map[string]string
		rows       int
		pipe       bool
		missing    bool
		want       []string // the command; nil: none
		less       bool     // LESS is set for it
	}{
		{name: "short form fits", rows: 24},
		{name: "long form", args: "-v", rows: 24, want: []string{"less"}, less: true},
		{name: "long form on a tall screen", args: "-v", rows: 500},
		{name: "all", args: "--all", rows: 24, want: []string{"less"}, less: true},
		{name: "a low screen", rows: 10, want: []string{"less"}, less: true},
		{name: "the operator's pager", args: "-v", rows: 24, vars: map[string]string{"PAGER": "most -w"}, want: []string{"/bin/sh", "-c", "most -w"}, less: true},
		{name: "the operator's options", args: "-v", rows: 24, vars: map[string]string{"LESS": "-S"}, want: []string{"less"}},
		{name: "cat", args: "-v", rows: 24, vars: map[string]string{"PAGER": "cat"}},
		{name: "dumb", args: "-v", rows: 24, vars: map[string]string{"TERM": "dumb"}},
		{name: "not wanted", args: "-v --no-pager", rows: 24},
		{name: "a pipe", args: "-v", rows: 24, pipe: true},
		{name: "JSON", args: "-v --format json", rows: 24},
		{name: "none installed", args: "-v", rows: 24, missing: true, want: []string{"less"}, less: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, out, errs := testEnv("")
			e.stdoutTTY, e.rows, e.measure = !tt.pipe, func() int { return tt.rows }, func() int { return 80 }
			e.getenv = func(k string) string { return tt.vars[k] }
			var command, vars []string
			paged := ""
			e.start = func(c, v []string, text io.Reader) error {
				command, vars = c, v
				if tt.missing {
					return exec.ErrNotFound
				}
				b, err := io.ReadAll(text)
				paged = string(b)
				return err
			}
			args := append([]string{"wolfdiag", "analyze", "--color", "never", log}, strings.Fields(tt.args)...)
			if code := run(context.Background(), args, e); code != exitOK {
				t.Fatalf("exit %d: %s", code, errs)
			}
			if !slices.Equal(command, tt.want) || slices.Contains(vars, "LESS=FRX") != tt.less {
				t.Errorf("started %q with %q, want %q", command, vars, tt.want)
			}
			if got := out.String() + paged; (tt.want != nil && !tt.missing) != (out.Len() == 0) || !strings.Contains(got, "gpu-device-access-lost") {
				t.Errorf("%d bytes straight, %d paged", out.Len(), len(paged))
			}
		})
	}
}
