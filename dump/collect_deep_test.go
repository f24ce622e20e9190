//go:build unix

package dump_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func TestCollectInDepth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deep := filepath.Join(dir, "etc", "wolf", "cfg")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	writeDump(t, filepath.Join(deep, "backtrace.dump"), dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100)))
	if err := os.Symlink(dir, filepath.Join(deep, "loop")); err != nil {
		t.Fatal(err)
	}
	c := dump.Collect(context.Background(), []string{dir}, dump.Options{})
	if len(c.Files) != 1 || len(c.Errors) != 0 || c.Files[0].Path != filepath.Join(deep, "backtrace.dump") {
		t.Errorf("files %+v, errors %v; want the one dump three folders down", c.Files, c.Errors)
	}
}

// TestCollectPipeWithoutWriter: a signal ends the wait for somebody who writes.
func TestCollectPipeWithoutWriter(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan *dump.Collection, 1)
	go func() { done <- dump.Collect(ctx, []string{pipe}, dump.Options{}) }()
	cancel()
	select {
	case c := <-done:
		if len(c.Errors) == 0 || !errors.Is(errors.Join(c.Errors...), context.Canceled) {
			t.Errorf("errors %v, want that it was cancelled", c.Errors)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still waiting for a writer")
	}
}
