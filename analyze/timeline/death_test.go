package timeline

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
)

// trace is the line in which a start tells that the life before crashed. It has
// no clock.
var trace = step{at: -1, kind: "wolf-crash-before", pattern: "wolf-crash-prev"}

// session is one that starts and ends.
func session(at float64, container string) []step {
	return []step{{at: at, kind: "container-start", detail: container}, {at: at + 60, kind: "container-stop", detail: container}}
}

// TestDeaths looks at failures that are the end of the process: a trace that
// the next start prints, and the line that tells of the exit.
func TestDeaths(t *testing.T) {
	t.Parallel()
	exit := step{at: 400, kind: "wolf-exit", pattern: "wolf-exited", detail: "11"}
	type row struct{ Failures, Session, Concurrent int }
	for _, tc := range []struct {
		name string
		log  script
		at   int // index of the failing line
		want []row
		when float64 // of the first failure, in seconds
	}{
		{"a trace in front of the banner is of the life before", join(start(100), session(200, "/A_1"), session(300, "/A_2"), []step{trace}, start(500)),
			8, []row{{1, 2, 1}, {0, -1, -1}}, 360},
		{"a trace of a life that the log does not show", join([]step{trace}, start(500)), 0, []row{{0, -1, -1}}, 0},
		{"the second of two crashes at the start", join(start(100), session(200, "/A_1"), []step{trace}, start(500), []step{trace}, start(510)),
			11, []row{{0, -1, -1}, {1, -1, -1}, {0, -1, -1}}, 500.5},
		{"an exit with nothing live comes after the last session", join(start(100), session(200, "/A_1"), session(300, "/A_2"), []step{exit}, start(500)),
			8, []row{{1, 2, 1}, {0, -1, -1}}, 400},
		{"an exit without a session", join(start(100), []step{exit}, start(500), session(600, "/A_1")), 4, []row{{1, -1, -1}, {0, -1, -1}}, 400},
		{"an exit with a live session", join(start(100), session(200, "/A_1"), []step{{at: 300, kind: "container-start", detail: "/A_2"}, exit}, start(500)),
			7, []row{{1, 2, 1}, {0, -1, -1}}, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			read := tc.log.feed(c, 0)
			tl := c.Resolve()
			tl.AddFailures([]Failure{{Reading: read[tc.at]}})
			var got []row
			for _, l := range tl.Lifetimes {
				got = append(got, row{l.Failures, l.FirstFailureSession, l.Concurrent})
				if l.Failures == 0 {
					continue
				}
				if d := l.FirstFailure.Time.Sub(scriptStart.Add(time.Duration(tc.when * 1e9))); d > 100*time.Millisecond || d < -100*time.Millisecond {
					t.Errorf("it failed at %v, want %v s", l.FirstFailure.Time.Sub(scriptStart), tc.when)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("failures, session, live sessions (-want +got):\n%s", d)
			}
		})
	}
}

// TestOneStart reads starts as a supervisor in a container writes them after a
// crash: local times, a trace of many lines without a clock, then the banner.
func TestOneStart(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	line := int64(0)
	zone := 3600.0
	put := func(at float64, stamp func(time.Time) logline.Stamp, kind, pattern, detail string) {
		line++
		r := Reading{Pos: Pos{Line: line}}
		if stamp != nil {
			r.Inner = stamp(scriptStart.Add(time.Duration(at * 1e9)))
		}
		e := Event{Reading: r, Kind: kind, Pattern: pattern, Extra: detail}
		if kind == "" {
			c.Clock(r)
			return
		}
		if kind == "wolf-exit" {
			e.Code, e.Extra, e.Container = detail, "", "wolf"
		}
		c.Event(e)
	}
	wolf := func(v time.Time) logline.Stamp { return tod(v.Hour(), v.Minute(), float64(v.Second())) }
	put(1, dated, "", "", "")
	for at := 10.0; at < 5000; at += 1000 {
		put(at+zone, local, "wolf-start", "wolf-start-spawned", "")
		put(at+zone, local, "wolf-start", "wolf-start-root", "")
		if at > 10 {
			put(at, nil, "wolf-crash-before", "wolf-crash-prev", "")
			line += 40 // its frames
		}
		put(at+1, wolf, "wolf-start", "wolf-start-gst", "1.26")
		put(at+1, wolf, "wolf-milestone", "wolf-start-config", "")
		put(at+3, wolf, "wolf-milestone", "wolf-http-up", "")
		put(at+60, wolf, "", "", "")
		put(at+960+zone, local, "wolf-exit", "wolf-exited-supervisor", "11") // a quarter hour of silence
	}
	tl := c.Resolve()
	if len(tl.Lifetimes) != 5 {
		t.Errorf("%d lifetimes, want 5", len(tl.Lifetimes))
	}
	for i, l := range tl.Lifetimes {
		at := 10 + 1000*float64(i)
		want := fmt.Sprint(time.Duration(at*1e9), time.Duration((at+960)*1e9), EndCrash)
		if got := fmt.Sprint(l.Start.Time.Sub(scriptStart), l.End.Time.Sub(scriptStart), l.EndKind); got != want {
			t.Errorf("lifetime %d: %s, want %s", i, got, want)
		}
	}
}

// TestNumberedSessions counts sessions by the numbers of elements where nothing
// else tells of them.
func TestNumberedSessions(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	var fails []Failure
	line := int64(0)
	element := func(at float64, name string) Reading {
		line++
		r := gstLine(line, time.Duration(at*1e9))
		c.Element(r, name)
		return r
	}
	for range 2 {
		element(1, "nvh265enc0") // the probe
		for n := range 4 {
			r := element(100+float64(n)*1000, fmt.Sprintf("nvh265enc%d", n+1))
			if n >= 2 {
				fails = append(fails, Failure{Reading: r})
			}
		}
	}
	tl := c.Resolve()
	tl.AddFailures(fails)
	if len(tl.Lifetimes) != 2 {
		t.Fatalf("%d lifetimes, want 2", len(tl.Lifetimes))
	}
	for i, l := range tl.Lifetimes {
		if l.Sessions != 4 || !l.LowerBound || l.FirstFailureSession != 3 || l.Failures != 2 || l.CutStart {
			t.Errorf("lifetime %d: %d sessions (at least: %v), %d failures, the first in %d; want 4 at least, 2 failures, the first in 3",
				i, l.Sessions, l.LowerBound, l.Failures, l.FirstFailureSession)
		}
	}
	if b := tl.Compare(); len(b) != 0 {
		t.Errorf("sessions of which only some are seen are compared: %+v", b)
	}
}
