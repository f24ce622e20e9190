// Package clock is where following takes the time from, so that tests need not
// wait for it.
package clock

import "time"

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// After returns a channel that receives once d has passed.
	After(d time.Duration) <-chan time.Time
}

// System is the machine's clock.
type System struct{}

// Now returns the time of day.
func (System) Now() time.Time { return time.Now() }

// After waits in the background.
func (System) After(d time.Duration) <-chan time.Time { return time.After(d) }
