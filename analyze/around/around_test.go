package around

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPieces: however a log is cut into blocks, the same lines are kept.
func TestPieces(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("line %d\n", i+1))
	}
	lines[4] = "\n"
	lines[10] = strings.Repeat("x", 3*maxBytes) + "\r\n"
	lines[19] = "the end has no newline"
	wanted := []int64{1, 2, 9, 10, 11, 19, 20}
	var want map[int64][]Line
	for size := 1; size <= len(lines); size++ {
		var k Keeper
		for at := 0; at < len(lines); at += size {
			piece := lines[at:min(at+size, len(lines))]
			var here []int64
			for _, n := range wanted {
				if n > int64(at) && n <= int64(at+len(piece)) {
					here = append(here, n)
				}
			}
			k.Block("a.log", int64(at+1), int64(len(piece)), []byte(strings.Join(piece, "")), here)
			k.Block("b.log", int64(at+1), int64(len(piece)), []byte(strings.Repeat("another log\n", len(piece))), nil)
		}
		got := map[int64][]Line{}
		for _, n := range wanted {
			got[n] = k.Lines("a.log", n)
		}
		if want == nil {
			want = got
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("blocks of %d lines (-one line, +got):\n%s", size, d)
		}
	}
	for _, n := range wanted {
		from, to := max(n-Before, 1), min(n+After, int64(len(lines)))
		if got := want[n]; len(got) != int(to-from+1) || got[0].Number != from || got[len(got)-1].Number != to {
			t.Errorf("around line %d: %v, want lines %d to %d", n, got, from, to)
		}
	}
	if got := want[10]; len(got[4].Text) != maxBytes || len(want[2][4].Text) != 0 {
		t.Errorf("long and empty lines: %d bytes, %v", len(got[4].Text), want[2])
	}
}

// TestBounded: a log in which every line is wanted keeps no more than its bound.
func TestBounded(t *testing.T) {
	t.Parallel()
	var k Keeper
	for i := range int64(4 * maxExcerpts) {
		k.Block("a.log", i+1, 1, []byte("x\n"), []int64{i + 1, i + 1, 0})
	}
	if len(k.kept) != maxExcerpts || len(k.open["a.log"]) != 0 || k.Lines("a.log", 4*maxExcerpts) != nil || len(k.Lines("a.log", 100)) != Before+1+After {
		t.Errorf("%d excerpts, %d open", len(k.kept), len(k.open["a.log"]))
	}
}
