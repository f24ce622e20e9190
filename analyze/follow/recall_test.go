package follow

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// TestBefore finds what lies before a place, through rotated files, and no
// more than it may.
func TestBefore(t *testing.T) {
	name := logName(t)
	write(t, name+".2", "2a\n2b\n")
	write(t, name+".1", "1a\n1b\n1c\n")
	write(t, name, "0a\n0b\n")
	for _, tt := range []struct {
		name  string
		file  string // of the place
		at    int64
		limit int64
		want  string
		whole bool
	}{
		{"all", name, 6, 100, "2a 2b 1a 1b 1c 0a 0b", true},
		{"up to the place", name, 3, 100, "2a 2b 1a 1b 1c 0a", true},
		{"rotated since", name + ".1", 6, 100, "2a 2b 1a 1b", true},
		{"exactly", name, 6, 21, "2a 2b 1a 1b 1c 0a 0b", true},
		{"a line short", name, 6, 18, "2b 1a 1b 1c 0a 0b", false},
		{"within a line", name, 6, 10, "1c 0a 0b", false},
		{"less than a line", name, 6, 2, "", false},
		{"nothing yet", name + ".2", 0, 100, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, err := openInode(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			place := n.position(tt.at)
			n.close()
			files, whole := before(name, place, tt.limit)
			var got []string
			for i, n := range files {
				end := n.size
				if i == len(files)-1 {
					end = tt.at
				}
				got = append(got, strings.Fields(read(t, n.f.Name())[n.offset:end])...)
				n.close()
			}
			if strings.Join(got, " ") != tt.want || whole != tt.whole {
				t.Errorf("got %q, whole %v; want %q, %v", got, whole, tt.want, tt.whole)
			}
		})
	}
	if files, _ := before(name, &position{Head: "other", Len: 3, Offset: 3}, 100); len(files) > 0 {
		t.Error("found the place in a file that never held it")
	}
}

// TestRecallOldNews reads again what an earlier run had skipped: nothing of it
// is news, but what comes is told with all that speaks for it.
func TestRecallOldNews(t *testing.T) {
	t.Parallel()
	name, place := logName(t), filepath.Join(t.TempDir(), "place.json")
	write(t, name, guide(t))
	f := start(t, Options{Paths: []string{name}, From: FromEnd, Checkpoint: place})
	f.lines(t, 0)
	w := openWriter(t, name)
	w.raw("one line, so that there is a place\n")
	f.lines(t, 1)
	f.stop()
	for range 2 { // what was taken for known stays so
		f = start(t, Options{Paths: []string{name}, Checkpoint: place})
		f.until(t, "what is read again", notice("are read again"))
		f.lines(t, 0)
		f.stop()
		if n := f.count(incident); n > 0 {
			t.Fatalf("old news told; events:\n%s", f)
		}
	}
	f = start(t, Options{Paths: []string{name}, Checkpoint: place})
	f.lines(t, 0)
	w.raw(guide(t))
	ev := f.until(t, "an incident", incident)
	f.stop()
	if ev.Cause.FirstSeen == nil || ev.Number != 1 || ev.More >= records(ev.Cause) {
		t.Errorf("incident %d with %d new records of %d", ev.Number, ev.More, records(ev.Cause))
	}
}

// TestRecallInterrupted ends while old lines are read again: nothing is told,
// and nothing forgotten.
func TestRecallInterrupted(t *testing.T) {
	name, place := logName(t), filepath.Join(t.TempDir(), "place.json")
	write(t, name, guide(t))
	f := start(t, Options{Paths: []string{name}, From: FromStart, Checkpoint: place})
	f.lines(t, 19)
	f.stop()
	before, err := loadCheckpoint(place)
	if err != nil || len(before.Incidents) == 0 {
		t.Fatalf("checkpoint %+v, %v", before, err)
	}
	e := newTold()
	again, err := New(Options{Paths: []string{name}, Checkpoint: place, Analyzer: newAnalyzer(t), Tell: e.tell})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	again.Run(ctx)
	after, err := loadCheckpoint(place)
	if err != nil {
		t.Fatal(err)
	}
	before.Saved, after.Saved = time.Time{}, time.Time{}
	if diff := cmp.Diff(asText(t, before), asText(t, after)); diff != "" {
		t.Errorf("the checkpoint changed (-before +after):\n%s", diff)
	}
	if n := e.count(incident); n > 0 {
		t.Errorf("told again:\n%s", e)
	}
}

// TestSavedIsTold writes no place whose lines nobody has been told of: after a
// crash they would be old news.
func TestSavedIsTold(t *testing.T) {
	f, clock, e := byHand(t, ActionOptions{})
	f.o.Checkpoint = filepath.Join(t.TempDir(), "place.json")
	f.take(piece{data: []byte(guide(t)), at: &position{Offset: int64(len(guide(t)))}})
	f.nextAt = clock.now.Add(time.Hour) // reports are slow
	clock.move(saveEvery)
	f.tick(clock.now)
	c, err := loadCheckpoint(f.o.Checkpoint)
	if err != nil || c == nil || c.Files["-"] == nil {
		t.Fatalf("checkpoint %+v, %v", c, err)
	}
	if len(c.Incidents) == 0 || e.count(incident) == 0 {
		t.Errorf("the place is saved and the incident is not: %+v; events:\n%s", c, e)
	}
}

// TestBaseline walks a tracker through a restart.
func TestBaseline(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
	rep := func(lives int, counts ...int64) *report.Report {
		r := &report.Report{}
		for i, n := range counts {
			if n > 0 {
				r.Causes = append(r.Causes, report.Cause{ID: string(rune('a' + i)), Probability: 0.8, Evidence: []report.Evidence{{Pattern: "p", Count: n}}})
			}
		}
		for range lives {
			r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: &now, EndKind: "running"})
		}
		return r
	}
	first := NewTracker(TrackerOptions{UpdateEvery: time.Second})
	first.Observe(now, rep(1, 5))
	tr := NewTracker(TrackerOptions{UpdateEvery: time.Second})
	tr.Restore(first.State())
	tr.Baseline(now, rep(1, 3, 2)) // two records are out of reach; b was never told
	for _, s := range []struct {
		r    *report.Report
		want string
	}{
		{rep(1, 3, 2), ""},
		{rep(1, 4, 2), "#1 a: ×1 more, 6 in all"},
		{rep(1, 4, 3), "#2 b (80 %): "},
		{rep(2, 4, 3), "Wolf started|#1 a: recovered (Wolf was restarted)|#2 b: recovered (Wolf was restarted)"},
	} {
		now = now.Add(2 * time.Second)
		var got []string
		for _, ev := range tr.Observe(now, s.r) {
			got = append(got, ev.Text)
		}
		if strings.Join(got, "|") != s.want {
			t.Errorf("told %q, want %q", got, s.want)
		}
	}
}

// TestFeedPartsMoved feeds nothing of files that were rotated since they were found.
func TestFeedPartsMoved(t *testing.T) {
	name := logName(t)
	write(t, name, guide(t))
	now := time.Now()
	if err := os.Chtimes(name, now, now); err != nil {
		t.Fatal(err)
	}
	w, err := Since(name, now.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	rotate(t, name, 2)
	a := newAnalyzer(t)
	if err := FeedParts(context.Background(), a, name, w.Parts); !strings.HasSuffix(err.Error(), ErrMoved.Error()) {
		t.Errorf("error %v for a file that is gone", err)
	}
	write(t, name, guide(t))
	if err := FeedParts(context.Background(), a, name, w.Parts); !strings.HasSuffix(err.Error(), ErrMoved.Error()) {
		t.Errorf("error %v for another file", err)
	}
	if n := a.Report().Coverage.Lines; n != 0 {
		t.Errorf("%d lines fed", n)
	}
}

// TestCooldownOverRestart does not act again at once when the action has
// restarted the program itself.
func TestCooldownOverRestart(t *testing.T) {
	for _, dry := range []bool{false, true} {
		place := filepath.Join(t.TempDir(), "place.json")
		outcomes := func(after time.Duration) string {
			e, clock := newTold(), &handClock{now: time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC).Add(after)}
			f, err := New(Options{Paths: []string{"-"}, Analyzer: newAnalyzer(t), Clock: clock, Tell: e.tell, Checkpoint: place, From: FromEnd,
				Action: ActionOptions{Command: "true", Settle: -1, DryRun: dry}})
			if err != nil {
				t.Fatal(err)
			}
			f.asked, f.sources = context.Background(), []*origin{{name: "-", kind: "stdin", stats: &FileStats{}}}
			f.actor.start()
			f.take(piece{data: []byte(guide(t))})
			f.work(clock.now)
			f.flushNotes()
			f.actor.stop(nil) // and no orderly end
			return e.String()
		}
		for _, run := range []struct {
			after time.Duration
			want  string
		}{{0, "true ran"}, {9 * time.Minute, "the last action was less than 10m0s ago"}, {11 * time.Minute, "true ran"}, {-time.Hour, "true ran"}} {
			want := run.want
			if dry {
				want = "would run true"
			}
			if got := outcomes(run.after); !strings.Contains(got, want) {
				t.Errorf("dry run %v, %s later: want %q; events:\n%s", dry, run.after, want, got)
			}
		}
	}
}
