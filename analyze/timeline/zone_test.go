package timeline

import (
	"testing"
	"time"

	"wolfdiag/analyze/logline"
)

func TestZone(t *testing.T) {
	t.Parallel()
	at := utc(t, "2025-10-02T06:40:11Z")
	local := func(d time.Duration) logline.Stamp {
		return logline.Stamp{Kind: logline.ClockLocal, Nanos: at.Add(d).UnixNano(), Resolution: 1e9}
	}
	for _, tt := range []struct {
		name   string
		zone   *time.Location
		locals []time.Duration // beside dated UTC lines
		want   time.Duration
		ok     bool
	}{
		{"no local clock", nil, nil, 0, false},
		{"behind", nil, []time.Duration{-5 * time.Hour, -5 * time.Hour}, -5 * time.Hour, true},
		{"a quarter hour zone", nil, []time.Duration{345 * time.Minute, 345 * time.Minute}, 345 * time.Minute, true},
		{"utc is a zone too", nil, []time.Duration{0, 0}, 0, true},
		{"no offset of any zone", nil, []time.Duration{7 * time.Minute, 7 * time.Minute}, 0, false},
		{"given from outside", time.FixedZone("", 3600), []time.Duration{time.Hour, time.Hour}, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := New(Options{Zone: tt.zone})
			c.StartInput(0, "wolf.log", time.Time{})
			line := int64(0)
			for _, d := range tt.locals {
				c.Clock(Reading{Pos: Pos{Line: line + 1}, Inner: dated(at)})
				c.Clock(Reading{Pos: Pos{Line: line + 2}, Inner: local(d)})
				c.Clock(Reading{Pos: Pos{Line: line + 3}, Inner: dated(at)})
				line += 3
			}
			c.Clock(Reading{Pos: Pos{Line: line + 1}, Inner: dated(at)})
			got, ok := c.Resolve().Zone()
			if got != tt.want || ok != tt.ok {
				t.Errorf("Zone() = %v, %v, want %v, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
	if _, ok := (*Timeline)(nil).Zone(); ok {
		t.Error("no timeline has no zone")
	}
}
