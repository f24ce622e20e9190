package follow

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wolfdiag/analyze/report"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/files"
)

// handClock moves when it is told to. The test alone moves it, and reads it
// without the lock.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *handClock) After(time.Duration) <-chan time.Time { return make(chan time.Time) }

// byHand is a follower of one stream whose pieces and time the test hands out.
func byHand(t *testing.T, o action.Options) (*Follower, *handClock, *told) {
	t.Helper()
	clock, e := &handClock{now: time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)}, newTold()
	f, err := New(Options{Paths: []string{"-"}, Analyzer: newAnalyzer(t), Clock: clock, Emit: e.tell, Action: o})
	if err != nil {
		t.Fatal(err)
	}
	f.asked, f.sources = context.Background(), []*origin{{name: "-", kind: "stdin", stats: &account.File{}}}
	f.actor.Start()
	return f, clock, e
}

// flushNotes tells what has been noted so far.
func (f *Follower) flushNotes() {
	f.actor.WaitIdle()
	for len(f.notes) > 0 {
		f.emit(<-f.notes)
	}
}

// TestSettleGuide feeds the guide's lines at 50 ms each: the first cause that
// is probable enough is not the right one. The command runs once, for the
// cause that stands when the log has fallen silent, with its probability then.
func TestSettleGuide(t *testing.T) {
	for _, tt := range []struct {
		name   string
		settle time.Duration
		quiet  time.Duration // after the last line
		end    bool          // of the stream
		want   string        // cause acted on
	}{
		{"at once, the wrong one", -1, 0, false, "gpu-memory-exhaustion"},
		{"not yet", 0, 3900 * time.Millisecond, false, ""},
		{"by default", 0, 5500 * time.Millisecond, false, "gpu-device-access-lost"},
		{"longer", time.Minute, 59 * time.Second, false, ""},
		{"the end of the stream does not wait", time.Minute, 0, true, "gpu-device-access-lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			f, clock, e := byHand(t, action.Options{Settle: tt.settle, Snapshot: dir, Command: "true"})
			firstTold := time.Time{}
			for line := range strings.Lines(guide(t)) {
				f.take(files.Piece{Data: []byte(line)})
				for range 5 {
					clock.move(10 * time.Millisecond)
					f.work(clock.now)
				}
				f.flushNotes()
				if firstTold.IsZero() && e.count(isIncident) > 0 {
					firstTold = clock.now
				}
			}
			last := clock.now
			if firstTold.IsZero() {
				t.Error("no incident is told while the lines come")
			}
			for clock.now.Sub(last) < tt.quiet {
				clock.move(100 * time.Millisecond)
				f.work(clock.now)
			}
			f.flushNotes()
			before := e.count(acted("done"))
			r := f.end()
			if tt.end && before > 0 {
				t.Error("acted before the end")
			} else if !tt.end && before != e.count(acted("done")) && tt.want != "" {
				t.Error("acted only at the end")
			}
			if !tt.end && tt.want == "" {
				if before > 0 {
					t.Errorf("acted:\n%s", e)
				}
				return
			}
			done, ok := e.find(acted("done"))
			if !ok || done.Action.Cause != tt.want || e.count(acted("done")) != 1 {
				t.Fatalf("want one action on %s; events:\n%s", tt.want, e)
			}
			if tt.settle < 0 {
				return
			}
			var saved report.Report
			b, err := os.ReadFile(filepath.Join(done.Action.Snapshot, "report.json"))
			if err == nil {
				err = json.Unmarshal(b, &saved)
			}
			if err != nil || len(saved.Causes) == 0 || saved.Causes[0].ID != tt.want || saved.Causes[0].Probability != r.Causes[0].Probability {
				t.Errorf("the snapshot's report is not of the moment of the action: %v, %+v", err, saved.Causes)
			}
			if got := read(t, filepath.Join(done.Action.Snapshot, "lines.log")); got != "==> - <==\n"+guide(t) {
				t.Errorf("the snapshot lacks lines: %q", got)
			}
		})
	}
}

// TestSettle walks causes through ranks and probabilities by a clock of its own.
func TestSettle(t *testing.T) {
	type cause struct {
		id string
		p  float64
		n  int64
	}
	type step struct {
		after  time.Duration
		causes []cause // nil: as before
		lives  int
		want   string // "cause probability" acted on
	}
	for _, tt := range []struct {
		name  string
		o     action.Options
		steps []step
	}{
		{"stands for long enough", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 0, ""}, {4999 * time.Millisecond, nil, 0, ""}, {time.Millisecond, nil, 0, "a 0.60"}, {time.Hour, nil, 0, ""}}},
		{"the rank changes", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 0, ""}, {4 * time.Second, []cause{{"b", 0.7, 1}, {"a", 0.2, 1}}, 0, ""}, {4 * time.Second, nil, 0, ""}, {time.Second, nil, 0, "b 0.70"}, {time.Hour, nil, 0, ""}}},
		{"a jump begins anew, a drift does not", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 0, ""}, {4 * time.Second, []cause{{"a", 0.8, 2}}, 0, ""}, {4 * time.Second, []cause{{"a", 0.85, 3}}, 0, ""}, {time.Second, nil, 0, "a 0.85"}}},
		{"many small drifts are a jump", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 0, ""}, {3 * time.Second, []cause{{"a", 0.66, 2}}, 0, ""}, {time.Second, []cause{{"a", 0.72, 3}}, 0, ""}, {4 * time.Second, nil, 0, ""}, {time.Second, nil, 0, "a 0.72"}}},
		{"probable enough later", action.Options{}, []step{{0, []cause{{"a", 0.45, 1}}, 0, ""}, {time.Minute, nil, 0, ""}, {time.Second, []cause{{"a", 0.52, 2}}, 0, "a 0.52"}}},
		{"not one of --on, though it stands first", action.Options{On: []string{"b"}}, []step{{0, []cause{{"a", 0.6, 1}, {"b", 0.55, 1}}, 0, ""}, {time.Minute, nil, 0, ""}}},
		{"one that has recovered leaves its rank", action.Options{On: []string{"b"}}, []step{{0, []cause{{"a", 0.9, 1}}, 0, ""}, {6 * time.Minute, []cause{{"a", 0.9, 1}, {"b", 0.6, 1}}, 0, ""}, {6 * time.Second, nil, 0, ""}, {5 * time.Second, nil, 0, "b 0.60"}}},
		{"a restart does not undo it", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 1, ""}, {2 * time.Second, nil, 2, ""}, {2 * time.Second, nil, 2, ""}, {time.Second, nil, 2, "a 0.60"}}},
		{"it crashes over and over", action.Options{}, []step{{0, []cause{{"a", 0.6, 1}}, 1, ""}, {2 * time.Second, nil, 2, ""}, {time.Second, []cause{{"a", 0.65, 2}}, 2, ""}, {2 * time.Second, nil, 3, "a 0.65"}}},
		{"after the cooldown, when more comes", action.Options{Cooldown: time.Minute}, []step{{0, []cause{{"a", 0.6, 1}}, 0, ""}, {5 * time.Second, nil, 0, "a 0.60"}, {time.Second, []cause{{"b", 0.8, 1}, {"a", 0.3, 1}}, 0, ""}, {5 * time.Second, nil, 0, "skipped"}, {time.Minute, nil, 0, ""}, {time.Second, []cause{{"b", 0.8, 2}, {"a", 0.3, 1}}, 0, "b 0.80"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Command, tt.o.DryRun = "true", true
			f, clock, e := byHand(t, tt.o)
			base := clock.now
			var r *report.Report
			for i, s := range tt.steps {
				clock.move(s.after)
				next := &report.Report{}
				if r != nil && s.causes == nil {
					next.Causes = r.Causes
				}
				for _, c := range s.causes {
					next.Causes = append(next.Causes, report.Cause{ID: c.id, Probability: c.p, Evidence: []report.Evidence{{Pattern: "p", Count: c.n}}})
				}
				for k := range s.lives {
					at := base.Add(time.Duration(k) * time.Second)
					next.Lifetimes = append(next.Lifetimes, report.Lifetime{Start: &at, EndKind: "running"})
				}
				r, f.report = next, next
				f.changes(clock.now)
				var got string
				e.events = nil
				due := f.due(clock.now)
				f.debounce(clock.now, false)
				f.flushNotes()
				for _, ev := range e.events {
					if got = ev.Action.Outcome; got == "dry-run" {
						got = fmt.Sprintf("%s %.2f", ev.Action.Cause, f.probability(ev.Action.Cause))
					}
				}
				if got != s.want {
					t.Errorf("step %d at %s: %q, want %q", i, clock.now.Sub(base), got, s.want)
				}
				if s.want != "" && (due.IsZero() || due.After(clock.now)) {
					t.Errorf("step %d: nothing would have woken the follower: due %v", i, due)
				}
				if at := f.due(clock.now); !at.IsZero() && !at.After(clock.now) {
					t.Errorf("step %d: due %v again, though nothing is to be done", i, at)
				}
			}
			f.actor.Stop(nil)
		})
	}
}

// probability is that of a cause in the last report.
func (f *Follower) probability(id string) float64 {
	for _, c := range f.report.Causes {
		if c.ID == id {
			return c.Probability
		}
	}
	return 0
}
