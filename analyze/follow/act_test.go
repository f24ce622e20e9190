package follow

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"

	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/clock/clocktest"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/follow/gpu"
)

func acted(outcome string) func(event.Event) bool {
	return func(ev event.Event) bool { return ev.Kind == event.KindAction && ev.Action.Outcome == outcome }
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
	name, out, snaps := filestest.LogName(t), t.TempDir(), t.TempDir()
	f := start(t, Options{Paths: []string{name}, From: FromEnd, Action: action.Options{
		Command:  script(t, `env | grep ^WOLFDIAG_ > "$1/env"; cat > "$1/stdin"; ls "$WOLFDIAG_SNAPSHOT" > "$1/ls"; echo done; exit 0`) + " " + out,
		Snapshot: snaps, Settle: 50 * time.Millisecond,
	}})
	f.until(t, "start", notice("does not exist yet"))
	w := filestest.OpenWriter(t, name)
	w.Raw(guide(t))
	ev := f.until(t, "the action", acted("done"))
	w.Raw(guide(t))
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
	if n := f.count(acted("done")); n != 1 {
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
		set  func(*action.Options)
		want string
		say  string
	}{
		{"fails", "exit 7", nil, "failed", "exit status 7"},
		{"hangs", "sleep 1000 & sleep 1000", func(o *action.Options) { o.Timeout = 50 * time.Millisecond }, "timeout", "was killed"},
		{"dry run", "exit 7", func(o *action.Options) { o.DryRun = true }, "dry-run", "would run"},
		{"prints a lot", "head -c 1000000 /dev/zero; exit 3", nil, "failed", "exit status 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filestest.LogName(t)
			o := action.Options{Command: script(t, tt.text), Settle: -1}
			if tt.set != nil {
				tt.set(&o)
			}
			f := start(t, Options{Paths: []string{name}, From: FromStart, Action: o})
			f.until(t, "start", notice("does not exist yet"))
			w := filestest.OpenWriter(t, name)
			w.Raw(guide(t))
			ev := f.until(t, "the outcome", func(ev event.Event) bool { return ev.Kind == event.KindAction })
			if ev.Action.Outcome != tt.want || !strings.Contains(ev.Text, tt.say) || len(ev.Action.Output) > 16<<10 {
				t.Errorf("got %s %q, want %s %q", ev.Action.Outcome, ev.Text, tt.want, tt.say)
			}
		})
	}
}

// TestExecAtTheEnd lets a command finish when the log ends by itself, and not
// when the end is asked for.
func TestExecAtTheEnd(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Paths: []string{"-"}, Stdin: strings.NewReader(guide(t)), Action: action.Options{Command: script(t, "sleep 0.6")}})
	f.until(t, "the end of the command", acted("done"))

	r, w := io.Pipe()
	defer w.Close()
	started := filepath.Join(t.TempDir(), "started")
	f = start(t, Options{Paths: []string{"-"}, Stdin: r, Action: action.Options{Command: script(t, `touch "$1"; sleep 100`) + " " + started, Settle: -1}})
	io.WriteString(w, guide(t))
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		if _, err := os.Stat(started); err == nil {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	f.stop()
	if _, ok := f.find(acted("failed")); !ok {
		t.Errorf("the killed command is not told of:\n%s", f)
	}
}

// TestCheckpointTrouble carries on with a checkpoint that is damaged or cannot
// be written.
func TestCheckpointTrouble(t *testing.T) {
	t.Parallel()
	name, dir := filestest.LogName(t), t.TempDir()
	w := filestest.OpenWriter(t, name)
	place := filepath.Join(dir, "place.json")
	write(t, place, `{"schema":"wolfdiag/chec`)
	f := start(t, Options{Paths: []string{name}, Checkpoint: place})
	f.until(t, "the damage", notice("it will be replaced"))
	w.Raw(guide(t))
	f.until(t, "an incident", isIncident)
	f.stop()
	if c, err := loadCheckpoint(place); err != nil || c == nil || len(c.Incidents) == 0 || c.Files[name] == nil || c.Files[name].Offset != int64(len(guide(t))) {
		t.Errorf("checkpoint %+v, %v", c, err)
	}

	f = start(t, Options{Paths: []string{name}, From: FromStart, Checkpoint: filepath.Join(dir, "no such folder", "place.json")})
	f.until(t, "the failure", notice("cannot be written"))
	f.until(t, "an incident", isIncident)
	f.stop()
	if n := f.count(notice("cannot be written")); n != 1 { // it was tried again
		t.Errorf("the failure is told %d times:\n%s", n, f)
	}
}

// TestCheckpointAtomic wants the old file untouched when a write fails.
func TestCheckpointAtomic(t *testing.T) {
	dir := t.TempDir()
	place := filepath.Join(dir, "place.json")
	c := &checkpoint{Schema: checkpointSchema, Files: map[string]*files.Position{"a": {Offset: 7}}}
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
	g := filestest.OpenWriter(t, rows)
	g.Raw("timestamp, memory.used [MiB], memory.total [MiB]\n")
	f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: gpu.Options{Source: rows, Interval: 30 * time.Millisecond}})
	f.until(t, "silence", func(ev event.Event) bool { return ev.Kind == event.KindGPU && ev.Change == "dark" })
	g.Raw("2026/11/23 17:21:46.358, 1000 MiB, 16380 MiB\n")
	f.until(t, "back", func(ev event.Event) bool { return ev.Change == "back" })
	g.Raw("2026/11/23 17:21:51.358, 15990 MiB, 16380 MiB\n")
	ev := f.until(t, "the warning", func(ev event.Event) bool { return ev.Kind == event.KindGPU && ev.Change == "memory" })
	if ev.GPU == nil || !ev.GPU.High || ev.GPU.Used != 15990 {
		t.Errorf("state %+v", ev.GPU)
	}
	g.Raw("Failed to initialize NVML: Unknown Error\n")
	f.until(t, "the failure", func(ev event.Event) bool {
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
			f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: gpu.Options{Source: rows, Interval: time.Hour}})
			f.lines(t, 0) // the reader has taken its first look
			filestest.OpenWriter(t, rows).Raw(tt.more)
			if len(tt.want) > 0 {
				last := tt.want[len(tt.want)-1]
				f.until(t, last, func(ev event.Event) bool { return ev.Kind == event.KindGPU && ev.Change == last })
			}
			f.stop()
			var got []string
			for _, ev := range f.events {
				if ev.Kind == event.KindGPU && ev.Change != "dark" {
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
			o := gpu.Options{Source: tt.source, Interval: 30 * time.Millisecond}
			if tt.change != "dark" {
				o.Interval = time.Hour
			}
			f := start(t, Options{Paths: []string{"-"}, Stdin: r, GPU: o})
			if tt.change != "" {
				f.until(t, tt.text, func(ev event.Event) bool {
					return ev.Kind == event.KindGPU && ev.Change == tt.change && strings.Contains(ev.Text, tt.text)
				})
			}
			f.stop()
			if n := f.count(func(ev event.Event) bool { return ev.Kind == event.KindGPU && ev.Change != tt.change }); n > 0 {
				t.Errorf("more than one thing told:\n%s", f)
			}
		})
	}
}

// TestCheckpoint stops and starts again: every line is read once, no incident
// is told twice, and the report is that of all that was ever read, whatever was
// rotated meanwhile.
func TestCheckpoint(t *testing.T) {
	for _, rotations := range []int{0, 1, 3} {
		t.Run(fmt.Sprint(rotations, " rotations"), func(t *testing.T) {
			t.Parallel()
			name, place := filestest.LogName(t), filepath.Join(t.TempDir(), "place.json")
			w := filestest.OpenWriter(t, name)
			all := ""
			raw := func(s string) { w.Raw(s); all += s }
			raw(guide(t))
			f := start(t, Options{Clock: clocktest.NewPatient(), Paths: []string{name}, Checkpoint: place})
			f.until(t, "an incident", isIncident)
			f.lines(t, 19)
			first := f.count(isIncident)
			f.stop()
			raw("between\n")
			for range rotations {
				filestest.Rotate(t, name, 9)
				w.Open(name)
				raw("between, in a new file\n")
			}
			raw("last\n")
			f = start(t, Options{Clock: clocktest.NewPatient(), Paths: []string{name}, Checkpoint: place})
			f.lines(t, int64(2+rotations))
			raw(guide(t))
			f.lines(t, int64(2+rotations+19))
			r := f.stop()
			if n := f.f.Files()[0].Lines; n != int64(2+rotations+19) {
				t.Errorf("read %d new lines after the restart, want %d; events:\n%s", n, 2+rotations+19, f)
			}
			if n := f.count(isIncident); n > 0 {
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
