package timeline

import (
	"time"
)

// Units of stamps, in nanoseconds.
const (
	millisecond = int64(time.Millisecond)
	second      = int64(time.Second)
	minute      = 60 * second
	hour        = 60 * minute
	day         = 24 * hour
)

// mod is the remainder of rounding towards minus infinity.
func mod(a, b int64) int64 { return ((a % b) + b) % b }
