package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
)

// TestFollowPage: a following leaves the page of its report, masked and at rest.
func TestFollowPage(t *testing.T) {
	root := projectRoot(t)
	log, err := os.ReadFile(filepath.Join(root, "testdata", "logs", "guide-incident.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	log = append(log, "wolf-1  | 06:40:14.895 ERROR | [RELAY] refused to carry 203.0.113.7 any further\n"...)
	for range 2 { // the second one replaces the first
		if code, _, errs := wolfdiag(string(log), "follow", "--no-report", "--html", "wolf.html", "-"); code != exitOK || errs != "" {
			t.Fatalf("exit %d, %s", code, errs)
		}
	}
	page := read(t, "wolf.html")
	for _, want := range []string{"the container may no longer open the GPU", `class="picture"`, "The following has ended."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"http-equiv=\"refresh\"", "203.0.113.7", "\x1b"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestFollowPageNews: the page is written when there is news, not too often, and
// reloads itself meanwhile.
func TestFollowPageNews(t *testing.T) {
	t.Parallel()
	e, _, errs := testEnv("")
	now := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)
	e.now = func() time.Time { return now }
	file := filepath.Join(t.TempDir(), "wolf.html")
	p, err := newFollowPage(e, &followOptions{html: file}, render.Options{}, &report.Report{Summary: "first"})
	if err != nil {
		t.Fatal(err)
	}
	show := func(after time.Duration, r *report.Report) string {
		now = now.Add(after)
		p.status(follow.Status{Report: r})
		m := regexp.MustCompile(`<h1>(.*)</h1>`).FindStringSubmatch(read(t, file))
		return m[1]
	}
	if page := read(t, file); !strings.Contains(page, `<meta http-equiv="refresh" content="15">`) || !strings.Contains(page, "As of 2025-10-02 12:00:00 UTC") {
		t.Error("the first page does not reload itself, or does not say when it was written")
	}
	second := &report.Report{Summary: "second"}
	for _, tc := range []struct {
		after time.Duration
		r     *report.Report
		want  string
	}{{time.Second, second, "first"}, {pageEvery, second, "second"}, {time.Hour, nil, "second"}, {-2 * time.Hour, &report.Report{Summary: "the clock was set back"}, "the clock was set back"}} {
		if got := show(tc.after, tc.r); got != tc.want {
			t.Errorf("after %v: %q, want %q", tc.after, got, tc.want)
		}
	}
	p.file = filepath.Join(file, "no", "such", "folder.html")
	now = now.Add(time.Hour)
	p.status(follow.Status{Report: &report.Report{}})
	now = now.Add(time.Hour)
	p.status(follow.Status{Report: &report.Report{}})
	if n := strings.Count(errs.String(), "--html:"); n != 1 {
		t.Errorf("said %d times that it cannot be written, want once: %s", n, errs)
	}
}

// TestFollowPageSpares: what is no page of wolfdiag is not written over.
func TestFollowPageSpares(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{"wolf.log": "a log\n", "index.html": "<!doctype html><title>mine</title>"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		code, _, errs := wolfdiag("", "follow", "--html", name, "-")
		if code != exitUsage || !strings.Contains(errs, "no page of wolfdiag") || read(t, name) != text {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
	}
	for _, args := range [][]string{{"--html", "no/such/folder.html", "-"}, {"--html", dir, "-"}, {"--html", "new.log", "--from", "start", "new.log"}} {
		if code, _, errs := wolfdiag("", append([]string{"follow"}, args...)...); code != exitUsage || !strings.Contains(errs, "--html") {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
	if _, err := os.Stat("new.log"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("new.log: %v", err)
	}
}

// TestRecipesRun: the scripts of docs/follow.md send what an incident says, with
// a curl that writes down what it is given.
func TestRecipesRun(t *testing.T) {
	text := read(t, filepath.Join(projectRoot(t), "docs", "follow.md"))
	scripts := regexp.MustCompile("(?s)```sh\n(#!/bin/sh\n.*?)```").FindAllStringSubmatch(text, -1)
	if len(scripts) != 3 {
		t.Fatalf("%d scripts, want 3", len(scripts))
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell on this machine: the recipes are not run")
	}
	_, noJQ := exec.LookPath("jq")
	dir := t.TempDir()
	fake := "#!/bin/sh\nprintf '%s\\n' \"$@\" >>\"$SENT\"\ncase \"$*\" in *'-d @-'*) cat >>\"$SENT\";; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "curl"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	for i, m := range scripts {
		if strings.Contains(m[1], "jq ") && noJQ != nil {
			t.Logf("script %d is not run: no jq on this machine", i+1)
			continue
		}
		sent := filepath.Join(dir, "sent")
		_ = os.Remove(sent)
		cmd := exec.Command(sh, "-eu", "-c", m[1])
		cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "SENT="+sent, "GOTIFY_TOKEN=t", "DISCORD_WEBHOOK=https://discord.example/hook",
			"WOLFDIAG_TITLE=no memory", `WOLFDIAG_SUMMARY=It says "out of memory" $(id) @everyone`)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("script %d: %v: %s", i+1, err, out)
		}
		got := strings.ReplaceAll(read(t, sent), `\"`, `"`)
		for _, want := range []string{"Wolf: no memory", `It says "out of memory" $(id) @everyone`, "https://"} {
			if !strings.Contains(got, want) {
				t.Errorf("script %d does not send %q:\n%s", i+1, want, got)
			}
		}
	}
}
