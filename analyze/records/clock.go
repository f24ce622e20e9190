package records

import (
	"math"
	"strconv"
	"time"
)

// timeOf reads a record's time: RFC 3339, the same with a blank as ClickHouse
// writes it (UTC), or seconds, milliseconds, microseconds or nanoseconds since
// the epoch, as their size tells. The zero time where it is none of these.
func timeOf(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		for unit := int64(1); n > 0 && unit <= 1e9; unit *= 1000 {
			if n < 1e11*unit {
				return time.Unix(0, 0).UTC().Add(time.Duration(n) * time.Duration(1e9/unit))
			}
		}
		return time.Time{}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1e11 {
		sec, frac := math.Modf(f)
		return time.Unix(int64(sec), int64(math.Round(frac*1e6))*1000).UTC() // a float holds microseconds of today
	}
	return time.Time{}
}
