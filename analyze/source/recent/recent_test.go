package recent

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSince finds the last five minutes of logs with several clocks.
func TestSince(t *testing.T) {
	now := time.Date(2025, 10, 2, 0, 3, 0, 0, time.UTC) // the window goes over midnight
	clocks := []struct {
		name   string
		format func(at time.Time, n int) string
		timed  bool
	}{
		{"docker json", func(at time.Time, n int) string {
			return fmt.Sprintf(`{"log":"line %d\n","stream":"stdout","time":"%s"}`, n, at.Format(time.RFC3339Nano))
		}, true},
		{"wolf, no date", func(at time.Time, n int) string {
			return fmt.Sprintf("%s INFO  | line %d", at.Format("15:04:05.000000000"), n)
		}, true},
		{"journald, no year", func(at time.Time, n int) string {
			return fmt.Sprintf("%s rig wolf[1381]: line %d", at.Format(time.Stamp), n)
		}, true},
		{"every third line has a clock", func(at time.Time, n int) string {
			if n%3 != 0 {
				return fmt.Sprintf("  something else %d", n)
			}
			return fmt.Sprintf("%s INFO  | line %d", at.Format("15:04:05.000000000"), n)
		}, true},
		{"records of an engine", func(at time.Time, n int) string {
			return fmt.Sprintf(`{"_msg":"00:00:00.000000000 INFO  | line %d","_time":"%s","host":"gpu-1"}`, n, at.Format(time.RFC3339Nano))
		}, true},
		{"no clock", func(at time.Time, n int) string { return fmt.Sprint("line ", n) }, false},
	}
	for _, c := range clocks {
		for _, total := range []int{1, 50, 5000, 60_000} { // seconds of log, a line each
			t.Run(fmt.Sprint(c.name, " ", total), func(t *testing.T) {
				name := filepath.Join(t.TempDir(), "wolf.log")
				var b strings.Builder
				want := int64(0)
				since := now.Add(-5 * time.Minute)
				for n := range total {
					at := now.Add(-time.Duration(total-1-n) * time.Second)
					if at.Before(since) {
						want = int64(b.Len()) + int64(len(c.format(at, n))) + 1
					}
					b.WriteString(c.format(at, n) + "\n")
				}
				write(t, name, b.String())
				if err := os.Chtimes(name, now, now); err != nil {
					t.Fatal(err)
				}
				got, err := Since(name, since)
				if err != nil {
					t.Fatal(err)
				}
				if got.Timed != c.timed {
					t.Fatalf("timed: %v, want %v", got.Timed, c.timed)
				}
				p := got.Parts[len(got.Parts)-1]
				if !c.timed {
					if p.Size-p.From > untimed+2*windowBlock || p.From > 0 && p.Size-p.From < untimed {
						t.Errorf("%d bytes, want about 1 MiB", p.Size-p.From)
					}
					return
				}
				// Lines without a clock may stand at the border.
				if d := p.From - want; d > 90 || d < -90 {
					t.Errorf("window begins at %d, want %d of %d", p.From, want, b.Len())
				}
			})
		}
	}
}

// TestSinceRotated takes what was rotated away a minute ago with it.
func TestSinceRotated(t *testing.T) {
	now := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)
	name := filepath.Join(t.TempDir(), "wolf.log")
	line := func(ago time.Duration) string {
		return fmt.Sprintf("%s INFO  | line\n", now.Add(-ago).Format("2006-01-02T15:04:05.000000000Z"))
	}
	for _, f := range []struct {
		name  string
		lines string
		ago   time.Duration
	}{
		{name + ".2", line(20*time.Minute) + line(10*time.Minute), 10 * time.Minute},
		{name + ".1", line(9*time.Minute) + line(4*time.Minute) + line(time.Minute), time.Minute},
		{name, line(30 * time.Second), 30 * time.Second},
	} {
		write(t, f.name, f.lines)
		if err := os.Chtimes(f.name, now.Add(-f.ago), now.Add(-f.ago)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Since(name, now.Add(-5*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Parts) != 2 || got.Parts[0].Path != name+".1" || got.Parts[0].From != int64(len(line(0))) || got.Parts[1].From != 0 {
		t.Errorf("parts %+v", got.Parts)
	}
}

// TestSinceBad names what cannot be looked at.
func TestSinceBad(t *testing.T) {
	dir := t.TempDir()
	if _, err := Since(filepath.Join(dir, "none"), time.Now()); !os.IsNotExist(err) {
		t.Errorf("absent: %v", err)
	}
	if _, err := Since(dir, time.Now()); err == nil {
		t.Error("a folder was taken for a log")
	}
	long := filepath.Join(dir, "long")
	write(t, long, strings.Repeat("x", 20<<20)) // one line
	if got, err := Since(long, time.Now()); err != nil || got.Timed || got.Parts[0].Size-got.Parts[0].From > 16<<20 {
		t.Errorf("a line without end: %+v, %v", got, err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
