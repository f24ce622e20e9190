package files

import (
	"os"
	"strings"
	"testing"

	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/source/disk"
)

// TestBefore finds what lies before a place, through rotated files, and no
// more than it may.
func TestBefore(t *testing.T) {
	name := filestest.LogName(t)
	write(t, name+".2", "2a\n2b\n")
	write(t, name+".1", "1a\n1b\n1c\n")
	write(t, name, "0a\n0b\n")
	for _, tt := range []struct {
		name  string
		file  string // of the place
		at    int64
		limit int64
		want  string
		whole bool
	}{
		{"all", name, 6, 100, "2a 2b 1a 1b 1c 0a 0b", true},
		{"up to the place", name, 3, 100, "2a 2b 1a 1b 1c 0a", true},
		{"rotated since", name + ".1", 6, 100, "2a 2b 1a 1b", true},
		{"exactly", name, 6, 21, "2a 2b 1a 1b 1c 0a 0b", true},
		{"a line short", name, 6, 18, "2b 1a 1b 1c 0a 0b", false},
		{"within a line", name, 6, 10, "1c 0a 0b", false},
		{"less than a line", name, 6, 2, "", false},
		{"nothing yet", name + ".2", 0, 100, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, err := openInode(disk.OS{}, tt.file, new([]byte))
			if err != nil {
				t.Fatal(err)
			}
			if err := n.seek(tt.at); err != nil {
				t.Fatal(err)
			}
			place := n.position()
			n.close()
			files, whole := Before(disk.OS{}, name, place, tt.limit)
			var got []string
			for _, s := range files {
				got = append(got, strings.Fields(read(t, s.Path())[s.From():s.To()])...)
				s.Close()
			}
			if strings.Join(got, " ") != tt.want || whole != tt.whole {
				t.Errorf("got %q, whole %v; want %q, %v", got, whole, tt.want, tt.whole)
			}
		})
	}
	if files, _ := Before(disk.OS{}, name, &Position{Head: "other", Len: 3, Offset: 3}, 100); len(files) > 0 {
		t.Error("found the place in a file that never held it")
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

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
