package main

import (
	"testing"
	"time"
)

func TestASCII(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		vars map[string]string
		want bool
	}{
		{"nothing set, as in a bare container", nil, false},
		{"UTF-8", map[string]string{"LANG": "de_DE.UTF-8"}, false},
		{"spelt otherwise", map[string]string{"LANG": "en_US.utf8"}, false},
		{"C", map[string]string{"LANG": "C"}, true},
		{"C.UTF-8", map[string]string{"LANG": "C.UTF-8"}, false},
		{"LC_ALL is above LANG", map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, true},
		{"LC_CTYPE is above LANG", map[string]string{"LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, false},
		{"another encoding", map[string]string{"LANG": "zh_CN.GB18030"}, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e := &env{getenv: func(k string) string { return tc.vars[k] }}
			if got := e.ascii(); got != tc.want {
				t.Errorf("ascii() = %v, want %v", got, tc.want)
			}
			_, o, err := output{format: "text", color: "never"}.options(e)
			if err != nil || o.ASCII != tc.want {
				t.Errorf("options: ASCII %v, %v; want %v", o.ASCII, err, tc.want)
			}
		})
	}
}

func TestParseWhen(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 10, 2, 12, 30, 0, 0, time.UTC)
	london := time.FixedZone("+01:00", 3600)
	tests := []struct {
		in   string
		zone *time.Location
		want time.Time
	}{
		{"2025-10-02T06:40:11.5Z", nil, time.Date(2025, 10, 2, 6, 40, 11, 5e8, time.UTC)},
		{"2025-10-02T06:40Z", nil, time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)},
		{"2025-10-02T06:40+01:00", nil, time.Date(2025, 10, 2, 5, 40, 0, 0, time.UTC)},
		{"2025-10-02 06:40", london, time.Date(2025, 10, 2, 5, 40, 0, 0, time.UTC)},
		{"2025-10-02", london, time.Date(2025, 10, 1, 23, 0, 0, 0, time.UTC)},
		{"today", nil, time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)},
		{"yesterday", nil, time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)},
		{"2h", nil, now.Add(-2 * time.Hour)},
		{"3d", nil, now.AddDate(0, 0, -3)},
		{"now", nil, now},
	}
	for _, tc := range tests {
		got, err := parseWhen(tc.in, now, tc.zone)
		if err != nil || !got.Equal(tc.want) {
			t.Errorf("parseWhen(%q) = %v, %v; want %v", tc.in, got, err, tc.want)
		}
	}
	for _, bad := range []string{"soon", "25:00", "2025-13-01", "-", "1x"} {
		if got, err := parseWhen(bad, now, nil); err == nil {
			t.Errorf("parseWhen(%q) = %v, want an error", bad, got)
		}
	}
}
