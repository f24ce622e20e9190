package logline

import "encoding/binary"

const (
	second  = int64(1e9)
	maxHour = 1 << 20 // hours of an uptime; more is not a time
)

func isDigit(c byte) bool { return c-'0' < 10 }

// digitRun returns the length of the run of digits at the start of b.
func digitRun(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return n
}

// number reads a run of digits; more than eighteen saturate.
func number(b []byte) int64 {
	var v int64
	for _, c := range b {
		if v > 1e17 {
			return 1e18
		}
		v = v*10 + int64(c-'0')
	}
	return v
}

func two(b []byte) int64 { return int64(b[0]-'0')*10 + int64(b[1]-'0') }

// eightDigits reports whether all eight bytes of v are ASCII digits
// (Lemire, "Number parsing at a gigabyte per second", 2021).
func eightDigits(v uint64) bool {
	return (v&0xf0f0f0f0f0f0f0f0)|((v+0x0606060606060606)&0xf0f0f0f0f0f0f0f0)>>4 == 0x3333333333333333
}

// clock is a time of day or an uptime as printed.
type clock struct {
	nanos     int64
	hourWidth int
	fraction  int // digits
	n         int // bytes read
}

// resolution of the printed form in nanoseconds.
func (c clock) resolution() int64 { return resolutionOf(c.fraction) }

func resolutionOf(fraction int) int64 {
	switch fraction {
	case 0:
		return second
	case 3:
		return 1e6
	case 6:
		return 1e3
	}
	r := second
	for range min(fraction, 9) {
		r /= 10
	}
	return r
}

// clockAt reads H:MM:SS with a fraction after '.' or ','; any number of hours:
//
//	06:40:11.752176123   40:56:30.661481638   0:00:00.1   06:40:11,752   06:40:11
func clockAt(b []byte) (c clock, ok bool) {
	h := digitRun(b)
	if h == 0 || h > 6 || len(b) < h+6 {
		return c, false
	}
	t := b[h:]
	if t[0] != ':' || t[3] != ':' || !isDigit(t[1]) || !isDigit(t[2]) || !isDigit(t[4]) || !isDigit(t[5]) {
		return c, false
	}
	c.hourWidth, c.n = h, h+6
	c.nanos = (number(b[:h])*3600 + two(t[1:])*60 + two(t[4:])) * second
	if rest := b[c.n:]; len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		f := rest[1:]
		d := 0
		if len(f) >= 8 && eightDigits(binary.LittleEndian.Uint64(f)) {
			d = 8
		}
		d += digitRun(f[d:])
		if d > 0 {
			c.fraction = d
			c.n += 1 + d
			v := number(f[:min(d, 9)])
			for range 9 - min(d, 9) {
				v *= 10
			}
			c.nanos += v
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
		if !isDigit(b[i]) {
			return 0, false, false
		}
	}
	y, m, d := two(b)*100+two(b[2:]), two(b[5:]), two(b[8:])
	return dayNumber(y, m, d), true, y >= 1970 && y < 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// dated is a stamp with a date, and how it was printed.
type dated struct {
	stamp    Stamp
	n        int
	fraction int
	zoned    bool
	sep      byte // between date and time: 'T', ' ', ':', '_'
	dateSep  byte
	utc      bool // zone is the letter Z
}

// datedAt reads a date and a time, with or without a zone:
//
//	2025-10-02T06:40:11.752176123Z   2025-10-02T06:40:11+02:00   2025-10-02 06:40:11,752
//	2025/10/02 06:40:11   2025:10:02:06:40:11   2025-10-02T06:40:11.752+0200
func datedAt(b []byte) (d dated, ok bool) {
	days, ok, valid := dateAt(b)
	if !ok || len(b) < 19 {
		return d, false
	}
	d.sep, d.dateSep = b[10], b[4]
	if d.sep != 'T' && d.sep != ' ' && d.sep != ':' && d.sep != '_' && d.sep != 't' {
		return d, false
	}
	c, ok := clockAt(b[11:])
	if !ok || c.hourWidth != 2 {
		return d, false
	}
	d.n, d.fraction = 11+c.n, c.fraction
	kind, shift := ClockLocal, int64(0)
	rest := b[d.n:]
	if len(rest) > 0 && rest[0] == ' ' && len(rest) > 5 && (rest[1] == '+' || rest[1] == '-') {
		if off, n, ok := zoneAt(rest[1:]); ok { // 2025-10-02 06:40:11.752 +0200
			kind, shift, d.zoned, d.n = ClockUTC, off, true, d.n+1+n
		}
	} else if off, n, ok := zoneAt(rest); ok {
		kind, shift, d.zoned, d.n, d.utc = ClockUTC, off, true, d.n+n, n == 1
	}
	if valid && c.nanos < 24*3600*second+second {
		d.stamp = Stamp{Kind: kind, Nanos: days*86400*second + c.nanos - shift, Resolution: c.resolution()}
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
	if b[0] != '+' && b[0] != '-' || len(b) < 3 || !isDigit(b[1]) || !isDigit(b[2]) {
		return 0, 0, false
	}
	shift, n = two(b[1:])*3600*second, 3
	rest := b[3:]
	if len(rest) >= 3 && rest[0] == ':' && isDigit(rest[1]) && isDigit(rest[2]) {
		shift, n = shift+two(rest[1:])*60*second, 6
	} else if len(rest) >= 2 && isDigit(rest[0]) && isDigit(rest[1]) {
		shift, n = shift+two(rest)*60*second, 5
	}
	if b[0] == '-' {
		shift = -shift
	}
	return shift, n, true
}

// yearless returns the nanoseconds from the start of a leap year to a day.
func yearless(month, day int64) int64 {
	return (dayNumber(2000, month, day) - dayNumber(2000, 1, 1)) * 86400 * second
}
