package facts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// at is a time on the day of the test's log, in UTC.
func at(hour, minute int) time.Time { return time.Date(2025, 10, 2, hour, minute, 0, 0, time.UTC) }

func instant(hour, minute int) timeline.Instant {
	t := at(hour, minute)
	return timeline.Instant{Time: t, Rel: t.Sub(at(0, 0)), Axis: 1}
}

// TestLifetimeFacts: what bears on causes and shows in no line.
func TestLifetimeFacts(t *testing.T) {
	t.Parallel()
	failing := func(l timeline.Lifetime) timeline.Lifetime {
		l.Failures, l.CountedBy, l.FirstFailure = max(1, l.Failures), "containers", instant(8, 30)
		return l
	}
	for _, tt := range []struct {
		name      string
		lifetimes []timeline.Lifetime
		sessions  []timeline.Session
		want      string
	}{
		{"nothing", []timeline.Lifetime{{}}, nil, ""},
		{"SIGSEGV", []timeline.Lifetime{{Ending: timeline.Ending{ExitCode: 11}}}, nil, "fact-exit-sigsegv@0"},
		{"SIGABRT", []timeline.Lifetime{{Ending: timeline.Ending{ExitCode: 6}}}, nil, "fact-exit-sigabrt@0"},
		{"SIGSEGV outside the window", []timeline.Lifetime{{Ending: timeline.Ending{ExitCode: 11}, Clipped: timeline.Clipped{CutEnd: true}}}, nil, ""},
		{"containers that end at once", []timeline.Lifetime{{}, {Counted: timeline.Counted{Immediate: 1}}}, nil, "fact-immediate-container-exit@1"},
		{"reconnects", []timeline.Lifetime{{ClientSigns: timeline.ClientSigns{Reconnects: 1}}}, nil, "fact-client-reconnecting@0"},
		{"sessions pile up", []timeline.Lifetime{{ClientSigns: timeline.ClientSigns{Piled: 4}}}, nil, "fact-sessions-leaked@0"},
		{"all died", []timeline.Lifetime{{Ending: timeline.Ending{EndKind: timeline.EndCrash}, Counted: timeline.Counted{Interrupted: 2}}}, nil, "fact-all-sessions-died@0"},
		{"the first session fails", []timeline.Lifetime{failing(timeline.Lifetime{Failing: timeline.Failing{FirstFailureSession: 1, Failures: 2}, Counted: timeline.Counted{Sessions: 2}})}, nil, "fact-first-session-fails@0"},
		{"the first session fails, the log begins later", []timeline.Lifetime{failing(timeline.Lifetime{Failing: timeline.Failing{FirstFailureSession: 1, Failures: 2}, Counted: timeline.Counted{Sessions: 2}, CutStart: true})}, nil, ""},
		{"the third session fails", []timeline.Lifetime{failing(timeline.Lifetime{Failing: timeline.Failing{FirstFailureSession: 3}, Counted: timeline.Counted{Sessions: 3}})}, nil, "fact-worked-before@0"},
		{"the third session fails, not counted", []timeline.Lifetime{{Failing: timeline.Failing{FirstFailureSession: 3, Failures: 1}, Counted: timeline.Counted{Sessions: 3}}}, nil, ""},
		{"a restart helped", []timeline.Lifetime{failing(timeline.Lifetime{}), {Counted: timeline.Counted{CountedBy: "containers", Sessions: 2}}}, nil, "fact-restart-helped@0"},
		{"a restart did not help", []timeline.Lifetime{failing(timeline.Lifetime{}), {Counted: timeline.Counted{CountedBy: "containers", Sessions: 1}, Failing: timeline.Failing{Failures: 1, FirstFailureSession: 1}}}, nil, "fact-restart-did-not-help@0"},
		{"another server started", []timeline.Lifetime{failing(timeline.Lifetime{}), {Server: 1, Counted: timeline.Counted{CountedBy: "containers", Sessions: 2}}}, nil, ""},
		{"a session survives", []timeline.Lifetime{failing(timeline.Lifetime{})}, []timeline.Session{{Start: instant(8, 0), Stop: instant(9, 0), Stopped: true}}, "fact-running-sessions-survive@0"},
		{"a session fails itself", []timeline.Lifetime{failing(timeline.Lifetime{})}, []timeline.Session{{Start: instant(8, 0), Stop: instant(9, 0), Stopped: true, Failed: true}}, ""},
		{"a session starts afterwards", []timeline.Lifetime{failing(timeline.Lifetime{})}, []timeline.Session{{Start: instant(8, 40), Stop: instant(9, 0), Stopped: true}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range lifetimeFacts(&timeline.Timeline{Lifetimes: tt.lifetimes, Sessions: tt.sessions}) {
				got = append(got, fmt.Sprintf("%s@%d", f.ID, f.Lifetime))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("facts %q, want %q", s, tt.want)
			}
		})
	}
}

// failedLog is a log of two lifetimes, of which the first, from eight to ten,
// fails at half past eight.
func failedLog(t testing.TB) Log {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	log := Log{
		Time: &timeline.Timeline{Lifetimes: []timeline.Lifetime{
			{Start: instant(8, 0), End: instant(10, 0), Failing: timeline.Failing{Failures: 1}}, {Start: instant(10, 5), End: instant(12, 0)},
		}},
		Model: diagnose.NewModel(cat.Causes(), cat.Patterns(), diagnose.Ablation{}),
		Runs:  []diagnose.Run{{Pattern: "cuda-context-create-failed", Lifetime: 0, Time: at(8, 30), End: at(8, 31), Count: 3}},
	}
	log.Episodes = log.Model.Episodes(log.Runs)
	return log
}

// TestPlacement: which facts count, for which lifetime.
func TestPlacement(t *testing.T) {
	t.Parallel()
	const id = "fact-vram-free"
	for _, tt := range []struct {
		name     string
		fact     snapshot.Fact
		fileTime time.Time
		counts   bool
		lifetime int
		bears    string // a part of it
	}{
		{"while it failed", snapshot.Fact{ID: id, Local: true, Time: at(8, 45)}, time.Time{}, true, 0, "zone"},
		{"up to the restart", snapshot.Fact{ID: id, Local: true, Time: at(9, 31)}, time.Time{}, true, 0, "zone"},
		{"long after the last failure", snapshot.Fact{ID: id, Local: true, Time: at(9, 32)}, time.Time{}, false, 0, "does not count"},
		{"before the lifetime", snapshot.Fact{ID: id, Local: true, Time: at(7, 59)}, time.Time{}, false, 0, "before the life that failed began"},
		{"days later", snapshot.Fact{ID: id, Local: true, Time: at(8, 30).Add(72 * time.Hour)}, time.Time{}, false, 0, "72 h after the last failure"},
		{"hardware, whenever", snapshot.Fact{ID: id, Local: true, Lasting: true, Time: at(8, 30).Add(72 * time.Hour)}, time.Time{}, true, -1, ""},
		{"a file of unknown time", snapshot.Fact{ID: id}, time.Time{}, true, -1, ""},
		{"a file of that time", snapshot.Fact{ID: id}, at(9, 0), true, -1, ""},
		{"a file of the next lifetime", snapshot.Fact{ID: id}, at(11, 0), false, 1, "proves nothing"},
		{"a file that was copied later", snapshot.Fact{ID: id}, at(12, 1).Add(24 * time.Hour), true, -1, "when it was taken is not known"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var s Sources
			s.Add("gpu.csv", snapshot.NvidiaCSV, &snapshot.Snapshot{Time: tt.fileTime, Facts: []snapshot.Fact{tt.fact}})
			found := s.Gather(failedLog(t))
			var want []diagnose.Fact
			if tt.counts {
				want = []diagnose.Fact{{ID: id, Lifetime: tt.lifetime}}
			}
			if d := cmp.Diff(want, found.Model); d != "" && len(want)+len(found.Model) > 0 {
				t.Errorf("facts that count (-want +got):\n%s", d)
			}
			if len(found.Shown) != 1 || !strings.Contains(found.Shown[0].Bears, tt.bears) {
				t.Errorf("shown %+v, want %q", found.Shown, tt.bears)
			}
			if w := found.Where(id, nil); (w.Input == "gpu.csv") != tt.counts {
				t.Errorf("where: %+v", w)
			}
		})
	}
}

// TestMemoryAgainstSessions: a leak costs memory with each session.
func TestMemoryAgainstSessions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		used  func(sessions int) float64
		grows bool
	}{
		{"grows", func(n int) float64 { return 1000 + 200*float64(n) }, true},
		{"stays", func(n int) float64 { return 1000 + float64(n%2) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			log := failedLog(t)
			snap := &snapshot.Snapshot{}
			for i := range 2 * memoryPoints {
				log.Time.Sessions = append(log.Time.Sessions, timeline.Session{Lifetime: 0, Start: instant(8, 2*i)})
				snap.Memory = append(snap.Memory, snapshot.Memory{Time: at(8, 2*i+1), Used: tt.used(i)})
			}
			var s Sources
			s.Add("gpu.csv", snapshot.NvidiaCSV, snap)
			found := s.Gather(log)
			grows := len(found.Model) == 1 && found.Model[0].ID == "fact-vram-growing"
			if grows != tt.grows || len(found.Shown) != 1 || !strings.Contains(found.Shown[0].Text, "MiB per session") {
				t.Errorf("facts %+v, shown %+v", found.Model, found.Shown)
			}
		})
	}
}

// TestSet: what a monitor says takes the place of what it said.
func TestSet(t *testing.T) {
	t.Parallel()
	var s Sources
	fact := func(text string) []snapshot.Fact { return []snapshot.Fact{{Text: text}} }
	s.Set("nvidia-smi", snapshot.NvidiaCSV, at(8, 0), fact("one"), nil)
	s.Set("docker", snapshot.DockerStats, at(8, 0), fact("two"), nil)
	s.Set("nvidia-smi", snapshot.NvidiaCSV, at(8, 1), fact("three"), nil)
	s.Add("ps", snapshot.DockerPs, &snapshot.Snapshot{Wolf: "wolf-1"})
	var texts []string
	for _, f := range s.Gather(failedLog(t)).Shown {
		texts = append(texts, f.Text)
	}
	if d := cmp.Diff([]string{"three", "two"}, texts); d != "" {
		t.Errorf("shown (-want +got):\n%s", d)
	}
	for name := range s.Containers {
		if name != "wolf-1" {
			t.Errorf("container %q", name)
		}
		return
	}
	t.Error("no container")
}

// TestWhere: facts of lifetimes stand where the log shows them; others are text.
func TestWhere(t *testing.T) {
	t.Parallel()
	log := failedLog(t)
	log.Time.Lifetimes[1].Reconnects, log.Time.Lifetimes[1].ReconnectPos = 1, timeline.Pos{Input: 2, Line: 77}
	var s Sources
	found := s.Gather(log)
	name := func(i int32) string { return fmt.Sprintf("input %d", i) }
	want := report.Where{Input: "input 2", Line: 77, Text: patterns.Facts[factReconnecting]}
	if d := cmp.Diff(want, found.Where(factReconnecting, name)); d != "" {
		t.Errorf("reconnects (-want +got):\n%s", d)
	}
	if w := found.Where("fact-worked-before", name); w.Line != 0 || w.Input != "" || w.Text == "" {
		t.Errorf("worked before: %+v", w)
	}
}
