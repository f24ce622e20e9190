package timeline

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
)

func local(v time.Time) logline.Stamp {
	return logline.Stamp{Kind: logline.ClockLocal, Nanos: v.UnixNano(), Resolution: 1e9}
}

func noYear(month time.Month, d, h, m int) logline.Stamp {
	n := time.Date(2000, month, d, h, m, 0, 0, time.UTC).Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	return logline.Stamp{Kind: logline.ClockLocalNoYear, Nanos: int64(n), Resolution: 1e9}
}

func glibTime(h, m int, s float64) logline.Stamp {
	x := tod(h, m, s)
	x.Kind, x.Resolution = logline.ClockLocalTimeOfDay, 1e6
	return x
}

func inner(line int64, s logline.Stamp) Reading { return Reading{Pos: Pos{Line: line}, Inner: s} }

func outer(line int64, s logline.Stamp) Reading { return Reading{Pos: Pos{Line: line}, Outer: s} }

func gstLine(line int64, d time.Duration) Reading {
	return Reading{Pos: Pos{Line: line}, PID: 1, Inner: elapsed(d)}
}

func swayLine(line int64, d time.Duration) Reading {
	return inner(line, logline.Stamp{Kind: logline.ClockSway, Nanos: int64(d), Resolution: 1e6})
}

// of is a line of a service.
func of(service string, r Reading) Reading {
	r.Service = service
	return r
}

const unknownTime = "unknown"

// TestAt places lines of small logs; want is the time of each line, or unknown.
func TestAt(t *testing.T) {
	t.Parallel()
	on := func(s string) time.Time { return utc(t, s) }
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Skip("no zone data")
	}
	for _, tc := range []struct {
		name  string
		o     Options
		mod   time.Time
		lines []Reading
		want  []string
		says  string // part of an assumption
		day   int    // so many lines are certain to a day only
	}{
		{
			name: "midnight passes once",
			lines: []Reading{inner(1, dated(on("2025-10-01T23:59:58Z"))), inner(2, tod(23, 59, 59)), inner(3, tod(0, 0, 1)),
				inner(4, tod(23, 59, 59.9)), inner(5, tod(0, 0, 2))},
			want: []string{"2025-10-01T23:59:58Z", "2025-10-01T23:59:59Z", "2025-10-02T00:00:01Z", "2025-10-01T23:59:59.9Z", "2025-10-02T00:00:02Z"},
		},
		{
			name:  "threads interleave without a new day",
			lines: []Reading{inner(1, tod(10, 0, 5)), inner(2, tod(10, 0, 3)), inner(3, dated(on("2025-10-02T10:00:06Z"))), inner(4, tod(10, 0, 5.5))},
			want:  []string{"2025-10-02T10:00:05Z", "2025-10-02T10:00:03Z", "2025-10-02T10:00:06Z", "2025-10-02T10:00:05.5Z"},
		},
		{
			name:  "a quiet day is not a step back",
			lines: []Reading{inner(1, dated(on("2025-10-02T08:00:00Z"))), inner(2, tod(8, 0, 1)), inner(3, tod(21, 30, 0)), inner(4, tod(21, 30, 1))},
			want:  []string{"2025-10-02T08:00:00Z", "2025-10-02T08:00:01Z", "2025-10-02T21:30:00Z", "2025-10-02T21:30:01Z"},
		},
		{
			name:  "no date anywhere",
			lines: []Reading{inner(1, tod(10, 0, 0)), inner(2, tod(10, 0, 1)), gstLine(3, time.Hour)},
			want:  []string{unknownTime, unknownTime, unknownTime},
			says:  "no date",
		},
		{
			name:  "the date is given",
			o:     Options{Date: on("2025-10-02T00:00:00Z")},
			lines: []Reading{inner(1, tod(23, 0, 0)), inner(2, tod(1, 0, 0))},
			want:  []string{"2025-10-02T23:00:00Z", "2025-10-03T01:00:00Z"},
			says:  "as given",
		},
		{
			name: "three silent days show only in GStreamer's clock",
			lines: []Reading{inner(1, dated(on("2025-10-01T10:00:00Z"))), gstLine(2, time.Hour), inner(3, tod(10, 0, 0.1)),
				gstLine(4, 73*time.Hour+5*time.Second), inner(5, tod(10, 0, 5.5))},
			want: []string{"2025-10-01T10:00:00Z", "2025-10-01T10:00:00.05Z", "2025-10-01T10:00:00.1Z", "2025-10-04T10:00:05.05Z", "2025-10-04T10:00:05.5Z"},
			says: "silences of half a day",
		},
		{
			name: "two idle days before the first dated line, shown by GStreamer's clock",
			lines: []Reading{gstLine(1, 245*time.Millisecond), inner(2, tod(10, 36, 34.5)), gstLine(3, 2*time.Second), inner(4, tod(10, 36, 36.4)), inner(5, tod(3, 32, 4)),
				inner(6, dated(on("2025-08-04T03:32:04.5Z"))), inner(7, tod(3, 32, 5.8)), gstLine(8, 40*time.Hour+55*time.Minute+31500*time.Millisecond), inner(9, tod(3, 32, 6))},
			want: []string{"2025-08-02T10:36:34.5Z", "2025-08-02T10:36:34.5Z", "2025-08-02T10:36:36.4Z", "2025-08-02T10:36:36.4Z", "2025-08-04T03:32:04Z",
				"2025-08-04T03:32:04.5Z", "2025-08-04T03:32:05.8Z", "2025-08-04T03:32:05.9Z", "2025-08-04T03:32:06Z"},
			says: "silences of half a day",
		},
		{
			name:  "a step back by hours is no new day",
			lines: []Reading{inner(1, dated(on("2025-08-04T12:00:00Z"))), inner(2, tod(12, 0, 1)), inner(3, tod(7, 0, 0)), inner(4, tod(7, 0, 1))},
			want:  []string{"2025-08-04T12:00:00Z", "2025-08-04T12:00:01Z", "2025-08-04T07:00:00Z", "2025-08-04T07:00:01Z"},
			day:   2,
			says:  "goes back by more than a minute",
		},
		{
			name:  "a step back by hours before the dated line",
			lines: []Reading{inner(1, tod(12, 0, 0)), inner(2, tod(12, 0, 1)), inner(3, tod(7, 0, 0)), inner(4, dated(on("2025-08-04T07:00:01Z"))), inner(5, tod(7, 0, 2))},
			want:  []string{"2025-08-04T12:00:00Z", "2025-08-04T12:00:01Z", "2025-08-04T07:00:00Z", "2025-08-04T07:00:01Z", "2025-08-04T07:00:02Z"},
			day:   2, // those in front of it
		},
		{
			name:  "a known start dates the times of day",
			o:     Options{Starts: []time.Time{on("2025-09-30T13:43:42.8Z"), on("2025-09-28T02:00:00Z")}},
			lines: []Reading{inner(1, tod(13, 43, 42.9)), gstLine(2, 100*time.Millisecond), inner(3, tod(13, 43, 43)), inner(4, tod(1, 0, 0))},
			want:  []string{"2025-09-30T13:43:42.9Z", "2025-09-30T13:43:42.9Z", "2025-09-30T13:43:43Z", "2025-10-01T01:00:00Z"},
			says:  "comes from known start times",
		},
		{
			name:  "two known starts fit alike",
			o:     Options{Starts: []time.Time{on("2025-09-30T13:43:42.8Z"), on("2025-09-29T13:43:42.8Z")}},
			lines: []Reading{inner(1, tod(13, 43, 42.9)), gstLine(2, 100*time.Millisecond), inner(3, tod(13, 43, 43))},
			want:  []string{unknownTime, unknownTime, unknownTime},
		},
		{
			name: "two starts of the log, of which one day fits both",
			o:    Options{Starts: []time.Time{on("2025-09-30T13:43:42.8Z"), on("2025-09-29T13:43:42.8Z"), on("2025-09-30T15:00:00Z")}},
			lines: []Reading{inner(1, tod(13, 43, 42.9)), gstLine(2, 100*time.Millisecond), inner(3, tod(13, 43, 43)),
				inner(4, tod(15, 0, 0.1)), gstLine(5, 200*time.Millisecond), inner(6, tod(15, 0, 0.3))},
			want: []string{"2025-09-30T13:43:42.9Z", "2025-09-30T13:43:42.9Z", "2025-09-30T13:43:43Z", "2025-09-30T15:00:00.1Z", "2025-09-30T15:00:00.2Z", "2025-09-30T15:00:00.3Z"},
		},
		{
			name:  "an uptime alone, and one start before the log ended",
			o:     Options{Starts: []time.Time{on("2025-09-30T13:00:00Z"), on("2025-09-30T20:00:00Z")}},
			mod:   on("2025-09-30T18:00:30Z"),
			lines: []Reading{gstLine(1, 5*time.Hour), gstLine(2, 5*time.Hour+time.Second)},
			want:  []string{"2025-09-30T18:00:00Z", "2025-09-30T18:00:01Z"},
		},
		{
			name:  "an uptime alone, longer than from one start to the next",
			o:     Options{Starts: []time.Time{on("2025-09-30T13:00:00Z"), on("2025-09-30T15:00:00Z")}},
			mod:   on("2025-10-02T00:00:00Z"),
			lines: []Reading{gstLine(1, 5*time.Hour)},
			want:  []string{"2025-09-30T20:00:00Z"},
		},
		{
			name:  "an uptime alone, and two starts",
			o:     Options{Starts: []time.Time{on("2025-09-30T13:00:00Z"), on("2025-09-30T20:00:00Z")}},
			mod:   on("2025-10-02T00:00:00Z"),
			lines: []Reading{gstLine(1, time.Hour)},
			want:  []string{unknownTime},
		},
		{
			name:  "another service's dated lines date the times of day",
			lines: []Reading{of("app", inner(1, dated(on("2025-10-02T10:00:00Z")))), inner(2, tod(10, 0, 1)), of("app", inner(3, dated(on("2025-10-02T10:00:02Z")))), inner(4, tod(10, 0, 3))},
			want:  []string{"2025-10-02T10:00:00Z", "2025-10-02T10:00:01Z", "2025-10-02T10:00:02Z", "2025-10-02T10:00:03Z"},
		},
		{
			name:  "another service's dated lines, more than half an hour beside",
			lines: []Reading{of("app", inner(1, dated(on("2025-10-02T10:00:00Z")))), inner(2, tod(10, 31, 1)), of("app", inner(3, dated(on("2025-10-02T10:00:02Z")))), inner(4, tod(10, 31, 3))},
			want:  []string{"2025-10-02T10:00:00Z", unknownTime, "2025-10-02T10:00:02Z", unknownTime},
		},
		{
			name: "another service's dated lines show the zone of local ones",
			lines: []Reading{of("app", inner(1, dated(on("2025-10-02T10:00:00Z")))), inner(2, local(on("2025-10-02T15:45:01Z"))), of("app", inner(3, dated(on("2025-10-02T10:00:02Z")))),
				inner(4, local(on("2025-10-02T15:45:03Z"))), of("app", inner(5, dated(on("2025-10-02T10:00:04Z"))))},
			want: []string{"2025-10-02T10:00:00Z", "2025-10-02T10:00:01Z", "2025-10-02T10:00:02Z", "2025-10-02T10:00:03Z", "2025-10-02T10:00:04Z"},
		},
		{
			name: "another service's dated lines show where an uptime began",
			lines: []Reading{of("app", inner(1, dated(on("2025-10-02T10:00:00Z")))), gstLine(2, time.Hour), of("app", inner(3, dated(on("2025-10-02T10:00:00.2Z")))),
				gstLine(4, time.Hour+time.Minute)},
			want: []string{"2025-10-02T10:00:00Z", "2025-10-02T10:00:00.1Z", "2025-10-02T10:00:00.2Z", "2025-10-02T10:01:00.1Z"},
		},
		{
			name: "the year of the first dated line, for those before it too",
			mod:  on("2027-06-01T00:00:00Z"),
			lines: []Reading{outer(1, noYear(12, 31, 23, 58)), {Pos: Pos{Line: 2}, Outer: noYear(12, 31, 23, 59), Inner: tod(22, 59, 0.5)},
				{Pos: Pos{Line: 3}, Outer: noYear(1, 1, 0, 0), Inner: dated(on("2024-12-31T23:00:00.5Z"))}},
			want: []string{"2024-12-31T22:58:00Z", "2024-12-31T22:59:00Z", "2024-12-31T23:00:00Z"},
			says: "UTC+01:00",
		},
		{
			name: "local times whose zone changes",
			lines: []Reading{inner(1, dated(on("2025-10-26T00:30:00Z"))), inner(2, local(on("2025-10-26T02:30:01Z"))), inner(3, dated(on("2025-10-26T00:30:02Z"))),
				inner(4, dated(on("2025-10-26T02:30:00Z"))), inner(5, local(on("2025-10-26T03:30:01Z"))), inner(6, dated(on("2025-10-26T02:30:02Z")))},
			want: []string{"2025-10-26T00:30:00Z", "2025-10-26T00:30:01Z", "2025-10-26T00:30:02Z", "2025-10-26T02:30:00Z", "2025-10-26T02:30:01Z", "2025-10-26T02:30:02Z"},
			says: "changes 1 times",
		},
		{
			name: "what was read before silent days were noticed moves on with them",
			lines: []Reading{inner(1, dated(on("2025-10-01T10:00:00Z"))), gstLine(2, time.Hour), inner(3, tod(10, 0, 0.1)), inner(4, tod(15, 0, 0)),
				swayLine(5, time.Minute), inner(6, tod(15, 0, 0.1)), gstLine(7, 78*time.Hour+150*time.Millisecond), inner(8, tod(15, 0, 0.2)), swayLine(9, time.Minute+time.Second)},
			want: []string{"2025-10-01T10:00:00Z", "2025-10-01T10:00:00.05Z", "2025-10-01T10:00:00.1Z", "2025-10-04T15:00:00Z", "2025-10-04T15:00:00.05Z", "2025-10-04T15:00:00.1Z",
				"2025-10-04T15:00:00.2Z", "2025-10-04T15:00:00.2Z", "2025-10-04T15:00:01.05Z"},
			says: "silences of half a day",
		},
		{
			name:  "GLib one hour off is a zone",
			lines: []Reading{inner(1, dated(on("2025-10-02T06:40:11Z"))), inner(2, glibTime(7, 40, 11.5)), inner(3, tod(6, 40, 12))},
			want:  []string{"2025-10-02T06:40:11Z", "2025-10-02T06:40:11.5Z", "2025-10-02T06:40:12Z"},
			says:  "UTC+01:00",
		},
		{
			name: "quarter-hour zone across local midnight",
			lines: []Reading{inner(1, dated(on("2025-10-02T18:14:30Z"))), inner(2, glibTime(23, 59, 30.5)), inner(3, dated(on("2025-10-02T18:15:20Z"))),
				inner(4, glibTime(0, 0, 21))},
			want: []string{"2025-10-02T18:14:30Z", "2025-10-02T18:14:30.5Z", "2025-10-02T18:15:20Z", "2025-10-02T18:15:21Z"},
			says: "UTC+05:45",
		},
		{
			name:  "dated local lines date the times of day",
			lines: []Reading{inner(1, local(on("2025-10-02T07:40:10Z"))), inner(2, tod(6, 40, 11)), inner(3, tod(6, 40, 12))},
			want:  []string{"2025-10-02T06:40:10Z", "2025-10-02T06:40:11Z", "2025-10-02T06:40:12Z"},
		},
		{
			name:  "local times alone",
			lines: []Reading{inner(1, local(on("2025-10-02T07:40:10Z"))), inner(2, local(on("2025-10-02T07:41:10Z")))},
			want:  []string{unknownTime, unknownTime},
			says:  "--tz",
		},
		{
			name:  "local times of a given zone, through daylight saving",
			o:     Options{Zone: london},
			lines: []Reading{inner(1, local(on("2025-10-25T12:00:00Z"))), inner(2, local(on("2025-10-27T12:00:00Z")))},
			want:  []string{"2025-10-25T11:00:00Z", "2025-10-27T12:00:00Z"},
		},
		{
			name:  "no year: bounded by the file, across the new year",
			o:     Options{Zone: time.UTC},
			mod:   on("2026-01-02T00:00:00Z"),
			lines: []Reading{outer(1, noYear(12, 31, 23, 59)), outer(2, noYear(1, 1, 0, 1)), outer(3, noYear(12, 31, 23, 59)), outer(4, noYear(1, 1, 0, 2))},
			want:  []string{"2025-12-31T23:59:00Z", "2026-01-01T00:01:00Z", "2025-12-31T23:59:00Z", "2026-01-01T00:02:00Z"},
			says:  "without a year are put into 2026",
		},
		{
			name: "journal lines around Wolf's: the same line shows zone and date",
			mod:  on("2025-06-01T00:00:00Z"),
			lines: []Reading{{Pos: Pos{Line: 1}, Outer: noYear(5, 27, 14, 8), Inner: tod(12, 8, 0.3)}, outer(2, noYear(5, 27, 14, 9)),
				{Pos: Pos{Line: 3}, Outer: noYear(5, 27, 14, 10), Inner: tod(12, 10, 0.5)}},
			want: []string{"2025-05-27T12:08:00Z", "2025-05-27T12:09:00Z", "2025-05-27T12:10:00Z"},
			says: "UTC+02:00",
		},
		{
			name:  "no year and nothing that bounds it",
			o:     Options{Zone: time.UTC},
			lines: []Reading{outer(1, noYear(12, 31, 23, 59))},
			want:  []string{unknownTime},
			says:  "without a year",
		},
		{
			name: "uptime from a neighbour",
			lines: []Reading{inner(1, dated(on("2025-10-02T06:40:13Z"))), gstLine(2, 40*time.Hour), inner(3, tod(6, 40, 13.01)),
				gstLine(4, 40*time.Hour+time.Minute)},
			want: []string{"2025-10-02T06:40:13Z", "2025-10-02T06:40:13.005Z", "2025-10-02T06:40:13.01Z", "2025-10-02T06:41:13.005Z"},
		},
		{
			name: "elapsed clock of a helper process",
			lines: []Reading{inner(1, dated(on("2025-10-02T06:40:13Z"))), {Pos: Pos{Line: 2}, PID: 1, Inner: elapsed(time.Hour)},
				{Pos: Pos{Line: 3}, PID: 77, Inner: elapsed(time.Second)}, inner(4, dated(on("2025-10-02T06:40:13Z")))},
			want: []string{"2025-10-02T06:40:13Z", "2025-10-02T06:40:13Z", "2025-10-02T06:40:13Z", "2025-10-02T06:40:13Z"},
		},
		{
			name:  "a line without a clock lies between its neighbours",
			lines: []Reading{inner(10, dated(on("2025-10-02T06:00:00Z"))), {Pos: Pos{Line: 15}}, inner(20, dated(on("2025-10-02T06:00:10Z")))},
			want:  []string{"2025-10-02T06:00:00Z", "2025-10-02T06:00:05Z", "2025-10-02T06:00:10Z"},
		},
		{
			name:  "no clock at all",
			lines: []Reading{{Pos: Pos{Line: 1}}, {Pos: Pos{Line: 2}}},
			want:  []string{unknownTime, unknownTime},
		},
		{
			name:  "the transport's stamp wins",
			lines: []Reading{{Pos: Pos{Line: 1}, Outer: dated(on("2025-10-02T06:40:13.5Z")), Inner: tod(6, 40, 13)}},
			want:  []string{"2025-10-02T06:40:13.5Z"},
		},
		{
			name:  "stamps that are no time",
			lines: []Reading{inner(1, logline.Stamp{Kind: logline.ClockUTC, Nanos: -1 << 63}), inner(2, logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: 1 << 60})},
			want:  []string{unknownTime, unknownTime},
		},
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
			day := 0
			for i, r := range tc.lines {
				at := tl.At(r)
				if at.Uncertainty == 24*time.Hour {
					day++
				}
				s := unknownTime
				if at.Known() {
					s = at.Time.Format(time.RFC3339Nano)
					if want, err := time.Parse(time.RFC3339Nano, tc.want[i]); err == nil {
						if d := at.Time.Sub(want); d != 0 && d <= 300*time.Millisecond && d >= -300*time.Millisecond && at.How == Anchored {
							s = tc.want[i] // anchored between neighbours
						}
					}
				} else if at.How != Unknown {
					t.Errorf("line %d: unknown time obtained by %q", r.Line, at.How)
				}
				got = append(got, s)
			}
			if day != tc.day {
				t.Errorf("%d lines are certain to a day only, want %d", day, tc.day)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("times (-want +got):\n%s\n%s", d, strings.Join(tl.Assumptions, "\n"))
			}
			if tc.says != "" && !strings.Contains(strings.Join(tl.Assumptions, "\n"), tc.says) {
				t.Errorf("assumptions do not say %q: %q", tc.says, tl.Assumptions)
			}
		})
	}
}
