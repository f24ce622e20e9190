package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		words []string
		want  []string
	}{
		{"commands", []string{"pa"}, []string{"patterns"}},
		{"flag", []string{"analyze", "--form"}, []string{"--format"}},
		{"flag behind a file", []string{"analyze", "a.log", "--wid"}, []string{"--width"}},
		{"flag behind a flag", []string{"analyze", "--all", "--wid"}, []string{"--width"}},
		{"value", []string{"analyze", "--format", "m"}, []string{"markdown"}},
		{"value of a short flag", []string{"analyze", "-f", "h"}, []string{"html"}},
		{"value behind an equals sign", []string{"analyze", "--color=al"}, []string{"--color=always"}},
		{"value as bash splits it", []string{"analyze", "--format", "=", "js"}, []string{"json"}},
		{"equals sign as bash splits it", []string{"analyze", "--color", "="}, []string{"auto", "always", "never"}},
		{"files", []string{"analyze", "wo"}, nil},
		{"value that may be anything", []string{"analyze", "--since", ""}, nil},
		{"behind two dashes", []string{"analyze", "--", "--fo"}, nil},
		{"subcommand", []string{"patterns", "li"}, []string{"list", "lint", "literals"}},
		{"pattern", []string{"patterns", "show", "gpu-device-access-lo"}, []string{"gpu-device-access-lost"}},
		{"shell", []string{"completion", ""}, []string{"bash", "zsh", "fish"}},
		{"help", []string{"help", "ana"}, []string{"analyze"}},
		{"help flag", []string{"version", "--h"}, []string{"--help"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e, _, _ := testEnv("")
			got := candidates(newApp(e), tc.words)
			if len(got) == 0 {
				got = nil
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("candidates of %q (-want +got):\n%s", tc.words, d)
			}
		})
	}
}

// TestCandidatesOfAll checks that all commands and flags can be completed.
func TestCandidatesOfAll(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv("")
	app := newApp(e)
	for _, c := range app.Commands {
		if !slices.Contains(candidates(app, []string{""}), c.Name) {
			t.Errorf("command %s is not offered", c.Name)
		}
		for _, n := range flagNames(c) {
			if got := candidates(app, []string{c.Name, "--" + n}); !slices.Contains(got, "--"+n) {
				t.Errorf("%s: flag --%s is not offered", c.Name, n)
			}
		}
	}
}

// TestBashCompletion lets bash run the script; wolfdiag is this test's binary.
func TestBashCompletion(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	shim := "#!" + bash + "\nWOLFDIAG_TEST_COMPLETE=1 exec " + self + " -test.run '^TestCompleteShim$' -- \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "wolfdiag"), []byte(shim), 0o755); err != nil {
		t.Fatal(err)
	}
	script := bashCompletion + `
t() { COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMPREPLY=(); _wolfdiag; echo "${COMPREPLY[*]}"; }
t wolfdiag analyze --form
t wolfdiag patterns lit
t wolfdiag analyze --format m
t wolfdiag analyze some.file`
	cmd := exec.Command(bash, "-c", script)
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("bash: %v\n%s", err, out)
	}
	if d := cmp.Diff("--format\nliterals\nmarkdown\n\n", string(out)); d != "" {
		t.Errorf("completions (-want +got):\n%s", d)
	}
}

// TestCompleteShim is wolfdiag itself when TestBashCompletion calls it.
func TestCompleteShim(t *testing.T) {
	if os.Getenv("WOLFDIAG_TEST_COMPLETE") == "" {
		t.Skip("only for TestBashCompletion")
	}
	i := slices.Index(os.Args, "--")
	os.Exit(run(context.Background(), append([]string{"wolfdiag"}, os.Args[i+1:]...), osEnv()))
}

// TestUsageErrors checks what somebody reads who mistyped a command.
func TestUsageErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, want string }{
		{"analize", `no command "analize"; did you mean analyze? (wolfdiag --help lists the commands)`},
		{"xyzzy", `no command "xyzzy" (wolfdiag --help lists the commands)`},
		{"patterns sho", `no command "sho" below patterns; did you mean show? (wolfdiag patterns --help lists the commands)`},
		{"help patterns matsh", `no command "matsh" below patterns; did you mean match? (wolfdiag patterns --help lists the commands)`},
		{"analyze --formt json", "unknown flag --formt; did you mean --format? (wolfdiag analyze --help lists the flags)"},
		{"patterns match --naer x", "unknown flag --naer; did you mean --near? (wolfdiag patterns match --help lists the flags)"},
		{"analyze -q", "unknown flag -q (wolfdiag analyze --help lists the flags)"},
		{"--format json", "--format stands behind a command, such as: wolfdiag analyze --format (wolfdiag --help lists the flags)"},
		{"analyze --jobs many", `--jobs "many": not a number (wolfdiag analyze --help lists the flags)`},
		{"check --last soon x", `--last "soon": not a duration such as 90s or 5m (wolfdiag check --help lists the flags)`},
		{"analyze --width", "--width needs a value (wolfdiag analyze --help lists the flags)"},
	}
	for _, tc := range tests {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			e, _, errs := testEnv("")
			code := run(context.Background(), append([]string{"wolfdiag"}, strings.Fields(tc.line)...), e)
			if code != exitUsage {
				t.Errorf("exit %d, want %d", code, exitUsage)
			}
			if d := cmp.Diff("wolfdiag: "+tc.want+"\n", errs.String()); d != "" {
				t.Errorf("stderr (-want +got):\n%s", d)
			}
		})
	}
}

// TestHelp checks that help says each default once and none that says nothing.
func TestHelp(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv("")
	for _, c := range append(newApp(e).Commands, nil) {
		name := []string{"--help"}
		if c != nil {
			name = []string{"help", c.Name}
		}
		e, out, errs := testEnv("")
		if code := run(context.Background(), append([]string{"wolfdiag"}, name...), e); code != exitOK {
			t.Fatalf("%v: exit %d: %s", name, code, errs)
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if strings.Count(line, "(default") > 1 || strings.Contains(line, "(default: false)") || strings.Contains(line, "(default: 0)") {
				t.Errorf("%v: %q", name, line)
			}
		}
	}
}
