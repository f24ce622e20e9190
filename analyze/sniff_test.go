package analyze

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/snapshot"
)

// TestLogsAreNoSnapshots: no log, from whatever line on it was copied, is
// taken for a state file, whose lines would not be read.
func TestLogsAreNoSnapshots(t *testing.T) {
	t.Parallel()
	for _, log := range corpus(t) {
		lines := bytes.SplitAfter(log.data, []byte("\n"))
		step := max(1, len(lines)/400)
		for i := 0; i < len(lines); i += step {
			head := bytes.Join(lines[i:min(i+60, len(lines))], nil)
			if k := snapshot.Sniff("", head[:min(len(head), 4096)]); k != snapshot.None && len(lines)-i > 3 {
				t.Errorf("%s from line %d: taken for %s", log.name, i+1, k)
			}
		}
	}
	for _, cause := range loggen.Causes() {
		lines, _, err := loggen.Play(loggen.Scenario{Seed: 1, Cause: cause, Noise: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, tr := range loggen.Transports() {
			data := loggen.Wrap(tr, lines[:min(len(lines), 80)])
			if k := snapshot.Sniff("", []byte(data[:min(len(data), 4096)])); k != snapshot.None {
				t.Errorf("%s in %s: taken for %s", cause, tr, k)
			}
		}
	}
}

// TestGuideFilesAreSnapshots: what the operator collected beside the log is
// recognised.
func TestGuideFilesAreSnapshots(t *testing.T) {
	for name, want := range map[string]snapshot.Kind{
		"wolf.log": snapshot.None, "sessions.json": snapshot.WolfSessions, "docker-stats.txt": snapshot.DockerStats, "dumps-listing.txt": snapshot.DumpListing,
	} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "guide", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := snapshot.Sniff("", data); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
