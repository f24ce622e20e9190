package timeline

import (
	"fmt"
	"testing"
	"time"
)

// TestJoinedPieces: what a lifetime says of itself in two files is one account.
func TestJoinedPieces(t *testing.T) {
	t.Parallel()
	pieces := []script{
		join(start(100), []step{{at: 200, kind: "container-start", detail: "/WolfA_1"}, {at: 204, kind: "container-stop", detail: "/WolfA_1"}}),
		{{at: 400, kind: "container-start", detail: "/WolfA_2"}, {at: 401, kind: "container-start", detail: "/WolfA_3"}, {at: 600, kind: "wolf-exit", detail: "11"}},
	}
	elements := [][]string{{"nvh265enc2", "vah264enc0"}, {"nvh265enc7", "nvh264enc1"}}
	c := New(Options{})
	for i, p := range pieces {
		c.StartInput(int32(i), fmt.Sprintf("wolf.log.%d", i), time.Time{})
		head, last := p[:len(p)-1], p[len(p)-1:]
		lines := head.feed(c, int32(i))
		for _, name := range elements[i] {
			c.Element(lines[len(lines)-1], name)
		}
		script(append(make([]step, 0, 1), last...)).feed(c, int32(i))
	}
	tl := c.Resolve()
	if len(tl.Lifetimes) != 1 {
		t.Fatalf("%d lifetimes, want 1: %q", len(tl.Lifetimes), tl.Assumptions)
	}
	l := &tl.Lifetimes[0]
	got := fmt.Sprintf("%d sessions, or more %v, %d at once, %d ended at once, %d interrupted, %s %d, elements %v", l.Sessions, l.LowerBound, l.Peak, l.Immediate, l.Interrupted, l.EndKind, l.ExitCode, l.Elements)
	// The later piece's elements are numbered from the start: eight were made.
	if want := "8 sessions, or more true, 2 at once, 1 ended at once, 2 interrupted, crash 11, elements [{nvh265enc 7} {vah264enc 0} {nvh264enc 1}]"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestPausedAndEncoders: a session that was paused is not interrupted by the end,
// one that was resumed is; encoders are listed once.
func TestPausedAndEncoders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		events []Event
		want   string
	}{
		{"running", nil, "1 interrupted, []"},
		{"paused", []Event{{Kind: "session-pause", Session: "1"}}, "0 interrupted, []"},
		{"paused and resumed", []Event{{Kind: "session-pause", Session: "1"}, {Kind: "session-resume", Session: "1"}}, "1 interrupted, []"},
		{"another paused", []Event{{Kind: "session-pause", Session: "2"}}, "1 interrupted, []"},
		{"a pause of nobody", []Event{{Kind: "session-pause"}}, "1 interrupted, []"},
		{"encoders", []Event{{Kind: "encoder-found", Extra: "H264", Container: "vah264enc"}, {Kind: "encoder-found", Extra: "AV1"}, {Kind: "encoder-found", Extra: "H264", Container: "vah264enc"},
			{Kind: "encoder-found"}}, "1 interrupted, [H264 vah264enc AV1]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			lines := join(start(100), []step{{at: 200, kind: "container-start", detail: "/WolfA_1"}}).feed(c, 0)
			for i, e := range tc.events {
				e.Reading = Reading{Pos: Pos{Line: int64(len(lines)*10 + i + 1)}, Inner: dated(scriptStart.Add(300 * time.Second))}
				c.Event(e)
			}
			c.Event(Event{Reading: Reading{Pos: Pos{Line: 1000}, Inner: dated(scriptStart.Add(400 * time.Second))}, Kind: "wolf-exit", Code: "11", Container: "wolf-1"})
			l := &c.Resolve().Lifetimes[0]
			if got := fmt.Sprintf("%d interrupted, %v", l.Interrupted, l.Encoders); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}
