package follow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzSplitCommand wants words that, quoted again, give the same words.
func FuzzSplitCommand(f *testing.F) {
	for _, s := range []string{`docker restart wolf`, `sh -c 'a b' "c\"d"`, `a\ b ''`, `"`, "x\ny"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, err := SplitCommand(s)
		if err != nil {
			return
		}
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		again, err := SplitCommand(strings.Join(quoted, " "))
		if err != nil || strings.Join(again, "\x00") != strings.Join(words, "\x00") {
			t.Errorf("%q: %q, quoted again %q, %v", s, words, again, err)
		}
	})
}

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
			if p == nil || p.Offset < 0 || p.Len < 0 || p.Len > headSize {
				t.Fatalf("%q: impossible place %+v", path, p)
			}
		}
		tr := NewTracker(TrackerOptions{})
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
