package follow

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/follow/incident"
	"wolfdiag/analyze/source/recent"
)

// TestRecallOldNews reads again what an earlier run had skipped: nothing of it
// is news, but what comes is told with all that speaks for it.
func TestRecallOldNews(t *testing.T) {
	t.Parallel()
	name, place := filestest.LogName(t), filepath.Join(t.TempDir(), "place.json")
	write(t, name, guide(t))
	f := start(t, Options{Paths: []string{name}, From: FromEnd, Checkpoint: place})
	f.lines(t, 0)
	w := filestest.OpenWriter(t, name)
	w.Raw("one line, so that there is a place\n")
	f.lines(t, 1)
	f.stop()
	for range 2 { // what was taken for known stays so
		f = start(t, Options{Paths: []string{name}, Checkpoint: place})
		f.until(t, "what is read again", notice("are read again"))
		f.lines(t, 0)
		f.stop()
		if n := f.count(isIncident); n > 0 {
			t.Fatalf("old news told; events:\n%s", f)
		}
	}
	f = start(t, Options{Paths: []string{name}, Checkpoint: place})
	f.lines(t, 0)
	w.Raw(guide(t))
	ev := f.until(t, "an incident", isIncident)
	f.stop()
	if ev.Cause.FirstSeen == nil || ev.Number != 1 || ev.More >= incident.Records(ev.Cause) {
		t.Errorf("incident %d with %d new records of %d", ev.Number, ev.More, incident.Records(ev.Cause))
	}
}

// TestRecallInterrupted ends while old lines are read again: nothing is told,
// and nothing forgotten.
func TestRecallInterrupted(t *testing.T) {
	name, place := filestest.LogName(t), filepath.Join(t.TempDir(), "place.json")
	write(t, name, guide(t))
	f := start(t, Options{Paths: []string{name}, From: FromStart, Checkpoint: place})
	f.lines(t, 19)
	f.stop()
	before, err := loadCheckpoint(place)
	if err != nil || len(before.Incidents) == 0 {
		t.Fatalf("checkpoint %+v, %v", before, err)
	}
	e := newTold()
	again, err := New(Options{Paths: []string{name}, Checkpoint: place, Analyzer: newAnalyzer(t), Emit: e.tell})
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
	if n := e.count(isIncident); n > 0 {
		t.Errorf("told again:\n%s", e)
	}
}

// TestSavedIsTold writes no place whose lines nobody has been told of: after a
// crash they would be old news.
func TestSavedIsTold(t *testing.T) {
	f, clock, e := byHand(t, action.Options{})
	f.o.Checkpoint = filepath.Join(t.TempDir(), "place.json")
	f.take(files.Piece{Data: []byte(guide(t)), At: &files.Position{Offset: int64(len(guide(t)))}})
	f.nextAt = clock.now.Add(time.Hour) // reports are slow
	clock.move(saveEvery)
	f.tick(clock.now)
	c, err := loadCheckpoint(f.o.Checkpoint)
	if err != nil || c == nil || c.Files["-"] == nil {
		t.Fatalf("checkpoint %+v, %v", c, err)
	}
	if len(c.Incidents) == 0 || e.count(isIncident) == 0 {
		t.Errorf("the place is saved and the incident is not: %+v; events:\n%s", c, e)
	}
}

// TestFeedPartsMoved feeds nothing of files that were rotated since they were found.
func TestFeedPartsMoved(t *testing.T) {
	name := filestest.LogName(t)
	write(t, name, guide(t))
	now := time.Now()
	if err := os.Chtimes(name, now, now); err != nil {
		t.Fatal(err)
	}
	w, err := recent.Since(name, now.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	filestest.Rotate(t, name, 2)
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
			f, err := New(Options{Paths: []string{"-"}, Analyzer: newAnalyzer(t), Clock: clock, Emit: e.tell, Checkpoint: place, From: FromEnd,
				Action: action.Options{Command: "true", Settle: -1, DryRun: dry}})
			if err != nil {
				t.Fatal(err)
			}
			f.asked, f.sources = context.Background(), []*origin{{name: "-", kind: "stdin", stats: &account.File{}}}
			f.actor.Start()
			f.take(files.Piece{Data: []byte(guide(t))})
			f.work(clock.now)
			f.flushNotes()
			f.actor.Stop(nil) // and no orderly end
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
