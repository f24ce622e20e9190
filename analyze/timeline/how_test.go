package timeline

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
)

// TestHow: where the time of each line comes from, and within what it is right.
func TestHow(t *testing.T) {
	t.Parallel()
	day := utc(t, "2025-10-02T00:00:00Z")
	on := func(h, m int, s float64) time.Time {
		return day.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s*1e9))
	}
	none := func(line int64) Reading { return Reading{Pos: Pos{Line: line}} }
	for _, tc := range []struct {
		name  string
		o     Options
		mod   time.Time
		lines []Reading
		want  []string // of the lines, in their order
	}{
		{"each clock beside a dated one", Options{}, time.Time{},
			[]Reading{inner(1, dated(on(10, 0, 0))), inner(2, tod(10, 0, 1)), inner(3, glibTime(12, 0, 1.5)), gstLine(4, time.Hour), inner(5, tod(10, 0, 2))},
			[]string{"dated 1µs", "carried-date 1ns", "zone-inferred 1ms", "anchored 501ms", "carried-date 1ns"}},
		{"the transport's", Options{}, time.Time{},
			[]Reading{{Pos: Pos{Line: 1}, Outer: dated(on(10, 0, 0)), Inner: tod(10, 0, 0)}, none(2), outer(3, dated(on(10, 0, 4)))},
			[]string{"transport 1µs", "interpolated 4s", "transport 1µs"}},
		{"a given date", Options{Date: day}, time.Time{}, []Reading{inner(1, tod(10, 0, 0)), inner(2, glibTime(10, 0, 0.5)), inner(3, tod(10, 0, 1))},
			[]string{"given-date 1ns", "zone-inferred 1ms", "given-date 1ns"}},
		{"a given zone", Options{Zone: time.FixedZone("", 7200)}, time.Time{}, []Reading{inner(1, local(on(12, 0, 0))), inner(2, glibTime(12, 0, 0.5)), inner(3, local(on(12, 0, 1)))},
			[]string{"given-zone 1s", "given-zone 1ms", "given-zone 1s"}},
		{"a given zone beside UTC", Options{Zone: time.FixedZone("", 7200)}, time.Time{}, []Reading{inner(1, dated(on(10, 0, 0))), inner(2, glibTime(12, 0, 0.5)), inner(3, local(on(12, 0, 1)))},
			[]string{"dated 1µs", "given-zone 1ms", "given-zone 1s"}},
		{"local lines that others show the zone of", Options{}, time.Time{}, []Reading{inner(1, dated(on(10, 0, 0))), inner(2, local(on(12, 0, 1))), inner(3, dated(on(10, 0, 2)))},
			[]string{"dated 1µs", "zone-inferred 1s", "dated 1µs"}},
		{"a known start", Options{Starts: []time.Time{on(9, 0, 0)}}, on(23, 0, 0), []Reading{gstLine(1, time.Hour)}, []string{"anchored 1s"}},
		{"a known start beside close neighbours", Options{Starts: []time.Time{on(9, 0, 0)}}, time.Time{},
			[]Reading{inner(1, dated(on(9, 0, 59.9))), gstLine(2, time.Minute), inner(3, dated(on(9, 1, 0.1)))},
			[]string{"dated 1µs", "anchored 100ms", "dated 1µs"}},
		{"before and behind all clocks", Options{}, time.Time{}, []Reading{none(1), inner(5, dated(on(10, 0, 0))), none(13)},
			[]string{"interpolated 3s", "dated 1µs", "interpolated 4s"}},
		{"behind the nearest of two services", Options{}, time.Time{},
			[]Reading{of("app", inner(1, dated(on(10, 0, 0)))), of("wolf", inner(9, dated(on(11, 0, 0)))), of("other", none(13))},
			[]string{"dated 1µs", "dated 1µs", "interpolated 3s"}},
		{"between two services", Options{}, time.Time{},
			[]Reading{of("app", inner(1, dated(on(10, 0, 0)))), of("other", none(5)), of("wolf", inner(13, dated(on(11, 0, 0))))},
			[]string{"dated 1µs", "interpolated 3s", "dated 1µs"}},
		{"a step back behind the date", Options{}, time.Time{}, []Reading{inner(1, dated(on(10, 0, 0))), inner(2, tod(10, 0, 1)), inner(3, tod(9, 0, 0)), inner(4, tod(9, 0, 1))},
			[]string{"dated 1µs", "carried-date 1ns", "carried-date 24h0m0s", "carried-date 24h0m0s"}},
		{"a step back before the date", Options{}, time.Time{}, []Reading{inner(1, tod(10, 0, 0)), inner(2, tod(9, 0, 0)), inner(3, tod(9, 0, 1)), inner(4, dated(on(9, 0, 2)))},
			[]string{"carried-date 24h0m0s", "carried-date 1ns", "carried-date 1ns", "dated 1µs"}},
		{"a step back between two dates", Options{}, time.Time{}, []Reading{inner(1, dated(on(10, 0, 0))), inner(2, tod(9, 0, 0)), inner(3, dated(on(9, 0, 1))), inner(4, tod(9, 0, 2))},
			[]string{"dated 1µs", "carried-date 24h0m0s", "dated 1µs", "carried-date 1ns"}},
		{"no date", Options{}, time.Time{}, []Reading{inner(1, tod(10, 0, 0)), none(2), gstLine(3, time.Hour)},
			[]string{"unknown 1ns", "unknown 2.25s", "unknown 2.5s"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := New(tc.o)
			c.StartInput(0, "wolf.log", tc.mod)
			for _, r := range tc.lines {
				c.Clock(r)
			}
			tl := c.Resolve()
			var got []string
			for _, r := range tc.lines {
				at := tl.At(r)
				got = append(got, fmt.Sprint(at.How, " ", at.Uncertainty))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestSince: two readings of one line after the other, by the clock that both have.
func TestSince(t *testing.T) {
	t.Parallel()
	at := utc(t, "2025-10-02T10:00:00Z")
	both := func(outer, inner logline.Stamp) Reading { return Reading{Outer: outer, Inner: inner} }
	for _, tc := range []struct {
		name       string
		r, earlier Reading
		want       time.Duration
		ok         bool
	}{
		{"the transport's", both(dated(at.Add(time.Second)), tod(10, 0, 9)), both(dated(at), tod(10, 0, 0)), time.Second, true},
		{"the message's, when there is no transport", inner(1, tod(10, 0, 9)), inner(1, tod(10, 0, 0)), 9 * time.Second, true},
		{"backwards", inner(1, tod(10, 0, 0)), inner(1, tod(10, 0, 9)), -9 * time.Second, true},
		{"different clocks", inner(1, tod(10, 0, 0)), inner(1, elapsed(time.Second)), 0, false},
		{"none", Reading{}, Reading{}, 0, false},
	} {
		if got, ok := tc.r.Since(&tc.earlier); got != tc.want || ok != tc.ok {
			t.Errorf("%s: %v, %v, want %v, %v", tc.name, got, ok, tc.want, tc.ok)
		}
	}
	pos := func(input int32, line int64) Pos { return Pos{Input: input, Line: line} }
	for _, tc := range []struct {
		p, q Pos
		want bool
	}{{pos(0, 9), pos(1, 1), true}, {pos(1, 1), pos(0, 9), false}, {pos(0, 1), pos(0, 2), true}, {pos(0, 2), pos(0, 2), false}} {
		if got := tc.p.Before(tc.q); got != tc.want {
			t.Errorf("%v before %v: %v", tc.p, tc.q, got)
		}
	}
}
