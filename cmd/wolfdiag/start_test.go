package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestStart: what packages do before main is little. Tables, sets of words and
// regular expressions are made when first needed: a start that prints the version
// needs none.
func TestStart(t *testing.T) {
	const (
		bytesAll     = 64 << 10 // of all packages of ours
		bytesPackage = 20 << 10
	)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "version")
	cmd.Args[0] = "wolfdiag" // a test binary makes all expressions
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	all, seen := 0, 0
	for line := range strings.Lines(string(out)) {
		// init wolfdiag/analyze/render @13 ms, 0.068 ms clock, 15048 bytes, 114 allocs
		var name string
		var at, clock float64
		var bytes, allocs int
		if n, _ := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &clock, &bytes, &allocs); n < 5 {
			continue
		}
		if !strings.HasPrefix(name, "wolfdiag/") || strings.HasSuffix(name, "test") || name == "wolfdiag/cmd/wolfdiag" {
			continue // not ours, for tests, with its tests
		}
		seen++
		if all += bytes; bytes > bytesPackage {
			t.Errorf("%s takes %d bytes before main: make its tables when they are first needed", name, bytes)
		}
	}
	t.Logf("%d bytes in %d packages", all, seen)
	if seen < 10 || all > bytesAll {
		t.Errorf("%d packages take %d bytes before main, want at least 10 and at most %d bytes", seen, all, bytesAll)
	}
}
