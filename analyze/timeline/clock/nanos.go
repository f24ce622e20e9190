package clock

// Durations in nanoseconds, the unit of all axes.
const (
	millisecond int64 = 1e6
	Second      int64 = 1e9
	Minute            = 60 * Second
	Hour              = 60 * Minute
	Day               = 24 * Hour
	quarter           = 15 * Minute
)

// floorDiv and mod round towards minus infinity.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func mod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// roundTo returns the multiple of unit nearest to v.
func roundTo(v, unit int64) int64 { return floorDiv(v+unit/2, unit) * unit }
