package timeline

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWithin: what a window leaves of three lifetimes with sessions, and what of
// those that reach over its edges is not counted.
func TestWithin(t *testing.T) {
	t.Parallel()
	session := func(from, to float64, name string) []step {
		return []step{{at: from, kind: "container-start", detail: name}, {at: to, kind: "container-stop", detail: name}}
	}
	log := join(start(100), session(200, 205, "/WolfA_1"), []step{{at: 1000, kind: "wolf-exit", detail: "0"}},
		start(2000), session(2100, 2105, "/WolfB_1"), session(2500, 3000, "/WolfB_2"), []step{{at: 4000, kind: "wolf-exit", detail: "0"}},
		start(5000), session(5100, 5102, "/WolfC_1"), []step{{at: 6000, kind: "line"}})
	at := func(second float64) time.Time {
		if second == 0 {
			return time.Time{}
		}
		return scriptStart.Add(time.Duration(second * 1e9))
	}
	for _, tc := range []struct {
		name         string
		since, until float64 // 0: no edge
		hidden       int
		lifetimes    []string // start, what is cut, sessions that ended at once
		sessions     []string // lifetime, start, outside
	}{
		{"no window", 0, 0, 0, []string{"100 1", "2000 1", "5000 1"}, []string{"0:200", "1:2100", "1:2500", "2:5100"}},
		{"around all", 50, 7000, 0, []string{"100 1", "2000 1", "5000 1"}, []string{"0:200", "1:2100", "1:2500", "2:5100"}},
		{"from between two", 1500, 0, 1, []string{"2000 1", "5000 1"}, []string{"0:2100", "0:2500", "1:5100"}},
		{"from the midst of one", 2300, 0, 1, []string{"2000 cut before 0", "5000 1"}, []string{"0:2100 outside", "0:2500", "1:5100"}},
		{"from the midst of a session", 2103, 0, 1, []string{"2000 cut before 1", "5000 1"}, []string{"0:2100", "0:2500", "1:5100"}},
		{"to the midst of one", 0, 2200, 1, []string{"100 1", "2000 cut end 1"}, []string{"0:200", "1:2100", "1:2500 outside"}},
		{"to just before a session", 0, 2050, 1, []string{"100 1", "2000 cut end 0"}, []string{"0:200", "1:2100 outside", "1:2500 outside"}},
		{"within one", 2300, 2400, 2, []string{"2000 cut before cut end 0"}, []string{"0:2100 outside", "0:2500 outside"}},
		{"to the last moment of one", 0, 1000, 2, []string{"100 1"}, []string{"0:200"}},
		{"in nothing", 1100, 1900, 3, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			lines := log.feed(c, 0)
			tl := c.Resolve()
			hidden := tl.Within(at(tc.since), at(tc.until))
			var lifetimes, sessions []string
			for _, l := range tl.Lifetimes {
				s := fmt.Sprint(l.Start.Time.Sub(scriptStart).Seconds())
				if l.CutBefore {
					s += " cut before"
				}
				if l.CutEnd {
					s += " cut end"
				}
				lifetimes = append(lifetimes, s+fmt.Sprint(" ", l.Immediate))
			}
			for _, x := range tl.Sessions {
				s := fmt.Sprintf("%d:%v", x.Lifetime, x.Start.Time.Sub(scriptStart).Seconds())
				if x.Outside {
					s += " outside"
				}
				sessions = append(sessions, s)
			}
			if hidden != tc.hidden {
				t.Errorf("%d lifetimes left out, want %d", hidden, tc.hidden)
			}
			if d := cmp.Diff(tc.lifetimes, lifetimes); d != "" {
				t.Errorf("lifetimes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.sessions, sessions); d != "" {
				t.Errorf("sessions (-want +got):\n%s", d)
			}
			// A line belongs to its lifetime by the new numbers, and to none that is left out.
			if got, want := tl.Lifetime(lines[4]) >= 0, len(tc.lifetimes) > 0 && tc.lifetimes[0][:3] == "100"; got != want {
				t.Errorf("the first session's line is in a lifetime: %v", got)
			}
		})
	}
}
