package files

import (
	"os"
	"syscall"
	"testing"
	"time"

	"wolfdiag/analyze/follow/filestest"
)

// TestArm rings once for whatever happens to a file.
func TestArm(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(name string, w *filestest.Writer) error
	}{
		{"write", func(name string, w *filestest.Writer) error { w.Raw("x"); return nil }},
		{"truncation", func(name string, w *filestest.Writer) error { return os.Truncate(name, 0) }},
		{"rename", func(name string, w *filestest.Writer) error { return os.Rename(name, name+".1") }},
		{"deletion", func(name string, w *filestest.Writer) error { return os.Remove(name) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, end := NewWatcher()
			if b == nil {
				t.Skip("no inotify here")
			}
			defer end()
			name := filestest.LogName(t)
			w := filestest.OpenWriter(t, name)
			w.Raw("something\n")
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			ring := make(chan struct{}, 2)
			if !b.Arm(f, ring) {
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
			end() // all events have been read
			if len(ring) > 0 || len(b.(*Inotify).rings) > 0 {
				t.Errorf("rings %d times more, %d wait", len(ring), len(b.(*Inotify).rings))
			}
		})
	}
}

// TestMissedNotification has a watcher that never says a word: the reader's own looks find what is
// written, and find out about the watcher.
func TestMissedNotification(t *testing.T) {
	t.Parallel()
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		t.Skip("no inotify here")
	}
	mute := muteWatcher{&Inotify{f: os.NewFile(uintptr(fd), "inotify"), fd: fd, rings: map[int32]chan<- struct{}{}, dirs: map[int32]*dirWatch{}}}
	defer mute.f.Close()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	r := readPath(t, name, func(r *Path) { r.Watch = mute })
	r.rested()
	w.Lines(1)
	r.wait(1)
	r.stop()
	if !r.r.pace.missed {
		t.Error("the reader still relies on the watcher")
	}
}

// muteWatcher counts nothing and wakes nobody.
type muteWatcher struct{ *Inotify }

func (muteWatcher) Name(string, chan<- struct{}) NameWatch { return nil }
