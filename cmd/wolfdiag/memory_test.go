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

// What analyze may take beside the program itself, in MiB, whatever the size of the
// log: a share for what all workers use and one for each worker.
const (
	memoryShared = 48
	memoryWorker = 10
)

// TestPeakMemory reads the peak of the whole program on a storm, which fills every
// table, from what the kernel counts.
func TestPeakMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	if info, _ := debug.ReadBuildInfo(); info != nil && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes memory of its own")
	}
	size := int64(64 << 20)
	if testing.Short() {
		size = 24 << 20
	}
	log := filepath.Join(t.TempDir(), "storm.log")
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	if err := loggen.Bulk(f, loggen.Storm, size, 3); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	program := peakOf(t, "patterns", "literals") // what is there before a line is read
	for _, jobs := range []int{1, 2, 4} {
		peak := peakOf(t, "analyze", "--no-progress", "--format", "json", "--jobs", fmt.Sprint(jobs), log)
		limit := program + memoryShared + memoryWorker*jobs
		t.Logf("%d workers: %d MiB, of which the program is %d", jobs, peak, program)
		if peak > limit {
			t.Errorf("%d workers: a peak of %d MiB, want at most %d", jobs, peak, limit)
		}
	}
}

// peakOf runs a command in a process of its own and returns its peak in MiB. It
// must print more than a pipe holds: the process is there, and its peak in /proc,
// until all of that is taken.
func peakOf(t *testing.T, args ...string) int {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Args[0] = "wolfdiag"
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	peak := 0
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &peak); n == 1 {
			break
		}
	}
	if peak == 0 {
		t.Fatal("the kernel tells no peak")
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return peak >> 10
}
