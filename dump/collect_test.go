package dump_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func TestCollectFolder(t *testing.T) {
	dir := t.TempDir()
	one := dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100))
	writeDump(t, filepath.Join(dir, "backtrace.dump"), one)
	writeDump(t, filepath.Join(dir, "no-name-of-a-dump"), one)
	writeDump(t, filepath.Join(dir, "saved.log"), []byte("x\n"+dumptest.Printed(named("a::b", "a::c"), true)))
	writeDump(t, filepath.Join(dir, "packed.gz"), gz(t, one))
	writeDump(t, filepath.Join(dir, "empty.dump"), nil)
	writeDump(t, filepath.Join(dir, "config.toml"), []byte("[a]\nb = 1\n"))
	writeDump(t, filepath.Join(dir, "picture"), append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 5000)...))
	huge, err := os.Create(filepath.Join(dir, "huge.dump"))
	if err != nil {
		t.Fatal(err)
	}
	if err := huge.Truncate(10 << 30); err != nil { // sparse
		t.Skip("no sparse files here:", err)
	}
	huge.Close()
	if err := os.Symlink("loop.dump", filepath.Join(dir, "loop.dump")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub.dump"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.dump"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pipe.dump", filepath.Join(dir, "topipe.dump")); err != nil {
		t.Fatal(err)
	}
	done := make(chan *dump.Collection)
	go func() { done <- dump.Collect(context.Background(), []string{dir}, dump.Options{}) }()
	var c *dump.Collection
	select {
	case c = <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("Collect hangs")
	}
	var got []string
	for _, f := range c.Files {
		got = append(got, fmt.Sprintf("%s:%s/%s/%d", filepath.Base(f.Path), f.Trace.Kind, f.Trace.Status, f.Trace.Entries))
	}
	want := "backtrace.dump:cpptrace/ok/5 empty.dump:unknown/empty/0 huge.dump:unknown/corrupt/0 loop.dump:unknown/not-a-dump/0 no-name-of-a-dump:cpptrace/ok/5 packed.gz:cpptrace/ok/5 saved.log:printed/ok/2"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("files\n got %s\nwant %s", s, want)
	}
	if c.Others != 3 {
		t.Errorf("%d other files, want 3: config.toml, picture, topipe.dump", c.Others)
	}
	if len(c.Errors) != 1 || !strings.Contains(c.Errors[0].Error(), "loop.dump") {
		t.Errorf("errors %v, want one about loop.dump", c.Errors)
	}
}

func TestCollectErrors(t *testing.T) {
	c := dump.Collect(context.Background(), []string{filepath.Join(t.TempDir(), "missing"), "-"}, dump.Options{})
	if len(c.Errors) != 2 || len(c.Files) != 0 {
		t.Errorf("errors %v, want two", c.Errors)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c = dump.Collect(ctx, []string{t.TempDir()}, dump.Options{})
	if len(c.Errors) != 1 || c.Errors[0] != context.Canceled {
		t.Errorf("errors %v, want context.Canceled", c.Errors)
	}
}

// benchFolder writes n dumps of 25 frames, in 20 crash sites.
func benchFolder(tb testing.TB, n int) (dir string, size int64) {
	tb.Helper()
	dir = tb.TempDir()
	for i := range n {
		own := make([]uint64, 21)
		for k := range own {
			own[k] = uint64(0x1000 + (i%20)*0x100 + k*16)
		}
		own[20] += uint64(i%200) * 0x1000 // callers differ
		b := dumptest.Cpptrace(dumptest.NewProcess(uint64(i)).Segv(own...))
		size += int64(len(b))
		writeDump(tb, filepath.Join(dir, fmt.Sprintf("backtrace.2025-09-30-11-%02d-%02d.%09d.dump", i/60%60, i%60, i)), b)
	}
	return dir, size
}

func BenchmarkCluster1000(b *testing.B) {
	dir, size := benchFolder(b, 1000)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		c := dump.Collect(context.Background(), []string{dir}, dump.Options{})
		r := dump.Analyze(context.Background(), c, dump.AnalyzeOptions{})
		if len(r.Files) != 1000 || len(r.Clusters) != 20 {
			b.Fatalf("%d files, %d clusters", len(r.Files), len(r.Clusters))
		}
	}
}

// BenchmarkReadOnly is the floor: reading the same files and nothing else.
func BenchmarkReadOnly(b *testing.B) {
	dir, size := benchFolder(b, 1000)
	b.SetBytes(size)
	buf := make([]byte, 1<<20)
	for b.Loop() {
		entries, err := os.ReadDir(dir)
		if err != nil {
			b.Fatal(err)
		}
		total := 0
		for _, e := range entries {
			h, err := os.Open(filepath.Join(dir, e.Name()))
			if err != nil {
				b.Fatal(err)
			}
			n, _ := h.Read(buf)
			total += n
			h.Close()
		}
		if int64(total) != size {
			b.Fatalf("read %d of %d bytes", total, size)
		}
	}
}
