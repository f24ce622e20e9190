package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

func TestSplitCommand(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
		err      error
	}{
		{"words", "docker  restart\twolf", []string{"docker", "restart", "wolf"}, nil},
		{"quotes", `sh -c 'echo "$X" | wc' "a b"`, []string{"sh", "-c", `echo "$X" | wc`, "a b"}, nil},
		{"joined", `a'b c'"d\"e"\ f`, []string{`ab cd"e f`}, nil},
		{"empty word", `x ''`, []string{"x", ""}, nil},
		{"no shell", "a;b $(c) >d", []string{"a;b", "$(c)", ">d"}, nil},
		{"open quote", `a "b`, nil, errOpenQuote},
		{"open escape", `a \`, nil, errOpenQuote},
		{"nothing", " \t", nil, errEmptyCommand},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := SplitCommand(tt.in)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func action(outcome string) func(Event) bool {
	return func(ev Event) bool { return ev.Kind == EventAction && ev.Action.Outcome == outcome }
}

// script writes an executable file.
func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "act it.sh") // a blank in its name: it needs quotes
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return "'" + name + "'"
}

// TestExec runs a command with the evidence in its environment and its input,
// after the snapshot was written, once.
func TestExec(t *testing.T) {
	t.Parallel()
	name, out, snaps := logName(t), t.TempDir(), t.TempDir()
	f := start(t, Options{Paths: []string{name}, From: FromEnd, Action: ActionOptions{
		Command:  script(t, `env | grep ^WOLFDIAG_ > "$1/env"; cat > "$1/stdin"; ls "$WOLFDIAG_SNAPSHOT" > "$1/ls"; echo done; exit 0`) + " " + out,
		Snapshot: snaps, Settle: 50 * time.Millisecond,
	}})
	f.until(t, "start", notice("does not exist yet"))
	w := openWriter(t, name)
	w.raw(guide(t))
	ev := f.until(t, "the action", action("done"))
	w.raw(guide(t))
	f.lines(t, 38)
	f.stop()
	if ev.Action.ExitCode == nil || *ev.Action.ExitCode != 0 || ev.Action.Output != "done\n" {
		t.Errorf("action %+v", ev.Action)
	}
	env := read(t, filepath.Join(out, "env"))
	for _, want := range []string{"WOLFDIAG_CAUSE=gpu-device-access-lost", "WOLFDIAG_PROBABILITY=0.", "WOLFDIAG_SUMMARY=Rests on", "WOLFDIAG_EVIDENCE=", "WOLFDIAG_INCIDENT=1"} {
		if !strings.Contains(env, want) {
			t.Errorf("environment lacks %q:\n%s", want, env)
		}
	}
	var in struct {
		Incident int
		Cause    *report.Cause
		Snapshot string
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(out, "stdin"))), &in); err != nil || in.Incident != 1 || in.Cause == nil || len(in.Cause.Evidence) == 0 {
		t.Errorf("stdin: %v, %+v", err, in)
	}
	if got := read(t, filepath.Join(out, "ls")); got != "lines.log\nreport.json\n" {
		t.Errorf("the snapshot held %q when the command ran", got)
	}
	if got := read(t, filepath.Join(in.Snapshot, "lines.log")); got != "==> "+name+" <==\n"+guide(t) {
		t.Errorf("the raw lines of the snapshot are not the log's: %q", got)
	}
	if n := f.count(action("done")); n != 1 {
		t.Errorf("ran %d times", n)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestExecTrouble has commands that fail, hang, are not allowed yet, or are
// only to be talked about.
func TestExecTrouble(t *testing.T) {
	for _, tt := range []struct {
		name string
		text string
		set  func(*ActionOptions)
		want string
		say  string
	}{
		{"fails", "exit 7", nil, "failed", "exit status 7"},
		{"hangs", "sleep 1000 & sleep 1000", func(o *ActionOptions) { o.Timeout = 50 * time.Millisecond }, "timeout", "was killed"},
		{"dry run", "exit 7", func(o *ActionOptions) { o.DryRun = true }, "dry-run", "would run"},
		{"prints a lot", "head -c 1000000 /dev/zero; exit 3", nil, "failed", "exit status 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := logName(t)
			o := ActionOptions{Command: script(t, tt.text), Settle: -1}
			if tt.set != nil {
				tt.set(&o)
			}
			f := start(t, Options{Paths: []string{name}, From: FromStart, Action: o})
			f.until(t, "start", notice("does not exist yet"))
			w := openWriter(t, name)
			w.raw(guide(t))
			ev := f.until(t, "the outcome", func(ev Event) bool { return ev.Kind == EventAction })
			if ev.Action.Outcome != tt.want || !strings.Contains(ev.Text, tt.say) || len(ev.Action.Output) > 3*maxOutput {
				t.Errorf("got %s %q, want %s %q", ev.Action.Outcome, ev.Text, tt.want, tt.say)
			}
		})
	}
}

// TestExecAtTheEnd lets a command finish when the log ends by itself, and not
// when the end is asked for.
func TestExecAtTheEnd(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Paths: []string{"-"}, Stdin: strings.NewReader(guide(t)), Action: ActionOptions{Command: script(t, "sleep 0.6")}})
	f.until(t, "the end of the command", action("done"))

	r, w := io.Pipe()
	defer w.Close()
	started := filepath.Join(t.TempDir(), "started")
	f = start(t, Options{Paths: []string{"-"}, Stdin: r, Action: ActionOptions{Command: script(t, `touch "$1"; sleep 100`) + " " + started, Settle: -1}})
	io.WriteString(w, guide(t))
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		if _, err := os.Stat(started); err == nil {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	f.stop()
	if _, ok := f.find(action("failed")); !ok {
		t.Errorf("the killed command is not told of:\n%s", f)
	}
}

// TestConsider checks when an incident is acted on, by the actor's own clock.
func TestConsider(t *testing.T) {
	base := time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)
	recent, ancient := base.Add(-time.Minute), base.Add(-48*time.Hour)
	event := func(n int, id string, p float64, last *time.Time) Event {
		return Event{Kind: EventIncident, Number: n, Cause: &report.Cause{ID: id, Probability: p, LastSeen: last}}
	}
	type try struct {
		after time.Duration
		e     Event
		old   bool
		want  string // outcome; "" for silence
	}
	for _, tt := range []struct {
		name  string
		o     ActionOptions
		tries []try
	}{
		{"once an incident", ActionOptions{}, []try{{0, event(1, "a", 0.9, &recent), false, "dry-run"}, {time.Hour, event(1, "a", 0.99, &recent), false, ""}}},
		{"cooldown", ActionOptions{}, []try{
			{0, event(1, "a", 0.9, &recent), false, "dry-run"}, {9 * time.Minute, event(2, "b", 0.9, &recent), false, "skipped"},
			{11 * time.Minute, event(3, "b", 0.9, &recent), false, "dry-run"}}},
		{"not probable enough, then it is", ActionOptions{MinProbability: 0.8}, []try{{0, event(1, "a", 0.7, &recent), false, ""}, {0, event(1, "a", 0.85, &recent), false, "dry-run"}}},
		{"other cause", ActionOptions{On: []string{"b"}}, []try{{0, event(1, "a", 0.9, &recent), false, ""}, {0, event(2, "b", 0.9, &recent), false, "dry-run"}}},
		{"old news", ActionOptions{}, []try{{0, event(1, "a", 0.9, &ancient), true, "skipped"}, {0, event(2, "b", 0.9, &recent), true, "dry-run"}}},
		{"a live log with a wrong clock", ActionOptions{}, []try{{0, event(1, "a", 0.9, &ancient), false, "dry-run"}}},
		{"gpu", ActionOptions{On: []string{"gpu-dark"}}, []try{{0, Event{Kind: EventGPU, Change: "memory"}, false, ""}, {0, Event{Kind: EventGPU, Change: "dark"}, false, "dry-run"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Command, tt.o.DryRun = "true", true
			notes := make(chan Event, 8)
			a, err := newActor(tt.o, SystemClock{}, notes)
			if err != nil {
				t.Fatal(err)
			}
			a.start()
			for i, try := range tt.tries {
				a.consider(base.Add(try.after), try.e, &report.Report{}, func() []byte { return nil }, try.old)
				a.waitIdle()
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
			a.stop(nil)
		})
	}
}

// waitIdle waits until nothing runs.
func (a *actor) waitIdle() { a.idle <- <-a.idle }

// TestCheckpoint stops and starts again: every line is read once, no incident
// is told twice, and the report is that of all that was ever read, whatever was
// rotated meanwhile.
func TestCheckpoint(t *testing.T) {
	for _, rotations := range []int{0, 1, 3} {
		t.Run(fmt.Sprint(rotations, " rotations"), func(t *testing.T) {
			t.Parallel()
			name, place := logName(t), filepath.Join(t.TempDir(), "place.json")
			w := openWriter(t, name)
			all := ""
			raw := func(s string) { w.raw(s); all += s }
			raw(guide(t))
			f := start(t, Options{Paths: []string{name}, Checkpoint: place})
			f.until(t, "an incident", incident)
			f.lines(t, 19)
			first := f.count(incident)
			f.stop()
			raw("between\n")
			for range rotations {
				rotate(t, name, 9)
				w.open(name)
				raw("between, in a new file\n")
			}
			raw("last\n")
			f = start(t, Options{Paths: []string{name}, Checkpoint: place})
			f.lines(t, int64(2+rotations))
			raw(guide(t))
			f.lines(t, int64(2+rotations+19))
			r := f.stop()
			if n := f.f.Files()[0].Lines; n != int64(2+rotations+19) {
				t.Errorf("read %d new lines after the restart, want %d; events:\n%s", n, 2+rotations+19, f)
			}
			if n := f.count(incident); n > 0 {
				t.Errorf("%d incidents told again, %d before; events:\n%s", n, first, f)
			}
			whole := newAnalyzer(t)
			whole.Feed(name, "file", time.Now(), []byte(all), true)
			if diff := cmp.Diff(asJSON(t, whole.Report()), asJSON(t, r)); diff != "" {
				t.Errorf("the report is not that of all lines (-all +after the restart):\n%s", diff)
			}
		})
	}
}

// TestCheckpointTrouble carries on with a checkpoint that is damaged or cannot
// be written.
func TestCheckpointTrouble(t *testing.T) {
	t.Parallel()
	name, dir := logName(t), t.TempDir()
	w := openWriter(t, name)
	place := filepath.Join(dir, "place.json")
	write(t, place, `{"schema":"wolfdiag/chec`)
	f := start(t, Options{Paths: []string{name}, Checkpoint: place})
	f.until(t, "the damage", notice("it will be replaced"))
	w.raw(guide(t))
	f.until(t, "an incident", incident)
	f.stop()
	if c, err := loadCheckpoint(place); err != nil || c == nil || len(c.Incidents) == 0 || c.Files[name] == nil || c.Files[name].Offset != int64(len(guide(t))) {
		t.Errorf("checkpoint %+v, %v", c, err)
	}

	f = start(t, Options{Paths: []string{name}, From: FromStart, Checkpoint: filepath.Join(dir, "no such folder", "place.json")})
	f.until(t, "the failure", notice("cannot be written"))
	f.until(t, "an incident", incident)
	f.stop()
	if n := f.count(notice("cannot be written")); n != 1 { // it was tried again
		t.Errorf("the failure is told %d times:\n%s", n, f)
	}
}

// TestCheckpointAtomic wants the old file untouched when a write fails.
func TestCheckpointAtomic(t *testing.T) {
	dir := t.TempDir()
	place := filepath.Join(dir, "place.json")
	c := &checkpoint{Schema: checkpointSchema, Files: map[string]*position{"a": {Offset: 7}}}
	if err := c.write(place); err != nil {
		t.Fatal(err)
	}
	before := read(t, place)
	if err := c.write(filepath.Join(place, "below a file")); err == nil {
		t.Error("writing below a file succeeded")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || read(t, place) != before {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestGPU feeds rows and failures of a monitor.
func TestGPU(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	rows := filepath.Join(t.TempDir(), "gpu.csv")
	g := openWriter(t, rows)
	g.raw("timestamp, memory.used [MiB], memory.total [MiB]\n")
	f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: GPUOptions{Source: rows, Interval: 30 * time.Millisecond}})
	f.until(t, "silence", func(ev Event) bool { return ev.Kind == EventGPU && ev.Change == "dark" })
	g.raw("2026/11/23 17:21:46.358, 1000 MiB, 16380 MiB\n")
	f.until(t, "back", func(ev Event) bool { return ev.Change == "back" })
	g.raw("2026/11/23 17:21:51.358, 15990 MiB, 16380 MiB\n")
	ev := f.until(t, "the warning", func(ev Event) bool { return ev.Kind == EventGPU && ev.Change == "memory" })
	if ev.GPU == nil || !ev.GPU.High || ev.GPU.Used != 15990 {
		t.Errorf("state %+v", ev.GPU)
	}
	g.raw("Failed to initialize NVML: Unknown Error\n")
	f.until(t, "the failure", func(ev Event) bool {
		return ev.Change == "dark" && strings.Contains(ev.Text, "Failed to initialize NVML")
	})
	rep := f.stop()
	ids := map[string]bool{}
	for _, s := range rep.Facts {
		ids[s.Kind+" "+strings.Fields(s.Text)[0]] = true
	}
	if !ids["nvidia-smi-csv GPU"] || !ids["nvidia-smi-csv Failed"] {
		t.Errorf("facts %+v", rep.Facts)
	}
}

// TestGPUFile takes the last row that is in the file already, if it is not of
// long ago, and what comes.
func TestGPUFile(t *testing.T) {
	const row, low = "2026/11/23 17:21:46.358, 16000 MiB, 16380 MiB\n", "2026/11/23 17:21:41.358, 1000 MiB, 16380 MiB\n"
	for _, tt := range []struct {
		name, text, more string
		age              time.Duration
		want             []string // changes told
	}{
		{"last row", low + row, "", 0, []string{"memory"}},
		{"last row is low", row + low, row, 0, []string{"memory"}},
		{"only row", row, low, time.Minute, []string{"memory", "back"}},
		{"row not finished", row + "2026/11/23 17:21:51", ".358, 1000 MiB, 16380 MiB\n", 0, []string{"memory", "back"}},
		{"of long ago", low + row, low, time.Hour, nil},
		{"empty", "", row, 0, []string{"memory"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, w := io.Pipe()
			defer w.Close()
			rows := filepath.Join(t.TempDir(), "gpu.csv")
			write(t, rows, tt.text)
			at := time.Now().Add(-tt.age)
			if err := os.Chtimes(rows, at, at); err != nil {
				t.Fatal(err)
			}
			f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: GPUOptions{Source: rows, Interval: time.Hour}})
			first := make(chan struct{})
			time.AfterFunc(300*time.Millisecond, func() { close(first) }) // the reader has taken its first look
			<-first
			openWriter(t, rows).raw(tt.more)
			if len(tt.want) > 0 {
				last := tt.want[len(tt.want)-1]
				f.until(t, last, func(ev Event) bool { return ev.Kind == EventGPU && ev.Change == last })
			}
			f.stop()
			var got []string
			for _, ev := range f.events {
				if ev.Kind == EventGPU && ev.Change != "dark" {
					got = append(got, ev.Change)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, f)
			}
		})
	}
}

// TestGPUCommand starts monitors, which end, and says what is known of those
// that give no row. That we end is not told of the monitor.
func TestGPUCommand(t *testing.T) {
	for _, tt := range []struct{ name, source, change, text string }{
		{"a row", `echo "2026/11/23 17:21:46.358, 16000 MiB, 16380 MiB"`, "memory", "GPU memory 16000 of"},
		{"an error", `sh -c "echo No such container: wolf >&2; exit 1"`, "dark", "; it said No such container: wolf"},
		{"no word", `sh -c "exit 7"`, "dark", "; it said the monitor failed: exit status 7"},
		{"silence", "sleep 100", "dark", "nothing for more than 0s"},
		{"long intervals", `sh -c "sleep 100"`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, w := io.Pipe()
			defer w.Close()
			o := GPUOptions{Source: tt.source, Interval: 30 * time.Millisecond}
			if tt.change != "dark" {
				o.Interval = time.Hour
			}
			f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: o})
			if tt.change != "" {
				f.until(t, tt.text, func(ev Event) bool {
					return ev.Kind == EventGPU && ev.Change == tt.change && strings.Contains(ev.Text, tt.text)
				})
			}
			f.stop()
			if n := f.count(func(ev Event) bool { return ev.Kind == EventGPU && ev.Change != tt.change }); n > 0 {
				t.Errorf("more than one thing told:\n%s", f)
			}
		})
	}
}

// TestTracker walks an incident through its life by a clock of its own.
func TestTracker(t *testing.T) {
	now := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
	tr := NewTracker(TrackerOptions{})
	rep := func(p float64, n int64) *report.Report {
		return &report.Report{Causes: []report.Cause{{ID: "x", Probability: p, Evidence: []report.Evidence{{Pattern: "p", Count: n}}}}}
	}
	start := func(r *report.Report, lives int) *report.Report {
		for i := range lives {
			at := now.Add(-time.Hour * time.Duration(lives-i))
			r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: &at, EndKind: "running"})
		}
		return r
	}
	for _, s := range []struct {
		name  string
		after time.Duration
		r     *report.Report
		want  string
	}{
		{"too improbable", 0, rep(0.1, 1), ""},
		{"begins", time.Second, rep(0.5, 1), "incident 1"},
		{"nothing new", time.Second, rep(0.5, 1), ""},
		{"more, too soon", time.Second, rep(0.5, 5), ""},
		{"more", 11 * time.Second, rep(0.5, 9), "update 1 more"},
		{"surer", time.Second, rep(0.8, 10), "update 1 escalation"},
		{"quiet", 6 * time.Minute, rep(0.8, 10), "update 1 recovery"},
		{"still there", time.Second, rep(0.8, 10), ""},
		{"gone from the report", time.Second, &report.Report{}, ""},
		{"again", time.Second, rep(0.8, 11), "incident 2"},
		{"gone again, quiet", 6 * time.Minute, &report.Report{}, "update 2 recovery"},
		{"third", time.Second, start(rep(0.8, 12), 1), "incident 3"},
		{"restart", time.Minute, start(rep(0.8, 12), 2), "lifetime 0 started, update 3 recovery"},
	} {
		now = now.Add(s.after)
		var got []string
		for _, e := range tr.Observe(now, s.r) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", e.Kind, e.Number, e.Change)))
		}
		if diff := cmp.Diff(s.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s:\n%s", s.name, diff)
		}
	}
	again := NewTracker(TrackerOptions{})
	again.Restore(tr.State())
	if ev := again.Observe(now, rep(0.8, 3)); len(ev) != 1 || ev[0].Number != 4 || ev[0].More != 3 {
		t.Errorf("after a restart: %+v, want incident 4 with 3 records", ev)
	}
}
