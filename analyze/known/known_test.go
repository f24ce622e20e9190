package known

import (
	"testing"
	"time"

	"wolfdiag/patterns"
)

func TestList(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	l := New([]patterns.Known{
		{Text: "slot 17 of 16 is stale"},
		{Text: "cannot open /etc/pad2.conf: Permission denied"},
		{Template: "sensor <*> refused at <path>"},
		{Text: "only the app says so", Service: "app"},
		{Text: "no longer", Until: now},
		{Text: "still", Until: now.Add(time.Second)},
		{Text: "at two.rs:7\nit broke"},
		{Pattern: "gl-oom", Service: "wolf"},
	})
	l.At(now)
	for _, tc := range []struct {
		text, service string
		want          int
	}{
		{"slot 17 of 16 is stale", "", 0},
		{"slot 1 of 2 is stale", "wolf-1", 0},
		{"slot 1 of 2 is stale again", "", None},
		{"cannot open /etc/pad3.conf: Permission denied", "", 1},
		{"cannot open /dev/dri/renderD128: Permission denied", "", None},
		{"sensor fan refused at /sys/class/x", "", 2},
		{"sensor fan refused /sys/class/x", "", None},
		{"only the app says so", "app", 3},
		{"only the app says so", "app-2", 3},
		{"only the app says so", "apple-2", None},
		{"only the app says so", "", None},
		{"no longer", "", None},
		{"still", "", 5},
		{"at two.rs:9\nit broke", "", 6},
		{"at two.rs:9", "", None},
		{"at two.rs:9\nit went away", "", None},
		{"", "", None},
	} {
		if got := l.Message([]byte(tc.text), tc.service); got != tc.want {
			t.Errorf("%q of %q is entry %d, want %d", tc.text, tc.service, got, tc.want)
		}
	}
	if a, b, c := l.Pattern("gl-oom", "wolf-1"), l.Pattern("gl-oom", "app"), l.Pattern("xid", "wolf"); a != 7 || b != None || c != None {
		t.Errorf("patterns: entries %d, %d, %d", a, b, c)
	}
}
