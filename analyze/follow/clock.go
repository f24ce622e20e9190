package follow

import "time"

// Clock is where time comes from, so that tests need not wait for it.
type Clock interface {
	Now() time.Time
	// After returns a channel that receives once d has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now returns the time of day.
func (SystemClock) Now() time.Time { return time.Now() }

// After waits in the background.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
