package follow

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRing keeps the newest lines within its bound, and what was there at the
// onset of an incident.
func TestRing(t *testing.T) {
	var r ring
	line := append(bytes.Repeat([]byte("z"), 1023), '\n')
	for i := range 10_000 {
		r.add([]string{"a", "b"}[i/5000], bytes.Clone(line))
	}
	d := r.dump(nil)
	if len(d) > maxRing+64 || len(d) < maxRing/2 || r.bytes > maxRing || !bytes.HasPrefix(d, []byte("==> b <==\n")) {
		t.Errorf("%d bytes kept, begins with %.20q", len(d), d)
	}

	r = ring{}
	r.add("a", []byte("before\n"))
	onset := r.onset()
	r.add("a", []byte("begins\n"))
	if got, want := string(r.dump(onset)), "==> a <==\nbefore\nbegins\n"; got != want {
		t.Errorf("nothing was pushed out: %q, want %q", got, want)
	}
	for range 5000 {
		r.add("a", line)
	}
	got := string(r.dump(onset))
	if want := "==> a <==\nbefore\n==> 925703 bytes left out <==\n==> a <==\nzzz"; !strings.HasPrefix(got, want) {
		t.Errorf("begins with %.80q, want %q", got, want)
	}
}

// TestAfter saves what comes in the time after a snapshot.
func TestAfter(t *testing.T) {
	for _, tt := range []struct {
		name   string
		settle time.Duration
		end    time.Duration // of the following, after the action
		want   string
	}{
		{"settled", 0, time.Minute, "==> - <==\nat 0s\nat 2s\nat 4s\n"},
		{"at once", -1, time.Minute, "==> - <==\nat 0s\nat 2s\nat 4s\n"},
		{"longer", 9 * time.Second, time.Minute, "==> - <==\nat 0s\nat 2s\nat 4s\nat 6s\nat 8s\n"},
		{"ended before", 0, 3 * time.Second, "==> - <==\nat 0s\nat 2s\n"},
		{"nothing came", 0, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			f, clock, e := byHand(t, ActionOptions{Settle: tt.settle, Snapshot: dir})
			f.take(piece{data: []byte(guide(t))})
			for range 60 {
				f.work(clock.now)
				if f.actor.after != nil {
					break
				}
				clock.move(200 * time.Millisecond)
			}
			f.flushNotes()
			saved, ok := e.find(action("snapshot"))
			if !ok {
				t.Fatalf("no snapshot; events:\n%s", e)
			}
			for at := time.Duration(0); at < tt.end; at += time.Second {
				if at%(2*time.Second) == 0 {
					f.take(piece{data: []byte("at " + at.String() + "\n")})
				}
				clock.move(time.Second)
				f.work(clock.now)
			}
			f.end()
			b, err := os.ReadFile(filepath.Join(saved.Action.Snapshot, "after.log"))
			if string(b) != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("after.log: %q, %v; want %q", b, err, tt.want)
			}
		})
	}
}

// TestAfterNoSnapshot says once that a snapshot cannot be written, and nothing
// of what comes after it.
func TestAfterNoSnapshot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a file")
	write(t, file, "")
	f, clock, e := byHand(t, ActionOptions{Settle: -1, Snapshot: filepath.Join(file, "below")})
	f.take(piece{data: []byte(guide(t))})
	f.work(clock.now)
	f.take(piece{data: []byte("more\n")})
	clock.move(time.Minute)
	f.work(clock.now)
	f.end()
	if n := e.count(func(ev Event) bool { return ev.Kind == EventAction }); n != 1 || e.count(action("failed")) != 1 {
		t.Errorf("want one failure; events:\n%s", e)
	}
}
