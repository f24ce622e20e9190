package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/follow/filestest"
)

// TestLoss has a writer and a rotator play every trick on a reader. Nothing
// may be lost, doubled or torn.
func TestLoss(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(t *testing.T, name string, w *filestest.Writer, r *reading)
	}{
		{"plain", func(t *testing.T, name string, w *filestest.Writer, r *reading) { w.Lines(2000) }},
		{"rename", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			for range 8 {
				w.Lines(200)
				filestest.Rotate(t, name, 9)
				w.Open(name)
			}
			w.Lines(100)
		}},
		{"rename, writer buffers", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			for range 8 {
				w.Block(500)
				r.wait(w.Next - 100)
				w.Block(500)
				filestest.Rotate(t, name, 9)
				w.Open(name)
			}
			w.Block(10)
		}},
		{"late writer", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			w.Lines(100)
			filestest.Rotate(t, name, 3)
			other := filestest.OpenWriter(t, name)
			other.Next = 1000
			for range 20 { // both files grow, the new one first
				other.Lines(5)
				w.Lines(5)
				r.wait(w.Next + other.Next - 1000)
			}
			w.Block(1000 - w.Next)
			w.Next = other.Next
		}},
		{"delete and recreate", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			for range 10 {
				w.Lines(50)
				r.wait(w.Next - 49) // it has been opened: what follows is safe
				w.Lines(50)
				os.Remove(name)
				w.Open(name)
			}
			w.Lines(50)
		}},
		{"delete, recreate later", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			w.Lines(50)
			os.Remove(name)
			r.until("the notice", r.noticed("is gone"))
			w.Lines(50) // into the deleted file
			w.Open(name)
			w.Lines(50)
		}},
		{"partial lines", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			for i := range 60 {
				l := filestest.Numbered(w.Next)
				w.Raw(l[:10])
				w.Raw(l[10 : len(l)-1])
				if i%10 == 0 {
					r.looked()
				}
				w.Raw("\n" + filestest.Numbered(w.Next + 1)[:7])
				w.Raw(filestest.Numbered(w.Next + 1)[7:])
				w.Next += 2
			}
		}},
		{"partial line over a rotation", func(t *testing.T, name string, w *filestest.Writer, r *reading) {
			w.Lines(10)
			l := filestest.Numbered(w.Next)
			w.Raw(l[:12])
			filestest.Rotate(t, name, 3)
			other := filestest.OpenWriter(t, name)
			other.Next = w.Next + 1
			other.Lines(5)
			r.wait(16)
			w.Raw(l[12:])
			w.Next = other.Next
		}},
	} {
		for _, alone := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{true: ", without the library"}[alone], func(t *testing.T) {
				t.Parallel()
				name := filestest.LogName(t)
				w := filestest.OpenWriter(t, name)
				r := readPath(t, name, func(r *Path) { r.Alone = alone })
				w.Lines(1)
				r.wait(1)
				tt.play(t, name, w, r)
				r.wait(w.Next)
				r.stop()
				r.check(w.Next)
			})
		}
	}
}

// TestResting plays the tricks on a reader whose file has been quiet, each in
// its first moment.
func TestResting(t *testing.T) {
	b, end := NewWatcher()
	t.Cleanup(end)
	for _, tt := range []struct {
		name  string
		watch Watcher
		alone bool
	}{{"with the watcher", b, false}, {"without", nil, false}, {"without the library", b, true}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filestest.LogName(t)
			w := filestest.OpenWriter(t, name)
			r := readPath(t, name, func(r *Path) { r.Watch, r.Alone = tt.watch, tt.alone })
			for _, trick := range []func(){
				func() { filestest.Rotate(t, name, 3); w.Open(name) },
				func() { os.Remove(name); w.Open(name) },
				func() { copyTruncate(t, name); r.looked() },
				func() { w.Lines(3); filestest.Rotate(t, name, 3) }, // and the writer stays with it
				func() { w.Open(name) },
			} {
				w.Lines(20)
				r.wait(w.Next)
				r.rested()
				w.Lines(1)
				trick()
				w.Lines(1)
			}
			r.wait(w.Next)
			r.stop()
			r.check(w.Next)
		})
	}
}

// TestSymlinkSwitch follows a link whose target changes.
func TestSymlinkSwitch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "current.log")
	w := filestest.OpenWriter(t, filepath.Join(dir, "first.log"))
	var r *reading
	for i := range 6 {
		target := filepath.Join(dir, string(rune('a'+i))+".log")
		w.Open(target)
		w.Lines(20)
		if err := os.Symlink(target, link+".new"); err != nil {
			t.Fatal(err)
		}
		filestest.Rename(t, link+".new", link)
		if r == nil {
			r = readPath(t, link, nil)
		}
		w.Lines(80)
		r.wait(w.Next)
	}
	r.stop()
	r.check(w.Next)
}

// TestRenameStorm rotates every few milliseconds under a fast writer: some
// files never bear the name while somebody looks.
func TestRenameStorm(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	w.Lines(1)
	r := readPath(t, name, nil)
	r.wait(1)
	for range 30 {
		for range 10 { // 400 lines in about 10 ms: 40,000 a second
			w.Block(40)
			<-time.After(time.Millisecond)
		}
		filestest.Rotate(t, name, 40)
		w.Open(name)
	}
	w.Lines(10)
	r.wait(w.Next)
	st := r.stop()
	r.check(w.Next)
	if r.steps > 0 {
		t.Errorf("the order went back %d times", r.steps)
	}
	if st.Rotations != 30 {
		t.Errorf("counted %d rotations, want 30", st.Rotations)
	}
}

// TestCopyTruncate lets the reader look after each truncation.
func TestCopyTruncate(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	r := readPath(t, name, nil)
	for range 5 {
		w.Lines(300)
		r.wait(w.Next)
		copyTruncate(t, name)
		r.looked()
	}
	w.Lines(10)
	r.wait(w.Next)
	st := r.stop()
	r.check(w.Next)
	if st.Truncations != 5 {
		t.Errorf("counted %d truncations, want 5", st.Truncations)
	}
}

// TestCopyTruncateUnread truncates what has not been read: the rest is found
// in the copy.
func TestCopyTruncateUnread(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	r := readPath(t, name, nil)
	for range 5 {
		w.Lines(100)
		r.wait(w.Next)
		w.Block(5000)
		copyTruncate(t, name)
		w.Lines(3)
		r.looked()
	}
	r.wait(w.Next)
	r.stop()
	r.check(w.Next)
}

func copyTruncate(t *testing.T, name string) {
	t.Helper()
	_ = os.Rename(name+".1", name+".2") // there may be none yet
	b, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name+".1", b, 0o644)
	}
	if err == nil {
		err = os.Truncate(name, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAppearing waits for a file, a folder that is replaced, and a file that
// cannot be read for a while.
func TestAppearing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs")
	name := filepath.Join(dir, "wolf.log")
	r := readPath(t, name, func(r *Path) { r.From = AtEnd })
	r.until("the notice", r.noticed("does not exist yet"))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w := filestest.OpenWriter(t, name)
	w.Lines(10)
	r.wait(w.Next)

	filestest.Rename(t, dir, dir+".old") // the folder is replaced
	if err := os.WriteFile(dir, []byte("a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.until("a problem", r.noticed("not a directory"))
	w.Lines(5)
	r.wait(w.Next)
	os.Remove(dir)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o755); err != nil {
		t.Fatal(err)
	}
	r.until("a problem", r.noticed("is a folder"))
	os.Remove(name)
	w.Open(name)
	w.Lines(10)
	r.wait(w.Next)
	if os.Getuid() != 0 { // root may read everything
		filestest.Rename(t, name, name+".1")
		if err := os.WriteFile(name, nil, 0); err != nil {
			t.Fatal(err)
		}
		r.until("a problem", r.noticed("permission denied"))
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
		w.Open(name)
		w.Lines(10)
		r.wait(w.Next)
	}
	r.stop()
	r.check(w.Next)
}

// TestLongLine writes a line that never ends, then ends it.
func TestLongLine(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	r := readPath(t, name, nil)
	w.Lines(10)
	r.wait(10)
	chunk := strings.Repeat("y", 256<<10)
	for range 40 { // 10 MiB
		w.Raw(chunk)
	}
	r.until("the cut line", func() bool { return len(r.torn) == 1 })
	w.Raw("\n")
	w.Lines(10)
	r.wait(20)
	st := r.stop()
	if st.Cut != 1 || st.Skipped != 40*256<<10-MaxLine {
		t.Errorf("cut %d lines and skipped %d bytes, want 1 and %d", st.Cut, st.Skipped, 40*256<<10-MaxLine)
	}
}

// TestFromEnd skips what was there, but not a line that is being written.
func TestFromEnd(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	w.Lines(10)
	l := filestest.Numbered(10)
	w.Raw(l[:9])
	r := readPath(t, name, func(r *Path) { r.From = AtEnd })
	r.looked()
	w.Raw(l[9:])
	w.Next = 11
	w.Lines(5)
	r.wait(6)
	r.stop()
	if len(r.seen) != 6 || r.seen[10] != 1 || len(r.torn) > 0 {
		t.Errorf("got lines %v, torn %q", r.seen, r.torn)
	}
}

// TestTornAtStop hands over a last line without newline when the end comes.
func TestTornAtStop(t *testing.T) {
	t.Parallel()
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	r := readPath(t, name, nil)
	w.Lines(3)
	w.Raw("no newline")
	r.wait(3)
	r.stop()
	if len(r.torn) != 1 || r.torn[0] != "no newline" {
		t.Errorf("torn %q, want the last line", r.torn)
	}
}
