package clock

import (
	"encoding/binary"

	"wolfdiag/analyze/logline/lex"
)

// Form is how a clock is printed. Clocks that differ in the values of their digits
// only have one form, and what is known to have it is read at a glance: no digit is
// looked for, eight of them are read at a time. The zero Form is none.
type Form struct {
	dated    bool
	hours    uint8 // digits
	fraction uint8 // digits that count
	len      uint8 // what has to be there
	scale    int64 // nanoseconds of the last digit
}

const minForm = 8 // bytes that are read at once

// Form returns the form of a time; none when it is too short to have one.
func (c Reading) Form() Form {
	f := Form{hours: uint8(c.HourWidth), fraction: uint8(min(c.Fraction, 9)), scale: Second}
	if f.len = f.hours + 6; f.fraction > 0 {
		f.len += 1 + f.fraction
	}
	for range f.fraction {
		f.scale /= 10
	}
	if f.len < minForm {
		return Form{}
	}
	return f
}

// Form returns the form of a date and time; none when it has a zone in digits.
func (d Dated) Form() Form {
	if d.Zoned && !d.UTC {
		return Form{}
	}
	f := Reading{HourWidth: 2, Fraction: d.Fraction}.Form()
	f.dated = true
	f.len += uint8(dateLen)
	return f
}

// Known reports whether it is a form.
func (f *Form) Known() bool { return f.len > 0 }

const dateLen = len("2025-10-02T")

// Read reads a clock that has the form, as At or DatedAt would. It reports false when
// that is an impossible date.
func (f *Form) Read(b []byte) (nanos int64, ok bool) {
	if len(b) < int(f.len) || f.len < minForm {
		return 0, false
	}
	if !f.dated {
		return f.time(b), true
	}
	t := f.time(b[dateLen:])
	v := pairs(binary.LittleEndian.Uint64(b) & 0x000f0f000f0f0f0f) // YYYY-MM-
	y, m, d := int64(v&0xff)*100+int64(v>>16&0xff), int64(v>>40&0xff), lex.Two(b[8:])
	return dayNumber(y, m, d)*86400*Second + t, isDate(y, m, d) && isTime(t)
}

func (f *Form) time(b []byte) int64 {
	var v uint64 // HH:MM:SS
	var hours int64
	if h := int(f.hours); h == 1 {
		v = binary.LittleEndian.Uint64(b) << 8
	} else {
		v = binary.LittleEndian.Uint64(b[h-2:])
		hours = lex.Number(b[:h-2]) * 100
	}
	v = pairs(v & 0x0f0f000f0f000f0f)
	nanos := ((hours+int64(v&0xff))*3600 + int64(v>>24&0xff)*60 + int64(v>>48&0xff)) * Second
	if f.fraction == 0 {
		return nanos
	}
	at := int(f.hours) + 7
	if f.fraction == 9 {
		return nanos + lex.Eight(binary.LittleEndian.Uint64(b[at:]))*10 + int64(b[at+8]-'0')
	}
	end := at + int(f.fraction)
	digits := binary.LittleEndian.Uint64(b[end-8:]) >> (64 - 8*f.fraction) << (64 - 8*f.fraction)
	return nanos + lex.Eight(digits)*f.scale
}

// pairs makes numbers of pairs of digits' values: each stands where the first of its
// digits stood.
func pairs(v uint64) uint64 { return v*10 + v>>8 }
