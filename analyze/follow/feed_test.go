package follow

import (
	"strings"
	"testing"

	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/files"
)

// openRecord is a line whose record goes on: a panic's message stands below it.
const openRecord = "thread 'tokio-runtime-worker' panicked at src/wayland.rs:12:34:\n"

// TestPlaceOfOpenRecord keeps the place before a record that is not complete:
// a restart reads it again, whole.
func TestPlaceOfOpenRecord(t *testing.T) {
	f, clock, _ := byHand(t, action.Options{})
	before := "06:40:12.895000000 INFO  | all is well\n"
	f.take(files.Piece{Data: []byte(before + openRecord), At: &files.Position{Offset: 1000 + int64(len(before+openRecord))}})
	s := f.sources[0]
	if string(s.rest) != openRecord {
		t.Fatalf("waiting: %q, want the panic", s.rest)
	}
	if want := 1000 + int64(len(before)); s.place.Offset != want {
		t.Errorf("the place is %d, want %d: before the record", s.place.Offset, want)
	}
	clock.move(openWait)
	f.work(clock.now)
	if want := 1000 + int64(len(before+openRecord)); len(s.rest) > 0 || s.place.Offset != want {
		t.Errorf("when it has waited long enough: place %d, %d bytes waiting, want %d and none", s.place.Offset, len(s.rest), want)
	}
	f.actor.Stop(nil)
}

// TestMaxRest gives up waiting for a record when too much waits.
func TestMaxRest(t *testing.T) {
	line := "06:40:12.895000000 INFO  | " + strings.Repeat("y", 996) + "\n" // 1024 bytes
	for _, tt := range []struct {
		name  string
		bytes int
		waits bool
	}{
		{"as much as may wait", maxRest, true},
		{"a byte more", maxRest + 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, _, _ := byHand(t, action.Options{})
			fill := strings.Repeat(line, (tt.bytes-len(openRecord))/len(line))
			if k := tt.bytes - len(openRecord) - len(fill); k > 0 {
				fill += strings.Repeat("z", k-1) + "\n"
			}
			f.take(files.Piece{Data: []byte(fill + openRecord)})
			if got := len(f.sources[0].rest) > 0; got != tt.waits {
				t.Errorf("%d bytes: waiting %v, want %v", tt.bytes, got, tt.waits)
			}
			f.actor.Stop(nil)
		})
	}
}
