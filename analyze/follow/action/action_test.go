package action

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/report"
)

// TestConsider checks when an incident is acted on, by the actor's own clock.
func TestConsider(t *testing.T) {
	base := time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)
	recent, ancient := base.Add(-time.Minute), base.Add(-48*time.Hour)
	incidentOf := func(n int, id string, p float64, last *time.Time) event.Event {
		return event.Event{Kind: event.KindIncident, Number: n, Cause: &report.Cause{ID: id, Probability: p, LastSeen: last}}
	}
	type try struct {
		after time.Duration
		e     event.Event
		old   bool
		want  string // outcome; "" for silence
	}
	for _, tt := range []struct {
		name  string
		o     Options
		tries []try
	}{
		{"once an incident", Options{}, []try{{0, incidentOf(1, "a", 0.9, &recent), false, "dry-run"}, {time.Hour, incidentOf(1, "a", 0.99, &recent), false, ""}}},
		{"cooldown", Options{}, []try{
			{0, incidentOf(1, "a", 0.9, &recent), false, "dry-run"}, {9 * time.Minute, incidentOf(2, "b", 0.9, &recent), false, "skipped"},
			{11 * time.Minute, incidentOf(3, "b", 0.9, &recent), false, "dry-run"}}},
		{"not probable enough, then it is", Options{MinProbability: 0.8}, []try{{0, incidentOf(1, "a", 0.7, &recent), false, ""}, {0, incidentOf(1, "a", 0.85, &recent), false, "dry-run"}}},
		{"other cause", Options{On: []string{"b"}}, []try{{0, incidentOf(1, "a", 0.9, &recent), false, ""}, {0, incidentOf(2, "b", 0.9, &recent), false, "dry-run"}}},
		{"old news", Options{}, []try{{0, incidentOf(1, "a", 0.9, &ancient), true, "skipped"}, {0, incidentOf(2, "b", 0.9, &recent), true, "dry-run"}}},
		{"a live log with a wrong clock", Options{}, []try{{0, incidentOf(1, "a", 0.9, &ancient), false, "dry-run"}}},
		{"gpu", Options{On: []string{"gpu-dark"}}, []try{{0, event.Event{Kind: event.KindGPU, Change: "memory"}, false, ""}, {0, event.Event{Kind: event.KindGPU, Change: "dark"}, false, "dry-run"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Command, tt.o.DryRun = "true", true
			notes := make(chan event.Event, 8)
			a, err := New(tt.o, clock.System{}, notes)
			if err != nil {
				t.Fatal(err)
			}
			a.Start()
			for i, try := range tt.tries {
				a.Consider(base.Add(try.after), try.e, &report.Report{}, nil, try.old)
				a.WaitIdle()
				got := ""
				select {
				case ev := <-notes:
					got = ev.Action.Outcome
				default:
				}
				if got != try.want {
					t.Errorf("try %d: %q, want %q", i, got, try.want)
				}
			}
			a.Stop(nil)
		})
	}
}

// TestRing keeps the newest lines within its bound, and what was there at the
// onset of an incident.
func TestRing(t *testing.T) {
	var r ring
	line := append(bytes.Repeat([]byte("z"), 1023), '\n')
	for i := range 10_000 {
		r.add([]string{"a", "b"}[i/5000], bytes.Clone(line))
	}
	d := r.dump(nil)
	if len(d) > maxRing+64 || len(d) < maxRing/2 || r.bytes > maxRing || !bytes.HasPrefix(d, []byte("==> b <==\n")) {
		t.Errorf("%d bytes kept, begins with %.20q", len(d), d)
	}

	r = ring{}
	r.add("a", []byte("before\n"))
	onset := r.onset()
	r.add("a", []byte("begins\n"))
	if got, want := string(r.dump(onset)), "==> a <==\nbefore\nbegins\n"; got != want {
		t.Errorf("nothing was pushed out: %q, want %q", got, want)
	}
	for range 5000 {
		r.add("a", line)
	}
	got := string(r.dump(onset))
	if want := "==> a <==\nbefore\n==> 925703 bytes left out <==\n==> a <==\nzzz"; !strings.HasPrefix(got, want) {
		t.Errorf("begins with %.80q, want %q", got, want)
	}
}
