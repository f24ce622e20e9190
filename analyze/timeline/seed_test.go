package timeline

import (
	"testing"
	"time"

	"wolfdiag/analyze/logline"
)

func utc(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func dated(v time.Time) logline.Stamp {
	return logline.Stamp{Kind: logline.ClockUTC, Nanos: v.UnixNano(), Resolution: 1000}
}

func elapsed(d time.Duration) logline.Stamp {
	return logline.Stamp{Kind: logline.ClockGStreamer, Nanos: int64(d), Resolution: 1}
}

func tod(h, m int, s float64) logline.Stamp {
	return logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: int64(h)*hour + int64(m)*minute + int64(s*1e9), Resolution: 1}
}

// TestFiveClocks places the lines of a failure that five clocks tell of. The
// start of the process is known only from the name of a crash dump.
func TestFiveClocks(t *testing.T) {
	t.Parallel()
	start := utc(t, "2025-09-30T13:43:42.81713822Z")
	up := func(s string) time.Duration {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	sway := func(ms int64) logline.Stamp {
		return logline.Stamp{Kind: logline.ClockSway, Nanos: ms * millisecond, Resolution: 1e6}
	}
	glib := logline.Stamp{Kind: logline.ClockLocalTimeOfDay, Nanos: 7*hour + 40*minute + 13036*millisecond, Resolution: 1e6}
	lines := []Reading{
		{Pos: Pos{Line: 1}, Inner: dated(utc(t, "2025-10-02T06:40:11.752176Z"))},
		{Pos: Pos{Line: 2}, Inner: dated(utc(t, "2025-10-02T06:40:11.7522Z"))},
		{Pos: Pos{Line: 3}, Inner: dated(utc(t, "2025-10-02T06:40:11.784607Z"))},
		{Pos: Pos{Line: 4}, PID: 1, Inner: elapsed(up("40h56m30.661481638s"))},
		{Pos: Pos{Line: 5}, Inner: sway(2)},
		{Pos: Pos{Line: 6}, Inner: sway(200)},
		{Pos: Pos{Line: 7}, PID: 132, Inner: glib},
	}
	c := New(Options{Dumps: []time.Time{utc(t, "2025-09-30T12:41:38.857465743Z"), start}})
	c.StartInput(0, "wolf.log", time.Time{})
	for _, r := range lines {
		c.Clock(r)
	}
	c.Element(lines[3], "nvh265enc10")
	tl := c.Resolve()

	at := tl.At(lines[3])
	if want := utc(t, "2025-10-02T06:40:13.478619858Z"); at.How != Anchored || !at.Time.Equal(want) {
		t.Errorf("GStreamer line is at %v (%s), want %v (anchored)", at.Time, at.How, want)
	}
	if at := tl.At(lines[6]); at.How != ZoneInferred || !at.Time.Equal(utc(t, "2025-10-02T06:40:13.036Z")) {
		t.Errorf("GLib line is at %v (%s), want 06:40:13.036 (zone-inferred)", at.Time, at.How)
	}
	if len(tl.Lifetimes) != 1 {
		t.Fatalf("%d lifetimes, want 1: %+v", len(tl.Lifetimes), tl.Lifetimes)
	}
	l := tl.Lifetimes[0]
	if !l.Start.Time.Equal(start) || !l.CutStart || l.EndKind != EndRunning {
		t.Errorf("lifetime starts %v cut %v end %s, want %v cut running", l.Start, l.CutStart, l.EndKind, start)
	}
	if l.Sessions != 10 || !l.LowerBound {
		t.Errorf("sessions = %d (%s), want at least 10 by element numbering", l.Sessions, l.CountedBy)
	}
	tl.AddFailures([]Failure{{Reading: lines[0]}})
	if l := tl.Lifetimes[0]; l.Failures != 1 || l.FirstFailureSession != 10 {
		t.Errorf("failures = %d, first during session %d; want 1 during 10", l.Failures, l.FirstFailureSession)
	}
	for _, a := range tl.Assumptions {
		t.Log(a)
	}
}

// TestQuotedOutOfOrder reads lines as a guide quotes them: the encoder's line,
// 1.7 s later, stands between those of the compositor. The neighbours bound the
// start closely and wrongly; the dump's name corrects them.
func TestQuotedOutOfOrder(t *testing.T) {
	t.Parallel()
	start := utc(t, "2025-09-30T13:43:42.81713822Z")
	c := New(Options{})
	c.Clock(inner(16, dated(utc(t, "2025-10-02T06:40:11.7522Z"))))
	line := gstLine(24, 40*time.Hour+56*time.Minute+30661481638)
	c.Clock(line)
	c.Clock(inner(44, dated(utc(t, "2025-10-02T06:40:11.784585Z"))))
	if at := c.Resolve().At(line); !at.Time.Equal(utc(t, "2025-10-02T06:40:11.7683925Z")) {
		t.Errorf("without the dump: %v", at.Time)
	}
	c.KnownCrash(start)
	tl := c.Resolve()
	if at, want := tl.At(line), utc(t, "2025-10-02T06:40:13.478619858Z"); !at.Time.Equal(want) || at.Uncertainty != time.Second {
		t.Errorf("with the dump: %v ± %v, want %v ± 1s", at.Time, at.Uncertainty, want)
	}
	if l := tl.Lifetimes[0]; !l.Start.Time.Equal(start) {
		t.Errorf("start %v, want %v", l.Start.Time, start)
	}
}
