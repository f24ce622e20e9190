package follow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/redact"
)

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
			f, clock, e := byHand(t, action.Options{Settle: tt.settle, Snapshot: dir})
			f.take(files.Piece{Data: []byte(guide(t))})
			for range 60 {
				f.work(clock.now)
				if !f.actor.Awaited().IsZero() {
					break
				}
				clock.move(200 * time.Millisecond)
			}
			f.flushNotes()
			saved, ok := e.find(acted("snapshot"))
			if !ok {
				t.Fatalf("no snapshot; events:\n%s", e)
			}
			for at := time.Duration(0); at < tt.end; at += time.Second {
				if at%(2*time.Second) == 0 {
					f.take(files.Piece{Data: []byte("at " + at.String() + "\n")})
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

// TestSnapshotMasked: with a masker nothing is saved as it was, and a value has
// one stand-in in all files of a snapshot.
func TestSnapshotMasked(t *testing.T) {
	const session = "246801357924680135"
	f, clock, e := byHand(t, action.Options{Settle: -1, Snapshot: t.TempDir(), Mask: func() action.Masker { return redact.ForLogs() }})
	f.take(files.Piece{Data: []byte(guide(t))})
	for range 60 {
		f.work(clock.now)
		if !f.actor.Awaited().IsZero() {
			break
		}
		clock.move(200 * time.Millisecond)
	}
	f.flushNotes()
	saved, ok := e.find(acted("snapshot"))
	if !ok {
		t.Fatalf("no snapshot; events:\n%s", e)
	}
	f.take(files.Piece{Data: []byte("session " + session + " of DB_PASSWORD=kuerbis\n")})
	clock.move(time.Minute)
	f.work(clock.now)
	f.end()
	for _, name := range []string{"lines.log", "after.log", "report.json"} {
		b, err := os.ReadFile(filepath.Join(saved.Action.Snapshot, name))
		if err != nil {
			t.Fatal(err)
		}
		if text := string(b); strings.Contains(text, session) || strings.Contains(text, "kuerbis") || name != "report.json" && !strings.Contains(text, "9000000000000000001") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestAfterNoSnapshot says once that a snapshot cannot be written, and nothing
// of what comes after it.
func TestAfterNoSnapshot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "snapshots")
	f, clock, e := byHand(t, action.Options{Settle: -1, Snapshot: dir})
	if err := os.Remove(dir); err != nil { // it was made, and found good
		t.Fatal(err)
	}
	write(t, dir, "a file in its place")
	f.take(files.Piece{Data: []byte(guide(t))})
	f.work(clock.now)
	f.take(files.Piece{Data: []byte("more\n")})
	clock.move(time.Minute)
	f.work(clock.now)
	f.end()
	if n := e.count(func(ev event.Event) bool { return ev.Kind == event.KindAction }); n != 1 || e.count(acted("failed")) != 1 {
		t.Errorf("want one failure; events:\n%s", e)
	}
}
