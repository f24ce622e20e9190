package account

import (
	"slices"
	"testing"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// TestBursts: how inputs are mixed says nothing about how often something came.
func TestBursts(t *testing.T) {
	t.Parallel()
	at := func(input int32, seconds int) timeline.Reading {
		return timeline.Reading{Pos: timeline.Pos{Input: input, Line: int64(seconds)}, Outer: logline.Stamp{Kind: logline.ClockUTC, Nanos: int64(seconds) * int64(time.Second)}}
	}
	for _, tc := range []struct {
		name     string
		readings []timeline.Reading
		want     int64
	}{
		{"none", nil, 0},
		{"one storm", []timeline.Reading{at(0, 1), at(0, 2), at(0, 31)}, 1},
		{"two storms", []timeline.Reading{at(0, 1), at(0, 2), at(0, 33)}, 2},
		{"a storm that goes on in the next file", []timeline.Reading{at(0, 1), at(0, 2), at(1, 3), at(1, 4)}, 1},
		{"two servers", []timeline.Reading{at(0, 1), at(0, 200), at(1, 1), at(1, 2), at(1, 200)}, 4},
		{"three, the second silent at the end", []timeline.Reading{at(0, 1), at(0, 500), at(1, 2), at(2, 20), at(2, 500)}, 4},
	} {
		count := func(rs []timeline.Reading) int64 {
			var b bursts
			for _, r := range rs {
				b.add(r)
			}
			return b.total()
		}
		if got := count(tc.readings); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
		mixed := slices.Clone(tc.readings)
		slices.SortStableFunc(mixed, func(a, b timeline.Reading) int { return int(a.Line - b.Line) })
		if got := count(mixed); got != tc.want {
			t.Errorf("%s, mixed: %d, want %d", tc.name, got, tc.want)
		}
	}
}
