package timeline

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
)

// A script is a log in short form: seconds after midnight of 2 October 2025,
// event, and its captures.
type script []step

type step struct {
	at      float64 // seconds; negative: the line has no clock
	kind    string
	pattern string
	detail  string // container, code or extra
	service string
	gst     float64 // elapsed seconds of a GStreamer line, for kind "gst"
}

var scriptStart = time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)

func (s script) feed(c *Collector, input int32) []Reading {
	var out []Reading
	for i, x := range s {
		r := Reading{Pos: Pos{Input: input, Line: int64(10 * (i + 1))}, Service: x.service}
		if x.at >= 0 {
			r.Inner = dated(scriptStart.Add(time.Duration(x.at * 1e9)))
		}
		e := Event{Reading: r, Kind: x.kind, Pattern: x.pattern}
		switch x.kind {
		case "gst":
			r.PID, r.Inner = 1, elapsed(time.Duration(x.gst*1e9))
			c.Clock(r)
		case "line":
			c.Clock(r)
		case "wolf-exit":
			e.Code, e.Container = x.detail, "wolf-1"
			if x.service != "" {
				e.Container = x.service
				e.Service = ""
			}
			c.Event(e)
		case "container-start", "container-stop":
			e.Container = x.detail
			c.Event(e)
		default:
			e.Extra = x.detail
			c.Event(e)
		}
		out = append(out, r)
	}
	return out
}

// summary is what the table compares.
type summary struct {
	Start    string // of the day, "?" when unknown
	Cut      bool
	End      EndKind
	Code     int
	Sessions int
	By       string
}

func summarise(tl *Timeline) []summary {
	var out []summary
	for _, l := range tl.Lifetimes {
		s := summary{Start: "?", Cut: l.CutStart, End: l.EndKind, Code: l.ExitCode, Sessions: l.Sessions, By: l.CountedBy}
		if l.Start.Known() {
			s.Start = l.Start.Time.Sub(scriptStart).Round(100 * time.Millisecond).String()
		}
		out = append(out, s)
	}
	return out
}

func start(at float64) []step {
	return []step{
		{at: at, kind: "wolf-start", pattern: "wolf-start-gst", detail: "1.24.6"},
		{at: at + 0.1, kind: "wolf-milestone", pattern: "wolf-start-config"},
		{kind: "gst", gst: 0.2},
		{at: at + 0.5, kind: "wolf-milestone", pattern: "wolf-http-up"},
	}
}

func join(parts ...[]step) script {
	var out script
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// TestLateWriters: what another input says belongs to a lifetime from two seconds
// before its start, since programs stamp and write apart, to half a minute after
// its end, when containers are still being taken down.
func TestLateWriters(t *testing.T) {
	t.Parallel()
	ended := join(start(100), []step{{at: 400, kind: "wolf-exit", detail: "11"}}, start(500))
	for _, tt := range []struct {
		name string
		wolf script
		at   float64
		want int // lifetime; -1: none
	}{
		{"long before", ended, 97.9, -1},
		{"just before", ended, 98.1, 0},
		{"meanwhile", ended, 300, 0},
		{"soon after the end", ended, 429.9, 0},
		{"late after the end", ended, 430.1, -1},
		{"just before the next", ended, 498.1, 1},
		{"of the next", ended, 600, 1},
		{"long after one that runs", join(start(100), []step{{at: 200, kind: "line"}}), 9000, 0},
		{"after the end of one, in the next that began at once", join(start(100), []step{{at: 400, kind: "wolf-exit", detail: "11"}}, start(405)), 410, 1},
		{"before the end, and within the slack of the next", join(start(100), []step{{at: 400, kind: "wolf-exit", detail: "11"}}, start(401)), 399.5, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			tt.wolf.feed(c, 0)
			app := Reading{Pos: Pos{Input: 1, Line: 10}, Outer: dated(scriptStart.Add(time.Duration(tt.at * 1e9)))}
			if got := c.Resolve().Lifetime(app); got != tt.want {
				t.Errorf("lifetime %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLifetimes(t *testing.T) {
	t.Parallel()
	const containers = "container starts"
	for _, tc := range []struct {
		name string
		log  script
		want []summary
	}{
		{"one start of many marks", join([]step{{at: 99, kind: "wolf-start", pattern: "gow-root"}}, start(100), []step{{at: 105, kind: "line"}}),
			[]summary{{"1m39s", false, EndRunning, -1, -1, ""}}},
		{"cut at both ends", script{{at: 50, kind: "container-start", detail: "/WolfXFCE_1"}, {at: 60, kind: "container-stop", detail: "/WolfXFCE_1"}},
			[]summary{{"?", true, EndRunning, -1, 1, containers}}},
		{"uptime gives the start", script{{at: 7200, kind: "line"}, {kind: "gst", gst: 3600}, {at: 7200.01, kind: "line"}},
			[]summary{{"1h0m0s", true, EndRunning, -1, -1, ""}}},
		{"crash and restart", join(start(100), []step{{at: 200, kind: "container-start", detail: "/A_1"}, {at: 300, kind: "wolf-exit", detail: "11"}}, start(305)),
			[]summary{{"1m40s", false, EndCrash, 11, 1, containers}, {"5m5s", false, EndRunning, -1, 0, containers}}},
		{"a trace after the start tells of a crash", join(start(100), []step{{at: 200, kind: "line"}}, start(305), []step{{at: -1, kind: "wolf-crash-before", pattern: "trace"}}),
			[]summary{{"1m40s", false, EndCrash, -1, -1, ""}, {"5m5s", false, EndRunning, -1, -1, ""}}},
		{"a trace before the start banner", join(start(100), []step{{at: 200, kind: "line"}, {at: 304, kind: "line"}, {at: -1, kind: "wolf-crash-before", pattern: "trace"}}, start(305)),
			[]summary{{"1m40s", false, EndCrash, -1, -1, ""}, {"5m5s", false, EndRunning, -1, -1, ""}}},
		{"no word about the end", join(start(100), start(400)),
			[]summary{{"1m40s", false, EndUnknown, -1, -1, ""}, {"6m40s", false, EndRunning, -1, -1, ""}}},
		{"exits twice reported", join(start(100), []step{{at: 200, kind: "wolf-exit", detail: ""}, {at: 200.2, kind: "wolf-exit", detail: "137"}}),
			[]summary{{"1m40s", false, EndKilled, 137, -1, ""}}},
		{"asked to stop, then killed", join(start(100), []step{{at: 200, kind: "wolf-exit", pattern: "wolf-signal", detail: "15"}, {at: 230, kind: "wolf-exit", pattern: "wolf-exited", detail: "137"}}),
			[]summary{{"1m40s", false, EndKilled, 137, -1, ""}}},
		{"a late word of the dead process is its own", join(start(100), []step{{at: 200, kind: "wolf-exit", detail: "11"}, {at: 229.9, kind: "container-stop", detail: "/WolfXFCE_1"}}),
			[]summary{{"1m40s", false, EndCrash, 11, -1, ""}}},
		{"later than that it is of another, whose start is not seen", join(start(100), []step{{at: 200, kind: "wolf-exit", detail: "11"}, {at: 230.1, kind: "container-stop", detail: "/WolfXFCE_1"}}),
			[]summary{{"1m40s", false, EndCrash, 11, -1, ""}, {"?", true, EndRunning, -1, -1, ""}}},
		{"a trace behind the servers of a start is of the start before it", join(start(100), start(400), []step{{at: 401, kind: "wolf-crash-before"}, {at: 402, kind: "line"}}, start(500)),
			[]summary{{"1m40s", false, EndCrash, -1, -1, ""}, {"6m40s", false, EndUnknown, -1, -1, ""}, {"8m20s", false, EndRunning, -1, -1, ""}}},
		{"unless a banner follows it", join(start(100), start(400), []step{{at: 401, kind: "wolf-crash-before"}}, start(402)),
			[]summary{{"1m40s", false, EndUnknown, -1, -1, ""}, {"6m40s", false, EndCrash, -1, -1, ""}, {"6m42s", false, EndRunning, -1, -1, ""}}},
		{"another container's exit is not Wolf's", join(start(100), []step{{at: 200, kind: "wolf-exit", detail: "1", service: "api-1"}, {at: 201, kind: "wolf-exit", detail: "0", service: "WolfXFCE_12"}}),
			[]summary{{"1m40s", false, EndRunning, -1, -1, ""}}},
		{"a restart every three seconds", join(start(100), []step{{at: 101, kind: "wolf-exit", detail: "1"}}, start(103), []step{{at: 104, kind: "wolf-exit", detail: "1"}}, start(106)),
			[]summary{{"1m40s", false, EndCrash, 1, -1, ""}, {"1m43s", false, EndCrash, 1, -1, ""}, {"1m46s", false, EndRunning, -1, -1, ""}}},
		{"restarts without exits, faster than the start window", join(start(100), start(103), start(106)),
			[]summary{{"1m40s", false, EndUnknown, -1, -1, ""}, {"1m43s", false, EndUnknown, -1, -1, ""}, {"1m46s", false, EndRunning, -1, -1, ""}}},
		{"only GStreamer's clock shows the restart", script{{at: 7200, kind: "line"}, {kind: "gst", gst: 3600}, {at: 7201, kind: "line"},
			{at: 7300, kind: "line"}, {kind: "gst", gst: 1}, {at: 7300.1, kind: "line"}},
			[]summary{{"1h0m0.5s", true, EndUnknown, -1, -1, ""}, {"2h1m39.1s", false, EndRunning, -1, -1, ""}}},
		{"the wall clock is set back: no restart", script{{at: 7200, kind: "line"}, {kind: "gst", gst: 3600}, {at: 7200.01, kind: "line"},
			{at: 3600.1, kind: "line"}, {kind: "gst", gst: 3600.2}, {at: 3600.2, kind: "line"}, {kind: "gst", gst: 3601}},
			[]summary{{"-400ms", true, EndRunning, -1, -1, ""}}},
		{"the machine slept: no restart", script{{at: 7200, kind: "line"}, {kind: "gst", gst: 3600}, {at: 7200.01, kind: "line"},
			{at: 40000, kind: "line"}, {kind: "gst", gst: 3601}, {at: 40000.1, kind: "line"}},
			[]summary{{"1h0m0s", true, EndRunning, -1, -1, ""}}},
		{"two RTP servers a session", join(start(100), []step{{at: 200, kind: "rtp-up"}, {at: 200.1, kind: "rtp-up"}, {at: 300, kind: "rtp-up"}, {at: 300.1, kind: "rtp-up"}}),
			[]summary{{"1m40s", false, EndRunning, -1, 2, "RTP servers, two a session"}}},
		{"one RTP server a life counts nothing", join(start(100), []step{{at: 100.3, kind: "rtp-up"}, {at: 200, kind: "session-compositor"}}),
			[]summary{{"1m40s", false, EndRunning, -1, 1, "compositors created"}}},
		{"log of nothing but plain text", script{{at: -1, kind: "line"}, {at: -1, kind: "line"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			tc.log.feed(c, 0)
			tl := c.Resolve()
			if d := cmp.Diff(tc.want, summarise(tl)); d != "" {
				t.Errorf("lifetimes (-want +got):\n%s", d)
			}
		})
	}
}

func TestMissingMilestonesAndLoop(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	dying := func(at float64) []step {
		return []step{{at: at, kind: "wolf-start", pattern: "wolf-start-gst"}, {at: at + 0.1, kind: "wolf-milestone", pattern: "wolf-start-config"},
			{at: at + 3, kind: "wolf-exit", detail: "6"}}
	}
	join(start(100), []step{{at: 500, kind: "wolf-exit", detail: "15"}}, dying(510), dying(520), dying(530), dying(540)).feed(c, 0)
	tl := c.Resolve()
	if len(tl.Lifetimes) != 5 {
		t.Fatalf("%d lifetimes, want 5", len(tl.Lifetimes))
	}
	want := []string{"encoder chosen", "HTTP and HTTPS servers up", "RTSP server up", "control server up"}
	if d := cmp.Diff(want, tl.Lifetimes[2].Missing); d != "" {
		t.Errorf("missing (-want +got):\n%s", d)
	}
	if l := tl.Lifetimes[0]; len(l.Missing) != 0 {
		t.Errorf("the good start misses %v", l.Missing)
	}
	if len(tl.Loops) != 1 || tl.Loops[0].FirstLifetime != 1 || tl.Loops[0].LastLifetime != 4 || !tl.Loops[0].Same || len(tl.Loops[0].TimesToDeath) != 4 {
		t.Errorf("loops = %+v, want one of lifetimes 1 to 4, all the same", tl.Loops)
	}
}

func TestDumpNamesTellCrashes(t *testing.T) {
	t.Parallel()
	c := New(Options{Dumps: []time.Time{scriptStart.Add(399900 * time.Millisecond)}})
	join(start(100), start(400), start(700)).feed(c, 0)
	var got []EndKind
	for _, l := range c.Resolve().Lifetimes {
		got = append(got, l.EndKind)
	}
	if d := cmp.Diff([]EndKind{EndCrash, EndUnknown, EndRunning}, got); d != "" {
		t.Errorf("ends (-want +got):\n%s", d)
	}
}

// TestPieces reads the pieces of one log, two servers' logs, and one log twice.
func TestPieces(t *testing.T) {
	t.Parallel()
	a := join(start(100), []step{{at: 200, kind: "container-start", detail: "/A_1"}, {at: 300, kind: "container-stop", detail: "/A_1"}})
	b := script{{at: 400, kind: "container-start", detail: "/A_2"}, {at: 500, kind: "line"}, {at: 600, kind: "wolf-exit", detail: "11"}}
	other := join(start(150), []step{{at: 250, kind: "container-start", detail: "/B_1"}, {at: 550, kind: "line"}})
	type row struct {
		Server, Sessions int
		End              EndKind
	}
	for _, tc := range []struct {
		name string
		logs []script
		want []row
	}{
		{"rotated", []script{a, b}, []row{{0, 2, EndCrash}}},
		{"rotated, newest first", []script{b, a}, []row{{0, 2, EndCrash}}},
		{"two servers", []script{a, other}, []row{{0, 1, EndRunning}, {1, 1, EndRunning}}},
		{"the same log twice", []script{a, a}, []row{{0, 1, EndRunning}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			var last []Reading
			for i, l := range tc.logs {
				c.StartInput(int32(i), fmt.Sprintf("wolf.log.%d", i), time.Time{})
				last = l.feed(c, int32(i))
			}
			tl := c.Resolve()
			var got []row
			for _, l := range tl.Lifetimes {
				got = append(got, row{l.Server, l.Sessions, l.EndKind})
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("lifetimes (-want +got):\n%s\n%q", d, tl.Assumptions)
			}
			if n := tl.Lifetime(last[len(last)-1]); n != len(tc.want)-1 {
				t.Errorf("last line belongs to lifetime %d, want %d", n, len(tc.want)-1)
			}
		})
	}
}

func TestServicesShareATimeline(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	w := join(start(100), []step{{at: 200, kind: "line"}}, start(300), []step{{at: 400, kind: "line"}})
	for i := range w {
		w[i].service = "helix-wolf-1"
	}
	w.feed(c, 0)
	tl := c.Resolve()
	at := func(s float64) logline.Stamp { return dated(scriptStart.Add(time.Duration(s * 1e9))) }
	for _, tc := range []struct {
		name string
		r    Reading
		want int
	}{
		{"kernel line by its time", Reading{Pos: Pos{Input: 1, Line: 5}, Service: "kernel", Outer: at(150)}, 0},
		{"app container by its time", Reading{Pos: Pos{Input: 1, Line: 6}, Service: "WolfXFCE_1", Outer: at(350)}, 1},
		{"before the first start", Reading{Pos: Pos{Input: 1, Line: 7}, Service: "kernel", Outer: at(10)}, -1},
		{"Wolf's own line by its place", Reading{Pos: Pos{Line: 45}, Service: "helix-wolf-1"}, 0},
		{"other service of the same input, no clock", Reading{Pos: Pos{Line: 75}, Service: "api-1"}, 1},
		{"unknown input without a clock", Reading{Pos: Pos{Input: 7, Line: 1}}, -1},
	} {
		if got := tl.Lifetime(tc.r); got != tc.want {
			t.Errorf("%s: lifetime %d, want %d", tc.name, got, tc.want)
		}
	}
}
