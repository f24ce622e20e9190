package dump_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/printed"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestTraces reads texts as people paste them (testdata/traces, README there) and
// compares what is said of each with the golden list.
func TestTraces(t *testing.T) {
	folder := filepath.Join("..", "testdata", "traces")
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d traces, %v; want at least 30", len(files), err)
	}
	var got strings.Builder
	forms := make(map[string]bool)
	for _, f := range files {
		r := dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{f}, dump.Options{}), dump.AnalyzeOptions{})
		if len(r.Clusters) != 1 || len(r.Files) != 1 {
			t.Errorf("%s: %d clusters of %d files, want one", f, len(r.Clusters), len(r.Files))
			continue
		}
		file, c := r.Files[0], r.Clusters[0]
		forms[file.Format] = true
		fmt.Fprintf(&got, "%s\n  form %s, %s, %d frames", filepath.Base(f), file.Format, file.Status, file.Frames)
		if file.Threads > 0 {
			fmt.Fprintf(&got, ", %d other stacks", file.Threads)
		}
		if c.Thread != "" {
			fmt.Fprintf(&got, ", thread %s", c.Thread)
		}
		fmt.Fprintf(&got, "\n  %s of %s (%s)\n  %s\n", orDash(c.Kind), orDash(c.Program), orDash(c.Owner), c.What)
		fmt.Fprintf(&got, "  %s\n", c.Signature)
		if len(c.Next) == 0 {
			t.Errorf("%s: no next step", f)
		}
	}
	golden := filepath.Join(folder, "golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, name := range printed.Forms() {
		if !forms[name] {
			t.Errorf("no trace of the form %s", name)
		}
	}
	if len(forms) < 20 {
		t.Errorf("%d forms, want at least 20", len(forms))
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
