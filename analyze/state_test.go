package analyze

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/source"
)

// stateReport is the report on one state file and nothing else.
func stateReport(t *testing.T, name, text string) *Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Read(context.Background(), source.Input{Name: path, Path: path, Kind: source.KindFile, Size: int64(len(text))}, nil); err != nil {
		t.Fatal(err)
	}
	return a.Report()
}

// State files alone, without a log: what is broken is told, a tool that is
// missing is not.
func TestStateAlone(t *testing.T) {
	smi, err := os.ReadFile("snapshot/testdata/nvidia-smi.txt")
	if err != nil {
		t.Fatal(err)
	}
	broken, err := os.ReadFile("snapshot/testdata/wolf-config-broken.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ what, name, text, cause string }{
		{"an idle GPU", "nvidia-smi.txt", string(smi), ""},
		{"its memory is full", "nvidia-smi.txt", strings.Replace(string(smi), "     0MiB / 143771MiB", "142863MiB / 143771MiB", 1), "gpu-memory-exhaustion"},
		{"a configuration that cannot be read", "config.toml", string(broken), "config-invalid"},
		{"a host without NVIDIA", "nvidia-smi.host.txt", "bash: line 1: nvidia-smi: command not found\n", ""},
		{"no daemon", "docker-stats.txt", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n", ""},
		{"no compose file", "wolf.log", "no configuration file provided: not found\n", ""},
		{"Wolf is down", "sessions.json", "service \"wolf\" is not running\n", ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			r := stateReport(t, tt.name, tt.text)
			got := ""
			if len(r.Causes) > 0 {
				got = r.Causes[0].ID
			}
			if got != tt.cause {
				t.Errorf("cause %q, want %q", got, tt.cause)
			}
			if missing := strings.Contains(strings.Join(r.Notes, "\n"), "could not be collected because"); missing != (len(tt.text) < 110) {
				t.Errorf("notes %q", r.Notes)
			}
		})
	}
}
