package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"wolfdiag/analyze/loggen"
)

// What the whole process may take, in MiB, whatever the size and kind of the log:
// a share for what all workers use, the program itself included, and one for each
// worker.
const (
	memoryShared = 32
	memoryWorker = 10
)

// TestPeakMemory reads the peak of the whole program, from what the kernel counts,
// on logs that fill every table.
func TestPeakMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	if info, _ := debug.ReadBuildInfo(); info != nil && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes memory of its own")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "wolfdiag")                                            // the test binary is larger
	build := exec.Command("go", "build", "-tags=urfave_cli_no_docs", "-o", program, ".") // as releases are built
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("cannot build the program: %v: %s", err, out)
	}
	size, jobs := int64(96<<20), []int{1, 2, 4, 8}
	if testing.Short() {
		size, jobs = 24<<20, jobs[:2]
	}
	for _, mix := range []struct {
		name string
		mix  loggen.Mix
	}{{"benign", loggen.Benign}, {"storm", loggen.Storm}, {"unknown", loggen.Unknown}} {
		log := filepath.Join(dir, mix.name+".log")
		f, err := os.Create(log)
		if err != nil {
			t.Fatal(err)
		}
		if err := loggen.Bulk(f, mix.mix, size, 3); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		for _, n := range jobs {
			limit, peak := memoryShared+memoryWorker*n, 1<<20
			for try := 0; try < 3 && peak > limit; try++ { // a collection that comes late on a busy machine is not the program's
				peak = peakOf(t, program, "analyze", "--no-progress", "--format", "json", "--jobs", fmt.Sprint(n), log)
			}
			t.Logf("%s, %d workers: %d MiB of %d", mix.name, n, peak, limit)
			if peak > limit {
				t.Errorf("%s, %d workers: a peak of %d MiB, want at most %d", mix.name, n, peak, limit)
			}
		}
	}
}

// peakOf runs a command and returns its peak in MiB, rounded up. It must print more
// than a pipe holds: it is there, and its peak in /proc, until that is taken.
func peakOf(t *testing.T, program string, args ...string) int {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GO") })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := 0
	for buf := make([]byte, 4<<10); ; {
		n, err := out.Read(buf)
		if n > 0 {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			for line := range strings.Lines(string(status)) {
				kib := 0
				if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
					peak = max(peak, kib)
				}
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if peak == 0 {
		t.Fatal("the kernel tells no peak")
	}
	return (peak + 1023) >> 10
}
