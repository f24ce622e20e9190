package redact

import (
	"math/bits"
	"strconv"
	"strings"

	"wolfdiag/internal/lazyset"
)

// digits finds session ids of Wolf, hashes of a client's certificate: whole
// numbers of 15 to 20 digits that are no time, size, or value of a graphics
// driver.
func digits(f *finder) {
	v := f.v
	for i := 14; i < len(v); i += 15 { // a run of 15 covers one of these
		if !isDigit(v[i]) {
			continue
		}
		start, end := i, i+1
		for start > 0 && isDigit(v[start-1]) {
			start--
		}
		for end < len(v) && isDigit(v[end]) {
			end++
		}
		if end-start >= 15 && end-start <= 20 && f.isSession(start, end) {
			f.found("number", start, end)
		}
		for i+15 < end {
			i += 15
		}
	}
}

// sessionWords are those that an id follows.
var sessionWords = lazyset.New(`session sessions client clients id ids container peer lobby hash device app
	user account steam steamid player pairing sessionid clientid`)

// units follow a number that is a quantity.
var units = lazyset.New(`bytes byte b kb mb gb kib mib gib ns us ms s usec nsec seconds
	ticks frames pages hz free used of times cycles`)

// isSession judges one whole number.
func (f *finder) isSession(start, end int) bool {
	v := f.v
	glue := byte(' ')
	if start > 0 {
		glue = v[start-1]
	}
	if isWord(glue) || end < len(v) && isWord(v[end]) {
		return false // part of a hexadecimal number or a name
	}
	if glue == '.' && start > 1 && isDigit(v[start-2]) || end+1 < len(v) && v[end] == '.' && isDigit(v[end+1]) {
		return false // a fraction
	}
	text := string(v[start:end])
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		n = 0 // 20 digits beyond 2^64: no number a program counts in
	}
	if f.names == nil {
		f.asked = append(f.asked, text)
	} else if f.names.has("session", text) {
		return true
	}
	before := f.before(start)
	named := glue == '_' && before != ""
	switch {
	case n >= 1<<64-1<<16, n == 1<<63-1:
		return false // none, a negative number
	case sessionWords.Has(before), n >= 1<<63 && bits.TrailingZeros64(n) < 20: // larger than any size or time
		return true
	case f.set.harmless(before, "session"), units.Has(f.after(end)):
		return false
	case n != 0 && bits.TrailingZeros64(n) >= 20, glue == '-' && before == "":
		return false // a size, a negative number
	case named:
		return true
	case isTime(n):
		return false
	case n != 0 && n>>56 > 0 && n>>56 <= 12: // a DRM modifier has its vendor in the highest byte: drm_fourcc.h
		return len(text) > 18
	}
	return len(text) >= 17
}

// isTime reports whether n counts nanoseconds or microseconds since 1970, from
// 2001 to 2040.
func isTime(n uint64) bool {
	return n >= 1_000_000_000_000_000_000 && n <= 2_200_000_000_000_000_000 || n >= 1_000_000_000_000_000 && n <= 2_200_000_000_000_000
}

// after is the word behind i, in lower case.
func (f *finder) after(i int) string {
	for i < len(f.v) && f.v[i] == ' ' {
		i++
	}
	start := i
	for i < len(f.v) && i-start < 12 && isLetter(f.v[i]) {
		i++
	}
	return strings.ToLower(string(f.v[start:i]))
}
