package timeline

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
)

// TestFailureSessions places failures in sessions that overlap.
func TestFailureSessions(t *testing.T) {
	t.Parallel()
	log := join(start(100), []step{
		{at: 200, kind: "container-start", detail: "/WolfXFCE_11"},
		{at: 250, kind: "container-start", detail: "/WolfSteam_12"},
		{at: 300, kind: "container-stop", detail: "/WolfXFCE_11"},
		{at: 398, kind: "line"}, // the compositor fails before its container starts
		{at: 400, kind: "container-start", detail: "/WolfXFCE_13"},
		{at: 405, kind: "container-stop", detail: "/WolfXFCE_13"},
		{at: 500, kind: "line"},
		{at: 600, kind: "container-stop", detail: "/WolfSteam_12"},
		{at: 700, kind: "line"}, // an attempt that gets no container
	})
	c := New(Options{})
	lines := log.feed(c, 0)
	at := func(s float64) Reading {
		return Reading{Pos: Pos{0, lines[len(lines)-1].Line}, Inner: dated(scriptStart.Add(time.Duration(s * 1e9)))}
	}
	for _, tc := range []struct {
		name         string
		failure      Failure
		number, live int
		failed       string
	}{
		{"just before its container", Failure{Reading: at(398)}, 3, 2, "13"},
		{"just after its container", Failure{Reading: at(252)}, 2, 2, "12"},
		{"named session", Failure{Reading: at(450), Session: "12"}, 2, 1, "12"},
		{"the one that is live", Failure{Reading: at(500)}, 2, 1, "12"},
		{"none is live: the next attempt", Failure{Reading: at(700)}, 4, 1, ""},
	} {
		tl := c.Resolve()
		tl.AddFailures([]Failure{tc.failure})
		l := tl.Lifetimes[0]
		if l.Failures != 1 || l.FirstFailureSession != tc.number || l.Concurrent != tc.live {
			t.Errorf("%s: %d failures, session %d, %d live; want 1, %d, %d", tc.name, l.Failures, l.FirstFailureSession, l.Concurrent, tc.number, tc.live)
		}
		failed := ""
		for _, s := range tl.Sessions {
			if s.Failed {
				failed += s.ID
			}
		}
		if failed != tc.failed {
			t.Errorf("%s: failed sessions %q, want %q", tc.name, failed, tc.failed)
		}
	}
	tl := c.Resolve()
	if l := tl.Lifetimes[0]; l.Immediate != 1 || l.Peak != 2 {
		t.Errorf("immediate = %d, peak = %d; want 1, 2", l.Immediate, l.Peak)
	}
}

// TestNoClockAtAll counts in a log of old builds that print no time.
func TestNoClockAtAll(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	line := int64(0)
	event := func(kind, detail string) Reading {
		line += 400
		r := Reading{Pos: Pos{0, line}}
		c.Event(Event{Reading: r, Kind: kind, Pattern: kind, Container: detail, Code: detail})
		return r
	}
	var fs []Failure
	for life := range 3 {
		event("wolf-start", "")
		for s := range 4 {
			name := fmt.Sprintf("/WolfXFCE_%d%d", life, s)
			r := event("container-start", name)
			if s == 2 {
				r.Line += 2
				fs = append(fs, Failure{Reading: r})
			}
			event("container-stop", name)
		}
	}
	tl := c.Resolve()
	tl.AddFailures(fs)
	if len(tl.Lifetimes) != 3 {
		t.Fatalf("%d lifetimes, want 3", len(tl.Lifetimes))
	}
	for i, l := range tl.Lifetimes {
		if l.Sessions != 4 || l.Failures != 1 || l.FirstFailureSession != 3 || l.Start.Known() {
			t.Errorf("lifetime %d: %d sessions, %d failures, first in %d, start %v; want 4, 1, 3, unknown", i, l.Sessions, l.Failures, l.FirstFailureSession, l.Start)
		}
	}
}

func TestModesAndEncoders(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	at := func(s int) logline.Stamp { return dated(scriptStart.Add(time.Duration(s) * time.Second)) }
	r := func(line int64, s int) Reading { return Reading{Pos: Pos{0, line}, Inner: at(s)} }
	c.Event(Event{Reading: r(1, 1), Kind: "wolf-start", Pattern: "p"})
	c.Event(Event{Reading: r(2, 20), Kind: "video-mode", Extra: "3024x1890x60"})
	c.Event(Event{Reading: r(3, 21), Kind: "container-start", Container: "/WolfXFCE_7"})
	c.Element(Reading{Pos: Pos{0, 4}, PID: 1, Inner: at(22)}, "nvh265enc1")
	c.Element(Reading{Pos: Pos{0, 4}, PID: 1, Inner: at(22)}, "16509540347718230936_video")
	tl := c.Resolve()
	want := Session{ID: "7", Container: "WolfXFCE_7", App: "xfce", Encoder: "nvh265enc", Resolution: "3024x1890", Number: 1, Concurrent: 1, Pos: Pos{0, 3}}
	got := tl.Sessions[0]
	got.Start = Instant{}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Session{})); d != "" {
		t.Errorf("session (-want +got):\n%s", d)
	}
}

func TestFreemanHalton(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		gs   []Group
		want float64
	}{
		// Fisher's tea: 3 of 4 right.
		{"tea", []Group{{"a", 4, 3}, {"b", 4, 1}}, 34.0 / 70},
		{"all against none", []Group{{"a", 5, 5}, {"b", 5, 0}}, 2.0 / 252},
		{"no failure", []Group{{"a", 5, 0}, {"b", 5, 0}}, 1},
		{"one group", []Group{{"a", 5, 3}}, 1},
		{"three groups", []Group{{"a", 3, 3}, {"b", 3, 0}, {"c", 3, 0}}, 3.0 / 84},
		{"impossible table", []Group{{"a", 1, 2}, {"b", 1, 0}}, 1},
	} {
		if got := FreemanHalton(tc.gs); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("%s: p = %v, want %v", tc.name, got, tc.want)
		}
	}
	big := []Group{{"a", 60, 30}, {"b", 60, 28}, {"c", 60, 31}, {"d", 60, 33}, {"e", 60, 29}}
	if tables(big, 151) <= maxTables {
		t.Fatal("the large table is not large")
	}
	if p := FreemanHalton(big); p < 0.5 {
		t.Errorf("alike groups: p = %v, want no difference", p)
	}
	big[0].Failed = 55
	if p := FreemanHalton(big); p > 0.01 {
		t.Errorf("one group apart: p = %v, want a difference", p)
	}
}

// TestSampledAgreesWithExact compares the fast path for large tables with the
// enumeration.
func TestSampledAgreesWithExact(t *testing.T) {
	t.Parallel()
	for _, gs := range [][]Group{{{"a", 12, 6}, {"b", 9, 1}, {"c", 7, 2}}, {{"a", 20, 4}, {"b", 20, 9}}} {
		exact := FreemanHalton(gs)
		total, failed, seen := 0, 0, 0.0
		for _, g := range gs {
			total += g.Sessions
			failed += g.Failed
			seen += logChoose(g.Sessions, g.Failed)
		}
		if got := sampled(gs, total, failed, seen); math.Abs(got-exact) > 0.05 {
			t.Errorf("%v: sampled %.3f, exact %.3f", gs, got, exact)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	tl := &Timeline{}
	for i := range 20 {
		s := Session{Number: i + 1, App: "xfce", Concurrent: 1}
		if i%2 == 0 {
			s.App, s.Failed = "sway", i < 18
		}
		tl.Sessions = append(tl.Sessions, s)
	}
	bs := tl.Compare()
	if len(bs) != 1 || bs[0].By != "app" || *bs[0].PValue > 0.001 {
		t.Fatalf("breakdowns = %+v, want one by app", bs)
	}
	got := bs[0].Report()
	want := []report.BreakdownRow{{Name: "sway", Sessions: 10, Failed: 9}, {Name: "xfce", Sessions: 10, Failed: 0}}
	if d := cmp.Diff(want, got.Groups); d != "" {
		t.Errorf("groups (-want +got):\n%s", d)
	}
	tl.Sessions = tl.Sessions[:6]
	if bs := tl.Compare(); len(bs) != 0 {
		t.Errorf("six sessions give %+v, want nothing to say", bs)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"wolf": true, "wolf-1": true, "helix-wolf-1": true, "gamesonwhales_wolf_1": true, "": false,
		"WolfPulseAudio": false, "Wolf-UI_123": false, "WolfXFCE_1": false, "moonlight-web": false, "wolfgang": false, "api-1": false} {
		if got := isWolf(name); got != want {
			t.Errorf("isWolf(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]string{"/WolfXFCE_16509540347718230936": "xfce", "WolfSteam_1": "steam", "zed-external-01k_9": "zed",
		"/myapp_77": "myapp", "": ""} {
		if got := appKind(name); got != want {
			t.Errorf("appKind(%q) = %q, want %q", name, got, want)
		}
	}
	for code, want := range map[int]string{11: "crash 11: SIGSEGV in Wolf", 137: "killed 137: SIGKILL: out of memory, or the stop timed out",
		15: "clean 15: SIGTERM, stopped", 140: "killed 140: signal 12", 99: "unknown 99"} {
		if kind, text := decodeExit(code); string(kind)+" "+text != want {
			t.Errorf("exit %d = %s %s, want %s", code, kind, text, want)
		}
	}
	for name, want := range map[string]string{"nvh265enc10": "nvh265enc 10", "pulsesrc3": "pulsesrc 3", "1650_video": "", "wolf_wayland_source": "",
		"12": "", "x99999999999": ""} {
		got := ""
		if kind, n, ok := numbered(name); ok {
			got = fmt.Sprint(kind, " ", n)
		}
		if got != want {
			t.Errorf("numbered(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestReportForms(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	join(start(100), []step{{at: 200, kind: "container-start", detail: "/A_1"}, {at: 300, kind: "wolf-exit", detail: "11"}}).feed(c, 0)
	tl := c.Resolve()
	got := tl.Lifetimes[0].Report(report.Where{Input: "wolf.log", Line: 10})
	begin, end := scriptStart.Add(100*time.Second), scriptStart.Add(300*time.Second)
	code, one := 11, 1
	want := report.Lifetime{Start: &begin, End: &end, EndKind: "crash", ExitCode: &code, ExitMeaning: "11: SIGSEGV in Wolf", Sessions: &one,
		CountedBy: "container starts", Missing: []string{}, FirstLine: report.Where{Input: "wolf.log", Line: 10}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("lifetime (-want +got):\n%s", d)
	}
	if l := tl.Leak().Report(); l.Verdict != "insufficient-data" || l.PValue != nil || l.Why == "" {
		t.Errorf("leak = %+v, want insufficient-data with a reason", l)
	}
}
