// Package clock reads the clocks that lines show: times of day and uptimes,
// dates in the usual spellings, months in a dozen languages, the kernel's
// seconds since boot. Nothing in it allocates.
package clock

import (
	"encoding/binary"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// Second is a second in nanoseconds; MaxHour bounds the hours of an uptime, for
// more is not a time.
const (
	Second  = int64(1e9)
	MaxHour = 1 << 20
)

// Reading is a time of day or an uptime as printed.
type Reading struct {
	Nanos     int64
	HourWidth int // digits of the hour
	Fraction  int // digits of the fraction of a second
	Len       int // bytes read
}

// Resolution is the resolution of the printed form in nanoseconds.
func (c Reading) Resolution() int32 { return Resolution(c.Fraction) }

// Resolution returns the resolution in nanoseconds of a clock that shows so many
// digits of a second.
func Resolution(fraction int) int32 {
	switch fraction {
	case 0:
		return 1e9
	case 3:
		return 1e6
	case 6:
		return 1e3
	}
	r := int32(1e9)
	for range min(fraction, 9) {
		r /= 10
	}
	return r
}

// At reads H:MM:SS with a fraction after '.' or ','; any number of hours:
//
//	06:40:11.752176123   40:56:30.661481638   0:00:00.1   06:40:11,752   06:40:11
func At(b []byte) (c Reading, ok bool) {
	h := lex.DigitRun(b)
	if h == 0 || h > 6 || len(b) < h+6 {
		return c, false
	}
	t := b[h:]
	if t[0] != ':' || t[3] != ':' || !lex.IsDigit(t[1]) || !lex.IsDigit(t[2]) || !lex.IsDigit(t[4]) || !lex.IsDigit(t[5]) {
		return c, false
	}
	c.HourWidth, c.Len = h, h+6
	c.Nanos = (lex.Number(b[:h])*3600 + lex.Two(t[1:])*60 + lex.Two(t[4:])) * Second
	if rest := b[c.Len:]; len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		f := rest[1:]
		d := 0
		if len(f) >= 8 && lex.EightDigits(binary.LittleEndian.Uint64(f)) {
			d = 8
		}
		d += lex.DigitRun(f[d:])
		if d > 0 {
			c.Fraction = d
			c.Len += 1 + d
			v := lex.Number(f[:min(d, 9)])
			for range 9 - min(d, 9) {
				v *= 10
			}
			c.Nanos += v
		}
	}
	return c, true
}

// dayNumber returns the days from 1970-01-01 to a date of the proleptic
// Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func dayNumber(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// dateAt reads YYYY-MM-DD, with '-', '/' or ':' between. ok says that it looks
// like a date, valid that it is one.
func dateAt(b []byte) (days int64, ok, valid bool) {
	if len(b) < 10 || b[4] != b[7] || b[4] != '-' && b[4] != '/' && b[4] != ':' {
		return 0, false, false
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if !lex.IsDigit(b[i]) {
			return 0, false, false
		}
	}
	y, m, d := lex.Two(b)*100+lex.Two(b[2:]), lex.Two(b[5:]), lex.Two(b[8:])
	return dayNumber(y, m, d), true, isDate(y, m, d)
}

// isDate reports whether there is such a date; isTime, whether a day has such a
// time, a leap second among them.
func isDate(y, m, d int64) bool {
	return y >= 1970 && y < 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

func isTime(nanos int64) bool { return nanos < 24*3600*Second+Second }

// Dated is a stamp with a date, and how it was printed.
type Dated struct {
	Stamp    record.Stamp // none when the date or time is impossible
	Len      int          // bytes read
	Fraction int          // digits of the fraction of a second
	Zoned    bool
	Sep      byte // between date and time: 'T', ' ', ':', '_'
	DateSep  byte
	UTC      bool // the zone is the letter Z
}

// DatedAt reads a date and a time, with or without a zone:
//
//	2025-10-02T06:40:11.752176123Z   2025-10-02T06:40:11+02:00   2025-10-02 06:40:11,752
//	2025/10/02 06:40:11   2025:10:02:06:40:11   2025-10-02T06:40:11.752+0200
func DatedAt(b []byte) (d Dated, ok bool) {
	days, ok, valid := dateAt(b)
	if !ok || len(b) < 19 {
		return d, false
	}
	d.Sep, d.DateSep = b[10], b[4]
	if d.Sep != 'T' && d.Sep != ' ' && d.Sep != ':' && d.Sep != '_' && d.Sep != 't' {
		return d, false
	}
	c, ok := At(b[11:])
	if !ok || c.HourWidth != 2 {
		return d, false
	}
	d.Len, d.Fraction = 11+c.Len, c.Fraction
	kind, shift := record.ClockLocal, int64(0)
	rest := b[d.Len:]
	if len(rest) > 0 && rest[0] == ' ' && len(rest) > 5 && (rest[1] == '+' || rest[1] == '-') {
		if off, n, ok := zoneAt(rest[1:]); ok { // 2025-10-02 06:40:11.752 +0200
			kind, shift, d.Zoned, d.Len = record.ClockUTC, off, true, d.Len+1+n
		}
	} else if off, n, ok := zoneAt(rest); ok {
		kind, shift, d.Zoned, d.Len, d.UTC = record.ClockUTC, off, true, d.Len+n, n == 1
	}
	if valid && isTime(c.Nanos) {
		d.Stamp = record.Stamp{Kind: kind, Nanos: days*86400*Second + c.Nanos - shift, Resolution: c.Resolution()}
	}
	return d, true
}

// zoneAt reads Z, +02:00, +0200 or +02 and returns nanoseconds east of UTC.
func zoneAt(b []byte) (shift int64, n int, ok bool) {
	if len(b) == 0 {
		return 0, 0, false
	}
	if b[0] == 'Z' || b[0] == 'z' {
		return 0, 1, true
	}
	if b[0] != '+' && b[0] != '-' || len(b) < 3 || !lex.IsDigit(b[1]) || !lex.IsDigit(b[2]) {
		return 0, 0, false
	}
	shift, n = lex.Two(b[1:])*3600*Second, 3
	rest := b[3:]
	if len(rest) >= 3 && rest[0] == ':' && lex.IsDigit(rest[1]) && lex.IsDigit(rest[2]) {
		shift, n = shift+lex.Two(rest[1:])*60*Second, 6
	} else if len(rest) >= 2 && lex.IsDigit(rest[0]) && lex.IsDigit(rest[1]) {
		shift, n = shift+lex.Two(rest)*60*Second, 5
	}
	if b[0] == '-' {
		shift = -shift
	}
	return shift, n, true
}

// Yearless returns the nanoseconds from the start of a leap year to a day.
func Yearless(month, day int64) int64 {
	return (dayNumber(2000, month, day) - dayNumber(2000, 1, 1)) * 86400 * Second
}
