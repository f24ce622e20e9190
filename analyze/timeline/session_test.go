package timeline

import (
	"fmt"
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
		return Reading{Pos: Pos{Line: lines[len(lines)-1].Line}, Inner: dated(scriptStart.Add(time.Duration(s * 1e9)))}
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
		r := Reading{Pos: Pos{Line: line}}
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
	r := func(line int64, s int) Reading { return Reading{Pos: Pos{Line: line}, Inner: at(s)} }
	c.Event(Event{Reading: r(1, 1), Kind: "wolf-start", Pattern: "p"})
	c.Event(Event{Reading: r(2, 20), Kind: "video-mode", Extra: "3024x1890x60"})
	c.Event(Event{Reading: r(3, 21), Kind: "container-start", Container: "/WolfXFCE_7"})
	c.Element(Reading{Pos: Pos{Line: 4}, PID: 1, Inner: at(22)}, "nvh265enc1")
	c.Element(Reading{Pos: Pos{Line: 4}, PID: 1, Inner: at(22)}, "16509540347718230936_video")
	tl := c.Resolve()
	want := Session{ID: "7", Container: "WolfXFCE_7", App: "xfce", Encoder: "nvh265enc", Resolution: "3024x1890", Number: 1, Concurrent: 1, Pos: Pos{Line: 3}}
	got := tl.Sessions[0]
	got.Start = Instant{}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Session{})); d != "" {
		t.Errorf("session (-want +got):\n%s", d)
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

// TestClientsAndSizes: whose session one is, and in which size, by what is told
// around its start.
func TestClientsAndSizes(t *testing.T) {
	t.Parallel()
	const client = "10.0.0.7:50000"
	begin := step{at: 200, kind: "container-start", detail: "/WolfXFCE_1"}
	for _, tc := range []struct {
		name string
		log  script
		want string // client, size
	}{
		{"nothing", join([]step{begin}), " "},
		{"a client asked for it", join([]step{{at: 190, kind: "session-launch", detail: client}, begin}), "10.0.0.7 "},
		{"long before", join([]step{{at: 160, kind: "session-launch", detail: client}, begin}), " "},
		{"a client came just after", join([]step{begin, {at: 201, kind: "client-connect", detail: client}}), "10.0.0.7 "},
		{"long after", join([]step{begin, {at: 231, kind: "client-connect", detail: client}}), " "},
		{"after it had ended", join([]step{begin, {at: 202, kind: "container-stop", detail: "/WolfXFCE_1"}, {at: 203, kind: "client-connect", detail: client}}), " "},
		{"one asked and another came", join([]step{{at: 190, kind: "session-launch", detail: client}, begin, {at: 201, kind: "client-connect", detail: "10.0.0.8:1"}}), "10.0.0.7 "},
		{"in the lifetime after", join([]step{begin, {at: 201, kind: "wolf-exit", detail: "0"}}, start(205), []step{{at: 206, kind: "client-connect", detail: client}}), " "},
		{"a size before", join([]step{{at: 190, kind: "video-mode", detail: "1920x1080x60"}, begin}), " 1920x1080"},
		{"a size long before", join([]step{{at: 160, kind: "video-mode", detail: "1920x1080x60"}, begin}), " "},
		{"a size just after", join([]step{begin, {at: 204, kind: "video-mode", detail: "2560x1440@120"}}), " 2560x1440"},
		{"a size later", join([]step{begin, {at: 206, kind: "video-mode", detail: "2560x1440@120"}}), " "},
		{"a second size", join([]step{begin, {at: 203, kind: "video-mode", detail: "1280x720"}, {at: 204, kind: "video-mode", detail: "2560x1440"}}), " 1280x720"},
		{"no size", join([]step{begin, {at: 203, kind: "video-mode", detail: "auto"}}), " "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{})
			join(start(100), tc.log).feed(c, 0)
			s := c.Resolve().Sessions
			if len(s) == 0 {
				t.Fatal("no session")
			}
			if got := s[0].Client + " " + s[0].Resolution; got != tc.want {
				t.Errorf("client and size %q, want %q", got, tc.want)
			}
		})
	}
}
