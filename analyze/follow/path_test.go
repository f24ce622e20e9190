package follow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLoss has a writer and a rotator play every trick on a reader. Nothing
// may be lost, doubled or torn.
func TestLoss(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(t *testing.T, name string, w *writer, r *reading)
	}{
		{"plain", func(t *testing.T, name string, w *writer, r *reading) { w.lines(2000) }},
		{"rename", func(t *testing.T, name string, w *writer, r *reading) {
			for range 8 {
				w.lines(200)
				rotate(t, name, 9)
				w.open(name)
			}
			w.lines(100)
		}},
		{"rename, writer buffers", func(t *testing.T, name string, w *writer, r *reading) {
			for range 8 {
				w.block(500)
				r.wait(w.next - 100)
				w.block(500)
				rotate(t, name, 9)
				w.open(name)
			}
			w.block(10)
		}},
		{"late writer", func(t *testing.T, name string, w *writer, r *reading) {
			w.lines(100)
			rotate(t, name, 3)
			other := openWriter(t, name)
			other.next = 1000
			for range 20 { // both files grow, the new one first
				other.lines(5)
				w.lines(5)
				r.wait(w.next + other.next - 1000)
			}
			w.block(1000 - w.next)
			w.next = other.next
		}},
		{"delete and recreate", func(t *testing.T, name string, w *writer, r *reading) {
			for range 10 {
				w.lines(50)
				r.wait(w.next - 49) // it has been opened: what follows is safe
				w.lines(50)
				os.Remove(name)
				w.open(name)
			}
			w.lines(50)
		}},
		{"delete, recreate later", func(t *testing.T, name string, w *writer, r *reading) {
			w.lines(50)
			os.Remove(name)
			r.until("the notice", r.noticed("is gone"))
			w.lines(50) // into the deleted file
			w.open(name)
			w.lines(50)
		}},
		{"partial lines", func(t *testing.T, name string, w *writer, r *reading) {
			for range 60 {
				l := numbered(w.next)
				w.raw(l[:10])
				w.raw(l[10 : len(l)-1])
				r.until("a look", func() bool { return true })
				w.raw("\n" + numbered(w.next + 1)[:7])
				w.raw(numbered(w.next + 1)[7:])
				w.next += 2
			}
		}},
		{"partial line over a rotation", func(t *testing.T, name string, w *writer, r *reading) {
			w.lines(10)
			l := numbered(w.next)
			w.raw(l[:12])
			rotate(t, name, 3)
			other := openWriter(t, name)
			other.next = w.next + 1
			other.lines(5)
			r.wait(16)
			w.raw(l[12:])
			w.next = other.next
		}},
	} {
		for _, alone := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{true: ", without the library"}[alone], func(t *testing.T) {
				t.Parallel()
				name := logName(t)
				w := openWriter(t, name)
				r := readPath(t, name, func(r *pathReader) { r.alone = alone })
				w.lines(1)
				r.wait(1)
				tt.play(t, name, w, r)
				r.wait(w.next)
				r.stop()
				r.check(w.next)
			})
		}
	}
}

// TestResting plays the tricks on a reader whose file has been quiet, each in
// its first moment.
func TestResting(t *testing.T) {
	b := newBell()
	t.Cleanup(b.close)
	for _, tt := range []struct {
		name  string
		bell  *bell
		alone bool
	}{{"with the bell", b, false}, {"without", nil, false}, {"without the library", b, true}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := logName(t)
			w := openWriter(t, name)
			r := readPath(t, name, func(r *pathReader) { r.bell, r.alone = tt.bell, tt.alone })
			for _, trick := range []func(){
				func() { rotate(t, name, 3); w.open(name) },
				func() { os.Remove(name); w.open(name) },
				func() { copyTruncate(t, name); <-time.After(100 * time.Millisecond) },
				func() { w.lines(3); rotate(t, name, 3) }, // and the writer stays with it
				func() { w.open(name) },
			} {
				w.lines(20)
				r.wait(w.next)
				<-time.After(restAfter + 300*time.Millisecond)
				w.lines(1)
				trick()
				w.lines(1)
			}
			r.wait(w.next)
			r.stop()
			r.check(w.next)
		})
	}
}

// TestSymlinkSwitch follows a link whose target changes.
func TestSymlinkSwitch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "current.log")
	w := &writer{t: t}
	var r *reading
	for i := range 6 {
		target := filepath.Join(dir, string(rune('a'+i))+".log")
		w.open(target)
		w.lines(20)
		if err := os.Symlink(target, link+".new"); err != nil {
			t.Fatal(err)
		}
		rename(t, link+".new", link)
		if r == nil {
			r = readPath(t, link, nil)
		}
		w.lines(80)
		r.wait(w.next)
	}
	w.f.Close()
	r.stop()
	r.check(w.next)
}

// TestRenameStorm rotates every few milliseconds under a fast writer: some
// files never bear the name while somebody looks.
func TestRenameStorm(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	w.lines(1)
	r := readPath(t, name, nil)
	r.wait(1)
	for range 30 {
		for range 10 { // 400 lines in about 10 ms: 40,000 a second
			w.block(40)
			<-time.After(time.Millisecond)
		}
		rotate(t, name, 40)
		w.open(name)
	}
	w.lines(10)
	r.wait(w.next)
	st := r.stop()
	r.check(w.next)
	if r.steps > 0 {
		t.Errorf("the order went back %d times", r.steps)
	}
	if st.Rotations != 30 {
		t.Errorf("counted %d rotations, want 30", st.Rotations)
	}
}

// TestCopyTruncate gives the reader its 100 ms around the truncation.
func TestCopyTruncate(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	r := readPath(t, name, nil)
	for range 5 {
		w.lines(300)
		r.wait(w.next)
		copyTruncate(t, name)
		<-time.After(100 * time.Millisecond)
	}
	w.lines(10)
	r.wait(w.next)
	st := r.stop()
	r.check(w.next)
	if st.Truncations != 5 {
		t.Errorf("counted %d truncations, want 5", st.Truncations)
	}
}

// TestCopyTruncateUnread truncates what has not been read: the rest is found
// in the copy.
func TestCopyTruncateUnread(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	r := readPath(t, name, nil)
	for range 5 {
		w.lines(100)
		r.wait(w.next)
		w.block(5000)
		copyTruncate(t, name)
		w.lines(3)
		<-time.After(100 * time.Millisecond)
	}
	r.wait(w.next)
	r.stop()
	r.check(w.next)
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
	r := readPath(t, name, func(r *pathReader) { r.from = -1 })
	r.until("the notice", r.noticed("does not exist yet"))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w := openWriter(t, name)
	w.lines(10)
	r.wait(w.next)

	rename(t, dir, dir+".old") // the folder is replaced
	if err := os.WriteFile(dir, []byte("a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.until("a problem", r.noticed("not a directory"))
	w.lines(5)
	r.wait(w.next)
	os.Remove(dir)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o755); err != nil {
		t.Fatal(err)
	}
	r.until("a problem", r.noticed("is a folder"))
	os.Remove(name)
	w.open(name)
	w.lines(10)
	r.wait(w.next)
	if os.Getuid() != 0 { // root may read everything
		rename(t, name, name+".1")
		if err := os.WriteFile(name, nil, 0); err != nil {
			t.Fatal(err)
		}
		r.until("a problem", r.noticed("permission denied"))
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
		w.open(name)
		w.lines(10)
		r.wait(w.next)
	}
	r.stop()
	r.check(w.next)
}

// TestLongLine writes a line that never ends, then ends it.
func TestLongLine(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	r := readPath(t, name, nil)
	w.lines(10)
	r.wait(10)
	chunk := strings.Repeat("y", 256<<10)
	for range 40 { // 10 MiB
		w.raw(chunk)
	}
	r.until("the cut line", func() bool { return len(r.torn) == 1 })
	w.raw("\n")
	w.lines(10)
	r.wait(20)
	st := r.stop()
	if st.Cut != 1 || st.Skipped != 40*256<<10-maxLine {
		t.Errorf("cut %d lines and skipped %d bytes, want 1 and %d", st.Cut, st.Skipped, 40*256<<10-maxLine)
	}
}

// TestFromEnd skips what was there, but not a line that is being written.
func TestFromEnd(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	w.lines(10)
	l := numbered(10)
	w.raw(l[:9])
	r := readPath(t, name, func(r *pathReader) { r.from = -1 })
	r.until("start", func() bool { return true })
	<-time.After(100 * time.Millisecond)
	w.raw(l[9:])
	w.next = 11
	w.lines(5)
	r.wait(6)
	r.stop()
	if len(r.seen) != 6 || r.seen[10] != 1 || len(r.torn) > 0 {
		t.Errorf("got lines %v, torn %q", r.seen, r.torn)
	}
}

// TestTornAtStop hands over a last line without newline when the end comes.
func TestTornAtStop(t *testing.T) {
	t.Parallel()
	name := logName(t)
	w := openWriter(t, name)
	r := readPath(t, name, nil)
	w.lines(3)
	w.raw("no newline")
	r.wait(3)
	r.stop()
	if len(r.torn) != 1 || r.torn[0] != "no newline" {
		t.Errorf("torn %q, want the last line", r.torn)
	}
}
