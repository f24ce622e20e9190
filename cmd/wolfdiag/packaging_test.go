package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/syntax"
)

type actionFile struct {
	Inputs, Outputs map[string]any
	Runs            struct {
		Using string
		Steps []struct {
			ID, Uses, Run, Shell string
			Env                  map[string]string
		}
	}
}

func readAction(t *testing.T) *actionFile {
	t.Helper()
	a := &actionFile{}
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(projectRoot(t), "action.yml"))), a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestActionScripts: the scripts of action.yml are scripts, and hold no word of
// GitHub's templates: what a stranger writes would be run.
func TestActionScripts(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	scripts := 0
	for _, s := range a.Runs.Steps {
		if s.Run == "" {
			continue
		}
		scripts++
		if strings.Contains(s.Run, "${{") || s.Shell != "bash" {
			t.Errorf("step %q: shell %q, script\n%s", s.ID, s.Shell, s.Run)
		}
		if _, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(s.Run), s.ID); err != nil {
			t.Errorf("step %q: %v", s.ID, err)
		}
	}
	if scripts != 3 || a.Runs.Using != "composite" || a.Inputs["text"] == nil {
		t.Errorf("%d scripts, %+v", scripts, a)
	}
}

// TestActionAnswers runs the step that reads the issue, with the text of a
// stranger, and a program that writes down how it was called.
func TestActionAnswers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the step runs on Linux")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine: the step is not run")
	}
	script := ""
	for _, s := range readAction(t).Runs.Steps {
		if s.ID == "analyze" {
			script = s.Run
		}
	}
	const text = "it fails: $(touch ran) `touch ran`\n```\n06:40:12 ERROR | x\n```"
	for _, tc := range []struct {
		name, program string
		code          int
		outputs       string // with the folder left out
		report        string // a part of it
	}{
		{"a report", `case "$*" in *json*) echo '{"verdict":"cause-found"}';; *) cat issue.md;; esac`, 0, "verdict=cause-found\nreport=/report.md\n", "$(touch ran)"},
		{"something was skipped", `case "$*" in *json*) echo '{"verdict":"healthy"}';; *) echo fine;; esac; exit 3`, 0, "verdict=healthy\nreport=/report.md\n", "fine"},
		{"nothing to read", `exit 4`, 0, "", ""},
		{"a defect", `exit 5`, 5, "", ""},
		{"too long", `case "$*" in *json*) echo '{"verdict":"healthy"}';; *) yes "a line of the report" | head -n 5000;; esac`, 0, "verdict=healthy\nreport=/report.md\n", "The rest is left out"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			bin := filepath.Join(dir, "bin")
			jq := "#!/bin/sh\nsed 's/.*\"verdict\":\"\\([^\"]*\\)\".*/\\1/' \"$3\"\n" // -r .verdict FILE
			for name, body := range map[string]string{"wolfdiag": "#!/bin/sh\n" + tc.program + "\n", "jq": jq, "../out": ""} {
				file := filepath.Join(bin, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.MkdirAll(bin, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(body), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", script) // as GitHub runs it
			cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "GITHUB_OUTPUT="+filepath.Join(dir, "out"), "TEXT="+text, "PATH="+bin+":"+os.Getenv("PATH"))
			said, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tc.code {
				t.Fatalf("exit %d, want %d: %s", code, tc.code, said)
			}
			if got := strings.ReplaceAll(read(t, filepath.Join(dir, "out")), dir, ""); got != tc.outputs {
				t.Errorf("outputs %q, want %q", got, tc.outputs)
			}
			if tc.report != "" {
				if got := read(t, filepath.Join(dir, "report.md")); !strings.Contains(got, tc.report) || len(got) > 65_000 {
					t.Errorf("report of %d bytes lacks %q", len(got), tc.report)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
				t.Error("the text of the issue was run")
			}
		})
	}
}

// TestSidecar: the compose file calls follow with flags that it has.
func TestSidecar(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct{ Command []string }
	}
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(projectRoot(t), "packaging", "compose.sidecar.yaml"))), &file); err != nil {
		t.Fatal(err)
	}
	command := file.Services["wolfdiag"].Command
	if len(command) < 3 || command[0] != "follow" {
		t.Fatalf("command %q", command)
	}
	help := mustRun(t, "follow", "--help")
	for _, arg := range command[1:] {
		if flag, _, ok := strings.Cut(arg, "="); ok && !strings.Contains(help, flag+" ") {
			t.Errorf("follow has no %s", flag)
		}
	}
}

// TestPackageFiles: the package takes only files that a release makes.
func TestPackageFiles(t *testing.T) {
	t.Parallel()
	root := projectRoot(t)
	release := read(t, filepath.Join(root, "scripts", "release", "main.go"))
	sources := regexp.MustCompile(`src: dist/files/(\S+)`).FindAllStringSubmatch(read(t, filepath.Join(root, "packaging", "nfpm.yaml")), -1)
	if len(sources) < 5 {
		t.Fatalf("%d files", len(sources))
	}
	for _, m := range sources {
		name, _, _ := strings.Cut(m[1], "-linux-")
		if !strings.Contains(release, name) {
			t.Errorf("no release makes dist/files/%s", m[1])
		}
	}
}
