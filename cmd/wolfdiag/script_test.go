package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"wolfdiag": func() {
			tuneCollector()
			os.Exit(run(context.Background(), os.Args, osEnv()))
		},
	})
}

// TestScripts runs testdata/script/*.txtar. Beside testscript's commands they
// have:
//
//	exits N wolfdiag …    run and compare the exit code
//	clean stdout|stderr   no escape or other control byte was printed
//	gz FILE, cut FILE -N  compress a file in place; take its last N bytes away
//	socket FILE           make a unix socket
func TestScripts(t *testing.T) {
	logs, err := filepath.Abs(filepath.Join("..", "..", "testdata", "logs"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("TERM", "xterm")
			return copyLogs(logs, filepath.Join(e.WorkDir, "logs"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "clean": clean, "gz": gzipFile, "cut": cutFile, "socket": socket,
		},
		Condition: func(cond string) (bool, error) {
			return cond == "root" && runtime.GOOS != "windows" && os.Geteuid() == 0, nil
		},
	})
}

// copyLogs puts the test logs, with a fixed time, where a script finds them.
func copyLogs(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return errors.Join(err, os.MkdirAll(to, 0o755))
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.Join(to, d.Name())
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
		return os.Chtimes(name, written, written)
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func clean(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		bad := strings.IndexFunc(ts.ReadFile(name), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
		if (bad >= 0) != neg {
			ts.Fatalf("%s: first control byte at %d", name, bad)
		}
	}
}

func gzipFile(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}

func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()+int64(n)))
}

func socket(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("unix", ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
}

// TestTerminals checks what depends on the terminal by an environment of its
// own.
func TestTerminals(t *testing.T) {
	log, err := os.ReadFile(filepath.Join("..", "..", "testdata", "logs", "xid-79.journald.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		args   []string
		set    func(*env)
		code   int
		colour bool
		stderr string
	}{
		{"nothing on stdin but a terminal", []string{"analyze"}, func(e *env) { e.stdinTTY = true }, exitUsage, false, "nothing to read"},
		{"empty stdin", []string{"analyze"}, func(e *env) { e.stdin = strings.NewReader("") }, exitNoInput, false, "empty"},
		{"no terminal: no colour", []string{"analyze", "-"}, func(*env) {}, exitOK, false, ""},
		{"terminal: colour", []string{"analyze", "-"}, func(e *env) { e.stdoutTTY = true }, exitOK, true, ""},
		{"NO_COLOR", []string{"analyze", "-"}, func(e *env) {
			e.stdoutTTY = true
			e.getenv = func(k string) string { return map[string]string{"NO_COLOR": "1"}[k] }
		}, exitOK, false, ""},
		{"dumb terminal", []string{"analyze", "-"}, func(e *env) {
			e.stdoutTTY = true
			e.getenv = func(k string) string { return map[string]string{"TERM": "dumb"}[k] }
		}, exitOK, false, ""},
		{"--color=always", []string{"analyze", "--color=always", "-"}, func(*env) {}, exitOK, true, ""},
		{"--color=always stands above NO_COLOR", []string{"analyze", "--color=always", "-"}, func(e *env) {
			e.getenv = func(k string) string { return map[string]string{"NO_COLOR": "1"}[k] }
		}, exitOK, true, ""},
		{"--color=never on a terminal", []string{"analyze", "--color", "never", "-"}, func(e *env) { e.stdoutTTY = true }, exitOK, false, ""},
		{"json is never coloured", []string{"analyze", "--color=always", "--format", "json", "-"}, func(e *env) { e.stdoutTTY = true }, exitOK, false, ""},
		{"markdown is never coloured", []string{"analyze", "--color=always", "--format", "markdown", "-"}, func(e *env) { e.stdoutTTY = true }, exitOK, false, ""},
		{"html is never coloured", []string{"analyze", "--color=always", "--format", "html", "-"}, func(e *env) { e.stdoutTTY = true }, exitOK, false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, out, errs := testEnv(string(log))
			row.set(e)
			if code := run(context.Background(), append([]string{"wolfdiag"}, row.args...), e); code != row.code {
				t.Errorf("exit %d, want %d: %s", code, row.code, errs)
			}
			if got := strings.Contains(out.String(), "\x1b["); got != row.colour {
				t.Errorf("colour %v, want %v", got, row.colour)
			}
			if !strings.Contains(errs.String(), row.stderr) || row.stderr == "" && errs.Len() > 0 {
				t.Errorf("stderr %q, want %q", errs, row.stderr)
			}
		})
	}
}

// TestWidth: no line of a report is wider than asked for, except words that
// cannot be broken.
func TestWidth(t *testing.T) {
	log := filepath.Join("..", "..", "testdata", "logs", "guide-incident.compose.log")
	for _, width := range []int{60, 80, 120} {
		for line := range strings.Lines(mustRun(t, "analyze", "--width", strconv.Itoa(width), log)) {
			line = strings.TrimRight(line, "\n")
			if n := len([]rune(line)); n > width && !strings.Contains(line, "$ ") {
				t.Errorf("width %d: %d columns: %q", width, n, line)
			}
		}
	}
}

// TestInterrupted: a cancelled run still prints what it has.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	e, out, errs := testEnv("")
	e.stdin = &slow{chunk: []byte("06:40:11.402114885 ERROR | [GSTREAMER] Pipeline error: Could not encode stream.\n"), stop: cancel}
	done := make(chan int, 1)
	go func() { done <- run(ctx, []string{"wolfdiag", "analyze", "--format", "json"}, e) }()
	select {
	case code := <-done:
		if code != exitOK || !strings.Contains(out.String(), `"partial": true`) || !strings.Contains(errs.String(), "interrupted") {
			t.Errorf("exit %d, partial %v, stderr %q", code, strings.Contains(out.String(), `"partial": true`), errs)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("an interrupted run did not end")
	}
}

// slow is a stdin that never ends and is interrupted after a while.
type slow struct {
	chunk []byte
	n     int
	stop  func()
}

func (s *slow) Read(p []byte) (int, error) {
	if s.n++; s.n == 20_000 {
		s.stop()
	}
	return copy(p, s.chunk), nil
}
