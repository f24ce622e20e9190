package follow

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestBell rings once for whatever happens to a file.
func TestBell(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(name string, w *writer) error
	}{
		{"write", func(name string, w *writer) error { w.raw("x"); return nil }},
		{"truncation", func(name string, w *writer) error { return os.Truncate(name, 0) }},
		{"rename", func(name string, w *writer) error { return os.Rename(name, name+".1") }},
		{"deletion", func(name string, w *writer) error { return os.Remove(name) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBell()
			if b == nil {
				t.Skip("no inotify here")
			}
			defer b.close()
			name := logName(t)
			w := openWriter(t, name)
			w.raw("something\n")
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			ring := make(chan struct{}, 2)
			if !b.arm(f, ring) {
				t.Fatal("not armed")
			}
			for range 2 { // the second one rings no more
				if err := tt.do(name, w); err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
			}
			select {
			case <-ring:
			case <-time.After(deadline):
				t.Fatal("no ring")
			}
			b.close() // all events have been read
			if len(ring) > 0 || len(b.rings) > 0 {
				t.Errorf("rings %d times more, %d wait", len(ring), len(b.rings))
			}
		})
	}
}

// TestDeafBell has a bell that never rings: the reader's own looks find what is
// written, and find out about the bell.
func TestDeafBell(t *testing.T) {
	t.Parallel()
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		t.Skip("no inotify here")
	}
	mute := &bell{f: os.NewFile(uintptr(fd), "inotify"), rings: map[int32]chan<- struct{}{}}
	defer mute.f.Close()
	name := logName(t)
	w := openWriter(t, name)
	r := readPath(t, name, func(r *pathReader) { r.bell = mute })
	<-time.After(restAfter + 300*time.Millisecond)
	w.lines(1)
	r.wait(1)
	r.stop()
	if !r.r.deaf {
		t.Error("the reader still relies on the bell")
	}
}
