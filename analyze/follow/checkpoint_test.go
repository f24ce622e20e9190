package follow

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/follow/event"
)

// TestCheckpointKeeps refuses, before anything is read, a checkpoint that would
// destroy something else, and leaves it as it was.
func TestCheckpointKeeps(t *testing.T) {
	for _, tt := range []struct {
		name  string
		place func(t *testing.T, dir, log string) string
		want  string // in the error; "" when it is taken
	}{
		{"the log itself", func(t *testing.T, dir, log string) string { return log }, "holds something else"},
		{"the log itself, empty", func(t *testing.T, dir, log string) string { write(t, log, ""); return log }, "is followed itself"},
		{"another way to the log", func(t *testing.T, dir, log string) string {
			write(t, log, "")
			return filepath.Join(dir, "..", filepath.Base(dir), "wolf.log")
		}, "is followed itself"},
		{"a link to the log", func(t *testing.T, dir, log string) string {
			write(t, log, "")
			link(t, log, filepath.Join(dir, "place"))
			return filepath.Join(dir, "place")
		}, "is followed itself"},
		{"a hard link to the log", func(t *testing.T, dir, log string) string {
			write(t, log, "")
			if err := os.Link(log, filepath.Join(dir, "place")); err != nil {
				t.Skip("no hard links here")
			}
			return filepath.Join(dir, "place")
		}, "is followed itself"},
		{"the log's rotated name", func(t *testing.T, dir, log string) string { return log + ".1" }, "rotated file of"},
		{"another file", func(t *testing.T, dir, log string) string {
			write(t, filepath.Join(dir, "notes"), `{"name":"mine"}`)
			return filepath.Join(dir, "notes")
		}, "holds something else"},
		{"a folder", func(t *testing.T, dir, log string) string { return dir }, "not a regular file"},
		{"a link to nothing", func(t *testing.T, dir, log string) string {
			link(t, filepath.Join(dir, "none"), filepath.Join(dir, "place"))
			return filepath.Join(dir, "place")
		}, "link to nothing"},
		{"nothing yet", func(t *testing.T, dir, log string) string { return filepath.Join(dir, "place") }, ""},
		{"an empty file", func(t *testing.T, dir, log string) string {
			write(t, filepath.Join(dir, "place"), "")
			return filepath.Join(dir, "place")
		}, ""},
		{"a checkpoint", func(t *testing.T, dir, log string) string {
			if err := (&checkpoint{Schema: checkpointSchema}).write(filepath.Join(dir, "place")); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(dir, "place")
		}, ""},
		{"a link to a checkpoint", func(t *testing.T, dir, log string) string {
			if err := (&checkpoint{Schema: checkpointSchema}).write(filepath.Join(dir, "real")); err != nil {
				t.Fatal(err)
			}
			link(t, filepath.Join(dir, "real"), filepath.Join(dir, "place"))
			return filepath.Join(dir, "place")
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			log := filepath.Join(dir, "wolf.log")
			write(t, log, guide(t))
			place := tt.place(t, dir, log)
			before, _ := os.ReadFile(place) // a folder, or nothing
			_, err := New(Options{Paths: []string{log}, Checkpoint: place, Analyzer: newAnalyzer(t), Emit: func(event.Event) {}})
			if tt.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if after, _ := os.ReadFile(place); string(after) != string(before) {
				t.Errorf("%s was changed", place)
			}
		})
	}
}

// TestCheckpointKeepsLater finds something else in the checkpoint's place when
// it comes to write it.
func TestCheckpointKeepsLater(t *testing.T) {
	name := filepath.Join(t.TempDir(), "place")
	write(t, name, "a log that has appeared meanwhile\n")
	if err := (&checkpoint{Schema: checkpointSchema}).write(name); !errors.Is(err, errKeep) {
		t.Errorf("error %v, want %v", err, errKeep)
	}
	if got := read(t, name); got != "a log that has appeared meanwhile\n" {
		t.Errorf("the file holds %q", got)
	}
}

// TestCheckpointThroughLink replaces what a link points to, not the link, and
// lets nobody else read it.
func TestCheckpointThroughLink(t *testing.T) {
	dir := t.TempDir()
	log, real := filepath.Join(dir, "wolf.log"), filepath.Join(dir, "real")
	write(t, log, guide(t))
	write(t, real, "")
	link(t, real, filepath.Join(dir, "place"))
	f := start(t, Options{Paths: []string{filepath.Join(dir, "*")}, From: FromStart, Checkpoint: filepath.Join(dir, "place")})
	f.until(t, "an incident", isIncident)
	f.stop()
	for _, s := range f.f.Files() {
		if s.Name != log {
			t.Errorf("%s was followed", s.Name)
		}
	}
	info, err := os.Lstat(real)
	if err != nil || info.Mode().Perm() != 0o600 || !isCheckpoint([]byte(read(t, real))) {
		t.Errorf("%v, mode %v: %.60q", err, info.Mode(), read(t, real))
	}
	if l, err := os.Lstat(filepath.Join(dir, "place")); err != nil || l.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v", err)
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip("no links here")
	}
}
