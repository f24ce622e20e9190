package outcome

import (
	"testing"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

var begin = time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)

// at is a line so many seconds after the start; its number is that second + 1.
func at(s float64) timeline.Reading {
	nanos := begin.Add(time.Duration(s * float64(time.Second))).UnixNano()
	return timeline.Reading{Pos: timeline.Pos{Line: int64(s) + 1}, Inner: logline.Stamp{Kind: logline.ClockUTC, Nanos: nanos, Resolution: 1}}
}

// step is a lifecycle event.
type step struct {
	at        float64
	kind      string
	container string
}

func log(steps ...step) *timeline.Timeline {
	c := timeline.New(timeline.Options{})
	c.StartInput(0, "wolf.log", time.Time{})
	c.Event(timeline.Event{Reading: at(0), Kind: "wolf-start"})
	for _, s := range steps {
		c.Event(timeline.Event{Reading: at(s.at), Kind: s.kind, Container: s.container})
	}
	return c.Resolve()
}

func TestJudge(t *testing.T) {
	t.Parallel()
	up := step{100, "container-start", "/WolfXFCE_11"}
	for _, tc := range []struct {
		name   string
		log    []step
		breaks []Breaks
		want   Result
	}{
		{"streamed for a minute and was stopped", []step{up, {170, "container-stop", "/WolfXFCE_11"}}, nil, Worked},
		{"too short to tell", []step{up, {130, "container-stop", "/WolfXFCE_11"}}, nil, Unknown},
		{"still going after a minute", []step{up, {400, "session-launch", ""}}, nil, Worked},
		{"its pipeline broke", []step{up, {400, "container-stop", "/WolfXFCE_11"}}, []Breaks{{Reading: at(200)}}, Failed},
		{"another session's pipeline broke", []step{up, {400, "container-stop", "/WolfXFCE_11"}}, []Breaks{{Reading: at(200), Session: "99"}}, Worked},
		{"something broke long after", []step{up, {400, "container-stop", "/WolfXFCE_11"}}, []Breaks{{Reading: at(600)}}, Worked},
		{"broke as it was stopped", []step{up, {400, "container-stop", "/WolfXFCE_11"}}, []Breaks{{Reading: at(400)}}, Worked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := Judge(log(tc.log...), tc.breaks)
			if len(o.Sessions) != 1 || o.Sessions[0].Result != tc.want {
				t.Errorf("sessions %+v, want one with result %d", o.Sessions, tc.want)
			}
		})
	}
}

func TestPhase(t *testing.T) {
	t.Parallel()
	o := Judge(log(step{100, "container-start", "/WolfXFCE_11"}, step{400, "container-stop", "/WolfXFCE_11"},
		step{800, "container-start", "/WolfXFCE_12"}, step{1200, "container-stop", "/WolfXFCE_12"}, step{1300, "wolf-exit", ""}), nil)
	for _, tc := range []struct {
		name   string
		at     float64
		phase  Phase
		around bool // a session that worked, then or later
	}{
		{"before any session", 50, PhaseStart, true},
		{"its compositor comes before its container", 97, PhaseSetup, true},
		{"being set up", 110, PhaseSetup, true},
		{"streaming", 200, PhaseStreaming, true},
		{"about to end", 395, PhaseTeardown, true},
		{"just ended", 405, PhaseTeardown, true},
		{"between sessions", 500, PhaseIdle, true},
		{"after the last", 1250, PhaseIdle, false},
		{"Wolf ends", 1299, PhaseShutdown, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := at(tc.at)
			m := Place(o.time, &r)
			if p, a := o.Phase(&m), o.Around(&m); p != tc.phase || a != tc.around {
				t.Errorf("phase %q, around %v; want %q, %v", p, a, tc.phase, tc.around)
			}
		})
	}
}

// TestPhaseOfQuittingAndStarting: who quits an app and starts the next within
// seconds sees the end of the first, until it has ended.
func TestPhaseOfQuittingAndStarting(t *testing.T) {
	t.Parallel()
	o := Judge(log(step{100, "container-start", "/WolfXFCE_11"}, step{400, "container-stop", "/WolfXFCE_11"},
		step{403, "container-start", "/WolfXFCE_12"}, step{800, "container-stop", "/WolfXFCE_12"}), nil)
	for moment, want := range map[float64]Phase{399.5: PhaseTeardown, 400.5: PhaseSetup, 404: PhaseSetup, 450: PhaseStreaming} {
		r := at(moment)
		m := Place(o.time, &r)
		if p := o.Phase(&m); p != want {
			t.Errorf("at %v: %q, want %q", moment, p, want)
		}
	}
}
