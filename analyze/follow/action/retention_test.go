package action

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestExpire bounds the snapshots of all runs by bytes and by age, and leaves
// alone what is none.
func TestExpire(t *testing.T) {
	now := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		bytes int64
		age   time.Duration
		want  string // what is left
	}{
		{"no limit", 0, 0, "1 2 3"},
		{"bytes", 2500, 0, "2 3"},
		{"age", 0, 36 * time.Hour, "3"},
		{"both", 2500, 36 * time.Hour, "3"},
		{"nothing fits", 1, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range 3 { // 1 is the oldest
				d := filepath.Join(dir, now.Add(-time.Duration(3-i)*24*time.Hour).Format(snapshotTime)+"-some-cause")
				if err := os.Mkdir(d, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(d, "lines.log"), make([]byte, 1000), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Mkdir(filepath.Join(dir, "notes"), 0o755); err != nil {
				t.Fatal(err)
			}
			if _, err := expire(dir, now, tt.bytes, tt.age); err != nil {
				t.Fatal(err)
			}
			list, err := snapshots(dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range list {
				got = append(got, string(rune('0'+4-int(now.Sub(s.at)/(24*time.Hour)))))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("left %q, want %q", got, tt.want)
			}
			if _, err := os.Stat(filepath.Join(dir, "notes")); err != nil {
				t.Errorf("what is no snapshot was removed: %v", err)
			}
		})
	}
	d := filepath.Join(t.TempDir(), now.Format(snapshotTime)+"-x")
	if err := os.MkdirAll(d, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := expire(filepath.Dir(d), now, 0, time.Nanosecond); err == nil {
		if _, err := os.Stat(filepath.Join(d, "mine.txt")); err != nil {
			t.Error("a file that somebody has put into a snapshot was removed")
		}
	}
}
