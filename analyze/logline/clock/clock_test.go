package clock

import (
	"fmt"
	"testing"
	"time"

	"wolfdiag/analyze/logline/record"
)

// shown spells a stamp as people read it: "utc 2025-10-02T06:40:11 ±1s".
func shown(s record.Stamp) string {
	resolution := " ±" + time.Duration(s.Resolution).String()
	switch s.Kind {
	case record.ClockNone:
		return "none"
	case record.ClockUTC:
		return "utc " + time.Unix(0, s.Nanos).UTC().Format("2006-01-02T15:04:05.999999999") + resolution
	case record.ClockLocal:
		return "local " + time.Unix(0, s.Nanos).UTC().Format("2006-01-02T15:04:05.999999999") + resolution
	case record.ClockBoot:
		return "boot " + time.Duration(s.Nanos).String() + resolution
	}
	return fmt.Sprint(s)
}

func TestAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"06:40:11.752176123 x", "6h40m11.752176123s ±1ns, 18 bytes"},
		{"40:56:30.661481638", "40h56m30.661481638s ±1ns, 18 bytes"},
		{"0:00:00.1", "100ms ±100ms, 9 bytes"},
		{"06:40:11,752", "6h40m11.752s ±1ms, 12 bytes"},
		{"06:40:11.752176", "6h40m11.752176s ±1µs, 15 bytes"},
		{"06:40:11", "6h40m11s ±1s, 8 bytes"},
		{"06:40:11.", "6h40m11s ±1s, 8 bytes"},
		{"06:40:11.x", "6h40m11s ±1s, 8 bytes"},
		{"06:40:11.1234567890123", "6h40m11.123456789s ±1ns, 22 bytes"}, // digits beyond nanoseconds are read and forgotten
		{"123456:00:00", "123456h0m0s ±1s, 12 bytes"},
		{"1234567:00:00", "no clock"},
		{"06:40", "no clock"}, {"06:4x:11", "no clock"}, {"06:40-11", "no clock"}, {":40:11", "no clock"}, {"", "no clock"},
	} {
		got := "no clock"
		if c, ok := At([]byte(tc.in)); ok {
			got = fmt.Sprintf("%v ±%v, %d bytes", time.Duration(c.Nanos), time.Duration(c.Resolution()), c.Len)
		}
		if got != tc.want {
			t.Errorf("At(%q): %s, want %s", tc.in, got, tc.want)
		}
	}
}

func TestDatedAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"2025-10-02T06:40:11.752176123Z x", "utc 2025-10-02T06:40:11.752176123 ±1ns, 30 bytes, zoned, Z"},
		{"2025-10-02T06:40:11+02:00", "utc 2025-10-02T04:40:11 ±1s, 25 bytes, zoned"},
		{"2025-10-02T06:40:11.752-0530", "utc 2025-10-02T12:10:11.752 ±1ms, 28 bytes, zoned"},
		{"2025-10-02T06:40:11+02 x", "utc 2025-10-02T04:40:11 ±1s, 22 bytes, zoned"},
		{"2025-10-02 06:40:11.752 +0200", "utc 2025-10-02T04:40:11.752 ±1ms, 29 bytes, zoned"},
		{"2025-10-02 06:40:11,752", "local 2025-10-02T06:40:11.752 ±1ms, 23 bytes"},
		{"2025/10/02 06:40:11", "local 2025-10-02T06:40:11 ±1s, 19 bytes"},
		{"2025:10:02:06:40:11", "local 2025-10-02T06:40:11 ±1s, 19 bytes"},
		{"2024-02-29 00:00:00", "local 2024-02-29T00:00:00 ±1s, 19 bytes"},
		{"1970-01-01T00:00:00Z", "utc 1970-01-01T00:00:00 ±1s, 20 bytes, zoned, Z"},
		{"2016-12-31T23:59:60Z", "utc 2017-01-01T00:00:00 ±1s, 20 bytes, zoned, Z"}, // a leap second
		{"2025-13-02T06:40:11Z", "none, 20 bytes, zoned, Z"},                        // a date in form alone
		{"2025-10-02T25:40:11Z", "none, 20 bytes, zoned, Z"},
		{"1969-12-31T23:00:00Z", "none, 20 bytes, zoned, Z"},
		{"2025-10/02 06:40:11", "no date"}, {"2025-10-02", "no date"}, {"2025-10-02x06:40:11", "no date"}, {"2025-10-02T6:40:11", "no date"},
	} {
		got := "no date"
		if d, ok := DatedAt([]byte(tc.in)); ok {
			got = fmt.Sprintf("%s, %d bytes", shown(d.Stamp), d.Len)
			if d.Zoned {
				got += ", zoned"
			}
			if d.UTC {
				got += ", Z"
			}
		}
		if got != tc.want {
			t.Errorf("DatedAt(%q): %s, want %s", tc.in, got, tc.want)
		}
	}
}

// TestDayNumber goes over the days of 230 years and compares with package time.
func TestDayNumber(t *testing.T) {
	t.Parallel()
	day := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range int64(230 * 365) {
		if got := dayNumber(int64(day.Year()), int64(day.Month()), int64(day.Day())); got != n {
			t.Fatalf("%v is day %d, want %d", day, got, n)
		}
		day = day.AddDate(0, 0, 1)
	}
	if got, want := Yearless(3, 1), int64(60*24*time.Hour); got != want { // behind the 29th of February
		t.Errorf("Yearless(3, 1) = %d, want %d", got, want)
	}
}

func TestResolution(t *testing.T) {
	t.Parallel()
	for digits, want := range []int32{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1, 1, 1} {
		if got := Resolution(digits); got != want {
			t.Errorf("%d digits of a second: %d ns, want %d", digits, got, want)
		}
	}
}

func TestKernel(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		read func([]byte) (record.Stamp, int)
		want string
	}{
		{"[    9.424670] usb", Boot, "boot 9.42467s ±1µs, 15 bytes"},
		{"[12345.000001]x", Boot, "boot 3h25m45.000001s ±1µs, 14 bytes"},
		{"[    9.424670][   T12] usb", Boot, "boot 9.42467s ±1µs, 14 bytes"}, // the caller's id is a bracket of its own,
		{"[    9.424670 T12] usb", Boot, "boot 9.42467s ±1µs, 19 bytes"},     // or is not
		{"[    9.424670@3] usb", Boot, "boot 9.42467s ±1µs, 17 bytes"},
		{"[    9.42] usb", Boot, "none, 0 bytes"},
		{"[    9.4246701] usb", Boot, "none, 0 bytes"},
		{"[    9.424670 usb", Boot, "none, 0 bytes"},
		{"[wlr] x: 1.000000]", Boot, "none, 0 bytes"},
		{"[Thu Oct  2 06:40:11 2025] NVRM", Dmesg, "local 2025-10-02T06:40:11 ±1s, 27 bytes"},
		{"[Thu Oct 02 06:40:11.752198 2025] [core:error]", Dmesg, "local 2025-10-02T06:40:11.752198 ±1µs, 34 bytes"},
		{"[二 9月  3 04:19:57 2024] Memory", Dmesg, "local 2024-09-03T04:19:57 ±1s, 28 bytes"},
		{"[Do Okt  2 06:40:11 2025]", Dmesg, "local 2025-10-02T06:40:11 ±1s, 25 bytes"},
		{"[Thu Xyz  2 06:40:11 2025] x", Dmesg, "none, 27 bytes"}, // a month of no language that is known
		{"[Thu Oct  2 06:40:11 25] x", Dmesg, "none, 0 bytes"},
		{"[2025-10-02 06:40:11.752] x", Dmesg, "none, 0 bytes"},
	} {
		s, n := tc.read([]byte(tc.in))
		if got := fmt.Sprintf("%s, %d bytes", shown(s), n); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.in, got, tc.want)
		}
	}
}

func TestMonth(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"Jan": 1, "janv.": 1, "Févr": 2, "März": 3, "APR": 4, "мая": 5, "МАЙ": 5, "Июн": 6, "июл": 7, "août": 8, "сен": 9, "10月": 10, "11월": 11, "Dez.": 12, "十二月": 12,
		"": 0, "x": 0, "13月": 0, "0月": 0, "1": 0, "January and then some more": 0, "жжжжжжжжжжжжжжжж": 0,
	} {
		if got := Month([]byte(in)); got != want {
			t.Errorf("Month(%q) = %d, want %d", in, got, want)
		}
	}
}
