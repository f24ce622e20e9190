//go:build unix

package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestNamedPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	in, problems := Expand([]string{path}, ExpandOptions{})
	if len(in) != 1 || in[0].Kind != KindPipe || len(problems) != 0 {
		t.Fatalf("%v %v", in, problems)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, in[0], nil, Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("nobody writes: %v", err)
	}
	go func() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, _ = io.WriteString(f, "through the pipe\n")
			f.Close()
		}
	}()
	r, err := Open(t.Context(), in[0], nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if g := readAll(t, r); g.err != io.EOF || string(g.text) != "through the pipe\n" {
		t.Errorf("got %q and %v", g.text, g.err)
	}
}
