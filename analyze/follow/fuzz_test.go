package follow

import (
	"os"
	"path/filepath"
	"testing"

	"wolfdiag/analyze/follow/incident"
)

// FuzzCheckpoint reads any bytes as a checkpoint: what is accepted can be
// written and read again, and its places are possible.
func FuzzCheckpoint(f *testing.F) {
	f.Add([]byte(`{"schema":"wolfdiag/checkpoint/v1","files":{"a":{"device":1,"inode":2,"head":"00","head_len":3,"offset":4}},"incidents":[{"cause":"x","number":1}]}`))
	f.Add([]byte(`{"schema":"wolfdiag/checkpoint/v1","files":{"a":null}}`))
	f.Add([]byte(`{"files":{},"schema":"wolfdiag/checkpoint/v1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "place")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := loadCheckpoint(name)
		if err != nil {
			return
		}
		for path, p := range c.Files {
			if !p.Valid() {
				t.Fatalf("%q: impossible place %+v", path, p)
			}
		}
		tr := incident.New(incident.Options{})
		tr.Restore(c.Incidents)
		c.Incidents = tr.State()
		if err := c.write(name); err != nil {
			t.Fatal(err)
		}
		again, err := loadCheckpoint(name)
		if err != nil || len(again.Files) != len(c.Files) || len(again.Incidents) != len(c.Incidents) {
			t.Errorf("written and read again: %+v, %v; was %+v", again, err, c)
		}
	})
}
