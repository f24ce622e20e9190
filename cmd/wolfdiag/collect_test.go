package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"wolfdiag/analyze/report"
)

// basicTools is what every POSIX system has; docker, kubectl, nvidia-smi and the
// kernel's log are not among it.
var basicTools = []string{"sh", "date", "mkdir", "sed", "grep", "head", "cut", "find", "sort", "awk", "dirname", "cp", "rm", "tail", "tr", "cat", "uname", "df", "ls"}

// shells that read the script where they are at hand.
var shells = [][]string{{"sh"}, {"dash"}, {"bash", "--posix"}, {"busybox", "sh"}}

// collected runs the script in a shell with nothing but some tools, and returns
// the folder.
func collected(t *testing.T, shell []string, tools map[string]string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no POSIX shell")
	}
	at, err := exec.LookPath(shell[0])
	if err != nil {
		t.Skip("no " + shell[0])
	}
	bin := t.TempDir()
	for _, name := range basicTools {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("no %s", name)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, script := range tools {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var script bytes.Buffer
	e := osEnv()
	e.stdout = &script
	if code := run(context.Background(), []string{"wolfdiag", "collect"}, e); code != exitOK {
		t.Fatalf("collect ends with %d", code)
	}
	out := filepath.Join(t.TempDir(), "evidence")
	cmd := exec.Command(at, append(shell[1:], "-s", "--", out)...)
	cmd.Stdin = &script
	cmd.Env = []string{"PATH=" + bin, "WOLF_CFG_FOLDER=" + t.TempDir()}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", shell, err, &said)
	}
	return out
}

// analyzed is the report on a folder.
func analyzed(t *testing.T, folder string) *report.Report {
	t.Helper()
	var out, complaints bytes.Buffer
	e := osEnv()
	e.stdout, e.stderr = &out, &complaints
	code := run(context.Background(), []string{"wolfdiag", "analyze", "--format", "json", "--no-progress", folder}, e)
	if code != exitOK {
		t.Fatalf("analyze ends with %d: %s", code, &complaints)
	}
	var r report.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// A machine without any engine and without a GPU gives a folder that says what
// could not be collected, and no cause.
func TestCollectOnABareMachine(t *testing.T) {
	for _, shell := range shells {
		t.Run(shell[0], func(t *testing.T) {
			r := analyzed(t, collected(t, shell, nil))
			if len(r.Causes) > 0 {
				t.Errorf("causes: %+v", r.Causes)
			}
			notes := strings.Join(r.Notes, "\n")
			for _, want := range []string{"could not be collected because docker is not installed there", "could not be collected because nvidia-smi is not installed there"} {
				if !strings.Contains(notes, want) {
					t.Errorf("the notes do not say %q:\n%s", want, notes)
				}
			}
			if r.Coverage.Unexplained > 0 {
				t.Errorf("%d complaints: %+v", r.Coverage.Unexplained, r.Unexplained)
			}
		})
	}
}

// fakeDocker answers as docker does for a deployment with one Wolf.
const fakeDocker = `
case "$*" in
"ps -aq") echo 0123456789ab ;;
"ps -a --format {{.Names}}") printf 'gaming-wolf-1\nWolfSteam_715204836091427358\npostgres\n' ;;
*"logs --timestamps"*gaming-wolf-1) echo '2026-10-02T06:40:10.000000000Z 06:40:10.000000001 INFO  | Gstreamer version: 1.26.7-0' ;;
*"logs --timestamps"*) echo '2026-10-02T06:40:12.000000000Z [Sway] - Starting: steam' ;;
"exec gaming-wolf-1 sh -c for s"*) echo '{"success":true,"sessions":[{"app_id":"1","aes_key":"00112233445566778899AABBCCDDEEFF","client_id":"715204836091427358"}]}' ;;
"inspect gaming-wolf-1"*) echo '[{"Id":"0123456789ab","Name":"/gaming-wolf-1","State":{"Status":"running","Running":true},"Config":{"Image":"ghcr.io/games-on-whales/wolf:stable"},"HostConfig":{"Privileged":false}}]' ;;
*) echo "Error response from daemon: page not found" >&2; exit 1 ;;
esac`

// With an engine, the logs of Wolf and of its apps are there, those of others
// are not, and no key of a session is.
func TestCollectWithDocker(t *testing.T) {
	out := collected(t, shells[0], map[string]string{"docker": fakeDocker})
	for name, want := range map[string]string{"logs/gaming-wolf-1.log": "Gstreamer version", "logs/WolfSteam_715204836091427358.log": "Starting: steam", "wolf-sessions.json": `"aes_key":"masked"`} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: %v, %q; want %q in it", name, err, data, want)
		}
	}
	if _, err := os.Stat(filepath.Join(out, "logs/postgres.log")); err == nil {
		t.Error("the log of a container that is not Wolf's was collected")
	}
	if r := analyzed(t, out); r.Setup.Engine != "docker" {
		t.Errorf("engine %q, want docker", r.Setup.Engine)
	}
}

func TestCollectScriptIsClean(t *testing.T) {
	check, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("no shellcheck")
	}
	out, err := exec.Command(check, "collect.sh").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
